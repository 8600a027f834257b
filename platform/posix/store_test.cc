// Tests of the store on host folders: rules, space, and the power cut at every change.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/posix/store.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include <CppUTest/TestHarness.h>

#include "platform/posix/durable.h"

using namespace parley;
using namespace parley::posix;

namespace {

std::string content(Store& s, std::string_view path) {
  auto r = s.read(path, 1 << 20);
  return r ? std::string(r->text()) : std::string("<") + code_name(r.error().code) + ">";
}

std::vector<std::string> names(Store& s, const char* folder) {
  std::vector<std::string> out;
  (void)s.list(folder, [](void* c, const FileInfo& i) { static_cast<std::vector<std::string>*>(c)->emplace_back(i.name.view()); return true; }, &out);
  return out;
}

std::string g_steps;

}  // namespace

TEST_GROUP(FolderStore) {
  std::string folder;
  std::unique_ptr<FolderStore> store;
  void setup() override {
    char name[] = "/tmp/parley-store-XXXXXX";
    folder = ::mkdtemp(name);
    open();
  }
  void teardown() override {
    durable::observe(nullptr);
    store.reset();
    std::filesystem::remove_all(folder);
  }
  void open(StoreLimits limits = {}) {
    store.reset();
    auto r = FolderStore::open_at((folder + "/a/data").c_str(), limits);
    CHECK(r.has_value());
    store = std::move(r).value();
  }
};

TEST(FolderStore, WritesReadsReplacesRemoves) {
  CHECK(store->write("nvram:startup-config", as_bytes("one")).has_value());
  CHECK(store->write("nvram:/startup-config", as_bytes("two, longer")).has_value());
  CHECK_EQUAL(std::string("two, longer"), content(*store, "nvram:startup-config"));
  open();
  CHECK_EQUAL(std::string("two, longer"), content(*store, "nvram:startup-config"));
  CHECK(store->read("nvram:startup-config", 5).error().code == Code::full);
  CHECK(store->rename("nvram:startup-config", "nvram:backup").has_value());
  CHECK_EQUAL(std::string("<missing>"), content(*store, "nvram:startup-config"));
  CHECK(store->rename("nvram:backup", "flash:backup").error().code == Code::invalid);
  CHECK(store->remove("nvram:backup").has_value());
  CHECK(store->remove("nvram:backup").error().code == Code::missing);
  CHECK(store->write("nvram:empty", {}).has_value());
  CHECK_EQUAL(std::string(), content(*store, "nvram:empty"));
}

TEST(FolderStore, FoldersAndSortedList) {
  CHECK(store->write("flash:phones/x", as_bytes("1")).error().code == Code::missing);
  CHECK(store->make_folder("flash:phones").has_value());
  CHECK(store->make_folder("flash:phones").error().code == Code::exists);
  for (const char* n : {"flash:phones/b", "flash:phones/a", "flash:z"}) CHECK(store->write(n, as_bytes("123")).has_value());
  CHECK((names(*store, "flash:") == std::vector<std::string>{"phones", "z"}));
  CHECK((names(*store, "flash:/phones") == std::vector<std::string>{"a", "b"}));
  CHECK(store->list("flash:none", nullptr, nullptr).error().code == Code::missing);
  CHECK(store->info("flash:phones")->folder);
  CHECK_EQUAL(uint64_t{3}, store->info("flash:z")->size);
  CHECK(store->info("flash:z")->modified > 1700000000);
  CHECK(store->remove("flash:phones").error().code == Code::denied);
  CHECK(store->write("flash:phones", as_bytes("x")).error().code == Code::denied);
  CHECK(store->read("flash:phones", 10).error().code == Code::denied);
  CHECK(store->remove_folder("flash:phones").error().code == Code::exists);
  CHECK(store->remove("flash:phones/a").has_value());
  CHECK(store->remove("flash:phones/b").has_value());
  CHECK(store->remove_folder("flash:phones").has_value());
  CHECK(store->write("flash:../x", as_bytes("x")).error().code == Code::denied);
  CHECK(store->write("flash:.parley-uploads/x", as_bytes("x")).error().code == Code::denied);
}

