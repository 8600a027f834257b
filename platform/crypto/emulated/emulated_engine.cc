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

struct Request {
  CryptoOp op = CryptoOp::rsa_private;
  PrivateKey key;                 // generate: type and bits wanted, then the result
  Blob in, out;
  Status status = Fault{Code::timeout, "crypto engine does not answer", 0};
  bool done = false;
};

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

  Result<PrivateKey> generate(KeyType type, uint16_t bits) override {
    if (!traits_.generates || bits > traits_.max_rsa_bits) return not_able();
    auto r = std::make_shared<Request>();
    r->op = CryptoOp::generate;
    r->key.type = type;
    r->key.bits = bits;
    TRY(ask(r));
    return std::move(r->key);
  }

  Status rsa_private(const PrivateKey& key, Bytes in, MutBytes out) override {
    if (key.bits > traits_.max_rsa_bits) return not_able();
    auto r = std::make_shared<Request>();
    r->op = CryptoOp::rsa_private;
    TRY(copy_key(key, *r));
    TRY(r->in.append(in));
    TRY(r->out.resize(out.size()));
    TRY(ask(r));
    for (size_t i = 0; i < out.size(); ++i) out[i] = r->out.data()[i];
    return {};
  }

  Result<Blob> ec_sign(const PrivateKey& key, Bytes digest) override {
    auto r = std::make_shared<Request>();
    r->op = CryptoOp::ec_sign;
    TRY(copy_key(key, *r));
    TRY(r->in.append(digest));
    TRY(ask(r));
    return std::move(r->out);
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
  static Fault not_able() { return Fault{Code::unsupported, "crypto engine cannot do this", 0}; }

  static Status copy_key(const PrivateKey& from, Request& r) {
    r.key.type = from.type;
    r.key.bits = from.bits;
    return r.key.der.append(from.der);
  }

  Status ask(const std::shared_ptr<Request>& r) {
    std::unique_lock hold(lock_);
    if (fault_ == EngineFault::refuse && take_fault()) return Fault{Code::busy, "crypto engine refuses", 0};
    if (queue_.size() + (working_ ? 1 : 0) >= traits_.queue) return Fault{Code::busy, "crypto engine queue is full", 0};
    queue_.push_back(r);
    changed_.notify_all();
    // Key generation takes as long as it takes, even in a chip.
    const Millis patience = r->op == CryptoOp::generate ? traits_.patience * 60 : traits_.patience;
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
      const std::shared_ptr<Request> r = queue_.front();
      queue_.pop_front();
      working_ = true;
      const EngineFault fault = fault_;
      if (fault == EngineFault::hang)
        changed_.wait(hold, [this] { return stopping_ || fault_ != EngineFault::hang; });
      const bool hit = fault == EngineFault::none || fault == EngineFault::hang ? false : take_fault();
      hold.unlock();
      if (traits_.latency.count() > 0) std::this_thread::sleep_for(traits_.latency);
      Status status = perform(*r);
      if (hit && fault == EngineFault::fail) status = Fault{Code::io, "crypto engine failed", 0};
      if (hit && fault == EngineFault::wrong_answer && !r->out.empty()) r->out.data()[r->out.size() / 2] ^= 4;
      hold.lock();
      r->status = status;
      r->done = true;
      working_ = false;
      changed_.notify_all();
    }
  }

  Status perform(Request& r) {
    switch (r.op) {
      case CryptoOp::generate: {
        TRY_ASSIGN(r.key, software_->generate(r.key.type, r.key.bits));
        return {};
      }
      case CryptoOp::rsa_private: return software_->rsa_private(r.key, r.in, r.out.mut());
      case CryptoOp::ec_sign: {
        TRY_ASSIGN(r.out, software_->ec_sign(r.key, r.in));
        return {};
      }
    }
    return not_able();
  }

  const EmulatedTraits traits_;
  std::unique_ptr<Engine> software_;
  mutable std::mutex lock_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Request>> queue_;
  EngineFault fault_ = EngineFault::none;
  uint32_t faults_left_ = 0;
  bool working_ = false;
  bool stopping_ = false;
  std::thread chip_;
};

}  // namespace

std::unique_ptr<EmulatedEngine> make_emulated_engine(const EmulatedTraits& traits) { return std::make_unique<Emulated>(traits); }

}  // namespace parley::crypto
