// Fuzz: one connection of a signalling port. First byte: how the port answers and how the bytes arrive; the rest is what the phone sends.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstdlib>

#include "modules/telephony-service/sccp_session.h"
#include "platform/fake/fake_time.h"

using namespace parley;
using namespace parley::telephony_service;

namespace {

struct Wire final : Stream {
  Bytes in;
  size_t limit = SIZE_MAX;         // bytes of one read and write
  size_t out = 0;
  void set_owner(Task&) override {}
  Result<size_t> read(MutBytes to) override {
    if (in.empty()) return Fault{Code::busy, "nothing", 0};
    const size_t n = std::min({to.size(), in.size(), limit});
    std::copy_n(in.begin(), n, to.begin());
    in = in.subspan(n);
    return n;
  }
  Result<size_t> write(Bytes from) override {
    const size_t n = std::min(from.size(), limit);
    out += n;
    return n;
  }
  bool connected() const override { return true; }
  Endpoint peer() const override { return {0x0A000009, 40000}; }
  Endpoint local() const override { return {0x0A000001, 2000}; }
  void shutdown_write() override {}
};

struct Port final : Registrar {
  uint8_t kind = 0;
  int open = 1;
  Arena memory{"fuzz", size_t{64} << 10};
  Result<SccpPeer> connected(const TlsInfo&, Endpoint) override { return SccpPeer{}; }
  RegisterAnswer register_phone(SccpSession&, const SccpPeer& peer, const RegisterRequest& request) override {
    if (peer.device.empty() || request.device.empty()) std::abort();
    RegisterAnswer a{RejectText(kNoCalls)};
    a.hold = (kind & 1) != 0 && peer.device.view() == request.device.view();
    if ((kind & 2) != 0) a.reset = ResetKind::restart;
    return a;
  }
  void no_handshake(Endpoint, const Fault&) override {}
  void broken(const SccpPeer&, const Fault&) override {}
  void received(const SccpPeer&, const SccpMessage& m) override {
    if (m.payload.size() > kMaxSccpBody) std::abort();
  }
  void sent(const SccpPeer&, SccpId) override {}
  void session_closed(SccpSession&) override { --open; }
  Millis idle_limit() const override { return Millis(90'000); }
  uint16_t next_number() override { return 1; }
  Arena& arena() override { return memory; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  fake::World world;
  Port port;
  port.kind = data[0];
  {
    auto wire = std::make_unique<Wire>();
    wire->in = Bytes(data + 1, size - 1);
    wire->limit = (port.kind & 4) != 0 ? 1 : (port.kind & 8) != 0 ? 7 : SIZE_MAX;
    SccpSession session(world.scheduler, port);
    session.begin_plain(std::move(wire));
    world.settle();
    if ((port.kind & 16) != 0) (void)session.send_reset(ResetKind::reset);
    world.run_for(Millis(200'000));
    if (!session.closed()) std::abort();      // nobody holds it by saying nothing
  }
  if (port.open != 0 || port.memory.used() != 0) std::abort();
  return 0;
}