TEST(FolderStore, UploadIsInvisibleUntilCommit) {
  {
    auto up = store->create("flash:file");
    CHECK(up.has_value());
    CHECK((*up)->append(as_bytes("hello ")).has_value());
    CHECK((*up)->append(as_bytes("world")).has_value());
    CHECK_EQUAL(std::string("<missing>"), content(*store, "flash:file"));
    CHECK(names(*store, "flash:").empty());
    CHECK((*up)->commit().has_value());
  }
  CHECK_EQUAL(std::string("hello world"), content(*store, "flash:file"));
  const uint64_t free = store->space("flash:")->free;
  {
    auto up = store->create("flash:file");
    CHECK((*up)->append(as_bytes("other")).has_value());
  }
  CHECK_EQUAL(std::string("hello world"), content(*store, "flash:file"));
  CHECK(store->space("flash:")->free == free);
}

TEST(FolderStore, OpenFileSurvivesReplacement) {
  CHECK(store->write("flash:f", as_bytes("old content")).has_value());
  auto f = store->open("flash:f");
  CHECK(store->write("flash:f", as_bytes("new")).has_value());
  uint8_t buffer[20];
  CHECK_EQUAL(size_t{7}, *(*f)->read_at(4, buffer));
  CHECK(as_text(Bytes(buffer, 7)) == "content");
  CHECK_EQUAL(size_t{0}, *(*f)->read_at(11, buffer));
  CHECK_EQUAL(uint64_t{11}, (*f)->size());
}

TEST(FolderStore, SpaceIsCounted) {
  StoreLimits limits;
  limits.total[1] = 100;
  open(limits);
  CHECK(store->write("nvram:a", as_bytes(std::string(60, 'a'))).has_value());
  CHECK(store->write("nvram:b", as_bytes(std::string(60, 'b'))).error().code == Code::full);
  CHECK_EQUAL(std::string("<missing>"), content(*store, "nvram:b"));
  CHECK_EQUAL(uint64_t{40}, store->space("nvram:")->free);
  CHECK(store->write("nvram:a", as_bytes(std::string(30, 'c'))).has_value());
  CHECK_EQUAL(uint64_t{70}, store->space("nvram:")->free);
  open(limits);
  CHECK_EQUAL(uint64_t{70}, store->space("nvram:")->free);
  CHECK(store->remove("nvram:a").has_value());
  CHECK_EQUAL(uint64_t{100}, store->space("nvram:")->free);
  CHECK(store->space("tftp:").error().code == Code::invalid);
}

TEST(FolderStore, SystemIsEmptiedAtStart) {
  CHECK(store->make_folder("system:its").has_value());
  CHECK(store->write("system:its/x", as_bytes("1")).has_value());
  open();
  CHECK(names(*store, "system:").empty());
}

TEST(FolderStore, SecondRouterIsRefused) {
  CHECK(FolderStore::open_at((folder + "/a/data").c_str()).error().code == Code::busy);
}

TEST(FolderStore, DataAreSyncedBeforeTheName) {
  g_steps.clear();
  durable::observe([](const char* s) { g_steps += std::string(s) + " "; });
  CHECK(store->write("nvram:a", as_bytes("1")).has_value());
  CHECK_EQUAL(std::string("create write sync rename sync-folder "), g_steps);
  g_steps.clear();
  CHECK(store->write("system:a", as_bytes("1")).has_value());
  CHECK_EQUAL(std::string("create write rename "), g_steps);
}

TEST(FolderStore, AGroupSharesTheSyncOfItsFolder) {
  CHECK(store->make_folder("nvram:capf").has_value());
  g_steps.clear();
  durable::observe([](const char* s) { g_steps += std::string(s) + " "; });
  NewFile files[] = {{"nvram:capf/a", as_bytes("1"), {}}, {"nvram:capf/b", as_bytes("22"), {}}, {"nvram:c", as_bytes("3"), {}}};
  store->write_group(files);
  durable::observe(nullptr);
  for (const NewFile& f : files) CHECK(f.result.has_value());
  CHECK_EQUAL(std::string("create write create write create write sync rename sync rename sync rename sync-folder sync-folder "), g_steps);
  CHECK_EQUAL(std::string("22"), content(*store, "nvram:capf/b"));
  CHECK_EQUAL(std::string("3"), content(*store, "nvram:c"));
}

