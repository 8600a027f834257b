// Who uses which trustpoint in which role: what the modules said, and who wants to know.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/ctl-client/trust_roles.h"
#include "platform/base/memory.h"

namespace parley::ctl_client {

class RoleBook {
 public:
  struct Use : TrustUse {
    const char* owner = nullptr;
  };
  // True: changed. Fault full: nothing changed.
  Result<bool> set(const char* owner, std::span<const TrustUse> uses);
  std::span<const Use> uses() const { return {uses_.begin(), uses_.size()}; }
  bool names(std::string_view trustpoint) const;
  const Use* use_of(TrustRole role) const;

  void subscribe(TrustRoles::Listener& l) { (void)listeners_.push(&l); }
  void unsubscribe(TrustRoles::Listener& l);
  void tell();

 private:
  List<Use> uses_{general_arena()};
  List<TrustRoles::Listener*> listeners_{general_arena()};
};

}  // namespace parley::ctl_client
