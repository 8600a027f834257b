// Files of the router: flash:, nvram:, slot0:, system:. Blocking: call from jobs, or at boot before the scheduler runs.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "platform/base/bytes.h"
#include "platform/base/time.h"

namespace parley {

// Path: "<fs>:" + name, e.g. "nvram:startup-config", "flash:phones/SEP1.cnf.xml". A '/' after the colon is the same
// file. Refused (denied): "..", empty parts, control characters, names over 128 bytes.
using Path = Text<160>;

struct FileInfo {
  Text<128> name;        // without folder
  uint64_t size = 0;
  UnixTime modified = 0;
  bool folder = false;
};

class File {  // open for reading; survives a replacement of the name
 public:
  virtual ~File() = default;
  virtual uint64_t size() const = 0;
  virtual Result<size_t> read_at(uint64_t offset, MutBytes to) = 0;   // 0 at the end
};

class Upload {  // a new file; nothing is visible before commit()
 public:
  virtual ~Upload() = default;                    // without commit: leaves nothing behind
  virtual Status append(Bytes data) = 0;          // Fault full: no room
  virtual Status commit() = 0;                    // durable when it returns
};

struct NewFile {
  std::string_view path;
  Bytes data;
  Status result;         // out
};

// Faults: missing, exists, full (no space), denied (bad name, read-only), io, invalid (no such file system).
// Thread-safe. write() and commit(): new file, sync, rename, sync folder: after a power cut the old or the new content.
class Store {
 public:
  virtual ~Store() = default;
  virtual Result<Blob> read(std::string_view path, size_t max_bytes) = 0;   // Fault full: larger than max_bytes
  virtual Result<std::unique_ptr<File>> open(std::string_view path) = 0;
  virtual Status write(std::string_view path, Bytes data) = 0;
  // Several files, each replaced as by write(), in their order; the folders are synced once for all. One that fails stops no other.
  virtual void write_group(std::span<NewFile> files) {
    for (NewFile& f : files) f.result = write(f.path, f.data);
  }
  virtual Result<std::unique_ptr<Upload>> create(std::string_view path) = 0;
  virtual Status remove(std::string_view path) = 0;
  virtual Status rename(std::string_view from, std::string_view to) = 0;     // same file system; replaces
  virtual Status make_folder(std::string_view path) = 0;
  virtual Status remove_folder(std::string_view path) = 0;
  virtual Result<FileInfo> info(std::string_view path) = 0;
  using Each = bool (*)(void* context, const FileInfo& info);               // false = stop
  virtual Status list(std::string_view folder, Each each, void* context) = 0;  // sorted by name; our temporaries hidden
  struct Space { uint64_t total = 0, free = 0; };
  virtual Result<Space> space(std::string_view fs) = 0;
  virtual void reset_dir_cache() {}
};

constexpr const char* kFileSystems[] = {"flash:", "nvram:", "slot0:", "system:"};

}  // namespace parley