TEST(FolderStore, OneOfAGroupFailsAlone) {
  std::vector<NewFile> files;
  std::vector<std::string> names;
  for (int i = 0; i < 20; ++i) names.push_back(i == 3 ? "nvram:nowhere/f" : i == 17 ? "nvram:../f" : "nvram:f" + std::to_string(i));
  for (const std::string& n : names) files.push_back({n, as_bytes(n), {}});
  store->write_group(files);
  for (int i = 0; i < 20; ++i) {
    CHECK_EQUAL(i != 3 && i != 17, files[static_cast<size_t>(i)].result.has_value());
    if (files[static_cast<size_t>(i)].result) CHECK_EQUAL(names[static_cast<size_t>(i)], content(*store, names[static_cast<size_t>(i)]));
  }
  CHECK(files[3].result.error().code == Code::missing);
  CHECK(files[17].result.error().code == Code::denied);
}

// A child works on the store and is killed at change n; then everything acknowledged must be there, and each file must
// hold its old or its new content.
TEST(FolderStore, PowerCutAtEveryChange) {
  const std::string path = folder + "/a/data";
  const std::string old_a(5000, 'o'), new_a(9000, 'n');
  bool finished = false;
  for (uint32_t cut = 1; !finished; ++cut) {
    CHECK(cut < 100);
    open();
    CHECK(store->write("nvram:a", as_bytes(old_a)).has_value());
    (void)store->remove("nvram:b");
    (void)store->remove("nvram:c");
    for (const char* made : {"nvram:moved", "nvram:d", "nvram:e"}) (void)store->remove(made);
    store.reset();
    int acknowledged[2];
    CHECK_EQUAL(0, ::pipe(acknowledged));
    const pid_t child = ::fork();
    if (child == 0) {
      auto s = FolderStore::open_at(path.c_str());
      durable::cut_at(cut);
      const auto acknowledge = [&](bool ok) { if (!ok || ::write(acknowledged[1], "+", 1) != 1) ::_exit(1); };
      acknowledge((*s)->write("nvram:a", as_bytes(new_a)).has_value());
      acknowledge((*s)->write("nvram:b", as_bytes("b")).has_value());
      acknowledge((*s)->rename("nvram:b", "nvram:moved").has_value());
      acknowledge((*s)->write("nvram:c", as_bytes("c")).has_value());
      acknowledge((*s)->remove("nvram:c").has_value());
      NewFile group[] = {{"nvram:d", as_bytes(new_a), {}}, {"nvram:e", as_bytes("e"), {}}};
      (*s)->write_group(group);
      acknowledge(group[0].result.has_value() && group[1].result.has_value());
      ::_exit(0);
    }
    ::close(acknowledged[1]);
    size_t done = 0;
    char byte;
    while (::read(acknowledged[0], &byte, 1) == 1) ++done;
    ::close(acknowledged[0]);
    int status = 0;
    CHECK_EQUAL(child, ::waitpid(child, &status, 0));
    finished = WIFEXITED(status);
    if (finished) CHECK_EQUAL(0, WEXITSTATUS(status));
    open();
    const std::string a = content(*store, "nvram:a");
    const std::string b = content(*store, "nvram:b") + content(*store, "nvram:moved");
    const std::string c = content(*store, "nvram:c");
    CHECK(a == new_a || (a == old_a && done < 1));
    CHECK(b == "b<missing>" || b == "<missing>b" || (b == "<missing><missing>" && done < 2));
    if (done >= 3) CHECK_EQUAL(std::string("<missing>b"), b);
    CHECK(c == "<missing>" || c == "c");
    if (done == 4) CHECK(c == "c" || c == "<missing>");
    if (done >= 5) CHECK_EQUAL(std::string("<missing>"), c);
    const std::string d = content(*store, "nvram:d"), e = content(*store, "nvram:e");
    CHECK(d == new_a || (d == "<missing>" && done < 6));
    CHECK(e == "e" || (e == "<missing>" && done < 6));
    const std::filesystem::path uploads = path + "/nvram/.parley-uploads";
    CHECK(std::filesystem::is_empty(uploads));
  }
}
