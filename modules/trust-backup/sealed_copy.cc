// The file that `backup trust` writes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/trust-backup/sealed_copy.h"

#include "platform/crypto/engine.h"

namespace parley::trust_backup {
namespace {

constexpr uint32_t kMagic = 0x5054424B;
constexpr uint32_t kKind = 0x01010000;   // version 1, method 1
constexpr size_t kSalt = 16, kNonce = 12, kKey = 32;

}  // namespace

Result<Blob> seal_copy(const Copy& copy, std::string_view passphrase, Random& random) {
  Blob content;
  content.mark_secret();
  uint8_t head[9];
  ByteWriter h{MutBytes(head)};
  h.u64(static_cast<uint64_t>(copy.made));
  h.u8(static_cast<uint8_t>(copy.router.size()));
  TRY(content.append(h.view()));
  TRY(content.append(copy.router.view()));
  TRY(write_file_set(copy.files, content));
  uint8_t header[kHeader];
  ByteWriter w{MutBytes(header)};
  w.u32(kMagic);
  w.u32(kKind);
  w.u32(kRounds);
  w.fill(kSalt + kNonce, 0);
  const MutBytes salt = MutBytes(header).subspan(12, kSalt), nonce = MutBytes(header).subspan(12 + kSalt, kNonce);
  TRY(random.fill(salt));
  TRY(random.fill(nonce));
  Secret<kKey> key;
  TRY(pbkdf2_sha256(as_bytes(passphrase), salt, kRounds, key.mut()));
  TRY_ASSIGN(const Blob sealed, aes_gcm_seal(key.view(), nonce, Bytes(header), content.view()));
  Blob out;
  TRY(out.append(Bytes(header)));
  TRY(out.append(sealed.view()));
  return out;
}

Status look_at_copy(Bytes file) {
  ByteReader r(file);
  if (file.size() < kHeader + kTag || r.u32() != kMagic) return Fault{Code::invalid, "this is no sealed copy", 0};
  if (r.u32() != kKind) return Fault{Code::unsupported, "this sealed copy is of another version", 0};
  const uint32_t rounds = r.u32();
  if (rounds < kMinRounds || rounds > kMaxRounds) return Fault{Code::invalid, "the head of this sealed copy is damaged", rounds};
  if (file.size() > kMaxCopy) return Fault{Code::full, "this sealed copy is too large", 0};
  return {};
}

Result<Copy> open_copy(Bytes file, std::string_view passphrase) {
  TRY(look_at_copy(file));
  ByteReader r(file);
  r.skip(8);
  const uint32_t rounds = r.u32();
  const Bytes salt = r.take(kSalt), nonce = r.take(kNonce);
  Secret<kKey> key;
  TRY(pbkdf2_sha256(as_bytes(passphrase), salt, rounds, key.mut()));
  auto content = aes_gcm_open(key.view(), nonce, file.first(kHeader), file.subspan(kHeader));
  if (!content) return Fault{Code::untrusted, "wrong passphrase, or the sealed copy was changed", 0};
  content->mark_secret();
  return read_content(content->view());
}

Result<Copy> read_content(Bytes content) {
  ByteReader r(content);
  Copy copy;
  copy.made = static_cast<UnixTime>(r.u64());
  const size_t size = r.u8();
  const std::string_view name = as_text(r.take(size));
  if (!r.ok() || !copy.router.set(name)) return Fault{Code::invalid, "the sealed copy is damaged", 0};
  TRY_ASSIGN(copy.files, read_file_set(r.rest()));
  return copy;
}

}  // namespace parley::trust_backup
