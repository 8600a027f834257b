// Records of the legacy fence: bounded, one for each device, listener and kind of use.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/bytes.h"
#include "platform/base/memory.h"
#include "platform/tls/legacy.h"

namespace parley::crypto_engine {

class LegacyList {
 public:
  explicit LegacyList(size_t limit) : limit_(limit) {}
  struct Noted {
    bool new_device = false;   // on this listener: to be logged
    bool new_kind = false;     // to be stored soon
  };
  Noted note(const LegacyUse& use, UnixTime now);
  bool forget(uint16_t port, std::string_view device);      // true: there was one
  Status add(const LegacyRecord& r);                        // as it was stored
  void clear() { records_.clear(); }
  size_t size() const { return records_.size(); }
  const LegacyRecord& operator[](size_t i) const { return records_[i]; }
  size_t devices() const;                                   // different ones

 private:
  void make_room();
  List<LegacyRecord> records_{general_arena()};
  const size_t limit_;
};

// The form on nvram: one line for each record, fields between '|'. Lines that are not of this form are passed over.
constexpr std::string_view kLegacyFile = "nvram:legacy-uses";
constexpr size_t kLegacyLine = 300;
Blob write_legacy(const LegacyList& list);
void read_legacy(std::string_view text, LegacyList& list);

}  // namespace parley::crypto_engine
