// Tests of the index.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/base/index.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

#include "tests/support/test_env.h"

using namespace parley;

namespace {

// A list of an owner, with its index. Hash values of few bits: chains are long.
struct Names {
  HashIndex index{general_arena()};
  std::vector<std::string> names;
  static uint32_t hash(const std::string& s) { return key_hash(s) & 31; }
  uint32_t find(const std::string& s) const {
    return index.find(hash(s), [&](uint32_t i) { return names[i] == s; });
  }
  void add(const std::string& s) {
    CHECK_OK(index.add(hash(s)));
    names.push_back(s);
  }
  void remove(uint32_t i) {
    index.remove_and_fill(i);
    names[i] = names.back();
    names.pop_back();
  }
};

}  // namespace

TEST_GROUP(HashIndex){};

TEST(HashIndex, EmptyFindsNothing) {
  Names n;
  LONGS_EQUAL(HashIndex::kNone, n.find("x"));
  n.add("x");
  n.remove(n.find("x"));
  LONGS_EQUAL(HashIndex::kNone, n.find("x"));
  LONGS_EQUAL(0, n.index.size());
}

TEST(HashIndex, FindsWhatThePlainSearchFinds) {
  std::mt19937 random(7);
  Names n;
  for (int round = 0; round < 4000; ++round) {
    const std::string name = std::to_string(random() % 300);
    const uint32_t at = n.find(name);
    const auto plain = std::find(n.names.begin(), n.names.end(), name);
    CHECK_EQUAL(plain == n.names.end(), at == HashIndex::kNone);
    if (at == HashIndex::kNone) {
      if (n.names.size() < 200) n.add(name);
      continue;
    }
    STRCMP_EQUAL(name.c_str(), n.names[at].c_str());
    if (random() % 2 == 0) n.remove(at);
  }
  LONGS_EQUAL(n.names.size(), n.index.size());
  n.index.clear();
  n.names.clear();
  LONGS_EQUAL(HashIndex::kNone, n.find("1"));
  n.add("1");
  LONGS_EQUAL(0, n.find("1"));
}

TEST(HashIndex, NoMemoryChangesNothing) {
  Names n;
  for (int i = 0; i < 16; ++i) n.add(std::to_string(i));   // the next one makes it grow
  for (uint64_t at = 1;; ++at) {
    Arena::fail_from(at);
    const Status added = n.index.add(Names::hash("more"));
    Arena::fail_from(0);
    if (added) break;
    LONGS_EQUAL(16, n.index.size());
    for (uint32_t i = 0; i < 16; ++i) LONGS_EQUAL(i, n.find(std::to_string(i)));
  }
  LONGS_EQUAL(17, n.index.size());
}

TEST(HashIndex, HashOfNamesWithoutCase) {
  LONGS_EQUAL(key_hash_nocase("SEP0011AABB.cnf.xml"), key_hash_nocase("sep0011aabb.CNF.XML"));
  CHECK(key_hash("SEP0011AABB") != key_hash("sep0011aabb"));
}
