// What CTL providers of other routers handed over, and how they were recognised: in memory and in nvram:.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/ctl-client/trust_file_wire.h"
#include "platform/base/memory.h"
#include "platform/base/time.h"

namespace parley::ctl_client {

// A certificate of another router. Roles: ccm, ccm_tftp, tftp, capf; never a signer.
struct RemoteRecord {
  Role role = Role::ccm;
  uint32_t ip = 0;
  Text<127> name;             // empty: the dotted address
  Blob certificate;
};
bool may_come_from_provider(Role r);

struct KnownProvider {
  uint32_t ip = 0;
  bool confirmed = false;     // an operator accepted this certificate at the console
  Digest certificate;         // its SHA-256
  Text<63> trustpoint;        // whose authority issued the certificate of the last exchange; empty: none
  UnixTime received = 0;      // when the records came; 0: never
  List<RemoteRecord> records{general_arena()};
};

class ProviderBook {
 public:
  KnownProvider* find(uint32_t ip);
  const KnownProvider* find(uint32_t ip) const { return const_cast<ProviderBook*>(this)->find(ip); }
  Result<KnownProvider*> make(uint32_t ip);      // finds or adds; Fault full
  bool remove(uint32_t ip);
  void clear() { known_.clear(); }
  size_t size() const { return known_.size(); }
  const KnownProvider& operator[](size_t i) const { return known_[i]; }

  Status save(Blob& out) const;
  Status load(Bytes file);                       // Fault invalid: damaged, the book is empty then

 private:
  Status read(Bytes file);
  List<KnownProvider> known_{general_arena()};
};

// Do both say the same?
bool same_records(const List<RemoteRecord>& a, const List<RemoteRecord>& b);

}  // namespace parley::ctl_client
