// The published files by request name: one consistent set, changed in one step.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/file-service/publisher.h"
#include "platform/base/memory.h"

namespace parley::file_service {

// What one name stands for: bytes in memory, or a file of the store. Shared with the transfers that read it, so that a
// transfer ends with what it began.
struct Content {
  Blob bytes;
  Path path;                      // empty: bytes
};

struct Entry {
  Text<128> name;
  std::shared_ptr<const Content> content;
  Publisher::Counters counters;
};

// Where a server looks for a name, and tells what clients took.
class FileLookup {
 public:
  virtual ~FileLookup() = default;
  virtual std::shared_ptr<Entry> find(std::string_view name) = 0;   // nullptr: none
  virtual void fetched(const Entry& file, const Content& content, uint32_t peer_ip) = 0;    // the whole file
};

class FileTable {
 public:
  FileTable();

  // Changes are collected and become visible by commit(), which cannot fail. Fault full: no memory; invalid: name.
  Status stage(std::string_view name, std::shared_ptr<const Content> content);  // nullptr: drop
  // Under another name the content that `name` has now, or is staged to have. Fault missing.
  Status stage_same(std::string_view name, std::string_view as);
  void commit();

  // exact: this name; else one that differs at most in upper and lower case. nullptr: none.
  std::shared_ptr<Entry> find(std::string_view name, bool exact) const;
  size_t size() const { return entries_.size(); }
  const Entry& operator[](size_t i) const { return *entries_[i]; }

 private:
  struct Change {
    std::shared_ptr<Entry> entry;   // content nullptr: drop
    uint32_t sequence;
  };
  size_t lower_bound(std::string_view name, size_t count) const;   // among the first `count` entries
  void keep_last_changes();

  List<std::shared_ptr<Entry>> entries_;   // sorted without case, then with
  List<Change> changes_;
};

}  // namespace parley::file_service
