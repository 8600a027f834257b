// Tests of arenas, pools and lists.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/base/memory.h"

#include <memory>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace parley;

namespace {

std::vector<std::string> arena_names() {
  std::vector<std::string> names;
  each_arena([](void* out, const Arena& a) { static_cast<std::vector<std::string>*>(out)->push_back(a.name()); }, &names);
  return names;
}

size_t count_of(const std::vector<std::string>& all, const std::string& name) {
  size_t n = 0;
  for (const auto& s : all) n += s == name;
  return n;
}

}  // namespace

TEST_GROUP(Memory) {
  void teardown() override { Arena::fail_from(0); }
};

TEST(Memory, ArenaCountsAndRefuses) {
  {
    Arena arena("counted", 100);
    CHECK_EQUAL(size_t{0}, count_of(arena_names(), "counted"));
    void* a = arena.allocate(60);
    CHECK(a != nullptr);
    CHECK(arena.allocate(41) == nullptr);
    CHECK(arena.allocate(SIZE_MAX) == nullptr);
    CHECK_EQUAL(size_t{60}, arena.used());
    void* b = arena.allocate(40);
    arena.release(a, 60);
    CHECK_EQUAL(size_t{100}, arena.peak());
    CHECK_EQUAL(uint64_t{2}, arena.refused());
    CHECK_EQUAL(size_t{1}, count_of(arena_names(), "counted"));
    arena.release(b, 40);
  }
  CHECK_EQUAL(size_t{0}, count_of(arena_names(), "counted"));
}

TEST(Memory, FailuresByNumber) {
  Arena arena("failing", 1000);
  Arena::fail_from(2);
  void* first = arena.allocate(8);
  CHECK(first != nullptr);
  CHECK(arena.allocate(8) == nullptr);
  CHECK(arena.allocate(8) == nullptr);
  Arena::fail_from(0);
  void* later = arena.allocate(8);
  CHECK(later != nullptr);
  arena.release(first, 8);
  arena.release(later, 8);
}

TEST(Memory, PoolGivesAndTakes) {
  Arena arena("pool arena", 1000);
  Pool<std::string> pool("strings", arena);
  CHECK(pool.reserve(2).has_value());
  std::string* a = pool.get("one");
  std::string* b = pool.get("two");
  CHECK_EQUAL(std::string("one"), *a);
  CHECK(pool.get("three") == nullptr);
  CHECK_EQUAL(uint64_t{1}, pool.refused());
  size_t seen = 0;
  each_pool([](void* n, const PoolAccount& p) { *static_cast<size_t*>(n) += std::string(p.name()) == "strings"; }, &seen);
  CHECK_EQUAL(size_t{1}, seen);
  pool.put(a);
  CHECK(pool.get("four") == a);
  pool.put(a);
  pool.put(b);
  CHECK_EQUAL(size_t{0}, pool.used());
  CHECK_EQUAL(size_t{2}, pool.peak());
  pool.free_all();
  CHECK_EQUAL(size_t{0}, arena.used());
  CHECK(pool.reserve(1).has_value());
}

TEST(Memory, ListKeepsOrderAndSurvivesRefusal) {
  Arena arena("list arena", 8 * sizeof(std::unique_ptr<int>));
  List<std::unique_ptr<int>> list(arena);
  for (int i = 0; i < 8; ++i) CHECK(list.push(std::make_unique<int>(i)).has_value());
  CHECK(list.push(std::make_unique<int>(8)).error().code == Code::full);
  list.remove(3);
  CHECK_EQUAL(size_t{7}, list.size());
  CHECK_EQUAL(2, *list[2]);
  CHECK_EQUAL(4, *list[3]);
  list.clear();
  CHECK_EQUAL(size_t{0}, arena.used());
}
