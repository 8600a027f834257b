// Encrypted phone files (.enc.sgn): the cipher text and its header block, and back with the key of the file.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/ctl-client/trust_file_wire.h"
#include "platform/base/secret.h"

namespace parley::ctl_client {

// Key and initial vector of one file. New for each file that is made; the key leaves the router only wrapped for the phone.
struct FileKey {
  Secret<16> key;
  uint8_t iv[16] = {};
  Status make(Random& random);
};

// The key of the file for the owner of an RSA key (PKCS#1 or SubjectPublicKeyInfo). [job]
Result<Blob> wrap_key(const FileKey& key, Bytes phone_key, Random& random);

// Draft of the whole file, to be signed like any other. header.version becomes 2.0. Fault full, unsupported, invalid.
Result<Draft> draft_encrypted(Header header, Bytes plain, const FileKey& key, Bytes wrapped_key);

// The plain text under the unwrapped key. The signature is judged elsewhere, before. Fault untrusted: another key, or damaged.
Result<Blob> open_body(const TrustFile& file, Bytes key);

}  // namespace parley::ctl_client
