// Certificate maps against certificates made by the openssl program; what a trustpoint with maps says to peers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <cstdlib>

#include "modules/crypto-pki/peer_trust_service.h"
#include "modules/crypto-pki/pki_test_world.h"

#include <CppUTest/TestHarness.h>

using namespace parley;
using namespace parley::crypto_pki;
using fake::file_bytes;

namespace {

const std::string kFolder = "build/pki-map-test";

const char kMake[] =
    "cd build/pki-map-test && k() { openssl ecparam -name prime256v1 -genkey -noout -out $1.key; }\n"
    "printf 'subjectAltName=DNS:Phone.Example,IP:10.1.2.3,email:a@b.example\\n' >leaf.ext\n"
    "k ca; openssl req -x509 -new -key ca.key -subj '/O=Lab/CN=root ca' -days 60 -out ca.pem\n"
    "k leaf; openssl req -new -key leaf.key -subj '/O=Lab, Inc/OU=Phones/CN=SEP0011/unstructuredName=r1.example' |"
    " openssl x509 -req -days 30 -set_serial 5 -extfile leaf.ext -CA ca.pem -CAkey ca.key -out leaf.pem\n"
    "for n in ca leaf; do openssl x509 -in $n.pem -outform der -out $n.der; done\n";

bool ready() {
  static const bool made = std::system("rm -rf build/pki-map-test && mkdir -p build/pki-map-test && openssl version >/dev/null 2>&1") == 0 &&
                           std::system(("(" + std::string(kMake) + ") >build/pki-map-test/out.txt 2>&1").c_str()) == 0;
  return made;
}

// Tables belong to the engine; here they point at what the test holds.
template <class T>
void set_table(cli::Table<T>& t, std::vector<T>& items) {
  t.items = items.data();
  t.count = t.room = static_cast<uint32_t>(items.size());
}

struct Maps {
  std::vector<NameRule> names;
  std::vector<DateRule> dates;
  std::vector<Map> entries;
  std::vector<MapUse> uses;
  std::vector<Trustpoint> trustpoints{1};
  Config config;

  Maps() {
    trustpoints[0].label = Label("lab");
    trustpoints[0].revocation.count = 0;
    entries.resize(1);
    entries[0].label = Label("m");
    use(MapUse::How::must);
  }
  void use(MapUse::How how) {
    MapUse u;
    u.map = Label("m");
    u.how = how;
    uses = {u};
    link();
  }
  void link() {
    set_table(trustpoints[0].matches, uses);
    set_table(config.trustpoints, trustpoints);
    set_table(config.maps, entries);
  }
  bool holds(const Certificate& c, MapUse::How how = MapUse::How::must) {
    CertificateMaps maps;
    CHECK(maps.add(config, trustpoints[0]).has_value());
    return maps.holds(how, c);
  }
  bool name(cli::Table<NameRule> Map::*field, NameTest test, const char* text, const Certificate& c) {
    NameRule r;
    r.test = test;
    r.text = Text<191>(text);
    names = {r};
    entries[0] = Map{};
    entries[0].label = Label("m");
    set_table(entries[0].*field, names);
    return holds(c);
  }
  bool date(cli::Table<DateRule> Map::*field, DateTest test, const std::string& text, const Certificate& c) {
    DateRule r;
    r.test = test;
    r.text = Text<31>(text.c_str());
    dates = {r};
    entries[0] = Map{};
    entries[0].label = Label("m");
    set_table(entries[0].*field, dates);
    return holds(c);
  }
};

std::string as_date(UnixTime t) {
  const Calendar c = to_calendar(t);
  char text[40];
  std::snprintf(text, sizeof text, "%s %d %d %02d:%02d:%02d", month_name(c.month), c.day, c.year, c.hour, c.minute, c.second);
  return text;
}

Certificate read(const char* name) { return std::move(*parse_certificate(file_bytes(kFolder + "/" + name + ".der"))); }

}  // namespace

TEST_GROUP(PkiMap) {};

TEST(PkiMap, Dates) {
  LONGS_EQUAL(1795543200, *map_date("Nov 24 2026 18:00:00"));
  LONGS_EQUAL(1795543200, *map_date(" 24 11 2026  18:00:00 "));
  for (const char* bad : {"", "Nov 24 2026", "Nov 24 2026 18:00", "Feb 30 2026 00:00:00", "24 13 2026 00:00:00", "Nov 0 2026 00:00:00",
                          "Nov 24 2026 24:00:00", "Nov 24 2026 18:00:00 UTC", "Nov 24 20261 00:00:00", "Nov 24 2026 1a:00:00"})
    CHECK_FALSE(map_date(bad).has_value());
}

