// Names of peers: name constraints of authorities and the identity rule.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/path_names.h"

#include "modules/crypto-pki/der.h"

namespace parley::crypto_pki {
namespace {

// GeneralName choices that constraints are made for.
constexpr uint8_t kEmail = tag::context(1), kDns = tag::context(2), kDirectory = tag::constructed(4), kUri = tag::context(6),
                  kIp = tag::context(7);
constexpr size_t kMaxNames = 256, kMaxSubtrees = 256;   // together a bound on the work that a peer can ask for

bool known(uint8_t kind) { return kind == kEmail || kind == kDns || kind == kDirectory || kind == kUri || kind == kIp; }

// "example.com" holds itself and everything below; ".example.com" only what is below.
bool in_domain(std::string_view host, std::string_view domain) {
  if (domain.empty()) return true;
  if (!host.empty() && host.back() == '.') host.remove_suffix(1);
  if (domain.front() != '.' && equal_nocase(host, domain)) return true;
  if (host.size() <= domain.size()) return false;
  const std::string_view end = host.substr(host.size() - domain.size());
  if (!equal_nocase(end, domain)) return false;
  return domain.front() == '.' || host[host.size() - domain.size() - 1] == '.';
}

// For mailboxes and URIs: a host name is that host alone, ".example.com" what is below.
bool is_host(std::string_view host, std::string_view rule) {
  return !rule.empty() && rule.front() == '.' ? in_domain(host, rule) : equal_nocase(host, rule);
}

bool email_inside(std::string_view mail, std::string_view rule) {
  const size_t at = mail.rfind('@');
  if (at == std::string_view::npos) return false;
  const size_t rule_at = rule.rfind('@');
  if (rule_at == std::string_view::npos) return is_host(mail.substr(at + 1), rule);
  return mail.substr(0, at) == rule.substr(0, rule_at) && equal_nocase(mail.substr(at + 1), rule.substr(rule_at + 1));
}

bool uri_inside(std::string_view uri, std::string_view rule) {
  const size_t scheme = uri.find("://");
  if (scheme == std::string_view::npos) return false;
  std::string_view host = uri.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (const size_t user = host.rfind('@'); user != std::string_view::npos) host = host.substr(user + 1);
  host = host.substr(0, host.find(':'));
  return !host.empty() && is_host(host, rule);
}

bool ip_inside(Bytes ip, Bytes rule) {
  if (rule.size() != 2 * ip.size()) return false;
  for (size_t i = 0; i < ip.size(); ++i) {
    if (((ip[i] ^ rule[i]) & rule[ip.size() + i]) != 0) return false;
  }
  return true;
}

// Content of [4] is a whole Name.
bool directory_inside(Bytes name, Bytes rule) { return name_starts_with(name, rule); }

bool inside(uint8_t kind, Bytes name, Bytes rule) {
  switch (kind) {
    case kEmail: return email_inside(as_text(name), as_text(rule));
    case kDns: return in_domain(as_text(name), as_text(rule));
    case kDirectory: return directory_inside(name, rule);
    case kUri: return uri_inside(as_text(name), as_text(rule));
    case kIp: return ip_inside(name, rule);
    default: return false;
  }
}

Fault no(const char* why) { return Fault{Code::untrusted, why, 0}; }
Fault broken() { return no("name constraints of the authority cannot be read"); }

struct Subtrees {
  Bytes permitted, excluded;   // content of GeneralSubtrees
};

// One GeneralSubtree: minimum 0 and no maximum is all that RFC 5280 allows.
bool next_subtree(DerReader& list, DerValue& base) {
  DerReader one = list.enter(tag::kSequence);
  base = one.any();
  DerValue minimum;
  if (one.optional(tag::context(0), minimum) && !(minimum.content.size() == 1 && minimum.content[0] == 0)) return false;
  return one.done();
}

Status check_name(const Subtrees& rules, uint8_t kind, Bytes name) {
  bool limited = false, allowed = false;
  for (const bool permitted : {true, false}) {
    DerReader list(permitted ? rules.permitted : rules.excluded);
    for (size_t n = 0; !list.empty(); ++n) {
      DerValue base;
      if (n == kMaxSubtrees || !next_subtree(list, base)) return broken();
      if (base.tag != kind) continue;
      if (!known(kind)) return no("a kind of name that the authority's constraints name is not understood");
      const bool is_in = inside(kind, name, base.content);
      if (!permitted && is_in) return no("a name is excluded by the name constraints of its authority");
      limited = limited || permitted;
      allowed = allowed || is_in;
    }
    if (!list.ok()) return broken();
  }
  if (limited && !allowed) return no("a name is not permitted by the name constraints of its authority");
  return {};
}

bool empty_name(Bytes name) { return name.size() <= 2; }

bool host_like(std::string_view s) {
  if (s.find('.') == std::string_view::npos) return false;
  for (const char c : s) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    if (!fits) return false;
  }
  return true;
}

}  // namespace

Status check_name_constraints(Bytes constraints, const Certificate& c, bool leaf) {
  DerReader all(constraints);
  DerReader r = all.enter(tag::kSequence);
  DerValue permitted, excluded;
  Subtrees rules;
  if (r.optional(tag::constructed(0), permitted)) rules.permitted = permitted.content;
  if (r.optional(tag::constructed(1), excluded)) rules.excluded = excluded.content;
  if (!r.done() || !all.done()) return broken();
  if (!empty_name(c.subject)) TRY(check_name(rules, kDirectory, c.subject));
  DerReader names(c.alt_names);
  size_t count = 0;
  bool has_dns = false, has_email = false;
  while (!names.empty()) {
    const DerValue n = names.any();
    if (!names.ok() || ++count > kMaxNames) return no("alternative names cannot be read");
    has_dns = has_dns || n.tag == kDns;
    has_email = has_email || n.tag == kEmail;
    TRY(check_name(rules, n.tag, n.content));
  }
  if (!has_email) {
    if (const Bytes mail = name_value(c.subject, NameKey::email); !mail.empty()) TRY(check_name(rules, kEmail, mail));
  }
  if (leaf && !has_dns) {
    const Bytes cn = name_value(c.subject, NameKey::common_name);
    if (host_like(as_text(cn))) TRY(check_name(rules, kDns, cn));
  }
  return {};
}

bool has_host_name(const Certificate& c, std::string_view name) {
  uint32_t ip = 0;
  const bool address = parse_ipv4(name, ip);
  uint8_t octets[4];
  ByteWriter w(octets);
  w.u32(ip);
  bool other = false;
  AltName n;
  for (size_t i = 0; alt_name_at(c.alt_names, i, n); ++i) {
    if (n.kind != (address ? AltName::Kind::ip : AltName::Kind::dns)) continue;
    if (address ? equal_bytes(n.value, octets) : equal_nocase(as_text(n.value), name)) return true;
    other = true;
  }
  return !other && equal_nocase(as_text(name_value(c.subject, NameKey::common_name)), name);
}

bool has_phone_name(const Certificate& c, std::string_view name) {
  const std::string_view cn = as_text(name_value(c.subject, NameKey::common_name));
  if (equal_nocase(cn, name)) return true;
  return cn.size() > name.size() && cn[cn.size() - name.size() - 1] == '-' &&
         equal_nocase(cn.substr(cn.size() - name.size()), name);
}

}  // namespace parley::crypto_pki
