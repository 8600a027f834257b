// Judges signed phone files: the checks that a phone makes, and the cross-checks of trust-files.md 2.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/ctl-client/trust_file_wire.h"

namespace parley::ctl_client {

// A list that is signed by one of its own SAST records, each record true to its certificate.
// Fault invalid: damaged; untrusted: signer not a SAST of this file, or the signature does not hold. [job]
Result<TrustFile> verify_ctl(Bytes file);

// A list that a phone which stores `stored` takes as successor: signed by one of the SAST records of `stored`. [job]
Status verify_successor(Bytes file, Bytes stored);

// A signed file for the name asked for, against the record of its signer. [job]
Result<TrustFile> verify_signed(Bytes file, std::string_view requested_name, const Record& signer);

// The record of a list whose role may sign phone files and whose issuer and serial are those of the header.
// Fault untrusted: none.
Result<Record> find_file_signer(Bytes list_body, const Header& header);

// Compares fields 6, 7 and 8 with the certificate in 9. Fault untrusted: they differ.
Status check_record(const Record& record);

}  // namespace parley::ctl_client
