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

Publisher::Counters PublishedList::counters(const PhoneMac& mac) const {
  Publisher::Counters c;
  if (publisher_ == nullptr || !publisher_->counters(name_of(mac), c)) return {};
  return c;
}

void PublishedList::publish(Bytes list) {
  if (publisher_ == nullptr || list.empty()) return;
  auto copy = Blob::copy_of(list);
  publisher_->begin();
  out_ = copy && publisher_->put_memory(file_name(), std::move(*copy));
  if (out_)
    for (const Phone& p : phones_) (void)publisher_->put_same(name_of(p.mac), file_name());
  publisher_->commit();
  for (Phone& p : phones_) {
    const Publisher::Counters c = counters(p.mac);
    p.before = c.requests - c.failed;   // transfers under way end with the old list
  }
}

void PublishedList::withdraw() {
  if (publisher_ == nullptr || !out_) return;
  out_ = false;
  publisher_->begin();
  publisher_->drop(file_name());
  for (const Phone& p : phones_) publisher_->drop(name_of(p.mac));
  publisher_->commit();
}

void PublishedList::set_phones(std::span<const PhoneMac> phones) {
  List<Phone> next(general_arena());
  if (publisher_ != nullptr) publisher_->begin();
  for (const PhoneMac& mac : phones) {
    const Phone* known = std::find_if(phones_.begin(), phones_.end(), [&](const Phone& p) { return same(p.mac, mac); });
    if (!next.push(known != phones_.end() ? *known : Phone{mac})) break;
    if (out_ && known == phones_.end()) (void)publisher_->put_same(name_of(mac), file_name());
  }
  for (const Phone& p : phones_)
    if (out_ && std::none_of(next.begin(), next.end(), [&](const Phone& n) { return same(n.mac, p.mac); }))
      publisher_->drop(name_of(p.mac));
  if (publisher_ != nullptr) publisher_->commit();
  phones_ = std::move(next);
}

bool PublishedList::fetched_by_all() const {
  return std::all_of(phones_.begin(), phones_.end(), [&](const Phone& p) { return counters(p.mac).completed > p.before; });
}

}  // namespace parley::ctl_client
