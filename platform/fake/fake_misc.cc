// Small fakes: random numbers, interfaces, console.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/fake/fake_misc.h"

#include <algorithm>
#include <utility>

namespace parley::fake {

Status FakeRandom::fill(MutBytes to) {
  if (broken) return Fault{Code::io, "no entropy", 0};
  for (uint8_t& byte : to) {
    if (!scripted_.empty()) {
      byte = scripted_.front();
      scripted_.pop_front();
      continue;
    }
    // Weyl sequence with mixing: every byte differs from its neighbours, the same in every run.
    state_ += 0x9e3779b97f4a7c15u;
    uint64_t v = state_;
    v = (v ^ (v >> 31)) * 0xd6e8feb86659fd93u;
    byte = static_cast<uint8_t>(v >> 56);
  }
  return {};
}

FakeLinks::FakeLinks() {
  for (const char* name : {"GigabitEthernet0/0", "GigabitEthernet0/1"}) {
    Interface& i = interfaces[name];
    i.state.present = i.state.carrier = true;
    i.state.mtu = 1500;
    i.state.mac[0] = 2;
    i.state.mac[5] = static_cast<uint8_t>(interfaces.size());
  }
}

Status FakeLinks::changed(std::string line) {
  if (!present) return Fault{Code::unsupported, "no network of its own (--net host)", 0};
  changes.push_back(std::move(line));
  return {};
}

Result<FakeLinks::Interface*> FakeLinks::find(std::string_view name) {
  const auto at = interfaces.find(std::string(name));
  if (at == interfaces.end()) return Fault{Code::missing, "no such interface", 0};
  return &at->second;
}

LinkState FakeLinks::state(std::string_view name) {
  const auto i = find(name);
  return i && present ? (*i)->state : LinkState{};
}

Status FakeLinks::set_up(std::string_view name, bool up) {
  TRY_ASSIGN(Interface * i, find(name));
  TRY(changed((up ? "up " : "down ") + std::string(name)));
  i->state.up = up;
  return {};
}

Status FakeLinks::set_mtu(std::string_view name, uint32_t mtu) {
  TRY_ASSIGN(Interface * i, find(name));
  TRY(changed("mtu " + std::string(name) + " " + std::to_string(mtu)));
  i->state.mtu = mtu;
  return {};
}

Status FakeLinks::set_addresses(std::string_view name, const Address* list, size_t count) {
  TRY_ASSIGN(Interface * i, find(name));
  std::string line = "addresses " + std::string(name);
  for (size_t k = 0; k < count; ++k) {
    char text[32];
    FixedWriter w(text);
    w.put(' ').ipv4(list[k].ip).put('/').dec(list[k].prefix);
    line += w.view();
  }
  TRY(changed(line));
  i->addresses.assign(list, list + count);
  return {};
}

Status FakeLinks::add_vlan(std::string_view parent, std::string_view name, uint16_t vlan_id) {
  TRY_ASSIGN(Interface * above, find(parent));
  TRY(changed("vlan " + std::string(name) + " " + std::to_string(vlan_id)));
  const LinkState state = above->state;
  Interface& i = interfaces[std::string(name)];
  i.state = state;
  i.state.up = false;
  i.vlan = vlan_id;
  return {};
}

Status FakeLinks::add_loopback(std::string_view name) {
  TRY(changed("loopback " + std::string(name)));
  Interface& i = interfaces[std::string(name)];
  i.state.present = i.state.carrier = true;
  i.state.mtu = 1514;
  return {};
}

Status FakeLinks::remove(std::string_view name) {
  TRY(changed("remove " + std::string(name)));
  interfaces.erase(std::string(name));
  return {};
}

Status FakeLinks::add_route(const Route& r) {
  if (present && !gateways_reachable) return Fault{Code::missing, "gateway is not reachable", 0};
  TRY(changed("route"));
  TRY(remove_route(r));
  changes.pop_back();
  routes.push_back(r);
  return {};
}

Status FakeLinks::remove_route(const Route& r) {
  TRY(changed("no route"));
  std::erase_if(routes, [&](const Route& o) {
    return o.net == r.net && o.prefix == r.prefix && o.gateway == r.gateway && o.interface == r.interface;
  });
  return {};
}

void FakeTerminal::set_owner(Task& owner) {
  owner_ = &owner;
  owner.wake();
}

Result<size_t> FakeTerminal::read(MutBytes to) {
  if (input_.empty() && ended_) return Fault{Code::closed, "end of input", 0};
  if (input_.empty()) return Fault{Code::busy, "no key pressed", 0};
  const size_t n = std::min(to.size(), input_.size());
  std::copy_n(input_.begin(), n, to.begin());
  input_.erase(0, n);
  if (owner_ != nullptr) owner_->wake();
  return n;
}

Result<size_t> FakeTerminal::write(Bytes from) {
  const size_t n = std::min(from.size(), write_limit);
  if (n == 0 && !from.empty()) return Fault{Code::busy, "the terminal is slow", 0};
  output += as_text(from.first(n));
  return n;
}

void FakeTerminal::type(std::string_view keys) {
  input_ += keys;
  if (owner_ != nullptr) owner_->wake();
}

void FakeTerminal::end() {
  ended_ = true;
  if (owner_ != nullptr) owner_->wake();
}

void FakeTerminal::release() {
  write_limit = SIZE_MAX;
  if (owner_ != nullptr) owner_->wake();
}

std::string FakeTerminal::take_output() { return std::exchange(output, std::string()); }

}  // namespace parley::fake
