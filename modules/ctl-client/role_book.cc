// Who uses which trustpoint in which role.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/role_book.h"

#include <algorithm>

namespace parley::ctl_client {
namespace {

bool same_owner(const char* a, const char* b) { return std::string_view(a) == b; }

}  // namespace

Result<bool> RoleBook::set(const char* owner, std::span<const TrustUse> uses) {
  size_t n = 0;
  bool same = true;
  for (const Use& u : uses_)
    if (same_owner(u.owner, owner)) {
      same = same && n < uses.size() && static_cast<const TrustUse&>(u) == uses[n];
      ++n;
    }
  if (same && n == uses.size()) return false;
  List<Use> next(general_arena());
  TRY(next.reserve(uses_.size() + uses.size()));
  for (const Use& u : uses_)
    if (!same_owner(u.owner, owner)) TRY(next.push(u));
  for (const TrustUse& u : uses) TRY(next.push(Use{u, owner}));
  uses_ = std::move(next);
  return true;
}

bool RoleBook::names(std::string_view trustpoint) const {
  return std::any_of(uses_.begin(), uses_.end(), [&](const Use& u) { return u.trustpoint.view() == trustpoint; });
}

const RoleBook::Use* RoleBook::use_of(TrustRole role) const {
  for (const Use& u : uses_)
    if (u.role == role) return &u;
  return nullptr;
}

void RoleBook::unsubscribe(TrustRoles::Listener& l) {
  for (size_t i = listeners_.size(); i-- > 0;)
    if (listeners_[i] == &l) listeners_.remove(i);
}

void RoleBook::tell() {
  for (TrustRoles::Listener* l : listeners_) l->trust_roles_changed();
}

}  // namespace parley::ctl_client
