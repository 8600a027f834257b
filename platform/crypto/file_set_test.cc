// Tests of sets of files: bytes in, bytes out; a power cut at every change while one replaces the other.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/crypto/file_set.h"

#include <string>

#include <CppUTest/TestHarness.h>

#include "platform/fake/fake_store.h"

using namespace parley;

namespace {

void add(FileSet& set, const char* path, std::string_view content) {
  FileSet::Item i;
  CHECK(i.path.set(path));
  CHECK(i.content.append(content).has_value());
  CHECK(set.files.push(std::move(i)).has_value());
}

std::string content(Store& store, const char* path) {
  const auto b = store.read(path, 1000);
  return b ? std::string(b->text()) : "-";
}

// All that counts, in one line.
std::string state(Store& s) { return content(s, "nvram:keys/a") + content(s, "nvram:keys/b") + content(s, "nvram:list") + content(s, "nvram:pki/out/x"); }

}  // namespace

TEST_GROUP(FileSet) {
  FileSet fresh() {
    FileSet set;
    CHECK(set.removed.push(Path("nvram:keys/a")).has_value());
    CHECK(set.removed.push(Path("nvram:nothing")).has_value());
    add(set, "nvram:keys/b", "B");
    add(set, "nvram:list", "L");
    add(set, "nvram:pki/out/x", "");
    return set;
  }
};

TEST(FileSet, ComesBackAsItWent) {
  Blob bytes;
  CHECK(write_file_set(fresh(), bytes).has_value());
  const auto back = read_file_set(bytes.view());
  CHECK(back.has_value());
  LONGS_EQUAL(2, back->removed.size());
  LONGS_EQUAL(3, back->files.size());
  CHECK(back->files[1].path == Path("nvram:list") && back->files[1].content.text() == "L");
  for (size_t n = 0; n < bytes.size(); ++n) CHECK_FALSE(read_file_set(bytes.view().first(n)).has_value());
}

TEST(FileSet, RefusesNamesThatLeaveTheirPlaceAndDoubledOnes) {
  for (const char* path : {"nvram:../x", "disk:x", "nvram:", "nvram:.parley-uploads", "x"}) {
    FileSet set;
    add(set, path, "x");
    Blob bytes;
    CHECK(write_file_set(set, bytes).has_value());
    CHECK_FALSE_TEXT(read_file_set(bytes.view()).has_value(), path);
  }
  FileSet set;
  add(set, "nvram:x", "1");
  add(set, "nvram:x", "2");
  Blob bytes;
  CHECK(write_file_set(set, bytes).has_value());
  CHECK_FALSE(read_file_set(bytes.view()).has_value());
}

TEST(FileSet, OldOrNewWheneverThePowerIsCut) {
  size_t old_seen = 0, new_seen = 0;
  for (unsigned cut = 1; cut < 200; ++cut) {
    fake::FakeStore store;
    CHECK(store.make_folder("nvram:keys").has_value());
    CHECK(store.write("nvram:keys/a", as_bytes("A")).has_value());
    CHECK(store.write("nvram:list", as_bytes("K")).has_value());
    store.cut_at(cut);
    const bool staged = stage_replacement(store, fresh()).has_value();
    const bool finished = staged && finish_replacement(store).has_value();
    store.power_on();
    (void)finish_replacement(store);
    const std::string now = state(store);
    CHECK_TEXT(now == "A-K-" || now == "-BL", now.c_str());
    if (staged) CHECK_TEXT(now == "-BL", "what was reported as done counts");
    ++(now == "A-K-" ? old_seen : new_seen);
    CHECK_FALSE(*finish_replacement(store));
    if (finished) {
      CHECK(old_seen > 0 && new_seen > 1);
      return;
    }
  }
  FAIL("it never came to its end");
}

TEST(FileSet, ADamagedJournalChangesNothing) {
  fake::FakeStore store;
  CHECK(store.write("nvram:list", as_bytes("K")).has_value());
  CHECK(stage_replacement(store, fresh()).has_value());
  std::string journal = std::string(store.read(kReplacementJournal, 10000)->text());
  journal[journal.size() / 2] ^= 1;
  CHECK(store.write(kReplacementJournal, as_bytes(journal)).has_value());
  CHECK_FALSE(finish_replacement(store).has_value());
  STRCMP_EQUAL("K", content(store, "nvram:list").c_str());
  CHECK_FALSE(*finish_replacement(store));
}
