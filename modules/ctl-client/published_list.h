// A trust list under its name and under the names of single phones.
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

 private:
  using Name = Text<24>;
  Name file_name() const;
  Name name_of(const PhoneMac& mac) const;

  const char* kind_;
  Publisher* publisher_ = nullptr;
  List<PhoneMac> phones_{general_arena()};   // sorted
  bool out_ = false;
};

}  // namespace parley::ctl_client
