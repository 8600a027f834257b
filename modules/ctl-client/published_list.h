// A trust list under its name and under the names of single phones; knows who fetched the present one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "modules/ctl-client/trust_list.h"
#include "modules/file-service/publisher.h"
#include "platform/base/memory.h"

namespace parley::ctl_client {

class PublishedList {
 public:
  // kind: "CTL" or "ITL"; the names are <kind>File.tlv and <kind>SEP<MAC>.tlv.
  explicit PublishedList(const char* kind) : kind_(kind) {}
  void use(Publisher* publisher) { publisher_ = publisher; }

  // One step for all names; the copies share the bytes.
  void publish(Bytes list);
  void withdraw();
  void set_phones(std::span<const PhoneMac> phones);
  // Every phone has fetched its list completely since it was published.
  bool fetched_by_all() const;

 private:
  using Name = Text<24>;
  struct Phone {
    PhoneMac mac;
    uint32_t before = 0;   // fetches that may have been of an older list
  };
  Name file_name() const;
  Name name_of(const PhoneMac& mac) const;
  Publisher::Counters counters(const PhoneMac& mac) const;

  const char* kind_;
  Publisher* publisher_ = nullptr;
  List<Phone> phones_{general_arena()};
  bool out_ = false;
};

}  // namespace parley::ctl_client
