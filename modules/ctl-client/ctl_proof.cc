// Proofs of the CTL protocol.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/ctl_proof.h"

namespace parley::ctl_protocol {

Status derive_key(std::string_view secret, Bytes salt, uint32_t rounds, ProofKey& out) {
  return pbkdf2_sha256(as_bytes(secret), salt, rounds, out.mut());
}

Digest transcript(Bytes hello, Bytes challenge, const Digest& server_certificate) {
  const Digest frames = hash2(Hash::sha256, hello, challenge);
  return hash2(Hash::sha256, frames.view(), server_certificate.view());
}

Digest proof_of(Side side, const ProofKey& key, const Digest& transcript) {
  constexpr std::string_view kClient = "parley ctl client ", kProvider = "parley ctl provider ";
  const std::string_view label = side == Side::client ? kClient : kProvider;
  uint8_t text[64];
  ByteWriter w{MutBytes(text)};
  w.text(label);
  w.bytes(transcript.view());
  return hmac(Hash::sha256, key.view(), w.view());
}

}  // namespace parley::ctl_protocol
