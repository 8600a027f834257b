// The CAPF server of the tests: booted with doubles around it, and a phone that talks to it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/capf-server/capf_test_doubles.h"
#include "tests/support/trust_group.h"

namespace parley::capf_server::test_doubles {

struct CapfFixture : public test::TrustGroup {
  FakePeers peers;
  FakeIssuer issuer;
  FakeBook book;
  IdRandom random;
  std::unique_ptr<Env> env;
  std::unique_ptr<CapfService> service;

  void setup() override {
    begin({});
    t->world.clock.set_wall(kNow);
    t->services.provide<PeerTrust>(&peers);
    t->services.provide<PhoneIssuer>(&issuer);
    t->services.provide<PhoneBook>(&book);
    boot();
  }
  void teardown() override {
    service->stop();
    service = nullptr;
    env = nullptr;
    finish();
  }
  void boot() {
    if (service != nullptr) service->stop();
    service = nullptr;
    const Env& e = t->env;
    env.reset(new Env{e.scheduler, e.jobs, e.clock, e.net, e.links, e.tls, e.keys, e.store, e.log, random, e.services, e.cli});
    service = std::make_unique<CapfService>(*env);
    config().id = 1;
    CHECK_OK(service->start());
    t->world.settle();
  }
  Capf& config() { return static_cast<Config*>(service->config())->capf; }
  void schedule(Operation operation, Proof proof) {
    book.phones[0].operation_set = true;
    book.phones[0].operation = operation;
    book.phones[0].auth_mode = proof;
  }

  struct Call {
    std::shared_ptr<test::TlsPeer> peer = std::make_shared<test::TlsPeer>();
    std::unique_ptr<CapfSession> session;
    size_t seen = 0;
  };
  Call connect() {
    Call c;
    c.session = std::make_unique<CapfSession>(t->world.scheduler, *service);
    c.session->begin(std::make_unique<test::FakeTlsSession>(c.peer, Endpoint{0x0A000001, 40000}));
    t->world.settle();
    return c;
  }
  void say(Call& c, const std::string& bytes) {
    c.peer->to_service += bytes;
    for (int i = 0; i < 6000; ++i) {
      c.session->wake();
      t->world.settle();
      if (c.peer->gone || c.peer->to_service.empty()) break;
    }
    c.session->wake();
    t->world.settle();
  }
  std::string heard(Call& c) { return c.seen < c.peer->writes.size() ? c.peer->writes[c.seen++] : std::string(); }
  std::string auth(uint32_t id, const std::string& device = kDevice, const std::string& pin = std::string(1, '\0'), int version = 3) {
    Message m(Command::auth_response, id);
    m.byte(kReason, 1).byte(kVersion, static_cast<uint8_t>(version)).bytes(kPassword, as_bytes(pin));
    m.bytes(kDeviceName, as_bytes(device + std::string(1, '\0')));
    return text_of(m);
  }
  std::string text_of(Message& m) {
    auto b = m.finish();
    CHECK(b.has_value());
    return std::string(b->text());
  }
  std::string answer(Command command, uint32_t id, int reason) {
    Message m(command, id);
    m.byte(kReason, static_cast<uint8_t>(reason));
    return text_of(m);
  }
  std::string key_message(uint32_t id, const std::string& key) {
    Message m(Command::key_response, id);
    const auto c = test::vector_certificate(key);
    m.bytes(kPublicKey, c.spki);
    return text_of(m);
  }
  std::string end_of(uint32_t id, int reason) { return answer(Command::end_session, id, reason); }
  // Phone after authentication up to the stored certificate; returns the reason of the end.
  int install(Call& c, uint32_t id, const std::string& first, int store_reason = 1) {
    (void)heard(c);
    say(c, first);
    const std::string asked = heard(c);
    if (asked.size() < 2 || asked[1] != 3) return asked.empty() ? -1 : asked.back();
    say(c, key_message(id, "lsc2048"));
    const std::string store = heard(c);
    if (store.size() < 2 || store[1] != 9) return store.empty() ? -1 : store.back();
    say(c, answer(Command::store_response, id, store_reason));
    const std::string end = heard(c);
    return end.empty() ? -1 : end.back();
  }
};

}  // namespace parley::capf_server::test_doubles
