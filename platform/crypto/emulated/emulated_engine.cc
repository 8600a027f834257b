// The emulated engine.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One thread stands for the chip and works off a queue. A caller blocks on its own request; when it gives up the request
// stays in the queue as an orphan and its result is dropped, as with a real chip. Requests own copies of their input, so
// that an orphan never touches the caller's memory.
#include "platform/crypto/emulated/emulated_engine.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace parley::crypto {

namespace {

enum class Kind : uint8_t { generate, rsa_private, rsa_public, ec_sign, ec_verify, ecdh, hash, cipher };

// Owns its input and output.
struct Request {
  explicit Request(Kind k) : kind(k) { in.mark_secret(), out.mark_secret(), cipher_key.mark_secret(); }
  Kind kind;
  PrivateKey key;                 // generate: type and bits wanted, then the result
  Blob in, out, extra, signature, cipher_key, tag;
  Hash hash = Hash::sha256;
  bool keyed = false;
  Digest digest;
  CipherOrder order;
  Status status = Fault{Code::timeout, "no answer", 0};
  bool done = false;
};
using RequestPtr = std::shared_ptr<Request>;

Status put(Blob& to, Bytes from) { return to.append(from); }

void copy(Bytes from, MutBytes to) {
  for (size_t i = 0; i < to.size(); ++i) to[i] = from[i];
}

class Emulated final : public EmulatedEngine {
 public:
  explicit Emulated(const EmulatedTraits& traits) : traits_(traits), software_(make_software_engine()), chip_([this] { work(); }) {}
  ~Emulated() override {
    {
      const std::lock_guard hold(lock_);
      stopping_ = true;
    }
    changed_.notify_all();
    chip_.join();
  }

  const char* name() const override { return traits_.name; }
  bool offers(CryptoOp op, size_t bytes) const override {
    switch (op) {
      case CryptoOp::aes_gcm: case CryptoOp::aes_ctr: case CryptoOp::aes_cbc: case CryptoOp::hash: return bytes >= traits_.min_bulk;
      case CryptoOp::random: return false;
      default: return true;
    }
  }

  Result<PrivateKey> generate(KeyType type, uint16_t bits) override {
    if (!traits_.generates || bits > traits_.max_rsa_bits) return not_able();
    auto r = std::make_shared<Request>(Kind::generate);
    r->key.type = type;
    r->key.bits = bits;
    TRY(ask(r));
    return std::move(r->key);
  }

  Status rsa_private(const PrivateKey& key, Bytes in, MutBytes out) override {
    if (key.bits > traits_.max_rsa_bits) return not_able();
    auto r = std::make_shared<Request>(Kind::rsa_private);
    TRY(copy_key(key, *r));
    return blocks(r, in, out);
  }

  Status rsa_public(Bytes key, Bytes in, MutBytes out) override {
    auto r = std::make_shared<Request>(Kind::rsa_public);
    TRY(put(r->extra, key));
    return blocks(r, in, out);
  }

  Result<Blob> ec_sign(const PrivateKey& key, Bytes digest) override {
    auto r = std::make_shared<Request>(Kind::ec_sign);
    TRY(copy_key(key, *r));
    TRY(put(r->in, digest));
    TRY(ask(r));
    return std::move(r->out);
  }

  Status ec_verify(Bytes spki, Bytes digest, Bytes signature) override {
    auto r = std::make_shared<Request>(Kind::ec_verify);
    TRY(put(r->extra, spki));
    TRY(put(r->in, digest));
    TRY(put(r->signature, signature));
    return ask(r);
  }

  Result<Blob> ecdh(const PrivateKey& key, Bytes peer_spki) override {
    auto r = std::make_shared<Request>(Kind::ecdh);
    TRY(copy_key(key, *r));
    TRY(put(r->extra, peer_spki));
    TRY(ask(r));
    return std::move(r->out);
  }

  Status hash(Hash h, const Bytes* key, Bytes a, Bytes b, Digest& out) override {
    auto r = std::make_shared<Request>(Kind::hash);
    r->hash = h;
    r->keyed = key != nullptr;
    if (key != nullptr) TRY(put(r->cipher_key, *key));
    TRY(put(r->in, a));
    TRY(put(r->in, b));
    TRY(ask(r));
    out = r->digest;
    return {};
  }

  Status cipher(const CipherOrder& order) override {
    auto r = std::make_shared<Request>(Kind::cipher);
    r->order = order;
    TRY(put(r->cipher_key, order.key));
    TRY(put(r->signature, order.iv));
    TRY(put(r->extra, order.aad));
    TRY(put(r->in, order.in));
    TRY(put(r->tag, order.tag));
    TRY(r->out.resize(order.out.size()));
    TRY(ask(r));
    copy(r->out, order.out);
    copy(r->tag, order.tag);
    return {};
  }

