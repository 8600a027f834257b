// Files in memory, with a power switch, a space limit and a list of what was changed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "platform/base/time.h"
#include "platform/store/path.h"

namespace parley::fake {

class FakeStore final : public Store {
 public:
  FakeStore();
  Result<Blob> read(std::string_view path, size_t max_bytes) override;
  Result<std::unique_ptr<File>> open(std::string_view path) override;
  Status write(std::string_view path, Bytes data) override;
  Result<std::unique_ptr<Upload>> create(std::string_view path) override;
  Status remove(std::string_view path) override;
  Status rename(std::string_view from, std::string_view to) override;
  Status make_folder(std::string_view path) override;
  Status remove_folder(std::string_view path) override;
  Result<FileInfo> info(std::string_view path) override;
  Status list(std::string_view folder, Each each, void* context) override;
  Result<Space> space(std::string_view fs) override;

  // Each change that others can see is a step, e.g. "write nvram:startup-config". The n-th from now on (1 = the next)
  // does not happen, and nothing works after it until power_on(). 0 = never.
  void cut_at(size_t n) { cut_ = n == 0 ? 0 : steps.size() + n; }
  bool is_off() const { return off_; }
  void power_on();                     // `system:` is empty then
  std::vector<std::string> steps;
  uint64_t total[4];                   // space of each file system, in the order of kFileSystems
  bool broken = false;                 // every change fails with `io`
  UnixTime now = 1795262401;           // dates of new files

  // For tests that look inside.
  bool has(const std::string& path) const { return files_.count(path) != 0; }
  std::string text(const std::string& path) const;     // "" when missing

 private:
  friend class FakeUpload;
  struct Node {
    std::shared_ptr<std::string> data; // null: a folder
    UnixTime modified = 0;
  };
  static Result<std::string> key(std::string_view path);
  Status step(const char* what, const std::string& path);
  Status parent_exists(const std::string& path) const;
  Status put(const std::string& path, std::string data);
  uint64_t used(size_t fs) const;
  std::map<std::string, Node> files_;  // key "flash:a/b"
  size_t cut_ = 0;
  bool off_ = false;
};

}  // namespace parley::fake
