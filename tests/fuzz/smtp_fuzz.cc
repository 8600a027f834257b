// What a mail server may say to us.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>

#include "modules/crypto-pki/smtp_client.h"
#include "platform/fake/fake_time.h"

using namespace parley;

namespace {

class Talker final : public Stream {
 public:
  explicit Talker(Bytes b) : left_(b) {}
  void set_owner(Task&) override {}
  Result<size_t> read(MutBytes to) override {
    if (left_.empty()) return Fault{Code::closed, "end", 0};
    const size_t n = left_.size() < 7 ? left_.size() : 7;
    for (size_t i = 0; i < n && i < to.size(); ++i) to[i] = left_[i];
    left_ = left_.subspan(n);
    return n;
  }
  Result<size_t> write(Bytes from) override { return from.size(); }
  bool connected() const override { return true; }
  Endpoint peer() const override { return {}; }
  Endpoint local() const override { return {}; }
  void shutdown_write() override {}

 private:
  Bytes left_;
};

class OneCall final : public Net {
 public:
  explicit OneCall(Bytes b) : bytes_(b) {}
  Result<std::unique_ptr<Listener>> listen(Task&, Endpoint, int) override { return Fault{Code::io, "", 0}; }
  Result<std::unique_ptr<Datagram>> bind(Task&, Endpoint) override { return Fault{Code::io, "", 0}; }
  Result<std::unique_ptr<Stream>> connect(Task&, Endpoint, uint32_t) override { return std::unique_ptr<Stream>(new Talker(bytes_)); }
  uint16_t port_offset() const override { return 0; }

 private:
  Bytes bytes_;
};

class Owner final : public Task {
 public:
  explicit Owner(Scheduler& s) : Task(s, "fuzz") {}
  Poll step() override { return Poll::pending; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static fake::World world;
  OneCall net(Bytes(data, size));
  Owner owner(world.scheduler);
  crypto_pki::SmtpClient client(owner, net);
  crypto_pki::Mail m;
  m.own_name = "r";
  m.from = m.to = "a@b";
  m.text = "x\n";
  if (!client.start(m)) return 0;
  for (int i = 0; i < 100 && client.step() != Poll::done; ++i) {}
  return 0;
}
