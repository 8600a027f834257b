// Tests of real sockets on the loopback interface, and of the console on pipes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/posix/net.h"

#include <string>
#include <vector>

#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

#include <CppUTest/TestHarness.h>

#include "platform/posix/clock.h"
#include "platform/posix/terminal.h"

using namespace parley;
using namespace parley::posix;

namespace {

constexpr uint32_t kLocal = 0x7f000001;

struct Owner final : Task {
  explicit Owner(Scheduler& s) : Task(s, "owner") {}
  Poll step() override { ++steps; return Poll::pending; }
  int steps = 0;
};

}  // namespace

TEST_GROUP(PosixNet) {
  PosixClock clock;
  std::unique_ptr<Poller> poller = Poller::make().value();
  Scheduler scheduler{clock, *poller};
  Owner server{scheduler};
  Owner client{scheduler};
  PosixNet net{*poller, 6};

  template <class F>
  bool until(F ready) {
    for (int i = 0; i < 500; ++i) {
      if (ready()) return true;
      scheduler.run_once(Millis(10));
    }
    return false;
  }
  struct Pair { std::unique_ptr<Stream> a, b; };
  Pair pair(Listener& l) {
    Pair p;
    p.a = net.connect(client, {kLocal, l.local().port}).value();
    CHECK(until([&] { auto r = l.accept(server); if (r) p.b = std::move(r).value(); return p.b != nullptr; }));
    CHECK(until([&] { return p.a->connected(); }));
    return p;
  }
};

TEST(PosixNet, StreamsCarryDataAndEnd) {
  auto l = net.listen(server, {kLocal, 0}, 5).value();
  Pair p = pair(*l);
  CHECK(p.b->peer().ip == kLocal && p.b->peer().port == p.a->local().port);
  uint8_t buffer[8];
  CHECK(p.b->read(buffer).error().code == Code::busy);
  CHECK_EQUAL(size_t{12}, *p.a->write(as_bytes("hello, world")));
  std::string got;
  const int before = server.steps;
  CHECK(until([&] { return server.steps > before; }));
  // One read takes a part; the rest wakes the owner again without new data.
  const int first = server.steps;
  got += as_text(Bytes(buffer, *p.b->read(buffer)));
  CHECK(until([&] { return server.steps > first; }));
  got += as_text(Bytes(buffer, *p.b->read(buffer)));
  CHECK_EQUAL(std::string("hello, world"), got);
  p.a->shutdown_write();
  CHECK(until([&] { auto r = p.b->read(buffer); return !r && r.error().code == Code::closed; }));
  CHECK_EQUAL(size_t{2}, *p.b->write(as_bytes("ok")));
  CHECK(until([&] { return p.a->read(buffer).has_value(); }));
}

TEST(PosixNet, FullPipeWakesTheWriter) {
  auto l = net.listen(server, {kLocal, 0}, 5).value();
  Pair p = pair(*l);
  const std::string block(60000, 'x');
  size_t sent = 0, got = 0;
  for (;;) {
    auto r = p.a->write(as_bytes(block));
    if (!r) { CHECK(r.error().code == Code::busy); break; }
    sent += *r;
  }
  scheduler.run_once(Millis(0));
  const int before = client.steps;
  std::vector<uint8_t> buffer(100000);
  CHECK(until([&] { auto r = p.b->read(buffer); if (r) got += *r; return got == sent; }));
  CHECK(until([&] { return client.steps > before; }));
  CHECK(p.a->write(as_bytes("x")).has_value());
}

TEST(PosixNet, RefusedConnectionIsClosed) {
  uint16_t port = 0;
  { port = net.listen(server, {kLocal, 0}, 1).value()->local().port; }
  auto r = net.connect(client, {kLocal, port});
  if (r) {
    uint8_t b[1];
    CHECK(until([&] { auto x = (*r)->read(b); return x.error().code == Code::closed; }));
    CHECK_FALSE((*r)->connected());
  } else {
    CHECK(r.error().code == Code::closed);
  }
}

TEST(PosixNet, AddressFaults) {
  auto l = net.listen(server, {kLocal, 0}, 1).value();
  CHECK(net.listen(server, {kLocal, l->local().port}, 1).error().code == Code::exists);
  CHECK(net.listen(server, {0xc6336401, 0}, 1).error().code == Code::missing);
  auto d = net.bind(server, {kLocal, 0}).value();
  CHECK(net.bind(server, {kLocal, d->local().port}).error().code == Code::exists);
}

