// Certificate maps: which certificates of peers a trustpoint takes (`match certificate`). Read by many threads, never changed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/certificate.h"
#include "modules/crypto-pki/pki_config.h"
#include "platform/base/memory.h"

namespace parley::crypto_pki {

// "Nov 24 2026 18:00:00" or "24 11 2026 18:00:00", UTC. Fault invalid.
Result<UnixTime> map_date(std::string_view text);

// All `match certificate` lines of one trustpoint. A map is the entries with its label, of which one must hold; an entry holds when
// all its lines do. A map that is not there, and an entry without lines, hold for nobody.
class CertificateMaps {
 public:
  Status add(const Config& config, const Trustpoint& trustpoint);
  bool restricted() const { return restricted_; }   // there is a line without exception: one of those maps must hold
  bool holds(MapUse::How how, const Certificate& c) const;

 private:
  enum class Field : uint8_t { subject, issuer, unstructured, alternative, begin, end };
  struct Test {
    uint32_t group = 0;            // entry of a map
    MapUse::How how = MapUse::How::must;
    Field field = Field::subject;
    NameTest name = NameTest::eq;
    DateTest date = DateTest::eq;
    UnixTime when = 0;
    Text<191> text;                // normalised
  };
  Status add_entry(const Map& map, MapUse::How how);
  Status add_names(const cli::Table<NameRule>& rules, Field field, MapUse::How how);
  Status add_dates(const cli::Table<DateRule>& rules, Field field, MapUse::How how);
  static bool holds(const Test& t, const Certificate& c);
  static bool found(const Test& t, const Certificate& c, bool& readable);
  static bool fits(const Test& t, std::string_view value, bool& readable);

  List<Test> tests_{general_arena()};
  uint32_t groups_ = 0;
  bool restricted_ = false;
};

}  // namespace parley::crypto_pki
