// Trustpoints, keys, publisher and console for tests of the modules that sign phone files.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_trust.h"

#include <algorithm>

#include <CppUTest/TestHarness.h>

#include "tests/support/vectors.h"

namespace parley::test {

void FakeTrustpoints::add(const std::string& label, const std::string& vector_key) {
  const CryptoThread allowed;
  Entry e;
  e.key = keys_.find(vector_key, KeyUse::general);
  if (!e.key) {
    const std::string pem = vector_file("keys/" + vector_key + ".pem");
    const std::string key = pem.substr(pem.find("-----BEGIN PRIVATE KEY"));
    const auto imported = keys_.import_key(vector_key, as_bytes(key), "", false);
    CHECK_OK(imported);
    e.key = *imported;
  }
  e.certificate = vector_file("keys/" + vector_key + ".der");
  entries_[label] = known_[vector_key] = e;
}

void FakeTrustpoints::remove(const std::string& label) { entries_.erase(label); }

void FakeTrustpoints::changed(const std::string& label) {
  for (Listener* l : listeners_) l->trustpoints_changed(label);
}

Result<TrustpointView> FakeTrustpoints::usable(std::string_view label, Purpose purpose) const {
  const Bytes held = holder_ == nullptr ? Bytes() : holder_->held(label);
  if (held.empty() || equal_bytes(held, as_bytes(ended))) return newest(label, purpose);
  for (const auto& [vector_key, e] : known_)
    if (equal_bytes(as_bytes(e.certificate), held) && keys_.info(e.key)) return TrustpointView{label, e.key, held, {}};
  return newest(label, purpose);
}

Result<TrustpointView> FakeTrustpoints::newest(std::string_view label, Purpose) const {
  const auto e = entries_.find(label);
  if (e == entries_.end()) return Fault{Code::missing, "no such trustpoint", 0};
  TrustpointView v;
  v.label = e->first;
  v.key = e->second.key;
  v.certificate = as_bytes(e->second.certificate);
  return v;
}

void FakeTrustpoints::subscribe(Listener& l) { listeners_.push_back(&l); }
void FakeTrustpoints::unsubscribe(Listener& l) { listeners_.erase(std::find(listeners_.begin(), listeners_.end(), &l)); }

void FakePublisher::ready() {
  if (!open_) next_ = files;
  open_ = true;
}
Status FakePublisher::put_memory(std::string_view name, Blob content) {
  ready();
  next_[std::string(name)] = std::string(content.text());
  if (depth_ == 0) commit();
  return {};
}
Status FakePublisher::put_path(std::string_view name, std::string_view path) {
  ready();
  next_[std::string(name)] = "@" + std::string(path);
  if (depth_ == 0) commit();
  return {};
}
Status FakePublisher::put_same(std::string_view name, std::string_view other) {
  ready();
  if (next_.count(std::string(other)) == 0) return Fault{Code::missing, "no such file", 0};
  next_[std::string(name)] = next_[std::string(other)];
  if (depth_ == 0) commit();
  return {};
}
void FakePublisher::drop(std::string_view name) {
  ready();
  next_.erase(std::string(name));
  if (depth_ == 0) commit();
}
bool FakePublisher::counters(std::string_view name, Counters& out) const {
  const auto c = counted.find(std::string(name));
  if (c == counted.end()) return false;
  out = c->second;
  return true;
}
void FakePublisher::fetch(const std::string& name, uint32_t ip) {
  const auto f = files.find(name);
  if (f == files.end()) return;
  ++counted[name].requests;
  ++counted[name].completed;
  const std::string content = f->second;
  for (Watcher* w : watchers) w->fetched(name, as_bytes(content), ip);
}
void FakePublisher::commit() {
  if (depth_ > 0 && --depth_ > 0) return;
  if (!open_) return;
  files = next_;
  open_ = false;
  ++commits;
}

std::string FakeConsole::taken() {
  std::string t;
  t.swap(text);
  return t;
}

bool FakeConsole::run(fake::World& world, cli::Dialogue& dialogue, const char* answer) {
  std::string_view line = answer == nullptr ? "" : answer;
  question.clear();
  for (int i = 0; i < 100; ++i) {
    if (dialogue.step(*this, i == 0 && answer != nullptr ? &line : nullptr) == Poll::done) return true;
    if (!question.empty()) return false;
    world.settle();
  }
  FAIL("the dialogue does not end");
  return false;
}

std::unique_ptr<KeyStore> test_keys(MemoryStore& store, Random& random, const Clock& clock) {
  const CryptoThread allowed;
  auto keys = make_key_store(store, random, clock);
  CHECK_OK(keys->load());
  return keys;
}

}  // namespace parley::test
