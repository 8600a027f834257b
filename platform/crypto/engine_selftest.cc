// What an engine must get right before it is asked: the same answers as software, and no to what is wrong.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/crypto/engine_chain.h"

#include "platform/crypto/software/key_container.h"
#include "platform/crypto/software/public_key.h"
#include "platform/crypto/software/symmetric.h"

namespace parley::crypto {

namespace {

constexpr size_t kData = 512;   // whole blocks
constexpr size_t kTag = 16;

struct Pattern {
  uint8_t bytes[kData];
  constexpr explicit Pattern(uint8_t seed) : bytes() {
    for (size_t i = 0; i < kData; ++i) bytes[i] = static_cast<uint8_t>(i * 7 + (i >> 3) + seed);
  }
  Bytes first(size_t n) const { return Bytes(bytes, n); }
};
constexpr Pattern kText(1), kKey(2), kIv(3), kAad(4);

bool good_hash(Engine& e) {
  for (const Hash h : {Hash::sha1, Hash::sha256, Hash::sha384, Hash::sha512}) {
    for (const size_t n : {size_t{0}, size_t{3}, kData}) {
      const Bytes key = kKey.first(32);
      for (const Bytes* k : {static_cast<const Bytes*>(nullptr), &key}) {
        Digest got;
        const Status s = e.hash(h, k, kText.first(n), kAad.first(5), got);
        if (!s && s.error().code == Code::unsupported) continue;
        if (!s || !equal_bytes(got.view(), software_hash(h, k, kText.first(n), kAad.first(5)).view())) return false;
      }
    }
  }
  return true;
}

bool good_cipher(Engine& e, CipherMode mode) {
  for (const size_t key : {size_t{16}, size_t{24}, size_t{32}}) {
    uint8_t ours[kData], theirs[kData], tag_ours[kTag] = {}, tag_theirs[kTag] = {};
    CipherOrder o{mode, true, kKey.first(key), kIv.first(mode == CipherMode::gcm ? 12 : 16), {}, kText.first(kData), ours, {}};
    if (mode == CipherMode::gcm) o.aad = kAad.first(13), o.tag = tag_ours;
    if (!software_cipher(o)) return false;
    o.out = theirs;
    if (mode == CipherMode::gcm) o.tag = tag_theirs;
    const Status sealed = e.cipher(o);
    if (!sealed && sealed.error().code == Code::unsupported) continue;
    if (!sealed || !equal_bytes(ours, theirs) || !equal_bytes(tag_ours, tag_theirs)) return false;
    o.encrypt = false;
    o.in = ours;
    if (!e.cipher(o) || !equal_bytes(theirs, kText.first(kData))) return false;
    if (mode != CipherMode::gcm) continue;
    tag_theirs[kTag - 1] ^= 1;
    if (e.cipher(o)) return false;
  }
  return true;
}

bool good_ec(Engine& e) {
  const std::unique_ptr<Engine> software = make_software_engine();
  Result<PrivateKey> key = software->generate(KeyType::ec_p256, 0);
  if (!key) return false;
  const Result<Blob> spki = spki_of(*key), signature = software->ec_sign(*key, kText.first(32));
  if (!spki || !signature) return false;
  const Status yes = e.ec_verify(*spki, kText.first(32), *signature);
  if (!yes) return yes.error().code == Code::unsupported;
  return !e.ec_verify(*spki, kAad.first(32), *signature);
}

}  // namespace

uint16_t self_test(Engine& e) {
  uint16_t broken = 0;
  const auto test = [&](CryptoOp op, auto good) {
    if (e.offers(op, SIZE_MAX) && !good()) broken = static_cast<uint16_t>(broken | 1u << static_cast<unsigned>(op));
  };
  test(CryptoOp::hash, [&] { return good_hash(e); });
  test(CryptoOp::aes_cbc, [&] { return good_cipher(e, CipherMode::cbc); });
  test(CryptoOp::aes_ctr, [&] { return good_cipher(e, CipherMode::ctr); });
  test(CryptoOp::aes_gcm, [&] { return good_cipher(e, CipherMode::gcm); });
  test(CryptoOp::ec, [&] { return good_ec(e); });
  return broken;
}

}  // namespace parley::crypto
