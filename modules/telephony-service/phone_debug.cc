// debug ephone: what phones say and are told, and what becomes of them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/phone_debug.h"

#include <algorithm>

#include "modules/telephony-service/capf_notes.h"

namespace parley::telephony_service {
namespace {

constexpr DebugSubject kSubjects[] = {{"ephone detail", "EPHONE detail"},       {"ephone error", "EPHONE error"},
                                      {"ephone keepalive", "EPHONE keepalive"}, {"ephone message", "EPHONE message"},
                                      {"ephone register", "EPHONE registration"}, {"ephone state", "EPHONE state"}};
constexpr size_t kMostFilters = 32, kMostShown = 64;   // bytes of a message

const char* subject(PhoneDebug::What what) { return kSubjects[static_cast<size_t>(what)].subject; }

const char* message_name(SccpId id) {
  switch (id) {
    case SccpId::keep_alive: return "KeepAlive";
    case SccpId::register_request: return "Register";
    case SccpId::alarm: return "Alarm";
    case SccpId::unregister: return "Unregister";
    case SccpId::token_request: return "RegisterTokenReq";
    case SccpId::register_reject: return "RegisterReject";
    case SccpId::reset: return "Reset";
    case SccpId::keep_alive_ack: return "KeepAliveAck";
    case SccpId::unregister_ack: return "UnregisterAck";
    case SccpId::token_reject: return "RegisterTokenReject";
  }
  return "Message";
}

Writer& begin(Writer& out, uint16_t tag, std::string_view device) {
  out.put("ephone-");
  if (tag != 0) out.dec(tag);
  else out.put("(?)");
  return out.put('[').put(device.empty() ? std::string_view("?") : device).put("]:");
}

Writer& put_id(Writer& out, SccpId id) {
  return out.put(message_name(id)).put(" (0x").hex(static_cast<uint32_t>(id), 4).put(')');
}

}  // namespace

bool PhoneDebug::wanted(What what, std::string_view device) const {
  if (!log_.debugging(subject(what))) return false;
  cli::Mac mac;
  (void)mac_of_device(device, mac.bytes);
  bool any = false;
  for (const Filter& f : filters_) {
    if (f.what != what) continue;
    if (f.mac == mac) return true;
    any = true;
  }
  return !any;
}

void PhoneDebug::set(What what, const cli::Mac& mac, bool on, Writer& out) {
  const bool was_on = log_.debugging(subject(what));
  size_t left = 0;
  bool narrowed = false;
  for (size_t i = filters_.size(); i-- > 0;) {
    if (filters_[i].what != what) continue;
    narrowed = true;
    if (mac.empty() || !was_on || filters_[i].mac == mac) filters_.remove(i);
    else ++left;
  }
  if (!mac.empty() && on) {
    if (was_on && !narrowed) return out.put("% Already on for every phone: undebug it first\n"), void();
    if (filters_.size() == kMostFilters || !filters_.push({what, mac})) return out.put("% Too many phones\n"), void();
  }
  if (!mac.empty() && !on && left > 0) return;             // the others stay
  switch_debug(log_, {&kSubjects[static_cast<size_t>(what)], 1}, on, out);
}

void PhoneDebug::received(uint16_t tag, const SccpPeer& peer, const SccpMessage& m) const {
  if (m.id == SccpId::keep_alive && wanted(What::keepalive, peer.device)) {
    DebugLine line(log_, subject(What::keepalive));
    begin(line.out(), tag, peer.device).put("KeepAlive received");
  }
  if (m.id == SccpId::register_request && wanted(What::registers, peer.device)) {
    if (const auto r = read_register(m.payload)) {
      DebugLine line(log_, subject(What::registers));
      begin(line.out(), tag, r->device).put("Register from ").ipv4(peer.from.ip).put(peer.secure ? " with TLS" : "").put(", deviceType ");
      line.out().dec(r->device_type).put(", SCCP ver ").dec(r->version).put(", load ").put(r->load.empty() ? std::string_view("-") : r->load.view());
    }
  }
  if (wanted(What::message, peer.device)) {
    DebugLine line(log_, subject(What::message));
    put_id(begin(line.out(), tag, peer.device).put("<- "), m.id).put(", ").dec(static_cast<int64_t>(m.payload.size())).put(" bytes");
  }
  if (!m.payload.empty() && wanted(What::detail, peer.device)) {
    DebugLine line(log_, subject(What::detail));
    const size_t n = std::min(m.payload.size(), kMostShown);
    put_id(begin(line.out(), tag, peer.device), m.id).put(": ").hex_bytes(m.payload.data(), n).put(n < m.payload.size() ? "..." : "");
  }
}

void PhoneDebug::sent(uint16_t tag, const SccpPeer& peer, SccpId id) const {
  if (id == SccpId::keep_alive_ack && wanted(What::keepalive, peer.device)) {
    DebugLine line(log_, subject(What::keepalive));
    begin(line.out(), tag, peer.device).put("KeepAliveAck sent");
  }
  if (!wanted(What::message, peer.device)) return;
  DebugLine line(log_, subject(What::message));
  put_id(begin(line.out(), tag, peer.device).put("-> "), id);
}

void PhoneDebug::state(uint16_t tag, std::string_view device, const char* what) const {
  if (!wanted(What::state, device)) return;
  DebugLine line(log_, subject(What::state));
  begin(line.out(), tag, device).put(what);
}

void PhoneDebug::error(uint16_t tag, const SccpPeer& peer, const char* why) const {
  if (!wanted(What::error, peer.device)) return;
  DebugLine line(log_, subject(What::error));
  begin(line.out(), tag, peer.device).put("refused at ").ipv4(peer.from.ip).put(": ").put(why);
}

}  // namespace parley::telephony_service
