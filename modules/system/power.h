// Service Power: what the boot code does for `reload`.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace parley {

class Power {
 public:
  static constexpr const char* kService = "Power";
  virtual ~Power() = default;
  virtual void reload(const char* reason) = 0;   // the current step ends first; then everything stops and boots again
  virtual const char* start_reason() const = 0;  // "power-on", "reload"
};

}  // namespace parley
