// A trust list under its name and under the names of single phones.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/published_list.h"

#include <algorithm>

namespace parley::ctl_client {
namespace {

bool same(const PhoneMac& a, const PhoneMac& b) { return std::equal(a.bytes, a.bytes + sizeof a.bytes, b.bytes); }

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

void PublishedList::set_phones(std::span<const PhoneMac> phones) {
  List<PhoneMac> next(general_arena());
  const auto is_in = [](const List<PhoneMac>& list, const PhoneMac& mac) {
    return std::any_of(list.begin(), list.end(), [&](const PhoneMac& m) { return same(m, mac); });
  };
  if (publisher_ != nullptr) publisher_->begin();
  for (const PhoneMac& mac : phones) {
    if (!next.push(mac)) break;
    if (out_ && !is_in(phones_, mac)) (void)publisher_->put_same(name_of(mac), file_name());
  }
  for (const PhoneMac& p : phones_)
    if (out_ && !is_in(next, p)) publisher_->drop(name_of(p));
  if (publisher_ != nullptr) publisher_->commit();
  phones_ = std::move(next);
}

}  // namespace parley::ctl_client
