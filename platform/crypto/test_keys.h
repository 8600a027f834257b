// For tests: a key store in memory, keys and files of tests/vectors.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "platform/crypto/key_store.h"
#include "platform/fake/fake_time.h"

namespace parley::fake {

// Files in memory. Only what the key store calls.
class KeyFiles final : public Store {
 public:
  std::map<std::string, std::vector<uint8_t>, std::less<>> files;
  int fail_writes = 0;    // that many writes from now on fail and leave the old content
  int cut_after = -1;     // so many changes still happen, then the power is gone; -1: never
  int changes = 0;

  Result<Blob> read(std::string_view path, size_t max_bytes) override {
    const auto f = files.find(path);
    if (f == files.end()) return Fault{Code::missing, "no such file", 0};
    if (f->second.size() > max_bytes) return Fault{Code::full, "too large", 0};
    return Blob::copy_of(Bytes(f->second));
  }
  Status write(std::string_view path, Bytes data) override {
    if (fail_writes > 0) { --fail_writes; return Fault{Code::full, "no room", 0}; }
    if (!change()) return Fault{Code::io, "no power", 0};
    files[std::string(path)] = std::vector<uint8_t>(data.begin(), data.end());
    return {};
  }
  Status remove(std::string_view path) override {
    const auto f = files.find(path);
    if (f == files.end()) return Fault{Code::missing, "no such file", 0};
    if (!change()) return Fault{Code::io, "no power", 0};
    files.erase(f);
    return {};
  }
  Status make_folder(std::string_view) override { return {}; }
  Status list(std::string_view folder, Each each, void* context) override {
    for (const auto& [path, data] : files) {
      if (path.rfind(std::string(folder) + "/", 0) != 0) continue;
      FileInfo f;
      (void)f.name.set(std::string_view(path).substr(folder.size() + 1));
      if (!each(context, f)) break;
    }
    return {};
  }
  Result<std::unique_ptr<File>> open(std::string_view) override { return no(); }
  Result<std::unique_ptr<Upload>> create(std::string_view) override { return no(); }
  Status rename(std::string_view from, std::string_view to) override {
    const auto f = files.find(from);
    if (f == files.end()) return Fault{Code::missing, "no such file", 0};
    files[std::string(to)] = f->second;
    files.erase(files.find(from));
    return {};
  }
  Status remove_folder(std::string_view) override { return no(); }
  Result<FileInfo> info(std::string_view) override { return no(); }
  Result<Space> space(std::string_view) override { return no(); }

 private:
  bool change() { return cut_after < 0 || changes++ < cut_after; }
  static Fault no() { return Fault{Code::unsupported, "not in this store", 0}; }
};

// Repeats for a seed; good enough to test with, and only for that.
class TestRandom final : public Random {
 public:
  explicit TestRandom(uint64_t seed = 1) : state_(seed * 0x9e3779b97f4a7c15u + 1) {}
  Status fill(MutBytes to) override {
    if (dry) return Fault{Code::io, "no entropy", 0};
    for (uint8_t& b : to) {
      state_ ^= state_ << 13;
      state_ ^= state_ >> 7;
      state_ ^= state_ << 17;
      b = static_cast<uint8_t>(state_ >> 32);
    }
    return {};
  }
  bool dry = false;

 private:
  uint64_t state_;
};

inline std::vector<uint8_t> file_bytes(const std::string& path) {
  std::vector<uint8_t> out;
  std::FILE* f = std::fopen(path.c_str(), "rb");
  if (f == nullptr) return out;
  uint8_t buffer[4096];
  for (size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, f)) > 0;) out.insert(out.end(), buffer, buffer + n);
  std::fclose(f);
  return out;
}

// A loaded key store; `import("capf")` brings in tests/vectors/keys/capf.pem.
struct TestKeys {
  KeyFiles files;
  TestRandom random;
  FakeClock clock;
  std::unique_ptr<KeyStore> keys = make_key_store(files, random, clock);
  TestKeys() { PARLEY_CHECK(keys->load().has_value()); }
  KeyRef import(const std::string& name) {
    const Result<KeyRef> k = keys->import_key(name, file_bytes("tests/vectors/keys/" + name + ".pem"), "", true);
    PARLEY_CHECK(k.has_value());
    return *k;
  }
  static std::vector<uint8_t> certificate(const std::string& name) {
    return file_bytes("tests/vectors/keys/" + name + ".der");
  }
};

}  // namespace parley::fake
