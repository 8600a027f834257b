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
std::string vector_decrypt(const std::string& key, Bytes cipher);   // RSAES-PKCS1-v1_5, likewise; empty: refused

// Walks through a JSON file of the vectors, which is regular: looks for keys in the order in which they stand.
class JsonWalk {
 public:
  explicit JsonWalk(std::string text) : text_(std::move(text)) {}
  // Value of the next `key`, without quotes; empty and ended() when there is none before `limit`.
  std::string next(const std::string& key);
  // Position of the next `mark` from here; text size when there is none.
  size_t find(const std::string& mark) const;
  void limit(size_t end) { end_ = end; }
  bool skip(const std::string& mark);
  bool ended() const { return at_ == std::string::npos; }

 private:
  std::string text_;
  size_t at_ = 0, end_ = std::string::npos;
};
std::string unhex(const std::string& hex);

}  // namespace parley::test
