// Names that phones expect for time zones, locales and models.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace parley::telephony_service {

struct LocaleName {
  std::string_view code;       // as configured
  std::string_view user;       // userLocale/name
  std::string_view language;   // userLocale/langCode
  std::string_view network;    // networkLocale
};
enum class Security : uint8_t {
  none,        // no trust lists, no certificate
  lists,       // CTL file and LSC; no ITL file, no encrypted files
  by_default,  // ITL file, TVS, encrypted files as well
};
struct ModelName {
  std::string_view type;       // as configured
  uint32_t number;             // loadInformation<number> of XMLDefault.cnf.xml
  std::string_view model;
  Security security;
};

std::string_view time_zone_name(uint8_t number);      // empty: unknown
const LocaleName* locale_name(std::string_view code); // nullptr: unknown
const ModelName* model_name(std::string_view type);   // nullptr: unknown
const ModelName* model_of_number(uint32_t number);    // nullptr: unknown
const ModelName* models(size_t& count);

}  // namespace parley::telephony_service
