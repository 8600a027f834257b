// Who knows the secret? Proofs of both sides, bound to the TLS session (modules/credentials/README.md).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/ctl-client/ctl_protocol.h"
#include "platform/crypto/engine.h"

namespace parley::ctl_protocol {

// Key of the proofs. The secret itself never crosses the wire. Slow (PBKDF2): in a job.
using ProofKey = Secret<32>;
Status derive_key(std::string_view secret, Bytes salt, uint32_t rounds, ProofKey& out);

// Over both frames as they were sent (nonces, user, versions, salt) and the certificate that the provider showed in this
// session: a man in the middle has another one, a recorded proof has other nonces.
Digest transcript(Bytes hello, Bytes challenge, const Digest& server_certificate);

enum class Side : uint8_t { client, provider };
Digest proof_of(Side side, const ProofKey& key, const Digest& transcript);

}  // namespace parley::ctl_protocol
