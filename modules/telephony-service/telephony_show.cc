// show ephone-dn, show telephony-service {all|ephone|ephone-dn|admin}, show ephone {phone-load|dn N}.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/telephony_actions.h"
#include "modules/telephony-service/telephony_service.h"

namespace parley::telephony_service {
namespace {

const Config& settings_of(cli::Call& call) { return call.module<TelephonyService>().settings(); }

bool has_line(const Ephone& phone, uint16_t tag) {
  for (const cli::Button& b : phone.buttons)
    for (size_t i = 0; i < b.lines; ++i)
      if (b.line[i] == tag) return true;
  return false;
}

// A number is in service on a phone that is registered; there is no call agent in this image.
void put_dn(Writer& out, const EphoneDn& dn) {
  constexpr std::string_view kKinds[] = {"single-line", "dual-line", "octo-line"};
  out.put("\nEFXS 50/0/").dec(dn.tag).put(" Slot is 50, Sub-unit is 0, Port is ").dec(dn.tag).put('\n');
  out.put(" Type of VoicePort is EFXS, ").put(kKinds[static_cast<size_t>(dn.kind)]).put('\n');
  out.put(" Operation State is DORMANT\n Administrative State is UP\n");
  out.put(" Description is ").put(dn.description).put('\n');
  out.put(" Number is ").put(dn.number);
  if (!dn.secondary.empty()) out.put(" secondary ").put(dn.secondary);
  out.put("\n Name is ").put(dn.name).put("\n Label is ").put(dn.label).put('\n');
  out.put(" Preference is ").dec(dn.preference).put(", huntstop is ").put(dn.huntstop ? "on" : "off");
  out.put(", channel huntstop is ").put(dn.huntstop_channel ? "on\n" : "off\n");
}

void put_dn_settings(Writer& out, const EphoneDn& dn) {
  constexpr std::string_view kKinds[] = {"", " dual-line", " octo-line"};
  out.put("ephone-dn ").dec(dn.tag).put(kKinds[static_cast<size_t>(dn.kind)]).put("\nnumber ").put(dn.number);
  if (!dn.secondary.empty()) out.put(" secondary ").put(dn.secondary);
  out.put('\n');
  if (!dn.name.empty()) out.put("name ").put(dn.name).put('\n');
  if (!dn.label.empty()) out.put("label ").put(dn.label).put('\n');
  if (!dn.description.empty()) out.put("description ").put(dn.description).put('\n');
  out.put("preference ").dec(dn.preference).put('\n').put(dn.huntstop ? "huntstop\n" : "no huntstop\n");
  if (!dn.forward_all.empty()) out.put("call-forward all ").put(dn.forward_all).put('\n');
  if (!dn.forward_busy.empty()) out.put("call-forward busy ").put(dn.forward_busy).put('\n');
  if (!dn.forward_no_answer.empty()) {
    out.put("call-forward noan ").put(dn.forward_no_answer).put(" timeout ").dec(dn.no_answer_s).put('\n');
  }
  out.put('\n');
}

void put_phone_settings(Writer& out, const Config& c, const Ephone& phone) {
  out.put("ephone ").dec(phone.tag).put("\nDevice Security Mode: ").put(mode_name(device_mode_of(c.telephony, phone)));
  out.put("\nmac-address ");
  if (!phone.mac.empty()) cli::kind_of(cli::Value::mac).print(out, &phone.mac, sizeof phone.mac, {});
  out.put('\n');
  if (!phone.type.empty()) out.put("type ").put(phone.type).put('\n');
  if (phone.buttons.begin() != phone.buttons.end()) out.put("button");
  for (const cli::Button& b : phone.buttons) {
    out.put(' ');
    cli::kind_of(cli::Value::button).print(out, &b, sizeof b, {});
  }
  if (phone.buttons.begin() != phone.buttons.end()) out.put('\n');
  if (!phone.description.empty()) out.put("description ").put(phone.description).put('\n');
  out.put('\n');
}

}  // namespace

const char* mode_name(DeviceMode m) {
  switch (m) {
    case DeviceMode::authenticated: return "Authenticated";
    case DeviceMode::encrypted: return "Encrypted";
    case DeviceMode::none: break;
  }
  return "None";
}

void show_dns(cli::Call& call) {
  for (const EphoneDn& dn : settings_of(call).dns) put_dn(call.out(), dn);
}

void show_dn(cli::Call& call, const DnArgs& a) {
  for (const EphoneDn& dn : settings_of(call).dns)
    if (dn.tag == a.tag) return put_dn(call.out(), dn);
  call.out().put("ephone-dn ").dec(a.tag).put(" is not configured\n");
}

void show_dn_summary(cli::Call& call) {
  Writer& out = call.out();
  out.put("PORT               DN STATE   CODEC    VAD VTSP STATE            VPM STATE\n");
  out.put("================== ========== ======== === ==================== =============\n");
  for (const EphoneDn& dn : settings_of(call).dns) {
    char text[24];
    FixedWriter port(text);
    port.put("EFXS 50/0/").dec(dn.tag);
    out.left(port.view(), 19).left("DOWN", 11).left("-", 9).left("-", 4).left("-", 21).put("EFXS_DORMANT\n");
  }
}

void show_dn_settings(cli::Call& call) {
  const Config& c = settings_of(call);
  call.out().put("Number of configured ephone-dns ").dec(static_cast<int64_t>(c.dns.size())).put("\n\n");
  for (const EphoneDn& dn : c.dns) put_dn_settings(call.out(), dn);
}

void show_phone_settings(cli::Call& call) {
  const Config& c = settings_of(call);
  call.out().put("Number of Configured ephones ").dec(static_cast<int64_t>(c.phones.size())).put(" (Registered 0)\n\n");
  for (const Ephone& phone : c.phones) put_phone_settings(call.out(), c, phone);
}

void show_all_settings(cli::Call& call) {
  call.module<TelephonyService>().show_settings(call.out());
  if (settings_of(call).telephony.id == 0) return;
  call.out().put('\n');
  show_dn_settings(call);
  show_phone_settings(call);
}

// Names only: passwords are shown nowhere but in the running-config.
void show_admins(cli::Call& call) {
  for (const WebAdmin& w : settings_of(call).telephony.web_admins) {
    call.out().put(w.level == WebLevel::system ? "system" : "customer").put(" admin name: ").put(w.name).put('\n');
  }
  const Telephony& t = settings_of(call).telephony;
  call.out().put("edit DN through Web:  ").put(t.dn_webedit ? "enabled.\n" : "disabled.\n");
  call.out().put("edit TIME through web: ").put(t.time_webedit ? "enabled.\n" : "disabled.\n");
}

void show_phone_load(cli::Call& call) {
  Writer& out = call.out();
  out.put("DeviceName       CurrentPhoneload   PreviousPhoneload  LastReset\n");
  out.put("=====================================================================\n");
}

void show_phones_of_dn(cli::Call& call, const DnArgs& a) {
  TelephonyService& s = call.module<TelephonyService>();
  for (const Ephone& phone : s.settings().phones)
    if (has_line(phone, a.tag)) s.show_phone(call.out(), phone);
}

}  // namespace parley::telephony_service
