// Doubles for the tests of the CAPF server: issuers of the vectors, phones, an authority; the recorded dialogs.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

#include "modules/capf-server/capf_service.h"
#include "modules/crypto-pki/path.h"
#include "tests/support/fake_tls.h"
#include "tests/support/fake_trust.h"
#include "tests/support/vectors.h"

namespace parley::capf_server::test_doubles {

constexpr UnixTime kNow = 1800000000;   // inside the life of the vectors' certificates
constexpr const char* kDevice = "SEP001122334455";

inline std::string der(const std::string& key) { return test::vector_file("keys/" + key + ".der"); }

// The trusted issuers of the vectors: capf for LSCs, micca for MICs.
class FakePeers final : public PeerTrust {
 public:
  struct Job final : PeerJob {
    explicit Job(const PeerRule& r) : rule(r) {}
    PeerRule rule;
    std::vector<crypto_pki::Certificate> chain;
    Status verdict;
    Status add(Bytes certificate) override {
      TRY_ASSIGN(crypto_pki::Certificate c, crypto_pki::parse_certificate(certificate));
      chain.push_back(std::move(c));
      return {};
    }
    void run() override {
      crypto_pki::TrustedCertificate anchor;
      anchor.certificate = test::vector_certificate(rule.use == PeerUse::phone_lsc ? "capf" : "micca");
      crypto_pki::PathRules rules;
      rules.now = kNow;
      rules.use = crypto_pki::PathUse::phone;
      rules.legacy = true;
      rules.expired = rule.use == PeerUse::phone_mic;
      rules.name = rule.name.view();
      verdict = crypto_pki::find_path(chain, std::span<const crypto_pki::TrustedCertificate>(&anchor, 1), rules).status;
    }
    const Status& result() const override { return verdict; }
    std::string_view trustpoint() const override { return ""; }
  };
  Result<std::unique_ptr<PeerPolicy>> policy(const PeerRule&) override { return Fault{Code::unsupported, "not here", 0}; }
  std::unique_ptr<PeerJob> validation(const PeerRule& rule) override { return std::make_unique<Job>(rule); }
};

class FakeIssuer final : public PhoneIssuer {
 public:
  std::string certificate = der("lsc2048");
  int asked = 0, busy = 0, waits = 0;
  const char* refusal = nullptr;
  struct Issue final : PhoneIssue {
    FakeIssuer& owner;
    Task& task;
    explicit Issue(FakeIssuer& o, Task& t) : owner(o), task(t) {}
    Result<Blob> poll() override {
      if (owner.waits > 0) {
        --owner.waits;
        task.wake();
        return Fault{Code::busy, "not yet", 0};
      }
      if (owner.refusal != nullptr) return Fault{Code::denied, owner.refusal, 0};
      return Blob::copy_of(as_bytes(owner.certificate));
    }
  };
  std::string taken_back;        // DER of what the operator revoked
  Status ready(std::string_view) override { return {}; }
  bool revoked(Bytes c) const override { return !taken_back.empty() && as_text(c) == taken_back; }
  Result<std::unique_ptr<PhoneIssue>> issue(const PhoneRequest&, Task& owner) override {
    if (busy > 0) { --busy; return Fault{Code::busy, "later", 0}; }
    ++asked;
    return std::unique_ptr<PhoneIssue>(std::make_unique<Issue>(*this, owner));
  }
};

class FakeBook final : public PhoneBook {
 public:
  std::vector<PhoneEntry> phones;
  std::map<std::string, int> modes;
  std::map<std::string, std::string> certificates;
  int done = 0;
  bool legacy = false, trial = false;
  FakeBook() {
    PhoneEntry e;
    e.tag = 1;
    e.device = std::string_view(kDevice);
    phones.push_back(e);
  }
  bool find(std::string_view device, PhoneEntry& out) const override {
    for (const PhoneEntry& p : phones)
      if (p.device.view() == device) { out = p; return true; }
    return false;
  }
  void each_phone(Each each, void* context) const override { for (const PhoneEntry& p : phones) each(context, p); }
  size_t some_phones(size_t first, size_t most, Each each, void* context) const override {
    size_t i = first;
    for (; i < phones.size() && i < first + most; ++i) each(context, phones[i]);
    return i < phones.size() ? i : 0;
  }
  Status trust_of(uint16_t, PhoneTrust&) const override { return Fault{Code::missing, "not here", 0}; }
  bool legacy_signalling() const override { return legacy; }
  Status set_string(uint16_t, std::string_view digits) override {
    phones[0].string = digits;
    phones[0].own_string = !digits.empty();
    return {};
  }
  Status operation_done(uint16_t) override { phones[0].operation_set = false; ++done; return {}; }
  void set_capf(const CapfFacts&) override {}
  void set_session_wanted(std::string_view device, uint8_t mode) override { modes[std::string(device)] = mode; }
  void set_certificate(std::string_view device, Bytes c) override { certificates[std::string(device)] = std::string(as_text(c)); }
  bool is_trial(Endpoint) const override { return trial; }
  void subscribe(PhoneBook::Listener&) override {}
  void unsubscribe(PhoneBook::Listener&) override {}
};

class IdRandom final : public Random {
 public:
  uint32_t id = 1;
  Status fill(MutBytes to) override {
    for (size_t i = 0; i < to.size(); ++i) to[i] = static_cast<uint8_t>(id >> (8 * (3 - i % 4)));
    return {};
  }
};

struct Recorded {
  bool from_phone = false;
  std::string bytes;
};
struct Dialog {
  std::string name, operation, authentication, key;
  std::vector<Recorded> messages;
};

inline std::vector<Dialog> dialogs() {
  std::vector<Dialog> out;
  test::JsonWalk json(test::vector_file("capf/sessions.json"));
  CHECK(json.skip("\"sessions\""));
  for (;;) {
    Dialog d;
    d.name = json.next("name");
    if (json.ended()) return out;
    json.limit(json.find("\"scheduled\""));
    for (;;) {
      test::JsonWalk ahead = json;
      const std::string from = ahead.next("from");
      if (ahead.ended()) break;
      json = ahead;
      d.messages.push_back({from == "phone", test::unhex(json.next("hex"))});
    }
    json.limit(std::string::npos);
    d.operation = json.next("operation");
    d.authentication = json.next("authentication");
    d.key = json.next("key");
    out.push_back(d);
  }
}

}  // namespace parley::capf_server::test_doubles
