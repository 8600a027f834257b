// For tests of crypto-pki: a router's worth of fakes with real keys and real certificates.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "modules/crypto-pki/scep_server.h"
#include "modules/crypto-pki/trust_store.h"
#include "platform/crypto/test_keys.h"
#include "platform/fake/fake_jobs.h"
#include "platform/fake/fake_time.h"

namespace parley::fake {

class LogLines final : public Log {
 public:
  void emit(const LogMessage& m, std::initializer_list<LogArg> args) override {
    char buffer[400];
    FixedWriter w(buffer);
    w.put('%').put(m.facility).put('-').dec(m.severity).put('-').put(m.mnemonic).put(": ");
    auto arg = args.begin();
    for (std::string_view f = m.format; !f.empty();) {
      if (f.substr(0, 2) == "{}" && arg != args.end()) { arg++->print(w); f.remove_prefix(2); continue; }
      w.put(f.front());
      f.remove_prefix(1);
    }
    lines.emplace_back(w.view());
  }
  bool debugging(const char*) const override { return false; }
  void debug(const char*, std::string_view) override {}
  bool has(const std::string& part) const {
    for (const std::string& l : lines) if (l.find(part) != std::string::npos) return true;
    return false;
  }
  std::vector<std::string> lines;
};

// Jobs at once, with the right to use private keys.
class CryptoJobs final : public Jobs {
 public:
  Result<JobId> submit(Task& owner, std::unique_ptr<Job> job, JobClass) override {
    CryptoThread allowed;
    job->run();
    owner.wake();
    done_.push_back(std::move(job));
    return static_cast<JobId>(done_.size());
  }
  std::unique_ptr<Job> take(JobId id) override { return std::move(done_[id - 1]); }
  void cancel(JobId id) override { done_[id - 1].reset(); }
  void cancel_all(Task&) override {}
  size_t pending() const override { return 0; }

 private:
  std::vector<std::unique_ptr<Job>> done_;
};

class NoNet final : public Net {
 public:
  Result<std::unique_ptr<Listener>> listen(Task&, Endpoint, int) override { return no(); }
  Result<std::unique_ptr<Datagram>> bind(Task&, Endpoint) override { return no(); }
  Result<std::unique_ptr<Stream>> connect(Task&, Endpoint, uint32_t) override { return no(); }
  uint16_t port_offset() const override { return 0; }

 private:
  static Fault no() { return Fault{Code::io, "no network in this test", 0}; }
};

class Host final : public HostFacts {
 public:
  std::string_view host_name() const override { return name; }
  std::string_view domain_name() const override { return domain; }
  std::string_view serial_number() const override { return "FTX1234ABCD"; }
  bool clock_valid() const override { return valid; }
  const char* clock_source() const override { return "hardware calendar"; }
  void set_domain(std::string_view d, bool) override { domain = std::string(d); }
  std::string name = "R1", domain = "lab.example";
  bool valid = true;
};

// The running-config side: what is in it, by "label kind serial".
class ConfigText final : public crypto_pki::ChainText {
 public:
  Status put(std::string_view label, crypto_pki::ChainKind kind, std::string_view serial, Bytes der) override {
    items.push_back({std::string(label), kind, std::string(serial), {der.begin(), der.end()}});
    if (changed) changed();
    return {};
  }
  Status drop(std::string_view label, crypto_pki::ChainKind kind, std::string_view serial) override {
    std::erase_if(items, [&](const Item& i) { return i.label == label && i.kind == kind && i.serial == serial; });
    return {};
  }
  Status drop_all(std::string_view label) override {
    std::erase_if(items, [&](const Item& i) { return i.label == label; });
    return {};
  }
  struct Item {
    std::string label;
    crypto_pki::ChainKind kind;
    std::string serial;
    std::vector<uint8_t> der;
  };
  std::vector<Item> items;
  std::function<void()> changed;   // the engine applies the configuration
};

// Files in memory and fake time come with TestKeys; `world.settle()` lets the tasks run.
struct PkiWorld final : crypto_pki::Authorities {
  World world;
  TestKeys vault;
  CryptoJobs jobs;
  NoNet net;
  LogLines log;
  Host host;
  ConfigText text;
  crypto_pki::Context context{world.scheduler, jobs, world.clock, net, *vault.keys, vault.files, log, vault.random};
  crypto_pki::TrustStore store{context, text};
  std::vector<std::unique_ptr<crypto_pki::Authority>> servers;
  crypto_pki::ScepHandler scep{context, *this};

  PkiWorld() { context.host = &host; }
  size_t authority_count() const override { return servers.size(); }
  crypto_pki::Authority& authority(size_t i) override { return *servers[i]; }

  KeyRef make_key(const std::string& label, uint16_t bits = 2048) {
    CryptoThread allowed;
    return *vault.keys->generate(label, KeyType::rsa, bits, KeyUse::general, false);
  }
  // The configuration as it is: trustpoints (label = key label) and what ConfigText holds.
  void sync(const std::vector<std::string>& trustpoints) {
    store.begin_sync();
    for (const std::string& t : trustpoints) store.sync_trustpoint(t, t);
    for (const ConfigText::Item& i : text.items) store.sync_certificate(i.label, i.kind, i.serial, Bytes(i.der));
    store.end_sync();
  }
  crypto_pki::Authority& start_ca(const std::string& label, crypto_pki::Granting granting) {
    sync({label});
    servers.push_back(std::make_unique<crypto_pki::Authority>(context, store, label));
    crypto_pki::Authority& ca = *servers.back();
    crypto_pki::ServerSettings s = ca.settings();
    s.granting = granting;
    ca.configure(s);
    PARLEY_CHECK(ca.start(nullptr).has_value());
    world.settle();
    return ca;
  }
  // One request through the SCEP handler; the body of the answer.
  std::vector<uint8_t> ask(const std::string& query, Bytes body, uint16_t& status) {
    HttpRequest r;
    r.method = body.empty() ? "GET" : "POST";
    r.path = crypto_pki::ScepHandler::kPath;
    r.query = query;
    r.body = body;
    return ask(scep, r, status);
  }
  std::vector<uint8_t> ask(HttpHandler& handler, HttpRequest r, uint16_t& status) {
    class Waiter final : public Task {
     public:
      explicit Waiter(Scheduler& s) : Task(s, "test") {}
      Poll step() override {
        return exchange == nullptr || exchange->step(response) == Poll::done ? (finished = true, Poll::done) : Poll::pending;
      }
      std::unique_ptr<HttpExchange> exchange;
      HttpResponse response;
      bool finished = false;
    } waiter(world.scheduler);
    r.peer_ip = 0x0a000001;
    waiter.exchange = handler.open(r, waiter);
    if (waiter.exchange == nullptr) { status = 503; return {}; }
    waiter.wake();
    world.settle();
    status = waiter.finished ? waiter.response.status : 0;
    const Bytes b = waiter.response.body.view();
    return {b.begin(), b.end()};
  }
};

}  // namespace parley::fake
