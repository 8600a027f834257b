// The 'flash' of phones that leave nothing behind: a Store in memory. Thread-safe.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/lock.h"
#include "platform/base/memory.h"
#include "platform/store/store.h"

namespace parley::test_phone {

class PhoneStore final : public Store {
 public:
  Result<Blob> read(std::string_view path, size_t max_bytes) override;
  Status write(std::string_view path, Bytes data) override;
  Status remove(std::string_view path) override;
  Status rename(std::string_view from, std::string_view to) override;
  Status make_folder(std::string_view) override { return {}; }
  Status remove_folder(std::string_view) override { return {}; }
  Result<FileInfo> info(std::string_view path) override;
  Status list(std::string_view folder, Each each, void* context) override;
  Result<Space> space(std::string_view) override { return Space{kBytes, kBytes - arena_.used()}; }
  // Phones read and write whole files only.
  Result<std::unique_ptr<File>> open(std::string_view) override { return Fault{Code::unsupported, "whole files only", 0}; }
  Result<std::unique_ptr<Upload>> create(std::string_view) override { return Fault{Code::unsupported, "whole files only", 0}; }

 private:
  static constexpr size_t kBytes = size_t{32} << 20;
  struct Entry {
    explicit Entry(Arena& arena) : content(arena) { content.mark_secret(); }
    Path path;
    Blob content;
  };
  Entry* find(std::string_view path);
  Lock lock_;
  Arena arena_{"Phone store", kBytes};
  List<Entry> entries_{arena_};
};

}  // namespace parley::test_phone
