// Wire form of the signed phone files: CTL and ITL (1.2), .sgn (1.0) and .enc.sgn (2.0). Pure functions.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "platform/base/bytes.h"
#include "platform/crypto/engine.h"

// File = header, then body. All integers big-endian; TLV = u8 tag, u16 length, value (spec: trust-files.md 1, 2).
//
//   0      01 00 02 major minor          version: tells the kind of the body
//   5      02 00 02 hh hh                header length, counts the signature and the padding
//   10     [1c 00 02 major minor]        signer version, lists only
//          03 ll ll { 04 subject, 05 serial, 06 issuer }
//          07 00 0f { 08 hash, 09 00 08 { 0a algorithm, 0b modulus code } }
//          0c ll ll signature            cut out, complete, before signing
//          0e ll ll file name            0f 00 04 timestamp
//          [10 {11, 15} 1a 1b]           2.0: how the body was encrypted
//          0d 0d 0d                      0..3 single bytes until the length is a multiple of 4
//   hh hh  body                          list: records; .sgn: the original file; .enc.sgn: cipher text
namespace parley::ctl_client {

struct Version {
  uint8_t major = 0, minor = 0;
  bool operator==(const Version&) const = default;
};
constexpr Version kTrustList{1, 2};
constexpr Version kSignedFile{1, 0};
constexpr Version kEncryptedFile{2, 0};

constexpr size_t kMaxTrustFile = 1024 * 1024;  // what a reader takes at all; lists of two dozen records have 40 KB
constexpr size_t kMaxName = 4096;              // names as strings, without their NUL

struct Header {
  Version version = kTrustList;
  bool has_signer_version = false;
  Version signer_version;
  std::string_view subject, issuer;  // without NUL
  Bytes serial;                      // magnitude, shortest form
  Hash hash = Hash::sha1;            // sha1 or sha512
  uint16_t key_bits = 0;             // 512 (never signs), 1024, 2048, 4096
  std::string_view file_name;
  uint32_t timestamp = 0;            // UNIX seconds
};

struct Encryption {  // 2.0 only
  Bytes iv;                    // 16
  uint16_t pad_count = 0;
  uint16_t wrapped_bits = 0;   // size of the wrapped block
  Bytes wrapped_key;
  Hash hash = Hash::sha1;
  Bytes digest;                // of the plain text
};

// ---- writing: first everything but the signature, then the signature is put in

struct Draft {
  Blob bytes;                // exactly what is signed
  size_t signature_at = 0;   // where tag 12 goes
  size_t signature_size = 0;
};
// encryption: of version 2.0, whose body is the cipher text (file_cipher.h makes both).
// Fault unsupported: a key size or digest that has no code; invalid: name too long or empty; full: memory.
Result<Draft> draft_file(const Header& header, Bytes body, const Encryption* encryption = nullptr);
// Fault invalid: signature of another size than the header says.
Result<Blob> finish_file(const Draft& draft, Bytes signature);

// ---- reading. All views point into `file`.

struct TrustFile {
  Header header;
  Encryption encryption;
  Bytes file;
  size_t header_length = 0;
  size_t signature_at = 0;   // offset of tag 12
  Bytes signature;
  Bytes body() const { return file.subspan(header_length); }
  Bytes before_signature() const { return file.first(signature_at); }
  Bytes after_signature() const { return file.subspan(signature_at + 3 + signature.size()); }
};
// Fault invalid: not such a file, a damaged one, or one with a tag we do not know; unsupported: digest or algorithm.
Result<TrustFile> read_file(Bytes file);

// ---- records of a list

enum class Role : uint16_t { sast = 0, ccm = 1, ccm_tftp = 2, tftp = 3, capf = 4, app_server = 7, tvs = 21 };

enum RecordTag : uint8_t {
  kLength = 1, kDnsName, kSubject, kRole, kIssuer, kSerial, kPublicKey, kSignature, kCertificate, kAddress
};

struct Record {
  uint16_t present = 0;              // bit n: tag n is there
  std::string_view dns_name, subject, issuer;
  Role role = Role::sast;
  Bytes serial, public_key, signature, certificate, address;
  bool has(RecordTag tag) const { return (present >> tag & 1) != 0; }
  void add(RecordTag tag) { present = static_cast<uint16_t>(present | 1u << tag); }
};

// Appends the fields that are present, ascending. Fault invalid: no role, name too long; full.
Status append_record(Blob& body, const Record& record);

class RecordReader {
 public:
  explicit RecordReader(Bytes body) : left_(body) {}
  bool more() const { return !left_.empty(); }
  // Fault invalid: damaged. Reading ends there.
  Result<Record> next();

 private:
  Bytes left_;
};

// Modulus code of tag 11. Fault unsupported: no code for this size (3072 for example).
Result<uint8_t> modulus_code(uint16_t bits);

}  // namespace parley::ctl_client
