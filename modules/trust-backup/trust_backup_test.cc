// Tests of sealed copies: what goes in comes out; wrong passphrase, cut, changed; what a copy may bring and what goes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include <CppUTest/TestHarness.h>

#include "modules/trust-backup/backup_jobs.h"
#include "platform/crypto/engine.h"
#include "platform/fake/fake_store.h"
#include "tests/support/test_env.h"

using namespace parley;
using namespace parley::trust_backup;

TEST_GROUP(TrustBackup) {
  test::CountingRandom random;
  fake::FakeStore store;
  const CryptoThread allowed;

  void setup() override {
    CHECK_OK(store.make_folder("nvram:keys"));
    CHECK_OK(store.make_folder("nvram:pki"));
    CHECK_OK(store.make_folder("nvram:pki/out"));
    CHECK_OK(store.write("nvram:keys/device-key", as_bytes("device")));
    CHECK_OK(store.write("nvram:keys/1", as_bytes("key")));
    CHECK_OK(store.write("nvram:pki/a.chain", as_bytes("chain")));
    CHECK_OK(store.write("nvram:pki/out/b", as_bytes("waits")));
    CHECK_OK(store.write("nvram:CTLFile.tlv", as_bytes("list")));
    CHECK_OK(store.write("nvram:startup-config", as_bytes("hostname x")));
  }
  static Names names() {
    Names n;
    n.folder("nvram:keys");
    n.folder("nvram:pki");
    n.folder("nvram:nothing");
    n.file("nvram:CTLFile.tlv");
    n.file("nvram:CTLFile.tlv");
    n.file("nvram:ITLFile.tlv");
    return n;
  }
  Status collect(Blob& sealed, const char* passphrase = "Secret123") {
    CollectJob job(store, random);
    job.names = names();
    job.passphrase = std::string_view(passphrase);
    job.copy.made = 1800000000;
    job.copy.router = std::string_view("branch");
    job.run();
    sealed = std::move(job.sealed);
    return job.result;
  }
  Status open(Bytes sealed, const char* passphrase, Copy& copy) {
    OpenJob job(store);
    CHECK_OK(job.sealed.append(sealed));
    job.passphrase = std::string_view(passphrase);
    job.run();
    copy = std::move(job.copy);
    return job.result;
  }
};

TEST(TrustBackup, WhatGoesInComesOut) {
  Blob sealed;
  CHECK_OK(collect(sealed));
  CHECK(sealed.text().find("device") == std::string_view::npos && sealed.text().find("branch") == std::string_view::npos);
  Copy copy;
  CHECK_OK(open(sealed, "Secret123", copy));
  CHECK(copy.router.view() == "branch");
  LONGS_EQUAL(1800000000, copy.made);
  LONGS_EQUAL(5, copy.files.files.size());
  for (const FileSet::Item& i : copy.files.files) CHECK(equal_bytes(i.content, *store.read(i.path, 100)));
}

TEST(TrustBackup, WrongPassphraseCutAndChangedFilesAreRefused) {
  Blob sealed;
  CHECK_OK(collect(sealed));
  Copy copy;
  CHECK(open(sealed, "Secret124", copy).error().code == Code::untrusted);
  for (const size_t n : {size_t{0}, size_t{39}, size_t{55}, sealed.size() / 2, sealed.size() - 1})
    CHECK_FALSE(open(sealed.view().first(n), "Secret123", copy).has_value());
  for (const size_t at : {size_t{0}, size_t{4}, size_t{5}, size_t{6}, size_t{9}, size_t{12}, size_t{28}, size_t{40}, sealed.size() - 1}) {
    sealed.mut()[at] ^= 1;
    CHECK_FALSE(open(sealed, "Secret123", copy).has_value());
    sealed.mut()[at] ^= 1;
  }
  CHECK_OK(open(sealed, "Secret123", copy));
}

TEST(TrustBackup, ACopyReplacesEverythingThatModulesNameAndNothingElse) {
  Blob sealed;
  CHECK_OK(collect(sealed));
  CHECK_OK(store.write("nvram:keys/2", as_bytes("made later")));
  CHECK_OK(store.write("nvram:keys/1", as_bytes("changed")));
  CHECK_OK(store.write("nvram:ITLFile.tlv", as_bytes("made later")));
  StageJob job(store);
  job.names = names();
  CHECK_OK(open(sealed, "Secret123", job.copy));
  CHECK_OK(job.changes.push([](std::string_view path, Blob& content) {
    return path == "nvram:CTLFile.tlv" ? content.append("+") : Status();
  }));
  job.run();
  CHECK_OK(job.result);
  STRCMP_EQUAL("changed", store.text("nvram:keys/1").c_str());   // until the boot
  CHECK(*finish_replacement(store));
  STRCMP_EQUAL("key", store.text("nvram:keys/1").c_str());
  STRCMP_EQUAL("list+", store.text("nvram:CTLFile.tlv").c_str());
  STRCMP_EQUAL("hostname x", store.text("nvram:startup-config").c_str());
  CHECK_FALSE(store.has("nvram:keys/2"));
  CHECK_FALSE(store.has("nvram:ITLFile.tlv"));
}

TEST(TrustBackup, AModuleThatRefusesAFileRefusesTheCopy) {
  Blob sealed;
  CHECK_OK(collect(sealed));
  StageJob job(store);
  job.names = names();
  CHECK_OK(open(sealed, "Secret123", job.copy));
  CHECK_OK(job.changes.push([](std::string_view, Blob&) { return Status(Fault{Code::invalid, "damaged", 0}); }));
  job.run();
  CHECK_FALSE(job.result.has_value());
  CHECK_FALSE(*finish_replacement(store));
}

TEST(TrustBackup, NoRoomChangesNothing) {
  Blob sealed;
  CHECK_OK(collect(sealed));
  store.total[1] = 1000;   // nvram:
  StageJob job(store);
  job.names = names();
  CHECK_OK(open(sealed, "Secret123", job.copy));
  job.run();
  CHECK(job.result.error().code == Code::full);
  CHECK_FALSE(*finish_replacement(store));
}

TEST(TrustBackup, ACopyMayNotBringConfigurations) {
  for (const char* path : {"nvram:startup-config", "nvram:trust-journal", "nvram:config-register", "system:x"}) {
    Copy copy;
    FileSet::Item item;
    CHECK(item.path.set(path));
    CHECK_OK(copy.files.files.push(std::move(item)));
    auto sealed = seal_copy(copy, "Secret123", random);
    CHECK_OK(sealed);
    Copy back;
    CHECK_TEXT(open(*sealed, "Secret123", back).error().code == Code::denied, path);
  }
}
