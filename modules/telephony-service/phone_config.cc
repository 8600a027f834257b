// Command rows of the ephone, ephone-dn and ephone-template modes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/phone_config.h"

#include "modules/module.h"
#include "modules/telephony-service/telephony_actions.h"
#include "modules/telephony-service/telephony_config.h"

#include "cli/adding.h"

namespace parley::telephony_service {

using namespace parley::cli;

constexpr Row kDnRows[] = {
    value("number WORD [secondary WORD] [no-reg [primary|both]]", "Number that rings here", &EphoneDn::number,
          &EphoneDn::secondary, &EphoneDn::no_reg, &EphoneDn::no_reg_which),                                   // 000:2434
    value("label LINE", "Text at the button", &EphoneDn::label),
    pending(value("description LINE", "Text on the top line of the display", &EphoneDn::description)),
    value("name LINE", "Name shown to others", &EphoneDn::name),                                               // 000:2435
    pending(value("call-forward all WORD", "Every call goes there", &EphoneDn::forward_all)),
    pending(value("call-forward busy WORD", "Calls go there when busy", &EphoneDn::forward_busy)),
    pending(value("call-forward noan WORD timeout <3-60000>", "Calls go there when nobody answers",
                  &EphoneDn::forward_no_answer, &EphoneDn::no_answer_s)),                                      // 000:2436
    pending(value("preference <0-10>", "Rank among equal numbers", &EphoneDn::preference)),
    pending(flag("huntstop", "Do not try equal numbers after this one", &EphoneDn::huntstop)),
    pending(flag("huntstop channel", "Do not try the second channel", &EphoneDn::huntstop_channel)),
    pending(value("pickup-group WORD", "Group whose calls may be picked up", &EphoneDn::pickup_group)),
    pending(flag("park-slot [timeout <0-65535> limit <0-65535>] [notify WORD] [recall] [transfer WORD]",
                 "Calls can be parked here", &EphoneDn::park_slot, &EphoneDn::park_timeout_s, &EphoneDn::park_limit,
                 &EphoneDn::park_notify, &EphoneDn::park_recall, &EphoneDn::park_transfer)),
    pending(value("mwi [on|off|on-off]", "Calls here switch message lamps", &EphoneDn::mwi)),
    store("hold-alert LINE", "Sound while a call waits on hold"),
    store("intercom LINE", "Direct line to another phone"),
    store("paging LINE", "Announcements to a group of phones"),
    store("moh-group <1-5>", "Music on hold of this number"),
    stores("corlist {incoming|outgoing} -> WORD", "Class of restriction"),
    store("no-answer LINE", "What follows when nobody answers"),
    stores("translation-profile {incoming|outgoing} -> WORD", "Changes of numbers"),
    store("call-waiting LINE", "Signal of a second call"),
    store("ring LINE", "Ring pattern"),
    store("night-service bell", "Ring other phones at night"),
};
constexpr Mode kDnMode = mode("ephone-dn", "(config-ephone-dn)", "Ephone DN", kDnRows);

// New tags end at max-dn and max-ephones once these are set.
bool within(uint32_t tag, uint32_t most, const char* name, Writer& text) {
  if (most == 0 || tag <= most) return true;
  text.put(name).put(" is ").dec(most);
  return false;
}
bool check_dn(Instance& instance, const EphoneDn& old, const EphoneDn& now, Writer& text) {
  const Config& config = *static_cast<const Config*>(instance.config());
  return old.id != 0 || within(now.tag, config.telephony.max_dn, "Max-dn", text);
}
constexpr Block kDnBlock = verified<&check_dn>(entries<EphoneDn>(kDnMode, Sorted::by_key));

constexpr Row kTemplateRows[] = {
    flag("service https", "HTTPS addresses in the phone files", &EphoneTemplate::https),                        // 000:2573
    flag("cnf-file encrypted", "Encrypt the files of these phones", &EphoneTemplate::cnf_encrypted),           // 003:29-149
    stores("softkeys {alerting|connected|hold|idle|remote-in-use|ringing|seized} -> LINE", "Soft keys and their order"),
    stores("button-layout LINE", "Order of the buttons"),
    store("codec LINE", "Codec of these phones"),
    store("type LINE", "Kind of these phones"),
    store("max-calls-per-button <1-8>", "Calls at one button"),
    store("busy-trigger-per-button <1-8>", "Calls at one button until it is busy"),
    store("conference LINE", "Who may end a conference"),
    store("features blocked LINE", "Soft keys that do nothing"),
    stores("feature-button <1-24> -> LINE", "Feature behind a button"),
    store("keep-conference LINE", "Conference stays when its maker leaves"),
    store("keepalive <10-65535> [LINE]", "Seconds between signs of life"),
    store("network-locale <1-4>", "Tones of the country"),
    store("night-service bell", "Ring these phones at night"),
    store("paging-dn LINE", "Number of announcements"),
    stores("speed-dial <1-99> -> LINE", "Number behind a button"),
    stores("fastdial <1-100> -> LINE", "Number in the personal list"),
    stores("transfer LINE", "Limits of transfers"),
    stores("transfer-pattern WORD -> [LINE]", "Numbers that calls may be transferred to"),
    store("user-locale <1-4>", "Language of these phones"),
};
constexpr Mode kTemplateMode = mode("ephone-template", "(config-ephone-template)", "Ephone template", kTemplateRows);
constexpr Block kTemplateBlock = entries<EphoneTemplate>(kTemplateMode, Sorted::by_key);

// Written order: cli.md.
constexpr Row kPhoneRows[] = {
    flag("capf-ip-in-cnf", "Address of CAPF in the phone's file", &Ephone::capf_ip_in_cnf),                    // 000:946, 2456
    store_on("multicast-moh", "Music on hold by multicast"),                                                   // 000:2457
    flag("device-security-mode {authenticated|none|encrypted}", "Security of this phone", &Ephone::device_mode_set,
         &Ephone::device_mode),                                                                                // 000:947, 2492
    flag("cnf-file encrypted", "Encrypt the file of this phone", &Ephone::cnf_encrypted),                       // 003:29-149
    value("description LINE", "Text for the operator", &Ephone::description),
    value("capf-auth-str DIGITS", "PIN for certificate operations (4 to 10 digits)",
          &Ephone::capf_auth_str),                                                                    // 000:949, 965
    flag("cert-oper {delete|fetch|upgrade} auth-mode {auth-string|LSC|MIC|null-string}",
         "Certificate operation at the next contact", &Ephone::cert_operation_set,
         &Ephone::cert_operation, &Ephone::cert_auth_mode),                                           // 000:950, 966
    value("username WORD [password PW6]", "Login of the phone's user", &Ephone::user, &Ephone::password),      // 000:96
    value("mac-address [H.H.H]", "Hardware address of the phone", &Ephone::mac),                               // 000:2459
    value("ephone-template <1-20>", "Settings shared with other phones", &Ephone::phone_template),
    pending(value("codec {g711ulaw|g722r64|g729r8|g711alaw|ilbc} [dspfarm-assist]", "Codec of this phone",
                  &Ephone::codec, &Ephone::dspfarm_assist)),                                                   // 000:948, 964
    value("type WORD [addon 1 WORD [2 WORD]]", "Kind of phone", &Ephone::type, &Ephone::addon1, &Ephone::addon2),  // 000:1951
    adding(value("button  BUTTON...", "Directory numbers behind the buttons", &Ephone::buttons)),                      // 000:1952, 2461
    pending(sorted_list("speed-dial <1-99> -> WORD [label LINE]", "Number behind a button", &Ephone::speed_dials,
                        &SpeedDial::position, &SpeedDial::number, &SpeedDial::label)),
    stores("fastdial <1-100> -> LINE", "Number in the personal list"),
    store("paging-dn LINE", "Number of announcements"),
    store("keepalive <10-65535> [LINE]", "Seconds between signs of life"),
    store("vpn-group <1-10>", "VPN gateways of the phone"),
    store("vpn-profile <1-10>", "VPN settings of the phone"),
    store("max-calls-per-button <1-8>", "Calls at one button"),
    store("busy-trigger-per-button <1-8>", "Calls at one button until it is busy"),
    store("auto-line [LINE]", "Line that is taken when the handset is lifted"),
    store("night-service bell", "Ring this phone at night"),
    store("pin LINE", "PIN of the user"),
    store("logout-profile <1-255>", "Settings while no user is logged in"),
    stores("park LINE", "Place where calls of this phone are parked"),
    pending(flag("after-hours exempt", "Closed hours are not for this phone", &Ephone::after_hours_exempt)),
    stores("feature-button <1-24> -> LINE", "Feature behind a button"),
    stores("blf-speed-dial <1-99> -> LINE", "Number behind a button with its state"),
    store("emergency response location <1-2147483647>", "Place told to emergency services"),
    store("mtp", "Media always through this router"),
    store("privacy [LINE]", "Hide calls of shared lines"),
    store("user-locale <1-4>", "Language of this phone"),
    store("network-locale <1-4>", "Tones of the country"),
    stores("transfer LINE", "Limits of transfers"),
    stores("transfer-pattern WORD -> [LINE]", "Numbers that calls may be transferred to"),
    store("exclude LINE", "Services the phone does not show"),
    store("headset LINE", "Answer calls at the headset"),
    action<&reset_phone>("reset", "Full restart of the phone"),                                                     // 000:951
    action<&restart_phone>("restart", "Quick restart of the phone"),                                                  // 000:970
};
constexpr Mode kPhoneMode = mode("ephone", "(config-ephone)", "Ephone", kPhoneRows);

// One phone for each hardware address; a PIN has 4 to 10 digits (000:949).
bool check_phone(Instance& instance, const Ephone& old, const Ephone& now, Writer& text) {
  const Config& config = *static_cast<const Config*>(instance.config());
  if (old.id == 0 && !within(now.tag, config.telephony.max_ephones, "Max-ephones", text)) return false;
  if (!(old.capf_auth_str == now.capf_auth_str) && !now.capf_auth_str.empty() && now.capf_auth_str.size() < 4) {
    text.put("A PIN has 4 to 10 digits");
    return false;
  }
  if (old.mac == now.mac || now.mac.empty()) return true;
  for (const Ephone& other : config.phones)
    if (other.id != now.id && other.mac == now.mac) {
      text.put("mac-address already in use by ephone ").dec(other.tag);
      return false;
    }
  return true;
}
constexpr Block kPhoneBlock = verified<&check_phone>(entries<Ephone>(kPhoneMode, Sorted::by_key));

}  // namespace parley::telephony_service
