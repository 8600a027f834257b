// Fail-over between engines.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/crypto/engine_chain.h"

#include "platform/crypto/software/public_key.h"

namespace parley::crypto {

// The first one added (software) stays last: it can do everything.
Status EngineChain::add_before_last(std::unique_ptr<Engine> engine) {
  if (size_ == kMax) return Fault{Code::full, "too many crypto engines", 0};
  const size_t at = size_ == 0 ? 0 : size_ - 1;
  if (size_ > 0) slots_[size_].engine = std::move(slots_[at].engine);
  slots_[at].engine = std::move(engine);
  ++size_;
  return {};
}

template <class Ask>
Status EngineChain::ask_each(CryptoOp op, Ask ask) {
  Status last = Fault{Code::unsupported, "no crypto engine", 0};
  Count* unlucky[kMax] = {};
  size_t tried = 0;
  for (size_t i = 0; i < size_; ++i) {
    Count& c = slots_[i].count[static_cast<size_t>(op)];
    ++c.requests;
    ++c.in_flight;
    last = ask(*slots_[i].engine);
    --c.in_flight;
    if (last) {
      for (size_t k = 0; k < tried; ++k) ++unlucky[k]->failed_over;
      return last;
    }
    if (last.error().code == Code::invalid) return last;  // no engine can do it
    const bool refused = last.error().code == Code::busy || last.error().code == Code::unsupported;
    ++(refused ? c.refused : c.failed);
    unlucky[tried++] = &c;
  }
  return last;
}

Result<PrivateKey> EngineChain::generate(KeyType type, uint16_t bits) {
  PrivateKey out;
  const Status done = ask_each(CryptoOp::generate, [&](Engine& e) -> Status {
    TRY_ASSIGN(out, e.generate(type, bits));
    return {};
  });
  if (!done) return done.error();
  return out;
}

Status EngineChain::rsa_private(const PrivateKey& key, Bytes public_key, Bytes in, MutBytes out) {
  return ask_each(CryptoOp::rsa_private, [&](Engine& e) -> Status {
    TRY(e.rsa_private(key, in, out));
    // One wrong bit in a CRT result would give the key away (Boneh, DeMillo, Lipton), and an engine may be broken.
    TRY_ASSIGN(const Blob back, rsa_public_operation(public_key, out));
    if (!equal_bytes(back, in)) {
      wipe(out.data(), out.size());
      return Fault{Code::io, "crypto engine gave a wrong answer", 0};
    }
    return {};
  });
}

Result<Blob> EngineChain::ec_sign(const PrivateKey& key, Bytes spki, Bytes digest) {
  Blob out;
  const Status done = ask_each(CryptoOp::ec_sign, [&](Engine& e) -> Status {
    TRY_ASSIGN(out, e.ec_sign(key, digest));
    const bool software = &e == slots_[size_ - 1].engine.get();   // it has no hidden state to break
    if (!software && !ec_verify_digest(spki, digest, out)) return Fault{Code::io, "crypto engine gave a wrong answer", 0};
    return {};
  });
  if (!done) return done.error();
  return out;
}

void EngineChain::each(Keys::EachEngine visit, void* context) const {
  for (size_t i = 0; i < size_; ++i) {
    EngineCounters view;
    for (size_t k = 0; k < kCryptoOps; ++k) {
      const Count& c = slots_[i].count[k];
      view.op[k] = {c.requests, c.refused, c.failed, c.failed_over, c.in_flight};
    }
    if (!visit(context, slots_[i].engine->name(), view)) return;
  }
}

}  // namespace parley::crypto
