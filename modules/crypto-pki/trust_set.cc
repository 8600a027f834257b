// What a rule trusts, copied out of the trustpoints.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/trust_set.h"

namespace parley::crypto_pki {
namespace {

constexpr size_t kMaxCertificates = 512;

const Trustpoint* record_of(const Config& config, std::string_view label) {
  for (const Trustpoint& t : config.trustpoints) {
    if (t.label.view() == label) return &t;
  }
  return nullptr;
}

bool wanted(const PeerRule& rule, std::string_view label) {
  if (rule.labels[0].empty()) return true;
  for (const Text<63>& l : rule.labels) {
    if (!l.empty() && l.view() == label) return true;
  }
  return false;
}

class Builder {
 public:
  Builder(const PeerRule& rule, const TrustStore& store, const Config& config, TrustSet& out)
      : rule_(rule), store_(store), config_(config), out_(out) {}
  Status run();

 private:
  Status source(const Entry& e);
  Status add(const Entry& e, const Stored& s, bool anchor);
  Status parents(const Trustpoint& t, const Certificate& child);

  const PeerRule& rule_;
  const TrustStore& store_;
  const Config& config_;
  TrustSet& out_;
};

Status Builder::source(const Entry& e) {
  TrustSource s;
  s.label = e.label;
  if (const Trustpoint* t = record_of(config_, e.label)) {
    s.method_count = t->revocation.count < 3 ? t->revocation.count : 3;
    for (size_t i = 0; i < s.method_count; ++i) s.methods[i] = t->revocation.items[i];
    s.crl_url = t->crl_url;
    s.ocsp_url = t->ocsp_url;
    TRY(s.maps.add(config_, *t));
    if (t->enrollment == Enrollment::url) {
      const std::string_view url = t->enrollment_url;
      char text[255];
      FixedWriter w(text);
      const size_t host = url.find("://");
      w.put(url);
      if (host != std::string_view::npos && url.find('/', host + 3) == std::string_view::npos) w.put("/cgi-bin/pkiclient.exe");
      s.scep_url = Text<255>(w.view());
    }
  }
  return out_.sources.push(std::move(s));
}

// The same certificate in two trustpoints: once, as anchor when one of them says so.
Status Builder::add(const Entry& e, const Stored& s, bool anchor) {
  for (TrustedCertificate& t : out_.certificates) {
    if (!equal_bytes(t.certificate.der, s.certificate.der)) continue;
    if (t.anchor || !anchor) return {};
    t.anchor = true;
    TRY(source(e));
    t.source = static_cast<uint8_t>(out_.sources.size() - 1);
    return {};
  }
  if (out_.certificates.size() >= kMaxCertificates || out_.sources.size() >= 250)
    return Fault{Code::full, "too many CA certificates", 0};
  TRY(source(e));
  TrustedCertificate t;
  TRY_ASSIGN(t.certificate, parse_certificate(s.certificate.der));
  t.anchor = anchor;
  t.source = static_cast<uint8_t>(out_.sources.size() - 1);
  return out_.certificates.push(std::move(t));
}

Status Builder::parents(const Trustpoint& t, const Certificate& child) {
  for (size_t i = 0; i < store_.size(); ++i) {
    const Entry& e = store_[i];
    if (e.label.view() == t.label.view()) continue;
    if (!t.chain_continue.empty() && e.label.view() != t.chain_continue.view()) continue;
    for (const Stored& s : e.certificates) {
      if (s.kind != ChainKind::ca) continue;
      if (!t.chain_continue.empty() || equal_names(s.certificate.subject, child.issuer)) TRY(add(e, s, true));
    }
  }
  return {};
}

Status Builder::run() {
  constexpr uint8_t kContinue = 2;
  for (const bool mine : {true, false}) {
    for (size_t i = 0; i < store_.size(); ++i) {
      const Entry& e = store_[i];
      if (!e.defined || wanted(rule_, e.label) != mine) continue;
      const Trustpoint* t = record_of(config_, e.label);
      for (const Stored& s : e.certificates) {
        const bool next = s.kind == ChainKind::rollover && mine && rule_.use == PeerUse::phone_lsc;   // it issues for phones already
        if (s.kind != ChainKind::ca && !next) continue;
        const bool goes_on = mine && t != nullptr && t->chain_validation == kContinue && !s.certificate.self_issued();
        TRY(add(e, s, mine && !goes_on));
        if (goes_on) TRY(parents(*t, s.certificate));
      }
    }
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<const TrustSet>> make_trust_set(const PeerRule& rule, const TrustStore& store, const Config& config,
                                                       bool clock_valid) {
  auto set = std::make_shared<TrustSet>();
  set->clock_valid = clock_valid;
  TRY(Builder(rule, store, config, *set).run());
  return std::shared_ptr<const TrustSet>(std::move(set));
}

PathRules path_rules(const PeerRule& rule, UnixTime now) {
  PathRules r;
  r.now = now;
  r.legacy = rule.legacy || rule.use == PeerUse::phone_mic;
  r.expired = rule.use == PeerUse::phone_mic;   // most are past their ten years, and phones cannot get another
  r.early_anchor = rule.use == PeerUse::phone_lsc;
  r.name = rule.name.view();
  switch (rule.use) {
    case PeerUse::any: r.use = PathUse::any; break;
    case PeerUse::server: r.use = PathUse::server; break;
    case PeerUse::client: r.use = PathUse::client; break;
    case PeerUse::phone_lsc: case PeerUse::phone_mic: r.use = PathUse::phone; break;
  }
  return r;
}

}  // namespace parley::crypto_pki
