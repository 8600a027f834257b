// Sessions and the task that brings them through their handshakes. Only for platform/tls.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/memory.h"
#include "platform/tls/core.h"
#include "platform/tls/make_tls.h"

namespace parley::tls {

class Engine;

class HandshakeJob final : public Job {
 public:
  explicit HandshakeJob(std::shared_ptr<Core> core) : core_(std::move(core)) {}
  void run() override { core_->handshake(); }

 private:
  std::shared_ptr<Core> core_;
};

class Session final : public TlsSession {
 public:
  Session(Engine& engine, Task& owner, std::shared_ptr<Core> core, std::unique_ptr<Stream> stream);
  ~Session() override;

  void set_owner(Task& owner) override;
  Result<size_t> read(MutBytes to) override;
  Result<size_t> write(Bytes from) override;
  bool connected() const override { return at_ != At::failed && stream_->connected(); }
  Endpoint peer() const override { return stream_->peer(); }
  Endpoint local() const override { return stream_->local(); }
  void shutdown_write() override;
  bool established() const override { return at_ == At::established; }
  Status failure() const override;
  const TlsInfo& info() const override { return info_; }

 private:
  friend class Engine;
  enum class At : uint8_t { handshake, deciding, established, failed };   // deciding: the policy's watch asks
  bool flush();                       // false: bytes are left
  bool advance(Jobs& jobs, Task& engine);  // true: the handshake is over
  bool handshake_over() const { return at_ == At::established || at_ == At::failed; }
  bool refused();                     // the watch changed its mind
  void take_bytes();
  bool decide();                      // true: over
  void finish(const Fault* why);
  void give_up(const Fault& why);
  void leave_core();
  void close_stream();

  Engine& engine_;
  Task* owner_;
  std::shared_ptr<Core> core_;
  std::unique_ptr<Stream> stream_;
  std::unique_ptr<PeerWatch> watch_;
  JobSlot<HandshakeJob> job_;
  At at_ = At::handshake;
  bool started_ = false;              // a client speaks first
  bool fresh_bytes_ = false;
  bool write_closed_ = false;
  bool stream_closed_ = false;
  Fault why_;
  TlsInfo info_;
  Monotonic deadline_{};
};

// The task "TLS handshakes": owns streams and jobs of all sessions that are not established yet.
class Engine final : public Tls, private Task {
 public:
  Engine(Scheduler& scheduler, Jobs& jobs, KeyStore& keys, const Clock& clock, const TlsLimits& limits);
  ~Engine() override;
  Result<std::shared_ptr<TlsContext>> server_context(const TlsConfig& config) override;
  Result<std::shared_ptr<TlsContext>> client_context(const TlsConfig& config) override;
  Result<std::unique_ptr<TlsSession>> accept(Task& owner, std::shared_ptr<TlsContext> context,
                                             std::unique_ptr<Stream> stream) override;
  Result<std::unique_ptr<TlsSession>> connect(Task& owner, std::shared_ptr<TlsContext> context,
                                              std::unique_ptr<Stream> stream, std::string_view server_name) override;
  TlsCounters counters() const;

 private:
  friend class Session;
  struct Lingering {                  // a closed session whose last bytes are not sent yet
    std::unique_ptr<Stream> stream;
    Queue out;
    Monotonic deadline{};
  };
  Poll step() override;
  Result<std::unique_ptr<TlsSession>> start(Task& owner, std::shared_ptr<TlsContext> context,
                                            std::unique_ptr<Stream> stream, std::string_view server_name);
  void forget(Session& s);
  void linger(std::unique_ptr<Stream> stream, Queue out);
  void drain();

  Jobs& jobs_;
  KeyStore& keys_;
  const Clock& clock_;
  TlsLimits limits_;
  crypto::KeyDevice device_;
  List<Session*> active_;
  List<Lingering> lingering_;
  Timer timer_;
  TlsCounters counters_;
};

}  // namespace parley::tls
