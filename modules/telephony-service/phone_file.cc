// Content of the phone files (spec: trust-files.md 6).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/phone_file.h"

#include <algorithm>

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

constexpr uint16_t kSipPort = 5060, kSecureSipPort = 5061;

void member(XmlWriter& x, std::string_view priority, uint32_t ip, uint16_t port, bool sip) {
  x.open("member", "priority", priority);
  x.open("callManager");
  x.open("ports");
  x.element("ethernetPhonePort", port);
  if (sip) x.element("sipPort", kSipPort);
  if (sip) x.element("securedSipPort", kSecureSipPort);
  x.close("ports");
  x.element("processNodeName", Address(ip).view());
  x.close("callManager");
  x.close("member");
}

void call_managers(XmlWriter& x, const Telephony& t, bool sip = false) {
  x.open("callManagerGroup");
  x.open("members");
  member(x, "0", t.source, t.port, sip);
  if (t.secondary != 0) member(x, "1", t.secondary, t.port, sip);
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

struct UrlElement {
  UrlKind kind;
  std::string_view element, secure;   // secure: name of the HTTPS form
};
constexpr UrlElement kUrls[] = {{UrlKind::directories, "directoryURL", "secureDirectoryURL"},
                                {UrlKind::idle, "idleURL", "secureIdleURL"},
                                {UrlKind::information, "informationURL", "secureInformationURL"},
                                {UrlKind::messages, "messagesURL", "secureMessagesURL"},
                                {UrlKind::proxy_server, "proxyServerURL", ""},
                                {UrlKind::services, "servicesURL", "secureServicesURL"}};

std::string_view url_of(const Telephony& t, UrlKind kind) {
  std::string_view url;
  for (const ServiceUrl& u : t.urls)
    if (u.kind == kind) url = u.url;
  return url;
}

// Before a way back phones trust no HTTPS server any more (`prepare-rollback`): such services pause.
void urls(XmlWriter& x, const Telephony& t, bool https_paused) {
  const auto served = [&](std::string_view url) { return https_paused && starts_nocase(url, "https:") ? std::string_view() : url; };
  x.element("authenticationURL", served(t.authentication_url));
  for (const UrlElement& u : kUrls) x.element(u.element, served(url_of(t, u.kind)));
}

// A phone uses the HTTPS form where there is one.
void secure_urls(XmlWriter& x, const Telephony& t) {
  x.element("secureAuthenticationURL", https_url(t.authentication_url));
  for (const UrlElement& u : kUrls)
    if (!u.secure.empty()) x.element(u.secure, https_url(url_of(t, u.kind)));
  x.open("phoneServices", "useHTTPS", "true");
  x.close("phoneServices");
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

void capf_part(XmlWriter& x, const Telephony& t, const Ephone& phone, const PhoneFacts& facts) {
  const PhoneCapf& capf = facts.capf;
  x.element("capfAuthMode", capf.auth_mode);
  if (!phone.capf_ip_in_cnf && !facts.server_secure && !facts.encrypted && capf.auth_mode == 0) return;
  x.open("capfList");
  x.open("capf");
  x.element("phonePort", capf.server.port);
  x.element("processNodeName", Address(capf.server.ip != 0 ? capf.server.ip : uint32_t{t.source}).view());
  x.close("capf");
  x.close("capfList");
}

void encryption_part(XmlWriter& x, const PhoneFacts& facts) {
  x.element("certHash", facts.capf.certificate_hash);
  x.element("encrConfig", facts.encrypted ? "true" : "false");
}

void security(XmlWriter& x, const Telephony& t, const Ephone& phone, const PhoneFacts& facts, DeviceMode mode) {
  x.element("deviceSecurityMode", mode_number(mode));
  x.element("transportLayerProtocol", facts.sip != nullptr ? 2 : 4);   // UDP; SCCP phones ignore it
  capf_part(x, t, phone, facts);
  encryption_part(x, facts);
}

// How a SIP phone proves who it is. A password that is stored encrypted cannot be given to it.
void sip_part(XmlWriter& x, const RegisterPool& pool) {
  const bool known = pool.password.set != 0 && pool.password.type == 0;
  x.open("sipProfile");
  x.open("sipLines");
  x.open("line", "button", "1");
  x.element("authName", known ? pool.user.view() : std::string_view());
  x.element("authPassword", known ? pool.password.text.view() : std::string_view());
  x.close("line");
  x.close("sipLines");
  x.close("sipProfile");
}

// Whom to ask about a certificate that no list names.
void tvs_part(XmlWriter& x, const PhoneFacts& facts) {
  if (facts.tvs_ip == 0) return;
  x.open("TVS");
  x.open("members");
  x.open("member", "priority", "0");
  x.element("address", Address(facts.tvs_ip).view());
  x.element("port", facts.tvs_port);
  x.close("member");
  x.close("members");
  x.close("TVS");
}

void vendor_config(XmlWriter& x, const Telephony& t, DeviceMode mode) {
  // A secure phone offers no pages in clear text, no SSH, no way to erase its lists by hand, unless `service phone` opens it again.
  struct Door { std::string_view name, shut; };
  constexpr Door kDoors[] = {{"webAccess", "1"}, {"sshAccess", "1"}, {"settingsAccess", "0"}};
  x.open("vendorConfig");
  for (const PhoneSetting& s : t.phone_settings)
    if (xml_name(s.name)) x.element(s.name, s.value);
  for (const Door& door : kDoors) {
    const bool set = std::any_of(t.phone_settings.begin(), t.phone_settings.end(),
                                 [&door](const PhoneSetting& s) { return equal_nocase(s.name, door.name); });
    if (!set && mode != DeviceMode::none) x.element(door.name, door.shut);
  }
  x.close("vendorConfig");
}

void ssh_login(XmlWriter& x, const Telephony& t) {
  const bool known = t.ssh_password.set != 0 && t.ssh_password.type == 0;
  x.element("sshUserId", known ? t.ssh_user.view() : std::string_view());
  x.element("sshPassword", known ? t.ssh_password.text.view() : std::string_view());
}

const EphoneTemplate* template_of(const Config& c, const Ephone& phone) {
  for (const EphoneTemplate& t : c.templates)
    if (phone.phone_template != 0 && t.tag == phone.phone_template) return &t;
  return nullptr;
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

bool encrypted_file(const Config& c, const Ephone& phone) {
  if (phone.cnf_encrypted != OwnSetting::inherit) return phone.cnf_encrypted == OwnSetting::on;
  const EphoneTemplate* t = template_of(c, phone);
  if (t != nullptr && t->cnf_encrypted != OwnSetting::inherit) return t->cnf_encrypted == OwnSetting::on;
  return c.telephony.cnf_encrypted;
}

bool https_services(const Config& c, const Ephone& phone) {
  const EphoneTemplate* t = template_of(c, phone);
  if (t != nullptr && t->https != OwnSetting::inherit) return t->https == OwnSetting::on;
  return c.telephony.service_https;
}

bool https_services(const Config& c, const RegisterPool& pool) {
  for (const RegisterTemplate& t : c.register_templates)
    if (pool.pool_template != 0 && t.tag == pool.pool_template && t.https) return true;
  return c.register_global.https;
}

Text<132> https_url(std::string_view url) {
  Text<132> out;
  if (starts_nocase(url, "https://")) {
    (void)out.set(url);
    return out;
  }
  if (!starts_nocase(url, "http://")) return out;
  url.remove_prefix(7);
  const size_t end = std::min(url.find_first_of("/?#"), url.size());
  std::string_view host = url.substr(0, end), port;
  if (host.size() >= 3 && host.substr(host.size() - 3) == ":80") host.remove_suffix(3);
  else if (host.size() >= 5 && host.substr(host.size() - 5) == ":8080") host.remove_suffix(5), port = ":8443";
  char text[160];
  FixedWriter w(text);
  w.put("https://").put(host).put(port).put(url.substr(end));
  if (w.ok()) (void)out.set(w.view());
  return out;
}

Result<PhoneFile> write_phone_file(const Telephony& t, const Ephone& phone, const PhoneFacts& facts) {
  const DeviceMode mode = facts.server_secure ? device_mode_of(t, phone) : DeviceMode::none;
  PhoneFile file;
  file.text.put(kDeclaration);
  XmlWriter x(file.text);
  x.open("device");
  x.element("fullConfig", "true");
  x.element("deviceProtocol", facts.sip != nullptr ? "SIP" : "SCCP");
  x.element("ipAddressMode", 0);
  x.open("devicePool");
  date_time(x, t);
  call_managers(x, t, facts.sip != nullptr);
  x.close("devicePool");
  if (facts.sip != nullptr) sip_part(x, *facts.sip);
  file.text.put("  <versionStamp>{");
  file.stamp_at = file.text.size();
  file.text.pad(Stamp::kCapacity).put("}</versionStamp>\n");
  x.element("loadInformation", load_of(t, phone.type));
  locales(x, t);
  urls(x, t, facts.https_paused);
  if (facts.https && !facts.https_paused) secure_urls(x, t);
  security(x, t, phone, facts, mode);
  tvs_part(x, facts);
  ssh_login(x, t);
  vendor_config(x, t, mode);
  x.close("device");
  if (!file.text.ok()) return Fault{Code::full, "no memory for a phone file", 0};
  return file;
}

Result<PhoneFile> write_partial_file(const Telephony& t, const Ephone& phone, const PhoneFacts& facts) {
  PhoneFile file;
  file.text.put(kDeclaration);
  XmlWriter x(file.text);
  x.open("device");
  x.element("fullConfig", "false");
  x.element("ipAddressMode", 0);
  x.element("loadInformation", load_of(t, phone.type));
  capf_part(x, t, phone, facts);
  encryption_part(x, facts);
  x.close("device");
  if (!file.text.ok()) return Fault{Code::full, "no memory for a phone file", 0};
  return file;
}

Result<PhoneFile> write_default_file(const Telephony& t, bool https_paused) {
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
  urls(x, t, https_paused);
  x.close("Default");
  if (!file.text.ok()) return Fault{Code::full, "no memory for a phone file", 0};
  return file;
}

}  // namespace parley::telephony_service
