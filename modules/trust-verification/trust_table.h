// The certificates phones may trust, found by the SHA-256 of their DER form; replaced ones stay for thirty days.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Current entries come from TrustRoles and are rebuilt whenever that set changes. An entry that is no longer current is kept
// with its roles and its lifetime, so that phones that slept through a change can recover (tvs.md 3). Roles of signers are
// not kept: only sast1, sast2 and recovery may make a phone accept a list signed by somebody new.
#pragma once

#include <string_view>

#include "modules/ctl-client/trust_roles.h"
#include "modules/trust-verification/tvs_wire.h"
#include "platform/base/memory.h"
#include "platform/base/time.h"
#include "platform/crypto/engine.h"

namespace parley::trust_verification {

constexpr Seconds kKeepReplaced{30 * 86400};
constexpr size_t kMaxEntries = 256;
constexpr size_t kMaxSource = 127;

struct TrustEntry {
  uint8_t sha256[32] = {};
  Blob certificate;
  uint8_t roles[kMaxRoles] = {};
  uint8_t role_count = 0;
  uint32_t ttl_s = 0;
  UnixTime not_before = 0, not_after = 0;
  UnixTime replaced = 0;           // 0: current
  Text<kMaxSource> source;
  bool seen = false;               // during a rebuild
  bool has_role(TrustRole role) const;
};

class TrustTable {
 public:
  TrustTable() : entries_(general_arena()) {}

  // A rebuild: begin, add each current certificate (any number of roles), end.
  void begin();
  void add(Bytes certificate, TrustRole role, std::string_view source, uint32_t ttl_s);
  void end(UnixTime now);
  void forget_old(UnixTime now);

  Verdict lookup(Bytes certificate, UnixTime now, uint32_t ttl_limit_s) const;

  size_t size() const { return entries_.size(); }
  const TrustEntry& operator[](size_t i) const { return entries_[i]; }
  void clear() { entries_.clear(); }

  // The table as bytes for nvram:, so that replaced entries survive a reboot. Fault invalid: damaged.
  Status save(Blob& to) const;
  Status load(Bytes from, UnixTime now);

 private:
  TrustEntry* find(Bytes sha256);
  const TrustEntry* find(Bytes sha256) const { return const_cast<TrustTable*>(this)->find(sha256); }
  Result<TrustEntry*> insert(Bytes certificate);
  List<TrustEntry> entries_;
};

}  // namespace parley::trust_verification