  void inject(EngineFault fault, uint32_t count) override {
    {
      const std::lock_guard hold(lock_);
      fault_ = fault;
      faults_left_ = count == 0 ? UINT32_MAX : count;
    }
    changed_.notify_all();
  }

  size_t waiting() const override {
    const std::lock_guard hold(lock_);
    return queue_.size() + (working_ ? 1 : 0);
  }

 private:
  static Status copy_key(const PrivateKey& from, Request& r) {
    r.key.type = from.type;
    r.key.bits = from.bits;
    return r.key.der.append(from.der);
  }

  Status blocks(const RequestPtr& r, Bytes in, MutBytes out) {
    TRY(put(r->in, in));
    TRY(r->out.resize(out.size()));
    TRY(ask(r));
    copy(r->out, out);
    return {};
  }

  Status ask(const RequestPtr& r) {
    std::unique_lock hold(lock_);
    if (fault_ == EngineFault::refuse && take_fault()) return Fault{Code::busy, "device refuses", 0};
    if (queue_.size() + (working_ ? 1 : 0) >= traits_.queue) return Fault{Code::busy, "queue is full", 0};
    queue_.push_back(r);
    changed_.notify_all();
    // Key generation takes as long as it takes, even in a chip.
    const Millis patience = r->kind == Kind::generate ? traits_.patience * 60 : traits_.patience;
    (void)changed_.wait_for(hold, patience, [&] { return r->done; });
    return r->status;
  }

  bool take_fault() {   // with lock_
    if (faults_left_ == 0) return false;
    if (faults_left_ != UINT32_MAX && --faults_left_ == 0) fault_ = EngineFault::none;
    return true;
  }

  void work() {
    std::unique_lock hold(lock_);
    for (;;) {
      changed_.wait(hold, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_) return;
      const RequestPtr r = queue_.front();
      queue_.pop_front();
      working_ = true;
      const EngineFault fault = fault_;
      if (fault == EngineFault::hang)
        changed_.wait(hold, [this] { return stopping_ || fault_ != EngineFault::hang; });
      const bool hit = fault == EngineFault::none || fault == EngineFault::hang ? false : take_fault();
      hold.unlock();
      if (traits_.latency.count() > 0) std::this_thread::sleep_for(traits_.latency);
      Status status = perform(*r);
      if (hit && fault == EngineFault::fail) status = Fault{Code::io, "device error", 0};
      if (hit && fault == EngineFault::wrong_answer) spoil(*r, status);
      hold.lock();
      r->status = status;
      r->done = true;
      working_ = false;
      changed_.notify_all();
    }
  }

  static void spoil(Request& r, Status& status) {
    if (r.kind == Kind::ec_verify) status = Fault{Code::untrusted, "signature is wrong", 0};
    if (!r.out.empty()) r.out.data()[r.out.size() / 2] ^= 4;
    r.digest.data[0] ^= 4;
  }

  Status perform(Request& r) {
    switch (r.kind) {
      case Kind::generate: {
        TRY_ASSIGN(r.key, software_->generate(r.key.type, r.key.bits));
        return {};
      }
      case Kind::rsa_private: return software_->rsa_private(r.key, r.in, r.out.mut());
      case Kind::rsa_public: return software_->rsa_public(r.extra, r.in, r.out.mut());
      case Kind::ec_sign: {
        TRY_ASSIGN(r.out, software_->ec_sign(r.key, r.in));
        return {};
      }
      case Kind::ec_verify: return software_->ec_verify(r.extra, r.in, r.signature);
      case Kind::ecdh: {
        TRY_ASSIGN(r.out, software_->ecdh(r.key, r.extra));
        return {};
      }
      case Kind::hash: {
        const Bytes key = r.cipher_key;
        return software_->hash(r.hash, r.keyed ? &key : nullptr, r.in, {}, r.digest);
      }
      case Kind::cipher: {
        CipherOrder o = r.order;
        o.key = r.cipher_key, o.iv = r.signature, o.aad = r.extra, o.in = r.in, o.out = r.out.mut(), o.tag = r.tag.mut();
        return software_->cipher(o);
      }
    }
    return not_able();
  }

  const EmulatedTraits traits_;
  std::unique_ptr<Engine> software_;
  mutable std::mutex lock_;
  std::condition_variable changed_;
  std::deque<RequestPtr> queue_;
  EngineFault fault_ = EngineFault::none;
  uint32_t faults_left_ = 0;
  bool working_ = false;
  bool stopping_ = false;
  std::thread chip_;
};

}  // namespace

std::unique_ptr<EmulatedEngine> make_emulated_engine(const EmulatedTraits& traits) { return std::make_unique<Emulated>(traits); }

}  // namespace parley::crypto
