// Records of the legacy fence.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-engine/legacy_list.h"

namespace parley::crypto_engine {

LegacyList::Noted LegacyList::note(const LegacyUse& use, UnixTime now) {
  Noted noted{true, true};
  for (LegacyRecord& r : records_) {
    if (r.use.port != use.port || !(r.use.device == use.device)) continue;
    noted.new_device = false;
    if (!(r.use.version == use.version) || !(r.use.suite == use.suite)) continue;
    r.use.key_bits = use.key_bits;
    r.use.hash = use.hash;
    r.last = now;
    if (r.count < UINT32_MAX) ++r.count;
    noted.new_kind = false;
    return noted;
  }
  (void)add({use, now, now, 1});
  return noted;
}

Status LegacyList::add(const LegacyRecord& r) {
  if (records_.size() >= limit_) make_room();
  return records_.push(r);
}

void LegacyList::make_room() {
  size_t oldest = 0;
  for (size_t i = 1; i < records_.size(); ++i)
    if (records_[i].last < records_[oldest].last) oldest = i;
  records_.remove(oldest);
}

bool LegacyList::forget(uint16_t port, std::string_view device) {
  bool any = false;
  for (size_t i = records_.size(); i-- > 0;) {
    if (records_[i].use.port != port || records_[i].use.device.view() != device) continue;
    records_.remove(i);
    any = true;
  }
  return any;
}

size_t LegacyList::devices() const {
  size_t n = 0;
  for (size_t i = 0; i < records_.size(); ++i) {
    bool first = true;
    for (size_t k = 0; k < i && first; ++k) first = !(records_[k].use.device == records_[i].use.device);
    if (first) ++n;
  }
  return n;
}

}  // namespace parley::crypto_engine