TEST(PosixNet, TooManySocketsStarveUntilOneGoes) {
  auto l = net.listen(server, {kLocal, 0}, 5).value();
  Pair p = pair(*l);                                       // 3 sockets
  auto c2 = net.connect(client, {kLocal, l->local().port}).value();
  auto d1 = net.bind(client, {kLocal, 0}).value();
  auto d2 = net.bind(client, {kLocal, 0}).value();         // 6
  CHECK(net.bind(client, {kLocal, 0}).error().code == Code::full);
  CHECK(until([&] { return l->accept(server).error().code == Code::full; }));
  for (int i = 0; i < 3; ++i) scheduler.run_once(Millis(0));
  const int before = server.steps;
  d2.reset();
  CHECK(until([&] { return server.steps > before; }));
  CHECK(until([&] { return l->accept(server).has_value(); }));
}

TEST(PosixNet, DatagramsKnowWhereTheyWereSent) {
  auto s = net.bind(server, {0, 0}).value();
  auto c = net.bind(client, {kLocal, 0}).value();
  const uint32_t other = 0x7f000105;
  CHECK(c->send({other, s->local().port}, as_bytes("question")).has_value());
  CHECK(c->send({other, s->local().port}, as_bytes("second")).has_value());
  uint8_t buffer[4];
  Endpoint from;
  uint32_t to = 0;
  CHECK(until([&] { return server.steps > 0; }));
  CHECK_EQUAL(size_t{4}, *s->receive(buffer, from, to));
  CHECK(from == c->local());
  CHECK_EQUAL(other, to);
  const int before = server.steps;
  CHECK(until([&] { return server.steps > before; }));
  CHECK(s->receive(buffer, from, to).has_value());
  CHECK(s->receive(buffer, from, to).error().code == Code::busy);
}

TEST(PosixNet, HostModeShiftsPorts) {
  HostMode host;
  host.port_offset = 20000;
  host.is_own_address = [](void*, uint32_t ip) { return ip == 0x0a000001; };
  PosixNet shifted(*poller, 10, host);
  auto l = shifted.listen(server, {0x0a000001, 6970}, 1).value();
  CHECK_EQUAL(26970, l->local().port);
  CHECK(l->local().ip == kLocal);
  auto c = shifted.connect(client, {0x0a000001, 6970}).value();
  CHECK(until([&] { return l->accept(server).has_value(); }));
  CHECK(c->peer().port == 6970);
  CHECK(shifted.listen(server, {0, 60000}, 1).error().code == Code::invalid);
}

TEST(PosixNet, ConsoleOnPipes) {
  int in[2], out[2];
  CHECK_EQUAL(0, ::pipe(in));
  CHECK_EQUAL(0, ::pipe(out));
  {
    auto t = PosixTerminal::open(*poller, in[0], out[1]).value();
    CHECK_FALSE(t->is_tty());
    CHECK_EQUAL(0, ::fcntl(in[0], F_GETFL) & O_NONBLOCK);
    t->set_owner(server);
    uint8_t buffer[16];
    CHECK(t->read(buffer).error().code == Code::busy);
    scheduler.run_once(Millis(0));
    const int before = server.steps;
    CHECK_EQUAL(5, ::write(in[1], "show\n", 5));
    CHECK(until([&] { return server.steps > before; }));
    CHECK_EQUAL(size_t{5}, *t->read(buffer));
    CHECK_EQUAL(size_t{2}, *t->write(as_bytes("ok")));
    ::close(in[1]);
    CHECK(until([&] { return t->read(buffer).error().code == Code::closed; }));
    CHECK_EQUAL(80, t->size().columns);
  }
  char answer[4];
  CHECK_EQUAL(2, ::read(out[0], answer, 4));
  ::close(in[0]);
  ::close(out[0]);
  ::close(out[1]);
}

TEST(PosixNet, ConsoleOnAFile) {
  char name[] = "/tmp/parley-console-XXXXXX";
  const int fd = ::mkstemp(name);
  ::unlink(name);
  CHECK_EQUAL(6, ::write(fd, "abcdef", 6));
  ::lseek(fd, 0, SEEK_SET);
  const int null = ::open("/dev/null", O_WRONLY);
  {
    auto t = PosixTerminal::open(*poller, fd, null).value();
    t->set_owner(server);
    scheduler.run_once(Millis(0));
    uint8_t buffer[16];
    const int before = server.steps;
    CHECK_EQUAL(size_t{6}, *t->read(buffer));
    CHECK(until([&] { return server.steps > before; }));
    CHECK(t->read(buffer).error().code == Code::closed);
  }
  ::close(fd);
  ::close(null);
}
