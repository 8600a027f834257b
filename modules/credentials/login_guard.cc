// Lock-out against guessing.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/credentials/login_guard.h"

namespace parley::credentials {
namespace {

uint16_t left(Monotonic until, Monotonic now) {
  if (until <= now) return 0;
  return static_cast<uint16_t>(std::chrono::duration_cast<Seconds>(until - now).count() + 1);
}

}  // namespace

bool LoginGuard::Tally::add(unsigned limit, Monotonic now) {
  if (wrong == 0 || now - first > kWindow) {
    wrong = 0;
    first = now;
  }
  last = now;
  if (++wrong < limit) return false;
  wrong = 0;
  until = now + kLocked;
  return true;
}

LoginGuard::Tally& LoginGuard::place_of(uint32_t ip) {
  Tally* oldest = addresses_;
  for (Tally& t : addresses_) {
    if (t.ip == ip) return t;
    if (t.last < oldest->last) oldest = &t;
  }
  *oldest = Tally();
  oldest->ip = ip;
  return *oldest;
}

uint16_t LoginGuard::locked_for(uint32_t ip, bool known_user, Monotonic now) const {
  uint16_t wait = known_user ? left(user_.until, now) : uint16_t{0};
  for (const Tally& t : addresses_)
    if (t.ip == ip && left(t.until, now) > wait) wait = left(t.until, now);
  return wait;
}

bool LoginGuard::failed(uint32_t ip, bool known_user, Monotonic now) {
  const bool address_locked = place_of(ip).add(kPerAddress, now);
  const bool user_locked = known_user && user_.add(kPerUser, now);
  return address_locked || user_locked;
}

// The count of the user stays: one router that knows the secret does not help one that guesses.
void LoginGuard::succeeded(uint32_t ip) { place_of(ip) = Tally(); }

size_t LoginGuard::locked(Monotonic now) const {
  size_t n = user_.until > now ? 1 : 0;
  for (const Tally& t : addresses_) n += t.until > now;
  return n;
}

}  // namespace parley::credentials
