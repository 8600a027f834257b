// The certificates that phones and their router live by: when each ends, and what stops then.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/trustpoints.h"
#include "modules/ctl-client/trust_roles.h"
#include "platform/base/memory.h"
#include "platform/base/time.h"

namespace parley {
class Services;
class Writer;
}

namespace parley::trust_audit {

// One certificate. Several roles may share it.
struct Ending {
  enum class Kind : uint8_t { service, listed, authority, lsc, mic };
  Kind kind = Kind::service;
  Text<127> owner;            // trustpoint, server or phone
  uint8_t sha256[32] = {};
  UnixTime not_after = 0;
  TrustRole roles[8] = {};
  size_t role_count = 0;
};
using Forecast = List<Ending>;

// Collects those of all trustpoints that phones meet, their authorities, and all phones; a slice in each step.
class ForecastWalk {
 public:
  explicit ForecastWalk(const Services& services) : services_(services) {}
  bool step();                        // false: done
  const Status& status() const { return status_; }
  Forecast& sorted();                 // soonest first

 private:
  struct Phone {
    uint16_t tag = 0;
    Text<15> device;
  };
  Status begin();
  const Services& services_;
  Forecast list_{general_arena()};
  List<Phone> phones_{general_arena()};
  size_t next_ = 0;
  bool begun_ = false;
  Status status_;
};

void print_forecast(Writer& out, const Forecast& endings, UnixTime now);
const char* what_stops(const Ending& e, size_t role);

}  // namespace parley::trust_audit
