// Phones that nobody configured.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/auto_register.h"

#include <algorithm>

#include "cli/engine.h"
#include "modules/system/clock_text.h"
#include "modules/telephony-service/phone_tables.h"
#include "modules/telephony-service/telephony_messages.h"
#include "modules/telephony-service/telephony_service.h"

namespace parley::telephony_service {
namespace {

constexpr size_t kMostAttempts = 100;
constexpr const char* kNoEntry = "No Entry in Database";   // texts that phones show: sccp.md 10.1
constexpr const char* kFull = "Max Phones Exceeded";

Text<24> mode_of(uint16_t tag) {
  char text[24];
  FixedWriter w(text);
  w.put("ephone ").dec(tag);
  return Text<24>(w.view());
}

bool fits(const AutoAssign& range, std::string_view type, bool typed) {
  return typed ? !range.type.empty() && equal_nocase(range.type, type) : range.type.empty();
}

}  // namespace

UnknownPhone AutoRegister::refuse(const cli::Mac& mac, const RegisterRequest& request, const char* why, const char* text) {
  for (size_t i = attempts_.size(); i-- > 0;)
    if (attempts_[i].mac == mac) attempts_.remove(i);
  if (attempts_.size() == kMostAttempts) attempts_.remove(0);
  (void)attempts_.push({mac, env_.clock.wall(), request.device_type});
  return {why, text};
}

UnknownPhone AutoRegister::meet(const SccpPeer& peer, const RegisterRequest& request) {
  const Telephony& t = module_.settings().telephony;
  cli::Mac mac;
  if (!mac_of_device(peer.device, mac.bytes) || mac.empty()) return {"its name is none of a phone", kNoEntry};
  const auto no = [&](const char* why, const char* text = kNoEntry) { return refuse(mac, request, why, text); };
  if (!t.auto_reg_ephone) return no("no ephone has its mac-address, and auto-reg-ephone is off");
  if (t.mixed || module_.server_secure()) return no("no ephone has its mac-address, and phones do not register themselves in secure mode");
  for (const RegisterPool& pool : module_.settings().register_pools)
    if (pool.mac == mac) return no("a voice register pool has its mac-address");
  const uint16_t tag = free_tag();
  if (tag == 0) return no("no ephone has its mac-address, and max-ephones is reached", kFull);
  if (const char* why = make(mac, tag, request.device_type)) return no(why);
  env_.log(kAutoRegistered, peer.device, LogArg::ip(peer.from.ip), tag);
  return {};
}

// In the order of their keys.
uint16_t AutoRegister::free_tag() const {
  const Config& c = module_.settings();
  uint16_t tag = 1;
  for (const Ephone& phone : c.phones) {
    if (phone.tag > tag) break;
    if (phone.tag == tag) ++tag;
  }
  return tag <= c.telephony.max_ephones ? tag : uint16_t{0};
}

const char* AutoRegister::make(const cli::Mac& mac, uint16_t tag, uint32_t device_type) {
  char line[48];
  FixedWriter w(line);
  w.put("mac-address ");
  cli::kind_of(cli::Value::mac).print(w, &mac, sizeof mac, {});
  const Text<24> mode = mode_of(tag);
  if (!env_.cli.configure(mode, w.view())) {
    char no[32];
    FixedWriter n(no);
    n.put("no ").put(mode);
    (void)env_.cli.configure({}, n.view());
    return "the configuration does not take its ephone";
  }
  if (const ModelName* model = model_of_number(device_type)) {
    FixedWriter type(line);
    type.put("type ").put(model->type);
    (void)env_.cli.configure(mode, type.view());
  }
  return nullptr;
}

bool AutoRegister::assign(const cli::Mac& mac) {
  const Config& c = module_.settings();
  const Ephone* phone = module_.phone_of(mac);
  if (phone == nullptr || phone->buttons.begin() != phone->buttons.end() || c.telephony.auto_assign.begin() == c.telephony.auto_assign.end()) return false;
  Blob used;                       // one bit for each number
  if (!used.resize(size_t{UINT16_MAX} / 8 + 1)) return false;
  for (const Ephone& other : c.phones)
    for (const cli::Button& b : other.buttons)
      for (size_t i = 0; i < b.lines; ++i) used.data()[b.line[i] / 8] |= static_cast<uint8_t>(1u << (b.line[i] % 8));
  for (const bool typed : {true, false})
    for (const AutoAssign& range : c.telephony.auto_assign) {
      if (!fits(range, phone->type, typed)) continue;
      for (const EphoneDn& dn : c.dns) {
        if (dn.tag < range.from || dn.tag > range.to || (used.data()[dn.tag / 8] >> (dn.tag % 8) & 1) != 0) continue;
        char line[32];
        FixedWriter w(line);
        w.put("button 1:").dec(dn.tag);
        return env_.cli.configure(mode_of(phone->tag), w.view()).has_value();
      }
    }
  return false;
}

void AutoRegister::show_attempts(Writer& out) const {
  out.put("Attempting Mac address:\n\n");
  out.put("Num    Mac Address     DateTime                      DeviceType\n");
  out.put("-----  --------------  ----------------------------  --------------\n");
  int number = 0;
  for (const Attempt& a : attempts_) {
    char mac[20], when[40];
    FixedWriter m(mac), w(when);
    cli::kind_of(cli::Value::mac).print(m, &a.mac, sizeof a.mac, {});
    system::put_moment(w, a.at, {});
    out.dec(++number, 5).put("  ").left(m.view(), 16).left(w.view(), 30);
    if (const ModelName* model = model_of_number(a.device_type)) out.put(model->type).put('\n');
    else out.put("type ").dec(a.device_type).put('\n');
  }
}

}  // namespace parley::telephony_service
