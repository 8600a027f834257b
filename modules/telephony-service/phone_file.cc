// Content of the phone files (spec: trust-files.md 6).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/phone_file.h"

#include "modules/telephony-service/phone_tables.h"
#include "modules/telephony-service/xml_writer.h"

namespace parley::telephony_service {
namespace {

constexpr const char* kDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

struct Address {
  char text[16];
  FixedWriter writer{text};
  explicit Address(uint32_t ip) { writer.ipv4(ip); }
  std::string_view view() const { return writer.view(); }
};

void member(XmlWriter& x, std::string_view priority, uint32_t ip, uint16_t port) {
  x.open("member", "priority", priority);
  x.open("callManager");
  x.open("ports");
  x.element("ethernetPhonePort", port);
  x.close("ports");
  x.element("processNodeName", Address(ip).view());
  x.close("callManager");
  x.close("member");
}

void call_managers(XmlWriter& x, const Telephony& t) {
  x.open("callManagerGroup");
  x.open("members");
  member(x, "0", t.source, t.port);
  if (t.secondary != 0) member(x, "1", t.secondary, t.port);
  x.close("members");
  x.close("callManagerGroup");
}

void date_time(XmlWriter& x, const Telephony& t) {
  constexpr std::string_view kOrders[] = {"M/D/Y", "D/M/Y", "Y/D/M", "Y/M/D"};
  char format[8];
  FixedWriter w(format);
  w.put(kOrders[static_cast<size_t>(t.date_format)]);
  if (t.time_format == TimeFormat::hours_12) w.put('A');
  x.open("dateTimeSetting");
  x.element("dateTemplate", w.view());
  if (!time_zone_name(t.time_zone).empty()) x.element("timeZone", time_zone_name(t.time_zone));
  x.close("dateTimeSetting");
}

std::string_view first_locale(const cli::Table<Locale>& locales) {
  for (const Locale& l : locales)
    if (l.tag == 0) return l.code;
  return "US";
}

void locales(XmlWriter& x, const Telephony& t) {
  const std::string_view user = first_locale(t.user_locales), network = first_locale(t.network_locales);
  const LocaleName* u = locale_name(user);
  const LocaleName* n = locale_name(network);
  x.open("userLocale");
  x.element("name", u != nullptr ? u->user : user);
  if (u != nullptr) x.element("langCode", u->language);
  x.close("userLocale");
  x.element("networkLocale", n != nullptr ? n->network : network);
}

void urls(XmlWriter& x, const Telephony& t) {
  struct Kind { UrlKind kind; std::string_view element; };
  constexpr Kind kKinds[] = {{UrlKind::directories, "directoryURL"}, {UrlKind::idle, "idleURL"},
                             {UrlKind::information, "informationURL"}, {UrlKind::messages, "messagesURL"},
                             {UrlKind::proxy_server, "proxyServerURL"}, {UrlKind::services, "servicesURL"}};
  x.element("authenticationURL", t.authentication_url);
  for (const Kind& k : kKinds) {
    std::string_view url;
    for (const ServiceUrl& u : t.urls)
      if (u.kind == k.kind) url = u.url;
    x.element(k.element, url);
  }
}

// Numbers of trust-files.md 6.
int mode_number(DeviceMode m) {
  switch (m) {
    case DeviceMode::none: return 1;
    case DeviceMode::authenticated: return 2;
    case DeviceMode::encrypted: return 3;
  }
  return 1;
}

void security(XmlWriter& x, const Telephony& t, const Ephone& phone, bool server_secure, DeviceMode mode, const PhoneCapf& capf) {
  x.element("deviceSecurityMode", mode_number(mode));
  x.element("transportLayerProtocol", 4);
  x.element("capfAuthMode", capf.auth_mode);
  if (phone.capf_ip_in_cnf || server_secure || capf.auth_mode != 0) {
    x.open("capfList");
    x.open("capf");
    x.element("phonePort", capf.server.port);
    x.element("processNodeName", Address(capf.server.ip != 0 ? capf.server.ip : uint32_t{t.source}).view());
    x.close("capf");
    x.close("capfList");
  }
  x.element("certHash", capf.certificate_hash);
  x.element("encrConfig", "false");
}

void vendor_config(XmlWriter& x, const Telephony& t, DeviceMode mode) {
  bool web_access = false;
  x.open("vendorConfig");
  for (const PhoneSetting& s : t.phone_settings) {
    if (!xml_name(s.name)) continue;
    web_access = web_access || equal_nocase(s.name, "webAccess");
    x.element(s.name, s.value);
  }
  if (!web_access && mode != DeviceMode::none) x.element("webAccess", 1);   // off: no clear-text pages of a secure phone
  x.close("vendorConfig");
}

void ssh_login(XmlWriter& x, const Telephony& t) {
  const bool known = t.ssh_password.set != 0 && t.ssh_password.type == 0;
  x.element("sshUserId", known ? t.ssh_user.view() : std::string_view());
  x.element("sshPassword", known ? t.ssh_password.text.view() : std::string_view());
}

}  // namespace

PhoneFileName phone_file_name(const cli::Mac& mac) {
  char name[32];
  FixedWriter w(name);
  w.put("SEP").hex_bytes(mac.bytes, sizeof mac.bytes).put(".cnf.xml");
  return PhoneFileName(w.view());
}

Stamp stamp_of(UnixTime time) {
  const Calendar c = to_calendar(time);
  char text[24];
  FixedWriter w(text);
  w.put(month_name(c.month)).put(' ').dec(c.day, 2, '0').put(' ').dec(c.year, 4, '0').put(' ');
  w.dec(c.hour, 2, '0').put(':').dec(c.minute, 2, '0').put(':').dec(c.second, 2, '0');
  return Stamp(w.view());
}

DeviceMode device_mode_of(const Telephony& t, const Ephone& phone) {
  return phone.device_mode_set ? phone.device_mode : t.device_mode;
}

// `load 7960-7940 P00308000300` serves both types.
std::string_view load_of(const Telephony& t, std::string_view type) {
  if (type.empty()) return {};
  for (const Load& l : t.loads) {
    std::string_view rest = l.type;
    if (equal_nocase(rest, type)) return l.file;
    while (!rest.empty()) {
      const size_t dash = rest.find('-');
      if (equal_nocase(rest.substr(0, dash), type)) return l.file;
      rest = dash == std::string_view::npos ? std::string_view() : rest.substr(dash + 1);
    }
  }
  return {};
}

Result<PhoneFile> write_phone_file(const Telephony& t, const Ephone& phone, bool server_secure, const PhoneCapf& capf) {
  const DeviceMode mode = server_secure ? device_mode_of(t, phone) : DeviceMode::none;
  PhoneFile file;
  file.text.put(kDeclaration);
  XmlWriter x(file.text);
  x.open("device");
  x.element("fullConfig", "true");
  x.element("deviceProtocol", "SCCP");
  x.element("ipAddressMode", 0);
  x.open("devicePool");
  date_time(x, t);
  call_managers(x, t);
  x.close("devicePool");
  file.text.put("  <versionStamp>{");
  file.stamp_at = file.text.size();
  file.text.pad(Stamp::kCapacity).put("}</versionStamp>\n");
  x.element("loadInformation", load_of(t, phone.type));
  locales(x, t);
  urls(x, t);
  security(x, t, phone, server_secure, mode, capf);
  ssh_login(x, t);
  vendor_config(x, t, mode);
  x.close("device");
  if (!file.text.ok()) return Fault{Code::full, "no memory for a phone file", 0};
  return file;
}

Result<PhoneFile> write_default_file(const Telephony& t) {
  PhoneFile file;
  file.text.put(kDeclaration);
  XmlWriter x(file.text);
  x.open("Default");
  call_managers(x, t);
  size_t count = 0;
  const ModelName* all = models(count);
  for (size_t i = 0; i < count; ++i) {
    const std::string_view load = load_of(t, all[i].type);
    if (load.empty()) continue;
    file.text.put("  <loadInformation").dec(all[i].number).put(" model=\"").put(all[i].model).put("\">");
    escape_xml(file.text, load);
    file.text.put("</loadInformation").dec(all[i].number).put(">\n");
  }
  urls(x, t);
  x.close("Default");
  if (!file.text.ok()) return Fault{Code::full, "no memory for a phone file", 0};
  return file;
}

}  // namespace parley::telephony_service
