// From configured interfaces and routes to what the kernel must do.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ip-services/link_plan.h"

namespace parley::ip_services {
namespace {

bool same(const WantedInterface& a, const WantedInterface& b) {
  if (a.address_count != b.address_count) return false;
  for (size_t i = 0; i < a.address_count; ++i) {
    if (a.addresses[i].ip != b.addresses[i].ip || a.addresses[i].prefix != b.addresses[i].prefix) return false;
  }
  return true;
}

bool same(const Links::Route& a, const Links::Route& b) {
  return a.net == b.net && a.prefix == b.prefix && a.gateway == b.gateway && a.interface == b.interface &&
         a.distance == b.distance;
}

}  // namespace

LinkKind kind_of(std::string_view name) {
  if (name.starts_with("Loopback")) return LinkKind::loopback;
  if (name.find('.') != std::string_view::npos) return LinkKind::sub_interface;
  return name.find("Ethernet") != std::string_view::npos ? LinkKind::hardware : LinkKind::other;
}

std::string_view parent_of(std::string_view name) { return name.substr(0, name.find('.')); }

const WantedInterface* LinkPlan::find(const List<WantedInterface>& in, std::string_view name) const {
  for (const WantedInterface& i : in) {
    if (i.name.view() == name) return &i;
  }
  return nullptr;
}

void LinkPlan::begin() {
  next_interfaces_.clear();
  next_routes_.clear();
}

Status LinkPlan::want(const WantedInterface& interface) { return next_interfaces_.push(interface); }

Status LinkPlan::want(const Links::Route& route) {
  WantedRoute r;
  r.route = route;
  for (const WantedRoute& old : routes_) {
    if (same(old.route, route)) r.active = old.active;
  }
  return next_routes_.push(r);
}

// A refusal of the kernel shows in `show ip interface brief` (protocol down); the configuration stays what was typed.
void LinkPlan::set(const WantedInterface& now, const WantedInterface* before) {
  const LinkKind kind = kind_of(now.name);
  if (kind == LinkKind::other) return;
  if (before == nullptr) {
    if (kind == LinkKind::loopback) (void)links_.add_loopback(now.name);
  }
  if (kind == LinkKind::sub_interface && now.vlan != 0 && (before == nullptr || before->vlan != now.vlan)) {
    if (before != nullptr && before->vlan != 0) (void)links_.remove(now.name);
    (void)links_.add_vlan(parent_of(now.name), now.name, now.vlan);
    before = nullptr;
  }
  if (!links_.state(now.name).present) return;
  if (now.mtu != 0 && (before == nullptr || before->mtu != now.mtu)) (void)links_.set_mtu(now.name, now.mtu);
  if (before == nullptr || !same(*before, now)) {
    (void)links_.set_addresses(now.name, now.addresses, now.address_count);
  }
  if (before == nullptr || before->up != now.up) (void)links_.set_up(now.name, now.up);
}

void LinkPlan::commit() {
  for (WantedRoute& old : routes_) {
    bool kept = false;
    for (const WantedRoute& r : next_routes_) kept = kept || same(r.route, old.route);
    if (!kept && old.active) (void)links_.remove_route(old.route);
  }
  bool changed = false;
  for (const WantedInterface& old : interfaces_) {
    if (find(next_interfaces_, old.name) != nullptr) continue;
    const LinkKind kind = kind_of(old.name);
    changed = true;
    if (kind == LinkKind::hardware) {
      (void)links_.set_addresses(old.name, nullptr, 0);
    } else if (kind != LinkKind::other) {
      (void)links_.remove(old.name);
    }
  }
  for (const WantedInterface& now : next_interfaces_) {
    const WantedInterface* before = find(interfaces_, now.name);
    if (before == nullptr || !same(*before, now) || before->up != now.up) changed = true;
    set(now, before);
  }
  interfaces_ = std::move(next_interfaces_);
  routes_ = std::move(next_routes_);
  next_interfaces_.clear();
  next_routes_.clear();
  // The kernel drops the routes of an interface whose address goes or that goes down.
  if (changed) {
    for (WantedRoute& r : routes_) r.active = false;
  }
  (void)retry_routes();
}

bool LinkPlan::retry_routes() {
  bool waiting = false;
  for (WantedRoute& r : routes_) {
    if (r.active) continue;
    const Status s = links_.add_route(r.route);
    r.active = s.has_value() || s.error().code == Code::exists;
    waiting = waiting || !r.active;
  }
  return waiting;
}

void LinkPlan::release() {
  begin();
  commit();
}

}  // namespace parley::ip_services
