// A TLS port of a trustpoint: listens, keeps its TLS context in step with the certificate, and hands out accepted sessions.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// For phone services and everything else that listens with TLS. The owner derives from SecureService<Session>, where Session
// is a Task with
//
//   Session(Scheduler&, Owner&);
//   void begin(std::unique_ptr<TlsSession>);     // called once, right after construction
//   bool closed() const;                         // may be destroyed
//   uint32_t peer_ip() const;
//
// and wakes its service (`service.wake()`) when it has closed.
#pragma once

#include <memory>

#include "modules/crypto-pki/trustpoint_context.h"
#include "platform/base/memory.h"
#include "platform/log/log.h"
#include "platform/net/net.h"
#include "platform/sched/job.h"
#include "platform/tls/tls.h"

namespace parley {

struct SecureSettings {
  bool on = false;
  Text<63> trustpoint;
  Endpoint at;                    // ip 0: every address
  TlsProfile profile = TlsProfile::modern;
  ClientCert client_cert = ClientCert::none;
  PeerPolicy* policy = nullptr;   // outlives the service and its sessions
  bool operator==(const SecureSettings&) const = default;
};

struct SecureLimits {
  size_t sessions = 64;
  size_t per_address = 8;
};

struct SecureCounters {
  uint64_t accepted = 0, refused_full = 0, refused_address = 0, failed = 0;
};

class SecureListener : public Task {
 public:
  struct Parts {
    Net& net;
    Tls& tls;
    Jobs& jobs;
    Log& log;
  };
  // name: literal, the task and the service in messages.
  SecureListener(Scheduler& scheduler, const char* name, const Parts& parts, const SecureLimits& limits);
  ~SecureListener() override;

  void start(Trustpoints& trustpoints);
  void configure(const SecureSettings& settings);   // live sessions stay, unless it is switched off
  const SecureSettings& settings() const { return settings_; }
  const SecureCounters& counters() const { return counters_; }
  bool listening() const { return listener_ != nullptr; }
  const Status& trouble() const { return context_.trouble() ? trouble_ : context_.trouble(); }   // why it does not listen
  const SecureLimits& limits() const { return limits_; }

  Poll step() final;

 protected:
  void stop_listening();
  virtual void reap() = 0;
  virtual size_t live() const = 0;
  virtual size_t live_of(uint32_t ip) const = 0;
  virtual bool open(const std::shared_ptr<TlsContext>& context, std::unique_ptr<Stream> stream) = 0;
  virtual void close_all() = 0;
  virtual void idle() {}           // end of each step
  SecureCounters counters_;
  Parts parts_;

 private:
  void listen();
  void accept_all();
  void tell(const Status& why);

  const char* name_;
  SecureLimits limits_;
  SecureSettings settings_;
  std::unique_ptr<Listener> listener_;
  TrustpointContext context_;
  Status trouble_;                 // of the port
  bool told_ = false;
  Timer retry_{*this};
};

template <class Session, class Owner>
class SecureService : public SecureListener {
 public:
  // owner: what the sessions work for.
  SecureService(Scheduler& scheduler, const char* name, const Parts& parts, const SecureLimits& limits, Owner& owner, Arena& arena)
      : SecureListener(scheduler, name, parts, limits), owner_(owner), pool_(name, arena), live_(arena) {}
  ~SecureService() override { stop(); }

  Status start_pool() {            // takes the memory
    if (pool_.count() != 0) return {};
    TRY(live_.reserve(limits().sessions));
    return pool_.reserve(limits().sessions);
  }
  void stop() {
    stop_listening();
    close_all();
    pool_.free_all();
  }
  size_t size() const { return live_.size(); }
  Session& operator[](size_t i) const { return *live_[i]; }

 private:
  void reap() override {
    for (size_t i = live_.size(); i-- > 0;) {
      if (!live_[i]->closed()) continue;
      pool_.put(live_[i]);
      live_.remove(i);
    }
  }
  size_t live() const override { return live_.size(); }
  size_t live_of(uint32_t ip) const override {
    size_t n = 0;
    for (const Session* s : live_) n += s->peer_ip() == ip;
    return n;
  }
  bool open(const std::shared_ptr<TlsContext>& context, std::unique_ptr<Stream> stream) override {
    Session* s = pool_.get(scheduler(), owner_);
    if (s == nullptr) return false;
    auto tls = parts_.tls.accept(*s, context, std::move(stream));
    if (!tls || !live_.push(s)) {
      pool_.put(s);
      return false;
    }
    s->begin(std::move(*tls));
    return true;
  }
  void close_all() override {
    for (Session* s : live_) pool_.put(s);
    live_.clear();
  }

  Owner& owner_;
  Pool<Session> pool_;
  List<Session*> live_;
};

}  // namespace parley
