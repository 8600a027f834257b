// Lock-out against guessing: wrong proofs are counted per address and for the one user there is.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "platform/base/time.h"

namespace parley::credentials {

// Fixed size: peers cannot make it grow. The address that failed longest ago gives its place to a new one.
class LoginGuard {
 public:
  static constexpr size_t kAddresses = 64;
  static constexpr unsigned kPerAddress = 5, kPerUser = 20;   // wrong ones within kWindow
  static constexpr Seconds kWindow{600}, kLocked{600};

  // Seconds until this address may try again; 0: now. known_user: it names the user of the configuration.
  uint16_t locked_for(uint32_t ip, bool known_user, Monotonic now) const;
  // A wrong proof. True: this one made a lock.
  bool failed(uint32_t ip, bool known_user, Monotonic now);
  void succeeded(uint32_t ip);
  size_t locked(Monotonic now) const;    // addresses, and one more for the user
  void clear() { *this = LoginGuard(); }

 private:
  struct Tally {
    uint32_t ip = 0;
    unsigned wrong = 0;
    Monotonic first{}, last{}, until{};
    bool add(unsigned limit, Monotonic now);
  };
  Tally& place_of(uint32_t ip);
  Tally addresses_[kAddresses];
  Tally user_;
};

}  // namespace parley::credentials
