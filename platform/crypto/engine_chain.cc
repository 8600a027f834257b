// Fail-over between engines.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/crypto/engine_chain.h"

#include "platform/crypto/bulk.h"
#include "platform/crypto/software/public_key.h"

namespace parley::crypto {

constinit std::atomic<EngineChain*> g_accelerator{nullptr};
constinit std::atomic<uint64_t> g_software_count[kCryptoOps] = {};

namespace {

constexpr uint32_t kPatience = 3;             // failures in a row
constexpr int64_t kFirstAsideMs = 1000, kMaxAsideMs = 60'000;
constexpr CryptoOp kWithoutKey[] = {CryptoOp::rsa_public, CryptoOp::ec,      CryptoOp::aes_gcm,
                                    CryptoOp::aes_ctr,    CryptoOp::aes_cbc, CryptoOp::hash};

constexpr uint16_t bit(CryptoOp op) { return static_cast<uint16_t>(1u << static_cast<unsigned>(op)); }

CryptoOp op_of(CipherMode m) {
  return m == CipherMode::gcm ? CryptoOp::aes_gcm : m == CipherMode::ctr ? CryptoOp::aes_ctr : CryptoOp::aes_cbc;
}

bool is_answer(Code c) { return c == Code::invalid || c == Code::untrusted; }

}  // namespace

EngineChain::~EngineChain() {
  EngineChain* self = this;
  g_accelerator.compare_exchange_strong(self, nullptr);
}

// The first one added (software) stays last: it can do everything.
Status EngineChain::add_before_last(std::unique_ptr<Engine> engine) {
  if (size_ == kMax) return Fault{Code::full, "too many crypto engines", 0};
  const size_t at = size_ == 0 ? 0 : size_ - 1;
  if (size_ > 0) {
    slots_[size_].engine = std::move(slots_[at].engine);
    slots_[at].broken = self_test(*engine);
  }
  slots_[at].engine = std::move(engine);
  ++size_;
  for (const CryptoOp op : kWithoutKey)
    if (offered(op, SIZE_MAX)) g_accelerator.store(this, std::memory_order_release);
  return {};
}

int64_t EngineChain::now_ms() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now().time_since_epoch()).count();
}

bool EngineChain::takes(const Slot& s, CryptoOp op, size_t bytes) const {
  if ((s.broken & bit(op)) != 0 || !s.engine->offers(op, bytes)) return false;
  return s.failures.load(std::memory_order_relaxed) < kPatience || now_ms() >= s.aside_until_ms.load(std::memory_order_relaxed);
}

void EngineChain::set_aside(Slot& s, const char* why) {
  s.reason = why;
  const uint32_t failures = ++s.failures;
  if (failures < kPatience) return;
  const uint32_t doubled = failures - kPatience < 6 ? failures - kPatience : 6;
  const int64_t wait = kFirstAsideMs << doubled;
  s.aside_until_ms = now_ms() + (wait < kMaxAsideMs ? wait : kMaxAsideMs);
}

template <class Ask>
Status EngineChain::ask_each(CryptoOp op, size_t bytes, size_t slots, Ask ask) {
  Status last = Fault{Code::unsupported, "no crypto engine", 0};
  Count* unlucky[kMax] = {};
  size_t tried = 0;
  for (size_t i = 0; i < slots; ++i) {
    Slot& s = slots_[i];
    const bool software = i + 1 == size_;
    if (!software && !takes(s, op, bytes)) continue;
    Count& c = s.count[static_cast<size_t>(op)];
    ++c.requests;
    ++c.in_flight;
    last = ask(*s.engine, software);
    --c.in_flight;
    if (last || is_answer(last.error().code)) {
      s.failures.store(0, std::memory_order_relaxed);
      for (size_t k = 0; k < tried; ++k) ++unlucky[k]->failed_over;
      return last;
    }
    const bool refused = last.error().code == Code::busy || last.error().code == Code::unsupported;
    ++(refused ? c.refused : c.failed);
    if (!refused && !software) set_aside(s, last.error().what);
    unlucky[tried++] = &c;
  }
  if (slots == size_) return last;
  for (size_t k = 0; k < tried; ++k) ++unlucky[k]->failed_over;   // the caller's software answers
  return Fault{Code::unsupported, "no crypto engine", 0};
}

