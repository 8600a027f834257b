// A trust list under its name and under the names of single phones.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/published_list.h"

#include <algorithm>
#include <cstring>

namespace parley::ctl_client {
namespace {

bool before(const PhoneMac& a, const PhoneMac& b) { return std::memcmp(a.bytes, b.bytes, sizeof a.bytes) < 0; }

}  // namespace

PublishedList::Name PublishedList::file_name() const {
  char name[24];
  FixedWriter w(name);
  w.put(kind_).put("File.tlv");
  return Name(w.view());
}

PublishedList::Name PublishedList::name_of(const PhoneMac& mac) const {
  char name[24];
  FixedWriter w(name);
  w.put(kind_).put("SEP").hex_bytes(mac.bytes, sizeof mac.bytes).put(".tlv");
  return Name(w.view());
}

void PublishedList::publish(Bytes list) {
  if (publisher_ == nullptr || list.empty()) return;
  auto copy = Blob::copy_of(list);
  publisher_->begin();
  out_ = copy && publisher_->put_memory(file_name(), std::move(*copy));
  if (out_)
    for (const PhoneMac& p : phones_) (void)publisher_->put_same(name_of(p), file_name());
  publisher_->commit();
}

void PublishedList::withdraw() {
  if (publisher_ == nullptr || !out_) return;
  out_ = false;
  publisher_->begin();
  publisher_->drop(file_name());
  for (const PhoneMac& p : phones_) publisher_->drop(name_of(p));
  publisher_->commit();
}

// Both sets sorted: one walk finds who came and who went.
void PublishedList::set_phones(std::span<const PhoneMac> phones) {
  List<PhoneMac> next(general_arena());
  for (const PhoneMac& mac : phones)
    if (!next.push(mac)) break;
  std::sort(next.begin(), next.end(), before);
  if (publisher_ != nullptr && out_) {
    publisher_->begin();
    const PhoneMac* old = phones_.begin();
    for (const PhoneMac& mac : next) {
      for (; old != phones_.end() && before(*old, mac); ++old) publisher_->drop(name_of(*old));
      if (old != phones_.end() && !before(mac, *old)) ++old;
      else (void)publisher_->put_same(name_of(mac), file_name());
    }
    for (; old != phones_.end(); ++old) publisher_->drop(name_of(*old));
    publisher_->commit();
  }
  phones_ = std::move(next);
}

}  // namespace parley::ctl_client
