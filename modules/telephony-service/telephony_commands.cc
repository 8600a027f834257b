// EXEC and mode commands of telephony-service: phone files and what `show` tells about phones.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/row.h"
#include "modules/telephony-service/telephony_actions.h"
#include "modules/telephony-service/telephony_limits.h"
#include "modules/telephony-service/telephony_service.h"

namespace parley::telephony_service {
namespace {

// Waits for the build that sees the configuration as it was when the command was typed.
class CreateFiles final : public cli::Dialogue {
 public:
  explicit CreateFiles(TelephonyService& service) : service_(service) {}
  ~CreateFiles() override {
    if (task_ != nullptr && service_.builder() != nullptr) service_.builder()->forget(*task_);
  }
  Poll step(cli::Console& console, const std::string_view*) override {
    if (task_ == nullptr) {
      task_ = &console.task();
      console.put("Creating CNF files\n");
      build_ = service_.create_files(*task_);
    }
    if (!service_.builder()->ended(build_)) return Poll::pending;
    if (!service_.builder()->problem().empty()) console.put(service_.builder()->problem()).put('\n');
    return Poll::done;
  }

 private:
  TelephonyService& service_;
  Task* task_ = nullptr;
  uint64_t build_ = 0;
};

struct ShowPhone {
  uint32_t id = 0;
  uint16_t tag = 0;
  cli::Mac mac;
};

template <class Wanted>
void show_phones(cli::Call& call, Wanted wanted) {
  TelephonyService& s = call.module<TelephonyService>();
  for (const Ephone& phone : s.settings().phones)
    if (wanted(phone)) s.show_phone(call.out(), phone);
}

void show_ephone(cli::Call& call) {
  show_phones(call, [](const Ephone&) { return true; });
}
void show_ephone_none(cli::Call&) {}   // no phone can be registered while there is no call agent in the image
void show_ephone_tag(cli::Call& call, const ShowPhone& a) {
  show_phones(call, [&a](const Ephone& phone) { return phone.tag == a.tag; });
}
void show_ephone_mac(cli::Call& call, const ShowPhone& a) {
  show_phones(call, [&a](const Ephone& phone) { return phone.mac == a.mac; });
}

void show_ephone_summary(cli::Call& call) {
  const TelephonyService& s = call.module<TelephonyService>();
  const Config& c = s.settings();
  Writer& out = call.out();
  for (const Ephone& phone : c.phones) s.put_phone_line(out, phone);
  out.put("\nMax ").dec(c.telephony.max_ephones).put(", Registered 0, Unregistered ").dec(static_cast<int64_t>(c.phones.size()));
  out.put(", Deceased 0\n");
}

void show_security_info(cli::Call& call) { call.module<TelephonyService>().show_security(call.out()); }
void show_tftp_bindings(cli::Call& call) { call.module<TelephonyService>().show_bindings(call.out()); }
void show_telephony(cli::Call& call) { call.module<TelephonyService>().show_settings(call.out()); }

std::string_view location_name(CnfLocation l) {
  constexpr std::string_view kNames[] = {"flash:", "slot0:", "system:", "tftp:"};
  return kNames[static_cast<size_t>(l)];
}

}  // namespace

void create_cnf_files(cli::Call& call) {
  TelephonyService& s = call.module<TelephonyService>();
  if (s.builder() == nullptr) return call.refuse("% Telephony service is not running");
  call.start(std::make_unique<CreateFiles>(s));
}

void erase_ctl(cli::Call& call) { call.module<TelephonyService>().erase_ctl(); }

void TelephonyService::show_security(Writer& out) const {
  const Telephony& t = config_.telephony;
  out.put("\nSkinny Server Trustpoint for TLS: ").put(t.secure_signaling).put('\n');
  out.put("TFTP Credentials Trustpoint: ").put(t.tftp_credentials).put('\n');
  out.put("Server Security Mode: ").put(server_secure() ? "Secure" : "Non-secure").put('\n');
  out.put("Global Device Security Mode: ").put(mode_name(t.device_mode)).put('\n');
}

void TelephonyService::show_bindings(Writer& out) const {
  if (builder_ == nullptr) return;
  const std::string_view place = location_name(config_.telephony.cnf_location);
  for (size_t i = 0; i < builder_->files(); ++i) {
    const PhoneFileName name = builder_->file(i);
    out.put("tftp-server ").put(place).put("/its/").put(name).put(" alias ").put(name).put('\n');
    if (!builder_->has_signed()) continue;
    out.put("tftp-server ").put(place).put("/its/").put(name).put(".sgn alias ").put(name).put(".sgn\n");
    if (!builder_->encrypted(i)) continue;
    out.put("tftp-server ").put(place).put("/its/").put(name).put(".enc.sgn alias ").put(name).put(".enc.sgn\n");
  }
}

void TelephonyService::show_settings(Writer& out) const {
  const Telephony& t = config_.telephony;
  if (t.id == 0) {
    out.put("Telephony service is not configured\n");
    return;
  }
  out.put("CONFIG\n======\n");
  out.put("ip source-address ").ipv4(t.source).put(" port ").dec(t.port).put('\n');
  out.put("max-ephones ").dec(t.max_ephones).put(", configured ").dec(static_cast<int64_t>(config_.phones.size())).put('\n');
  out.put("max-dn ").dec(t.max_dn).put(", configured ").dec(static_cast<int64_t>(config_.dns.size())).put('\n');
  out.put("cnf-file location ").put(location_name(t.cnf_location)).put('\n');
  out.put("phone files: ").dec(builder_ == nullptr ? 0 : static_cast<int64_t>(builder_->files()));
  out.put(builder_ != nullptr && builder_->has_signed() ? ", signed" : ", not signed");
  if (!t.cnf_stamp.empty()) out.put(", made ").put(t.cnf_stamp);
  out.put('\n');
  if (plain_ != nullptr) plain_->show(out);
  if (signalling_ != nullptr) signalling_->show(out);
  if (links_ != nullptr) links_->show(out);
  for (const Load& l : t.loads) out.put("load ").put(l.type).put(' ').put(l.file).put('\n');
  show_security(out);
}

void TelephonyService::put_phone_line(Writer& out, const Ephone& phone) const {
  const PhoneLink* link = links_ == nullptr ? nullptr : links_->resets().state(phone.mac).link;
  out.put("ephone-").dec(phone.tag).put("[0] Mac:");
  cli::kind_of(cli::Value::mac).print(out, &phone.mac, sizeof phone.mac, {});
  out.put(" TCP socket:[").dec(link == nullptr ? -1 : int{link->number()}).put("] activeLine:0 whisperLine:0 UNREGISTERED");
  out.put(link != nullptr && link->secure() ? " with TLS connection\n" : "\n");
}

// Layout: commands.md 2.4. A phone may hold a connection without being registered; it has no calls then.
void TelephonyService::show_phone(Writer& out, const Ephone& phone) const {
  const PhoneResets::State state = links_ == nullptr ? PhoneResets::State{} : links_->resets().state(phone.mac);
  put_phone_line(out.put('\n'), phone);
  out.put("mediaActive:0 whisper_mediaActive:0 startMedia:0 offhook:0 ringing:0 reset:").put(state.waiting ? '1' : '0');
  out.put(" reset_sent:").put(state.told ? '1' : '0').put(" paging 0 debug:0 caps:0\n");
  const Endpoint from = state.link == nullptr ? Endpoint{} : state.link->from();
  out.put("IP:").ipv4(from.ip).put(" * ").dec(from.port).put(' ').put(phone.type.empty() ? std::string_view("Unknown") : phone.type.view());
  out.put("  keepalive 0 max_line 0 available_line 0\n");
  for (const cli::Button& b : phone.buttons)
    for (size_t i = 0; i < b.lines; ++i) {
      out.put("button ").dec(b.number).put(": cw:1 ccw:(0 0)\n");
      for (const EphoneDn& dn : config_.dns)
        if (dn.tag == b.line[i]) out.put("  dn ").dec(dn.tag).put(" number ").put(dn.number).put(' ').put(dn.name).put('\n');
    }
  out.put("Device Security Mode: ").put(mode_name(device_mode_of(config_.telephony, phone))).put('\n');
}

using cli::action;
using cli::pending;
using cli::privilege;

extern const cli::Row kExec[26];
constexpr cli::Row kExec[26] = {
    action<show_telephony>("show telephony-service", "Settings of the telephony service"),
    action<show_security_info>("show telephony-service security-info", "Trustpoints and security modes"),
    action<show_tftp_bindings>("show telephony-service tftp-bindings", "Phone files that are served"),
    action<show_all_settings>("show telephony-service all", "All settings, numbers and phones"),
    action<show_phone_settings>("show telephony-service ephone", "Settings of phones"),
    action<show_dn_settings>("show telephony-service ephone-dn", "Settings of numbers"),
    action<show_admins>("show telephony-service admin", "Accounts of the web pages"),
    action<show_security_features>("show telephony-service security-features", "What each phone can do for security"),
    action<show_ephone>("show ephone", "State of phones"),
    action<show_ephone>("show ephone unregistered", "Phones that are not registered"),
    action<show_ephone_none>("show ephone registered", "Phones that are registered"),
    action<show_ephone_none>("show ephone offhook", "Phones that are in use, with the keys of their calls"),
    action<show_ephone_summary>("show ephone summary", "One line for each phone"),
    action<show_ephone_tag>("show ephone <1-" LIMIT_PHONES ">", "One phone", &ShowPhone::tag),
    action<show_ephone_mac>("show ephone mac-address H.H.H", "One phone by its hardware address", &ShowPhone::mac),
    action<show_phone_load>("show ephone phone-load", "Firmware of phones that are registered"),
    action<show_phones_of_dn>("show ephone dn <1-" LIMIT_DNS ">", "Phones of a number", &DnArgs::tag),
    action<show_dns>("show ephone-dn", "State of numbers"),
    action<show_dn>("show ephone-dn <1-" LIMIT_DNS ">", "One number", &DnArgs::tag),
    action<show_dn_summary>("show ephone-dn summary", "One line for each number"),
    action<show_attempts>("show ephone attempted-registrations", "Phones that are not configured and tried to register"),
    privilege(15, action<debug_phones>("debug ephone {detail|error|keepalive|message|register|state} [mac-address H.H.H]", "Phones",
                                       &DebugPhones::what, &DebugPhones::mac)),
    privilege(15, action<undebug_phones>("undebug ephone {detail|error|keepalive|message|register|state} [mac-address H.H.H]", "Phones",
                                         &DebugPhones::what, &DebugPhones::mac)),
    privilege(15, pending(action("debug ephone mwi [mac-address H.H.H]", "Message lamps of phones"))),
    privilege(15, action<clear_attempts>("clear telephony-service ephone-attempts", "Forget phones that tried to register")),
    privilege(15, pending(action("clear telephony-service {all|conference|xml-event-log}", "Forget what was counted"))),
};

}  // namespace parley::telephony_service