Result<PrivateKey> EngineChain::generate(KeyType type, uint16_t bits) {
  PrivateKey out;
  const CryptoOp op = type == KeyType::rsa ? CryptoOp::generate : CryptoOp::ec;
  const Status done = ask_each(op, 0, size_, [&](Engine& e, bool) -> Status {
    TRY_ASSIGN(out, e.generate(type, bits));
    return {};
  });
  if (!done) return done.error();
  return out;
}

Status EngineChain::rsa_private(const PrivateKey& key, Bytes public_key, Bytes in, MutBytes out) {
  return ask_each(CryptoOp::rsa_private, 0, size_, [&](Engine& e, bool) -> Status {
    TRY(e.rsa_private(key, in, out));
    // One wrong bit in a CRT result would give the key away (Boneh, DeMillo, Lipton), and an engine may be broken.
    TRY_ASSIGN(const Blob back, software_rsa_public(public_key, out));
    if (!equal_bytes(back, in)) {
      wipe(out.data(), out.size());
      return Fault{Code::io, "wrong answer", 0};
    }
    return {};
  });
}

Result<Blob> EngineChain::ec_sign(const PrivateKey& key, Bytes spki, Bytes digest) {
  Blob out;
  const Status done = ask_each(CryptoOp::ec, 0, size_, [&](Engine& e, bool software) -> Status {
    TRY_ASSIGN(out, e.ec_sign(key, digest));
    // Software has no hidden state to break.
    if (!software && !software_ec_verify(spki, digest, out)) return Fault{Code::io, "wrong answer", 0};
    return {};
  });
  if (!done) return done.error();
  return out;
}

Result<Blob> EngineChain::ecdh(const PrivateKey& key, Bytes peer_spki) {
  Blob out;
  const Status done = ask_each(CryptoOp::ec, 0, size_, [&](Engine& e, bool) -> Status {
    TRY_ASSIGN(out, e.ecdh(key, peer_spki));
    return {};
  });
  if (!done) return done.error();
  return out;
}

bool EngineChain::offered(CryptoOp op, size_t bytes) const {
  for (size_t i = 0; i < accelerators(); ++i)
    if (takes(slots_[i], op, bytes)) return true;
  return false;
}

Status EngineChain::rsa_public(Bytes key, Bytes in, MutBytes out) {
  return ask_each(CryptoOp::rsa_public, 0, accelerators(), [&](Engine& e, bool) { return e.rsa_public(key, in, out); });
}

// A refused signature is looked at again in software: a broken engine must not shut good peers out.
Status EngineChain::ec_verify(Bytes spki, Bytes digest, Bytes signature) {
  return ask_each(CryptoOp::ec, 0, accelerators(), [&](Engine& e, bool) -> Status {
    const Status s = e.ec_verify(spki, digest, signature);
    if (s || !is_answer(s.error().code)) return s;
    const Status again = software_ec_verify(spki, digest, signature);
    if (again) return Fault{Code::io, "wrong answer", 0};
    return again;
  });
}

Status EngineChain::hash(Hash h, const Bytes* key, Bytes a, Bytes b, Digest& out) {
  return ask_each(CryptoOp::hash, a.size() + b.size(), accelerators(), [&](Engine& e, bool) { return e.hash(h, key, a, b, out); });
}

Status EngineChain::cipher(const CipherOrder& order) {
  return ask_each(op_of(order.mode), order.in.size(), accelerators(), [&](Engine& e, bool) { return e.cipher(order); });
}

void EngineChain::each(Keys::EachEngine visit, void* context) const {
  for (size_t i = 0; i < size_; ++i) {
    const Slot& s = slots_[i];
    EngineView view;
    view.name = s.engine->name();
    view.kind = s.engine->kind();
    view.up = s.failures.load() < kPatience;
    view.reason = view.up ? "" : s.reason.load();
    for (size_t k = 0; k < kCryptoOps; ++k) {
      const Count& c = s.count[k];
      view.counters.op[k] = {c.requests, c.refused, c.failed, c.failed_over, c.in_flight};
      if (i + 1 == size_) view.counters.op[k].requests += g_software_count[k].load(std::memory_order_relaxed);
    }
    if (!visit(context, view)) return;
  }
}

}  // namespace parley::crypto
