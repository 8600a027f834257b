// Phones that are connected to a signalling port, and what becomes of the resets that they are due.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/phone_links.h"

#include "modules/telephony-service/telephony_messages.h"
#include "modules/telephony-service/telephony_service.h"

namespace parley::telephony_service {
namespace {

constexpr size_t kDeviceName = 15;

}  // namespace

PhoneLinks::PhoneLinks(Env& env, TelephonyService& module, Publisher& publisher)
    : Task(env.scheduler, "Phone links"), env_(env), module_(module), publisher_(publisher),
      resets_(env.scheduler, [](void* self, ResetKind kind, size_t told, size_t lost) {
        static_cast<PhoneLinks*>(self)->cycle_over(kind, told, lost);
      }, this),
      auto_(env, module), debug_(env.log) {
  publisher_.watch(*this);
}

PhoneLinks::~PhoneLinks() { publisher_.unwatch(*this); }

Poll PhoneLinks::step() {
  if (!settle_.fired()) return Poll::pending;
  resets_.each([](void* self, const cli::Mac& mac, const PhoneResets::State&) {
    return static_cast<PhoneLinks*>(self)->module_.phone_of(mac) != nullptr;
  }, this);
  return Poll::pending;
}

void PhoneLinks::show(Writer& out) {
  struct Sum {
    int connected = 0, waiting = 0, told = 0;
  } sum;
  resets_.each([](void* context, const cli::Mac&, const PhoneResets::State& state) {
    Sum& s = *static_cast<Sum*>(context);
    s.connected += state.link != nullptr;
    s.waiting += state.waiting;
    s.told += state.told;
    return true;
  }, &sum);
  out.put("phones connected ").dec(sum.connected).put("; resets: ").dec(sum.waiting).put(" waiting, ").dec(sum.told).put(" sent and not back\n");
}

void PhoneLinks::cycle_over(ResetKind kind, size_t told, size_t lost) {
  env_.log(kResetsOver, kind == ResetKind::reset ? "Reset" : "Restart", told, lost);
}

bool PhoneLinks::secure_phone(std::string_view device, SecurePhone& out) const { return module_.secure_phone(device, out); }
bool PhoneLinks::is_trial(Endpoint peer) const { return module_.is_trial(peer); }
void PhoneLinks::phone_seen(std::string_view device, PhoneSign sign) { module_.phone_seen(device, sign); }

uint16_t PhoneLinks::tag_of(std::string_view device) const {
  cli::Mac mac;
  const Ephone* phone = mac_of_device(device, mac.bytes) ? module_.phone_of(mac) : nullptr;
  return phone == nullptr ? uint16_t{0} : phone->tag;
}

RegisterAnswer PhoneLinks::link_up(std::string_view device, PhoneLink& link) {
  RegisterAnswer a;
  a.text = RejectText(kNoCalls);
  cli::Mac mac;
  if (!mac_of_device(device, mac.bytes)) return a;
  (void)auto_.assign(mac);
  a.reset = resets_.came(mac, link);
  a.hold = a.reset == ResetKind::none;
  debug_.state(tag_of(device), device, a.hold ? "connected, register answered: call control not present" : "registers, a reset waited for it");
  return a;
}

void PhoneLinks::link_down(PhoneLink& link) {
  if (link.number() != 0) debug_.state(tag_of(link.device()), link.device(), "connection closed");
  resets_.closed(link);
}

// Three signs of life that did not come (sccp.md 10.1).
Millis PhoneLinks::idle_limit() const { return Millis(3'000 * uint32_t{module_.settings().telephony.keepalive_s}); }

void PhoneLinks::message_received(const SccpPeer& peer, const SccpMessage& message) { debug_.received(tag_of(peer.device), peer, message); }
void PhoneLinks::message_sent(const SccpPeer& peer, SccpId id) { debug_.sent(tag_of(peer.device), peer, id); }
void PhoneLinks::refused(const SccpPeer& peer, const char* why) { debug_.error(tag_of(peer.device), peer, why); }

// SEP<MAC>.cnf.xml, .cnf.xml.sgn or .cnf.xml.enc.sgn. A copy that was replaced while it went out tells the phone nothing new.
void PhoneLinks::fetched(std::string_view name, Bytes content, uint32_t peer_ip) {
  cli::Mac mac;
  if (name.size() <= kDeviceName || !name.substr(kDeviceName).starts_with(".cnf.xml")) return;
  if (!mac_of_device(name.substr(0, kDeviceName), mac.bytes) || module_.trial_from(peer_ip) || !resets_.state(mac).waiting) return;
  if (!content.empty()) {
    const auto today = publisher_.read(name);
    if (today && !equal_bytes(today->view(), content)) return;
  }
  resets_.booted(mac);
}

void PhoneLinks::certificate_given(std::string_view device, uint64_t builds_begun) {
  Given g;
  g.builds_begun = builds_begun;
  if (!mac_of_device(device, g.mac.bytes)) return;
  for (Given& other : given_)
    if (other.mac == g.mac) {
      other = g;
      return;
    }
  (void)given_.push(g);
}

void PhoneLinks::files_made(uint64_t build) {
  for (size_t i = given_.size(); i-- > 0;) {
    if (given_[i].builds_begun >= build) continue;         // that build did not see it
    const Ephone* phone = module_.phone_of(given_[i].mac);
    given_.remove(i);
    if (phone != nullptr && encrypted_file(module_.settings(), *phone)) (void)resets_.request(phone->mac, ResetKind::reset);
  }
}

}  // namespace parley::telephony_service
