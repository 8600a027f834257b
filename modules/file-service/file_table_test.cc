// Tests of the published set.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/file-service/file_table.h"

#include <map>
#include <random>
#include <string>

#include <CppUTest/TestHarness.h>

#include "tests/support/test_env.h"

using namespace parley;
using namespace parley::file_service;

namespace {

std::shared_ptr<const Content> text(std::string_view s) {
  auto c = std::make_shared<Content>();
  CHECK_OK(c->bytes.append(s));
  return c;
}
std::string get(const FileTable& t, std::string_view name, bool exact = false) {
  const auto e = t.find(name, exact);
  return e == nullptr ? "-" : std::string(e->content->bytes.text());
}

}  // namespace

TEST_GROUP(FileTable){};

TEST(FileTable, NothingIsVisibleBeforeCommit) {
  FileTable t;
  CHECK_OK(t.stage("CTLFile.tlv", text("1")));
  STRCMP_EQUAL("-", get(t, "CTLFile.tlv").c_str());
  t.commit();
  STRCMP_EQUAL("1", get(t, "CTLFile.tlv").c_str());
}

TEST(FileTable, LastChangeOfANameCounts) {
  FileTable t;
  CHECK_OK(t.stage("b", text("1")));
  CHECK_OK(t.stage("a", text("2")));
  CHECK_OK(t.stage("b", text("3")));
  CHECK_OK(t.stage("c", text("4")));
  CHECK_OK(t.stage("c", nullptr));
  t.commit();
  LONGS_EQUAL(2, t.size());
  STRCMP_EQUAL("3", get(t, "b").c_str());
  CHECK_OK(t.stage("b", nullptr));
  CHECK_OK(t.stage("b", text("5")));
  t.commit();
  STRCMP_EQUAL("5", get(t, "b").c_str());
  STRCMP_EQUAL("-", get(t, "c").c_str());
}

TEST(FileTable, ExactCaseWinsThenAnyCase) {
  FileTable t;
  CHECK_OK(t.stage("Ringlist.xml", text("upper")));
  CHECK_OK(t.stage("ringlist.xml", text("lower")));
  t.commit();
  STRCMP_EQUAL("upper", get(t, "Ringlist.xml").c_str());
  STRCMP_EQUAL("lower", get(t, "ringlist.xml").c_str());
  CHECK(get(t, "RINGLIST.XML") != "-");
  STRCMP_EQUAL("-", get(t, "RINGLIST.XML", true).c_str());
  STRCMP_EQUAL("-", get(t, "ringlist.xm").c_str());
  STRCMP_EQUAL("-", get(t, "ringlist.xml.sgn").c_str());
}

TEST(FileTable, CountersSurviveANewContentAndReadersKeepTheOld) {
  FileTable t;
  CHECK_OK(t.stage("a", text("old")));
  t.commit();
  t.find("a", true)->counters.requests = 7;
  const std::shared_ptr<const Content> held = t.find("a", true)->content;
  CHECK_OK(t.stage("a", text("new")));
  t.commit();
  LONGS_EQUAL(7, t.find("a", true)->counters.requests);
  STRCMP_EQUAL("old", std::string(held->bytes.text()).c_str());
}

TEST(FileTable, SameContentUnderManyNames) {
  FileTable t;
  CHECK_OK(t.stage("CTLFile.tlv", text("list")));
  CHECK_OK(t.stage_same("CTLFile.tlv", "CTLSEP1.tlv"));
  CHECK_FALSE(t.stage_same("nothing", "CTLSEP2.tlv").has_value());
  t.commit();
  CHECK_OK(t.stage_same("CTLFile.tlv", "CTLSEP3.tlv"));
  t.commit();
  CHECK(t.find("CTLSEP1.tlv", true)->content == t.find("CTLSEP3.tlv", true)->content);
}

TEST(FileTable, ManyNamesAreShownSorted) {
  FileTable t;
  for (int round = 0; round < 2; ++round) {
    for (int i = 999; i >= 0; --i) CHECK_OK(t.stage("SEP" + std::to_string(i * 7919 % 1000), text(std::to_string(i + round))));
    t.commit();
  }
  LONGS_EQUAL(1000, t.size());
  for (int i = 0; i < 1000; ++i) STRCMP_EQUAL(std::to_string(i + 1).c_str(), get(t, "SEP" + std::to_string(i * 7919 % 1000)).c_str());
  List<const Entry*> all(general_arena());
  CHECK_OK(t.sorted(all));
  LONGS_EQUAL(1000, all.size());
  for (size_t i = 1; i < all.size(); ++i) CHECK(all[i - 1]->name.view() < all[i]->name.view());
}

// Against a plain map: whatever is staged, readers see the state of the last commit, and each reader one content or none.
TEST(FileTable, ReadersSeeTheLastCommit) {
  std::mt19937 random(11);
  FileTable t;
  std::map<std::string, std::string> seen, next;
  const auto name = [&] { return (random() % 2 != 0 ? "File" : "file") + std::to_string(random() % 40); };
  for (int step = 0; step < 6000; ++step) {
    const std::string n = name(), other = name();
    switch (random() % 8) {
      case 0:
        CHECK_OK(t.stage(n, nullptr));
        next.erase(n);
        break;
      case 1:
        CHECK_EQUAL(next.count(n) == 1, t.stage_same(n, other).has_value());
        if (next.count(n) == 1) next[other] = next[n];
        break;
      case 2:
        t.commit();
        seen = next;
        break;
      case 3:
        if (random() % 50 != 0) break;
        t.stage_none();
        next.clear();
        break;
      default: {
        const std::string content = std::to_string(step);
        CHECK_OK(t.stage(n, text(content)));
        next[n] = content;
      }
    }
    const std::string asked = name();
    STRCMP_EQUAL((seen.count(asked) == 1 ? seen[asked] : "-").c_str(), get(t, asked, true).c_str());
    LONGS_EQUAL(seen.size(), t.size());
  }
}

TEST(FileTable, NoMemoryLosesNoPublishedName) {
  FileTable t;
  for (int i = 0; i < 16; ++i) CHECK_OK(t.stage("f" + std::to_string(i), text("old")));
  t.commit();
  for (uint64_t at = 1;; ++at) {
    auto content = text("new");
    Arena::fail_from(at);
    const Status staged = t.stage("more", content);
    Arena::fail_from(0);
    t.commit();
    for (int i = 0; i < 16; ++i) STRCMP_EQUAL("old", get(t, "f" + std::to_string(i)).c_str());
    STRCMP_EQUAL(staged ? "new" : "-", get(t, "more").c_str());
    if (staged) break;
  }
}
