// Tests of the fakes: a wrong fake makes wrong tests.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <CppUTest/TestHarness.h>

#include "platform/fake/fake_misc.h"
#include "platform/fake/fake_net.h"
#include "platform/fake/fake_store.h"
#include "platform/fake/fake_time.h"

using namespace parley;
using namespace parley::fake;

namespace {

struct Owner final : Task {
  explicit Owner(Scheduler& s) : Task(s, "owner") {}
  Poll step() override { ++steps; return Poll::pending; }
  int steps = 0;
};

}  // namespace

TEST_GROUP(Fakes) {
  World w;
  Owner a{w.scheduler};
  Owner b{w.scheduler};
  FakeNet net;
  uint8_t buffer[16] = {};
};

TEST(Fakes, StreamsSplitStallAndEnd) {
  net.read_limit = 2;
  auto l = net.listen(a, {0, 80}, 1).value();
  CHECK(net.listen(a, {1, 80}, 1).error().code == Code::exists);
  auto c = net.connect(b, {0x0a000001, 80}).value();
  auto s = l->accept(a).value();
  CHECK(l->accept(a).error().code == Code::busy);
  CHECK(c->connected());
  CHECK_EQUAL(80, c->peer().port);
  CHECK(s->peer() == c->local());
  CHECK_EQUAL(size_t{3}, *c->write(as_bytes("abc")));
  w.settle();
  CHECK_EQUAL(size_t{2}, *s->read(buffer));
  net.stalled = true;
  CHECK(s->read(buffer).error().code == Code::busy);
  net.unstall();
  const int before = a.steps;
  w.settle();
  CHECK(a.steps > before);
  CHECK_EQUAL(size_t{1}, *s->read(buffer));
  CHECK(s->read(buffer).error().code == Code::busy);
  c->shutdown_write();
  CHECK(s->read(buffer).error().code == Code::closed);
  CHECK_EQUAL(size_t{1}, *s->write(as_bytes("x")));
  c.reset();
  CHECK(s->write(as_bytes("y")).error().code == Code::closed);
}

TEST(Fakes, WindowResetAndRefusal) {
  auto [x, y] = net.pair(a, b);
  net.window = 4;
  CHECK_EQUAL(size_t{4}, *x->write(as_bytes("abcdef")));
  CHECK(x->write(as_bytes("e")).error().code == Code::busy);
  w.settle();
  CHECK_EQUAL(size_t{4}, *y->read(buffer));
  const int before = a.steps;
  w.settle();
  CHECK(a.steps > before);
  net.reset_all();
  CHECK(x->read(buffer).error().code == Code::closed);
  CHECK(y->write(as_bytes("e")).error().code == Code::closed);
  CHECK(net.connect(a, {1, 81}).error().code == Code::closed);
  auto l = net.listen(a, {0, 81}, 5).value();
  net.hold_connects = true;
  auto c = net.connect(b, {1, 81}).value();
  CHECK_FALSE(c->connected());
  CHECK(c->read(buffer).error().code == Code::busy);
  net.release_connects();
  CHECK(c->connected());
  CHECK(l->accept(a).has_value());
}

TEST(Fakes, Datagrams) {
  auto s = net.bind(a, {0, 69}).value();
  auto c = net.bind(b, {0, 0}).value();
  CHECK(c->send({0x0a000001, 69}, as_bytes("hello")).has_value());
  Endpoint from;
  uint32_t local = 0;
  CHECK_EQUAL(size_t{5}, *s->receive(buffer, from, local));
  CHECK_EQUAL(0x0a000001u, local);
  CHECK(from.port == c->local().port && from.ip == net.own_ip);
  net.on_datagram = [](Endpoint, Endpoint, Bytes) { return false; };
  CHECK(s->send(from, as_bytes("lost")).has_value());
  CHECK(c->receive(buffer, from, local).error().code == Code::busy);
}

TEST(Fakes, StoreCutsPowerAtEachStep) {
  for (size_t n = 1; n <= 3; ++n) {
    FakeStore s;
    CHECK(s.write("nvram:a", as_bytes("old")).has_value());
    s.cut_at(n);
    (void)s.write("nvram:a", as_bytes("new")).has_value();
    (void)s.write("nvram:b", as_bytes("b")).has_value();
    CHECK_EQUAL(n < 3, s.is_off());
    s.power_on();
    CHECK_EQUAL(n == 1 ? std::string("old") : std::string("new"), s.text("nvram:a"));
    CHECK_EQUAL(n == 3, s.has("nvram:b"));
    CHECK(s.steps[0] == "write nvram:a");
  }
}

TEST(Fakes, StoreKeepsTheRulesOfStoreH) {
  FakeStore s;
  s.total[1] = 10;
  CHECK(s.write("nvram:/a", as_bytes("12345678901")).error().code == Code::full);
  CHECK(s.write("nvram:x/a", as_bytes("1")).error().code == Code::missing);
  CHECK(s.make_folder("nvram:x").has_value());
  CHECK(s.write("nvram:x/a", as_bytes("123")).has_value());
  CHECK_EQUAL(uint64_t{7}, s.space("nvram:")->free);
  CHECK(s.remove_folder("nvram:x").error().code == Code::exists);
  std::string names;
  CHECK(s.list("nvram:x", [](void* c, const FileInfo& i) { *static_cast<std::string*>(c) += i.name.view(); return true; }, &names).has_value());
  CHECK_EQUAL(std::string("a"), names);
  auto f = s.open("nvram:x/a").value();
  CHECK(s.rename("nvram:x/a", "nvram:b").has_value());
  CHECK_EQUAL(size_t{2}, *f->read_at(1, buffer));
  CHECK(s.remove("nvram:x/a").error().code == Code::missing);
  CHECK(s.info("nvram:x")->folder);
}

TEST(Fakes, RandomLinksTerminal) {
  FakeRandom r;
  r.script(as_bytes("AB"));
  CHECK(r.fill(MutBytes(buffer, 4)).has_value());
  CHECK(buffer[0] == 'A' && buffer[1] == 'B' && buffer[2] != buffer[3]);
  FakeLinks links;
  const Links::Address address{0x0a000001, 24};
  CHECK(links.set_addresses("GigabitEthernet0/0", &address, 1).has_value());
  CHECK_EQUAL(std::string("addresses GigabitEthernet0/0 10.0.0.1/24"), links.changes.back());
  CHECK(links.set_up("Nothing0", true).error().code == Code::missing);
  FakeTerminal t;
  t.set_owner(a);
  t.type("show");
  t.end();
  CHECK_EQUAL(size_t{4}, *t.read(buffer));
  CHECK(t.read(buffer).error().code == Code::closed);
  CHECK_EQUAL(size_t{2}, *t.write(as_bytes("ok")));
  CHECK_EQUAL(std::string("ok"), t.take_output());
}
