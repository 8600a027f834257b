// Test vectors of tests/vectors: files, certificates and private keys.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "modules/crypto-pki/certificate.h"
#include "platform/base/bytes.h"

namespace parley::test {

std::string vector_file(const std::string& name);              // "tlv/CTLFile.tlv"; empty when missing
std::vector<std::string> vector_names(const std::string& folder);
crypto_pki::Certificate vector_certificate(const std::string& key);   // "sast1"
// PKCS#1 v1.5 by the private key of keys/<key>.pem, made by wolfCrypt itself and not by our engine.
std::string vector_sign(const std::string& key, Hash h, Bytes message);

}  // namespace parley::test
