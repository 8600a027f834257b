// Encrypted phone files (spec: trust-files.md 4.1).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/file_cipher.h"

#include <algorithm>

namespace parley::ctl_client {
namespace {

constexpr size_t kBlock = 16;
constexpr uint8_t kPad = 0x0d;

}  // namespace

Status FileKey::make(Random& random) {
  TRY(random.fill(key.mut()));
  return random.fill(iv);
}

Result<Blob> wrap_key(const FileKey& key, Bytes phone_key, Random& random) {
  return rsa_encrypt(phone_key, key.key.view(), random);
}

Result<Draft> draft_encrypted(Header header, Bytes plain, const FileKey& key, Bytes wrapped_key) {
  const size_t pad = kBlock - plain.size() % kBlock;   // whole blocks get one more
  Blob body;
  TRY(body.resize(plain.size() + pad));
  std::copy(plain.begin(), plain.end(), body.mut().begin());
  std::fill_n(body.mut().begin() + static_cast<std::ptrdiff_t>(plain.size()), pad, kPad);
  TRY(aes_cbc_encrypt(key.key.view(), key.iv, body.mut()));
  const Digest digest = hash(header.hash, plain);
  Encryption e;
  e.iv = key.iv;
  e.pad_count = static_cast<uint16_t>(pad);
  e.wrapped_bits = static_cast<uint16_t>(wrapped_key.size() * 8);
  e.wrapped_key = wrapped_key;
  e.hash = header.hash;
  e.digest = digest.view();
  header.version = kEncryptedFile;
  return draft_file(header, body.view(), &e);
}

Result<Blob> open_body(const TrustFile& file, Bytes key) {
  if (key.size() != kBlock) return Fault{Code::untrusted, "the unwrapped key has the wrong size", static_cast<uint32_t>(key.size())};
  TRY_ASSIGN(Blob plain, Blob::copy_of(file.body()));
  TRY(aes_cbc_decrypt(key, file.encryption.iv, plain.mut()));
  TRY(plain.resize(plain.size() - file.encryption.pad_count));   // the reader has checked both
  if (!equal_bytes(hash(file.encryption.hash, plain.view()).view(), file.encryption.digest))
    return Fault{Code::untrusted, "the digest of the plain text does not hold", 0};
  return plain;
}

}  // namespace parley::ctl_client
