// Trustpoints, keys, publisher and console for tests of the modules that sign phone files.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "modules/crypto-pki/trustpoints.h"
#include "modules/ctl-client/trust_list.h"
#include "modules/file-service/publisher.h"
#include "platform/crypto/key_store.h"
#include "tests/support/test_env.h"

namespace parley::test {

// Trustpoints whose certificates and keys are those of tests/vectors/keys.
class FakeTrustpoints final : public Trustpoints {
 public:
  explicit FakeTrustpoints(Keys& keys) : keys_(keys) {}
  void add(const std::string& label, const std::string& vector_key);   // replaces; imports the private key
  void remove(const std::string& label);
  void changed(const std::string& label);
  bool clock = true;
  std::string ended;             // this certificate is held no longer: its end has come

  Result<TrustpointView> usable(std::string_view label, Purpose purpose) const override;
  Result<TrustpointView> view(std::string_view label) const override { return usable(label, Purpose::any); }
  Result<TrustpointView> newest(std::string_view label, Purpose purpose) const override;
  void set_holder(Holder* h) override { holder_ = h; }
  Holder* holder() const { return holder_; }
  void held_changed(std::string_view label) override { changed(std::string(label)); }
  void subscribe(Listener& l) override;
  void unsubscribe(Listener& l) override;
  bool clock_valid() const override { return clock; }

 private:
  struct Entry {
    KeyRef key;
    std::string certificate;
  };
  Keys& keys_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::map<std::string, Entry> known_;   // every certificate that ever was
  std::vector<Listener*> listeners_;
  Holder* holder_ = nullptr;
};

class FakePublisher final : public Publisher {
 public:
  std::map<std::string, std::string> files;   // what phones see
  size_t commits = 0;
  void begin() override { ++depth_; }
  Status put_memory(std::string_view name, Blob content) override;
  Status put_path(std::string_view name, std::string_view path) override;
  Status put_same(std::string_view name, std::string_view other) override;
  void drop(std::string_view name) override;
  void commit() override;
  std::string credentials;
  void set_credentials(std::string_view trustpoint) override { credentials = trustpoint; }
  void watch(Watcher& w) override { watchers.push_back(&w); }
  void unwatch(Watcher& w) override { std::erase(watchers, &w); }
  std::vector<Watcher*> watchers;
  void fetch(const std::string& name, uint32_t ip);   // what a phone does; nothing when there is no such file
  bool serving(Transport) const override { return !files.empty(); }
  Result<Blob> read(std::string_view name) const override {
    const auto at = files.find(std::string(name));
    if (at == files.end()) return Fault{Code::missing, "not published", 0};
    return Blob::copy_of(as_bytes(at->second));
  }
  std::map<std::string, Counters> counted;    // what the test says phones did
  bool counters(std::string_view name, Counters& out) const override;

 private:
  void ready();
  std::map<std::string, std::string> next_;
  bool open_ = false;
  unsigned depth_ = 0;
};

class FakeTrustList final : public TrustList {
 public:
  bool exists = false, secure = true, paused = false;
  size_t phones = 0, erased = 0;
  Hash digest = Hash::sha1;
  Listener* listener = nullptr;
  bool ctl_exists() const override { return exists; }
  void set_phones(std::span<const PhoneMac> p) override { phones = p.size(); }
  void set_secure(bool s) override { secure = s; }
  void set_digest(Hash d) override { digest = d; }
  bool https_paused() const override { return paused; }
  void erase() override { ++erased; }
  bool phone_follows(const PhoneMac&) const override { return true; }
  Status refusal;                              // of regenerate()
  std::string why;
  uint64_t lists = 0;
  Status regenerate(bool) override {
    if (!refusal) return refusal;
    ++lists;
    made(true);
    return {};
  }
  uint64_t made() const override { return lists; }
  std::string_view problem() const override { return why; }
  void wait(Task&) override {}
  void forget(Task&) override {}
  size_t went_on = 0;
  void phone_went_on(const PhoneMac&) override { ++went_on; }
  void set_trial(uint32_t) override {}
  void subscribe(Listener& l) override { listener = &l; }
  void unsubscribe(Listener&) override { listener = nullptr; }
  void made(bool now) {
    exists = now;
    if (listener != nullptr) listener->ctl_changed();
  }
};

class FakeConsole final : public cli::Console {
 public:
  explicit FakeConsole(Scheduler& scheduler) : task_(scheduler) {}
  std::string text;
  std::string question;
  void write(std::string_view s) override { text += s; }
  void ask(std::string_view prompt, cli::Echo) override { question = prompt; }
  void ask_lines() override {}
  void confirm(std::string_view prompt) override { question = prompt; }
  Task& task() override { return task_; }
  uint8_t privilege() const override { return 15; }
  std::string_view user() const override { return ""; }
  std::string_view line_name() const override { return "con0"; }
  bool interactive() const override { return true; }
  std::string taken();   // text, which is empty afterwards
  // Runs the dialogue a command started until it ends or asks. True: ended.
  bool run(fake::World& world, cli::Dialogue& dialogue, const char* answer = nullptr);

 private:
  struct Session final : Task {
    explicit Session(Scheduler& s) : Task(s, "session") {}
    Poll step() override { woken = true; return Poll::pending; }
    bool woken = false;
  };
  Session task_;
};

std::unique_ptr<KeyStore> test_keys(MemoryStore& store, Random& random, const Clock& clock);

}  // namespace parley::test