TEST(PkiMap, Names) {
  if (!ready()) return;
  const Certificate c = read("leaf");
  Maps m;
  CHECK(m.name(&Map::subjects, NameTest::co, "ou = phones", c));
  CHECK(m.name(&Map::subjects, NameTest::co, "OU=Phones, O=lab", c));
  CHECK_FALSE(m.name(&Map::subjects, NameTest::co, "ou=routers", c));
  CHECK(m.name(&Map::subjects, NameTest::nc, "ou=routers", c));
  CHECK_FALSE(m.name(&Map::subjects, NameTest::nc, "SEP0011", c));
  CHECK(m.name(&Map::issuers, NameTest::eq, "CN=root ca, O=Lab", c));
  CHECK_FALSE(m.name(&Map::issuers, NameTest::eq, "CN=root", c));
  CHECK(m.name(&Map::issuers, NameTest::ne, "CN=root", c));
  CHECK_FALSE(m.name(&Map::issuers, NameTest::eq, "CN=rootca,O=Lab", c));
  CHECK(m.name(&Map::unstructured, NameTest::eq, "R1.example", c));
  CHECK(m.name(&Map::alternatives, NameTest::eq, "phone.example", c));
  CHECK(m.name(&Map::alternatives, NameTest::eq, "10.1.2.3", c));
  CHECK(m.name(&Map::alternatives, NameTest::co, "@b", c));
  CHECK_FALSE(m.name(&Map::alternatives, NameTest::ne, "10.1.2.3", c));
  CHECK(m.name(&Map::alternatives, NameTest::nc, "other", c));
  CHECK(m.date(&Map::ends, DateTest::eq, as_date(c.not_after), c));
  CHECK(m.date(&Map::ends, DateTest::ge, as_date(c.not_after), c));
  CHECK_FALSE(m.date(&Map::ends, DateTest::lt, as_date(c.not_after), c));
  CHECK(m.date(&Map::begins, DateTest::lt, as_date(c.not_before + 1), c));
  CHECK(m.date(&Map::begins, DateTest::ne, as_date(c.not_before + 1), c));
}

TEST(PkiMap, AllLinesOfOneEntry) {
  if (!ready()) return;
  const Certificate c = read("leaf");
  Maps m;
  CHECK_FALSE(m.holds(c));                                   // an entry without lines
  CHECK(m.name(&Map::subjects, NameTest::co, "phones", c));
  NameRule wrong;
  wrong.test = NameTest::co;
  wrong.text = Text<191>("routers");
  std::vector<NameRule> both = {m.names[0], wrong}, one = {m.names[0]};
  set_table(m.entries[0].subjects, both);
  CHECK_FALSE(m.holds(c));
  Map second;
  second.label = Label("m");
  second.sequence = 20;
  set_table(second.issuers, one);
  m.entries.push_back(second);
  m.link();
  CHECK_FALSE(m.holds(c));
  set_table(m.entries[1].subjects, one);
  m.entries[1].issuers = {};
  CHECK(m.holds(c));                                         // another entry of the map
  CHECK_FALSE(m.holds(c, MapUse::How::allow_expired));
  m.entries[1].label = Label("n");
  CHECK_FALSE(m.holds(c));
}

TEST(PkiMap, PeersOfATrustpoint) {
  if (!ready()) return;
  fake::PkiWorld w;
  Maps m;
  PeerTrustService service(w.context, w.store, w, m.config);
  const Certificate leaf = read("leaf");
  w.world.clock.set_wall(leaf.not_before + 10);
  w.text.items.push_back({"lab", ChainKind::ca, "01", file_bytes(kFolder + "/ca.der")});
  w.sync({"lab"});
  service.start();
  PeerRule rule;
  rule.labels[0] = Text<63>("lab");
  rule.use = PeerUse::any;
  const std::unique_ptr<PeerPolicy> policy = std::move(*service.policy(rule));
  const Bytes chain[] = {leaf.der.view()};
  const auto verdict = [&] {
    service.settings_changed();
    w.world.settle();
    const Status s = policy->check(chain, 1);
    return std::string(s ? "ok" : s.error().what);
  };
  const char* const kNoMap = "certificate is not in a map of the trustpoint";
  STRCMP_EQUAL(kNoMap, verdict().c_str());                   // the map has no lines yet
  (void)m.name(&Map::subjects, NameTest::co, "ou=phones", leaf);
  STRCMP_EQUAL("ok", verdict().c_str());
  m.names[0].test = NameTest::nc;
  STRCMP_EQUAL(kNoMap, verdict().c_str());
  m.uses[0].how = MapUse::How::allow_expired;                // says nothing about the others
  STRCMP_EQUAL("ok", verdict().c_str());
  w.world.clock.set_wall(leaf.not_after + 10);
  STRCMP_EQUAL("certificate has expired", verdict().c_str());
  m.names[0].test = NameTest::co;
  STRCMP_EQUAL("ok", verdict().c_str());
  w.world.clock.set_wall(leaf.not_after + 60 * 86400);       // the authority has ended, too
  STRCMP_EQUAL("certificate has expired", verdict().c_str());

  w.world.clock.set_wall(leaf.not_before + 10);
  m.trustpoints[0].revocation.count = 1;
  m.trustpoints[0].revocation.items[0] = Revocation::ocsp;   // nobody says where
  struct Owner final : Task {
    explicit Owner(Scheduler& s) : Task(s, "test") {}
    Poll step() override { return Poll::pending; }
  } owner(w.world.scheduler);
  const auto watched = [&] {
    (void)verdict();
    const std::unique_ptr<PeerWatch> watch = policy->watch(owner, chain, 1);
    w.world.settle();
    const Status s = watch->verdict();
    return std::string(s ? "ok" : s.error().what);
  };
  STRCMP_EQUAL("revocation could not be checked", watched().c_str());
  m.uses[0].how = MapUse::How::skip_revocation;
  STRCMP_EQUAL("ok", watched().c_str());
  m.names[0].test = NameTest::nc;
  STRCMP_EQUAL("revocation could not be checked", watched().c_str());
  service.stop();
}
