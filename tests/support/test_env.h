// An Env for module tests: fake time and jobs, a store in memory, datagrams by hand, a log that remembers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/engine.h"
#include "modules/module.h"
#include "platform/crypto/engine.h"
#include "platform/fake/fake_jobs.h"
#include "platform/fake/fake_time.h"
#include "platform/log/log.h"
#include "platform/net/link.h"
#include "platform/net/net.h"
#include "platform/store/store.h"
#include "platform/tls/tls.h"

#define CHECK_OK(expression) CHECK((expression).has_value())

namespace parley::test {

class MemoryStore final : public Store {
 public:
  std::map<std::string, std::string> files;
  size_t writes = 0;
  int fail_writes_after = -1;   // -1: never

  Result<Blob> read(std::string_view path, size_t max_bytes) override;
  Result<std::unique_ptr<File>> open(std::string_view path) override;
  Status write(std::string_view path, Bytes data) override;
  Result<std::unique_ptr<Upload>> create(std::string_view) override { return Fault{Code::unsupported, "not in tests", 0}; }
  Status remove(std::string_view path) override;
  Status rename(std::string_view from, std::string_view to) override;
  Status make_folder(std::string_view path) override;
  Status remove_folder(std::string_view) override { return {}; }
  Result<FileInfo> info(std::string_view path) override;
  Status list(std::string_view folder, Each each, void* context) override;
  Result<Space> space(std::string_view) override { return Space{1 << 24, 1 << 24}; }
};

class RecordingLog final : public Log {
 public:
  std::vector<std::string> lines;
  void emit(const LogMessage& m, std::initializer_list<LogArg> args) override;
  bool debugging(const char*) const override { return false; }
  void debug(const char*, std::string_view) override {}
  bool has(const char* mnemonic) const;
};

struct Packet {
  Endpoint from, to;
  std::string data;
};

// Sockets of the router; the test plays the other side: `deliver` in, `sent` out.
class UdpNet final : public Net {
 public:
  static constexpr uint32_t kRouter = 0xC0000201;  // 192.0.2.1
  std::deque<Packet> sent;
  bool refuse_bind = false;

  // To the socket with this port; false: nobody listens there.
  bool deliver(const Endpoint& from, uint16_t to_port, const std::string& data, uint32_t to_ip = kRouter);
  size_t sockets() const { return sockets_.size(); }

  Result<std::unique_ptr<Listener>> listen(Task&, Endpoint, int) override { return Fault{Code::unsupported, "no streams", 0}; }
  Result<std::unique_ptr<Datagram>> bind(Task& owner, Endpoint local) override;
  Result<std::unique_ptr<Stream>> connect(Task&, Endpoint, uint32_t) override { return Fault{Code::unsupported, "no streams", 0}; }
  uint16_t port_offset() const override { return 0; }

 private:
  struct Socket;
  friend struct Socket;
  std::vector<Socket*> sockets_;
  uint16_t next_port_ = 40000;
};

class CountingRandom final : public Random {
 public:
  Status fill(MutBytes to) override {
    for (uint8_t& b : to) b = next_++;
    return {};
  }

 private:
  uint8_t next_ = 1;
};

class NoLinks final : public Links {
 public:
  bool available() const override { return false; }
  LinkState state(std::string_view) override { return {}; }
  Status set_up(std::string_view, bool) override { return {}; }
  Status set_mtu(std::string_view, uint32_t) override { return {}; }
  Status set_addresses(std::string_view, const Address*, size_t) override { return {}; }
  Status add_vlan(std::string_view, std::string_view, uint16_t) override { return {}; }
  Status add_loopback(std::string_view) override { return {}; }
  Status remove(std::string_view) override { return {}; }
  Status add_route(const Route&) override { return {}; }
  Status remove_route(const Route&) override { return {}; }
};

class NoTls final : public Tls {
 public:
  Result<std::shared_ptr<TlsContext>> server_context(const TlsConfig&) override { return none(); }
  Result<std::shared_ptr<TlsContext>> client_context(const TlsConfig&) override { return none(); }
  Result<std::unique_ptr<TlsSession>> accept(Task&, std::shared_ptr<TlsContext>, std::unique_ptr<Stream>) override { return none(); }
  Result<std::unique_ptr<TlsSession>> connect(Task&, std::shared_ptr<TlsContext>, std::unique_ptr<Stream>, std::string_view) override { return none(); }

 private:
  static Fault none() { return {Code::unsupported, "no TLS in this test", 0}; }
};

// Tests that sign pass a real key store (tests/support/fake_trust.h).
class NoKeys : public Keys {
 public:
  Result<KeyRef> generate(std::string_view, KeyType, uint16_t, KeyUse, bool) override { return none(); }
  Result<KeyRef> import_key(std::string_view, Bytes, std::string_view, bool, KeyUse) override { return none(); }
  Result<Blob> export_key(KeyRef, std::string_view) override { return none(); }
  Status remove(std::string_view) override { return none(); }
  KeyRef find(std::string_view, KeyUse) const override { return {}; }
  Result<KeyInfo> info(KeyRef) const override { return none(); }
  Result<Blob> public_key(KeyRef) const override { return none(); }
  Result<Blob> rsa_public_key(KeyRef) const override { return none(); }
  void list(Each, void*) const override {}
  Result<Blob> sign(KeyRef, Hash, Bytes) override { return none(); }
  Result<Blob> seal(std::string_view, Bytes) override { return none(); }
  Result<Blob> open_sealed(std::string_view, Bytes) override { return none(); }
  Result<Blob> decrypt(KeyRef, Bytes) override { return none(); }
  Result<Blob> agree(KeyRef, Bytes) override { return none(); }

 private:
  static Fault none() { return {Code::unsupported, "no keys in this test", 0}; }
};

struct TestEnv {
  explicit TestEnv(fake::FakeJobs::Mode mode = fake::FakeJobs::Mode::at_once, Keys* keys = nullptr);
  ~TestEnv();

  fake::World world;
  fake::FakeJobs jobs;
  MemoryStore store;
  UdpNet net;
  NoLinks links;
  NoTls tls;
  NoKeys no_keys;
  RecordingLog log;
  CountingRandom random;
  Services services;
  std::unique_ptr<cli::Engine> engine;
  Env env;
};

}  // namespace parley::test
