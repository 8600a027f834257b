// The published files by request name: one consistent set, changed in one step.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/file-service/publisher.h"
#include "platform/base/index.h"

namespace parley::file_service {

// What one name stands for: bytes in memory, or a file of the store. Shared with the transfers that read it, so that a
// transfer ends with what it began.
struct Content {
  Blob bytes;
  Path path;                      // empty: bytes
};

struct Entry {
  Text<128> name;
  std::shared_ptr<const Content> content;   // nullptr: not published, or no longer
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

  // Changes are collected and become visible by commit(), which cannot fail and only swaps pointers, so that thousands of names
  // change in a short step. Fault full: no memory; invalid: name.
  Status stage(std::string_view name, std::shared_ptr<const Content> content);  // nullptr: drop
  // Under another name the content that `name` has now, or is staged to have. Fault missing.
  Status stage_same(std::string_view name, std::string_view as);
  void stage_none();                // drops what is there
  void commit();

  // exact: this name; else one that differs at most in upper and lower case. nullptr: none.
  std::shared_ptr<Entry> find(std::string_view name, bool exact) const;
  size_t size() const { return visible_; }
  Status sorted(List<const Entry*>& out) const;

 private:
  static constexpr uint32_t kNone = HashIndex::kNone;
  struct Slot {
    std::shared_ptr<Entry> entry;
    uint32_t change = kNone;        // of this name, in changes_
  };
  struct Change {
    uint32_t slot = 0;
    std::shared_ptr<const Content> content;
  };
  uint32_t slot_of(std::string_view name) const;
  Result<uint32_t> slot_for(std::string_view name);
  void sweep();

  List<Slot> slots_;                // names that are published, or staged to be
  HashIndex index_;                 // of slots_, without case
  List<Change> changes_;            // one for each name
  size_t visible_ = 0;
};

}  // namespace parley::file_service
