// The module `ip-services`.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DOC: Each committed line ends in apply(): the wanted state of all interfaces and routes is written down afresh and
// LinkPlan changes the difference in the kernel, inside the router's own network namespace. A route whose gateway is not
// reachable yet is tried again by RouteKeeper, every two seconds, for as long as it is configured.
// Interfaces that this board does not have are kept in the configuration and shown as absent. DHCP and NTP rows are kept.
#include "modules/ip-services/ip_services.h"

#include "modules/ip-services/ip_exec.h"
#include "modules/system/host_facts.h"
#include "platform/sched/scheduler.h"

namespace parley::ip_services {
namespace {

uint8_t prefix_of(uint32_t mask) {
  uint8_t n = 0;
  while (n < 32 && (mask & (uint32_t{1} << (31 - n))) != 0) ++n;
  return n;
}

WantedInterface wanted(const InterfaceConfig& c) {
  WantedInterface w;
  print_name(c, w.name);
  w.up = !c.shutdown;
  w.mtu = c.mtu;
  if (c.encapsulation_set && c.encapsulation == Encapsulation::dot1q) w.vlan = c.vlan;
  if (c.address_set && c.address_kind == AddressKind::fixed && c.address != 0) {
    w.addresses[w.address_count++] = {c.address, prefix_of(c.mask)};
    for (const SecondAddress& s : c.secondary) {
      if (w.address_count == kAddressesPerInterface) break;
      w.addresses[w.address_count++] = {s.address, prefix_of(s.mask)};
    }
  }
  return w;
}

Links::Route wanted(const Route& c) {
  Links::Route r{};
  r.net = c.network;
  r.prefix = prefix_of(c.mask);
  r.distance = c.distance;
  if (c.hop == Hop::address) {
    r.gateway = c.next;
  } else {
    char text[48];
    FixedWriter w(text);
    cli::print_interface(w, c.interface);
    (void)r.interface.set(w.view());
  }
  return r;
}

}  // namespace

// Tries waiting routes again until all are there.
class RouteKeeper final : public Task {
 public:
  RouteKeeper(Scheduler& scheduler, LinkPlan& plan) : Task(scheduler, "IP routes"), plan_(plan), timer_(*this) {}
  void look() { wake(); }
  Poll step() override {
    (void)timer_.fired();
    if (plan_.retry_routes()) timer_.start(Millis(2000));
    return Poll::pending;
  }

 private:
  LinkPlan& plan_;
  Timer timer_;
};

void print_name(const InterfaceConfig& i, Text<32>& out) {
  char text[48];
  FixedWriter w(text);
  cli::print_interface(w, i.name);
  (void)out.set(w.view());
}

IpServices::IpServices(Env& env) : env_(env), plan_(env.links) {
  env.services.provide<Interfaces>(this);
  env.services.provide<HostLookup>(this);
}

IpServices::~IpServices() = default;

Status IpServices::start() {
  keeper_ = std::make_unique<RouteKeeper>(env_.scheduler, plan_);
  return {};
}

void IpServices::stop() {
  keeper_.reset();
  plan_.release();
}

void IpServices::apply() {
  if (keeper_ == nullptr) return;
  plan_.begin();
  for (const InterfaceConfig& i : config_.interfaces) {
    if (!plan_.want(wanted(i))) return;   // no memory: what is set stays as it is
  }
  for (const Route& r : config_.routes) {
    if (!plan_.want(wanted(r))) return;
  }
  plan_.commit();
  keeper_->look();
  if (HostFacts* facts = env_.services.find<HostFacts>()) facts->set_domain(config_.domain, config_.domain_lookup);
}

uint32_t IpServices::address_of(std::string_view interface) const {
  for (const WantedInterface& i : plan_.interfaces()) {
    if (i.name.view() == interface && i.up && i.address_count > 0) return i.addresses[0].ip;
  }
  return 0;
}

uint32_t IpServices::first_address() const {
  for (const WantedInterface& i : plan_.interfaces()) {
    if (i.up && i.address_count > 0) return i.addresses[0].ip;
  }
  return 0;
}

bool IpServices::is_own(uint32_t ip) const {
  for (const WantedInterface& i : plan_.interfaces()) {
    for (size_t a = 0; a < i.address_count; ++a) {
      if (i.up && i.addresses[a].ip == ip) return true;
    }
  }
  return false;
}

namespace {

bool covers(uint32_t net, uint8_t prefix, uint32_t ip) { return prefix == 0 || (net ^ ip) >> (32 - prefix) == 0; }

}  // namespace

// The longest prefix among the networks of the interfaces and the routes; a gateway is looked up once more.
bool IpServices::way_to(uint32_t ip, Text<32>& interface) const {
  for (int hop = 0; hop < 4; ++hop) {
    int best = -1;
    uint32_t gateway = 0;
    for (const WantedInterface& i : plan_.interfaces()) {
      for (size_t a = 0; i.up && a < i.address_count; ++a) {
        const int prefix = i.addresses[a].prefix;
        if (prefix <= best || !covers(i.addresses[a].ip, i.addresses[a].prefix, ip)) continue;
        best = prefix;
        interface = i.name;
        gateway = 0;
      }
    }
    for (const WantedRoute& r : plan_.routes()) {
      if (!r.active || int{r.route.prefix} <= best || !covers(r.route.net, r.route.prefix, ip)) continue;
      best = r.route.prefix;
      interface = r.route.interface;
      gateway = r.route.gateway;
    }
    if (best < 0 || gateway == 0) return best >= 0;
    ip = gateway;
  }
  return false;
}

bool IpServices::resolve(std::string_view host, uint32_t& ip) const {
  if (parse_ipv4(host, ip)) return true;
  for (const Host& h : config_.hosts) {
    if (!equal_nocase(h.name, host) || h.addresses.count == 0) continue;
    ip = h.addresses.items[0];
    return true;
  }
  return false;
}

namespace {
constexpr const char* kNeeds[] = {"HostFacts"};
constexpr const char* kProvides[] = {"Interfaces", "HostLookup"};
std::unique_ptr<Instance> create(Env& env) { return std::make_unique<IpServices>(env); }
}  // namespace

}  // namespace parley::ip_services

namespace parley {

const Module kIpServices{
    .name = "ip-services",
    .summary = "Interfaces, addresses, routes and names",
    .needs = ip_services::kNeeds,
    .provides = ip_services::kProvides,
    .sections = ip_services::kSections,
    .exec = ip_services::kExecRows,
    .messages = {},
    .create = &ip_services::create,
    .glossary = ip_services::kGloss,
};

}  // namespace parley
