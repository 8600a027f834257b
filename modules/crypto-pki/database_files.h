// Files of a certificate server in the places of `database url`.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/ca_identity.h"
#include "platform/base/bytes.h"

namespace parley::crypto_pki {

// A file system of this router; else the file has to be sent.
bool is_local_place(std::string_view url);
// "flash:ca" and "flash:ca/" are the same place.
Path place_from_url(std::string_view url);
// "tftp://192.0.2.9/ca": sent there by DatabaseUploads.
bool is_remote_place(std::string_view url);
// The queue of what has to be sent, in nvram:.
Path upload_folder(std::string_view label);
// Where a file of this kind is: for `cnm` and `crt` the name is the serial number, else the label.
Path database_path(const Database& db, FileKind kind, std::string_view name);
// [job] Writes it there, and where it is published; a file for another machine goes into the queue.
Status write_database_file(Store& store, const Database& db, FileKind kind, std::string_view name, Bytes data);
// Some file of this server has a place on another machine.
bool has_remote_place(const Database& db);

}  // namespace parley::crypto_pki
