// What a phone reads in the files it is given: trust lists and signed files. Written apart from the code that makes them, so that
// one can judge the other (spec: trust-files.md 1, 2, 4).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "platform/base/bytes.h"
#include "platform/crypto/engine.h"

namespace parley::test_phone {

constexpr size_t kMaxFile = 256 * 1024;

enum class FileKind : uint8_t { list, signed_file, encrypted_file };

// Roles of records, as they stand on the wire.
namespace role {
constexpr uint16_t kSast = 0, kCcm = 1, kCcmTftp = 2, kTftp = 3, kCapf = 4, kAppServer = 7, kTvs = 21;
}

// Views into the file; texts are without their NUL.
struct FileHead {
  FileKind kind = FileKind::list;
  size_t body_at = 0;
  std::string_view signer, issuer;
  Bytes serial;
  Hash hash = Hash::sha1;
  uint16_t signer_bits = 0;
  size_t signature_tlv = 0;        // where tag 12 begins
  Bytes signature;
  std::string_view name;
  uint32_t time = 0;
  // Encrypted files.
  Bytes iv, wrapped_key, digest;
  uint16_t pad = 0, wrap_bits = 0;
  Hash digest_hash = Hash::sha1;
};

// Fault invalid: `what` says what is wrong; detail = offset.
Result<FileHead> read_head(Bytes file);

// The two parts that are signed: before and behind tag 12.
struct SignedParts {
  Bytes before, behind;
};
SignedParts signed_parts(Bytes file, const FileHead& head);

struct Record {
  uint16_t role = 0xFFFF;
  std::string_view dns, subject, issuer;
  Bytes serial, key, signature, certificate;
  uint32_t ip = 0;
};

// Walks through the body of a list.
class Records {
 public:
  Records(Bytes file, const FileHead& head) : rest_(file.subspan(head.body_at)) {}
  // False: no more, or bad: see status().
  bool next(Record& out);
  const Status& status() const { return status_; }

 private:
  bool fail(const char* what);
  Bytes rest_;
  Status status_;
};

}  // namespace parley::test_phone
