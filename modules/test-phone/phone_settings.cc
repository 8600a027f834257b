// What one phone reads in its configuration file.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/test-phone/phone_settings.h"

#include "modules/telephony-service/xml_check.h"

namespace parley::test_phone {
namespace {

constexpr uint16_t kSecureOffset = 443;    // 2000 -> 2443 (trust-files.md 6)

struct Reading {
  PhoneSettings out;
  bool device = false;                     // the root is <device>
  uint16_t signalling = 2000;
};

bool is_true(std::string_view v) { return equal_nocase(v, "true"); }

template <class T>
void number(std::string_view v, uint64_t max, T& out) {
  uint64_t n = 0;
  if (parse_dec(v, max, n)) out = static_cast<T>(n);
}

// First one wins: servers stand in the order of their priority.
void address(std::string_view v, Endpoint& e) {
  uint32_t ip = 0;
  if (e.ip == 0 && parse_ipv4(v, ip)) e.ip = ip;
}

void element(void* context, std::string_view path, std::string_view text) {
  Reading& r = *static_cast<Reading*>(context);
  if (!path.starts_with("/device")) return;
  r.device = true;
  const std::string_view value = trim(text);
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const auto under = [path](std::string_view parent) { return path.find(parent) != std::string_view::npos; };
  if (name == "fullConfig") r.out.full = !equal_nocase(value, "false");
  else if (name == "encrConfig") r.out.encrypted = is_true(value);
  else if (name == "certHash") (void)r.out.certificate_hash.set(value);
  else if (name == "deviceSecurityMode") number(value, 3, r.out.security_mode);
  else if (name == "capfAuthMode") number(value, 4, r.out.capf_mode);
  else if (name == "phonePort" && under("/capfList/")) number(value, 65535, r.out.capf.port);
  else if (name == "processNodeName" && under("/capfList/")) address(value, r.out.capf);
  else if (name == "processNodeName" && under("/callManagerGroup/")) address(value, r.out.call_manager);
  else if (name == "ethernetPhonePort") number(value, 65535 - kSecureOffset, r.signalling);
  else if (name == "address" && under("/TVS/")) address(value, r.out.tvs);
  else if (name == "port" && under("/TVS/")) number(value, 65535, r.out.tvs.port);
  else if (name.starts_with("secure") && name.ends_with("URL") && r.out.service_url.empty()) (void)r.out.service_url.set(value);
}

}  // namespace

Result<PhoneSettings> read_settings(Bytes xml) {
  Reading r;
  r.out.capf.port = 3804;
  r.out.tvs.port = 2445;
  TRY(telephony_service::read_xml(xml, &element, &r));
  if (!r.device) return Fault{Code::invalid, "not the file of a phone", 0};
  r.out.call_manager.port = r.out.security_mode == 1 ? r.signalling : static_cast<uint16_t>(r.signalling + kSecureOffset);
  return r.out;
}

bool https_endpoint(std::string_view url, Endpoint& out) {
  constexpr std::string_view kScheme = "https://";
  if (!starts_nocase(url, kScheme)) return false;
  std::string_view host = url.substr(kScheme.size());
  host = host.substr(0, host.find('/'));
  out.port = 443;
  if (const size_t colon = host.find(':'); colon != std::string_view::npos) {
    uint64_t port = 0;
    if (!parse_dec(host.substr(colon + 1), 65535, port) || port == 0) return false;
    out.port = static_cast<uint16_t>(port);
    host = host.substr(0, colon);
  }
  return parse_ipv4(host, out.ip);
}

}  // namespace parley::test_phone
