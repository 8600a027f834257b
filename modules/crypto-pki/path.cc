// Path validation: from a peer's certificate to a certificate that is trusted.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/path.h"

#include "modules/crypto-pki/der.h"
#include "modules/crypto-pki/path_names.h"

namespace parley::crypto_pki {
namespace {

constexpr uint16_t kModernRsa = 2048, kLegacyRsa = 1024;

bool may_be_issuer(const Certificate& c, const Certificate& issuer) {
  if (!equal_names(c.issuer, issuer.subject)) return false;
  return c.authority_key_id.empty() || issuer.subject_key_id.empty() || equal_bytes(c.authority_key_id, issuer.subject_key_id);
}

// RFC 5280 4.2: not more than one instance of an extension.
bool repeats_extension(const Certificate& c) {
  DerReader outer(c.extensions);
  for (size_t i = 0; !outer.empty(); ++i) {
    const Bytes mine = outer.enter(tag::kSequence).oid();
    DerReader inner(c.extensions);
    for (size_t k = 0; k < i; ++k) {
      if (equal_bytes(inner.enter(tag::kSequence).oid(), mine)) return true;
    }
  }
  return false;
}

class Search {
 public:
  Search(std::span<const Certificate> chain, std::span<const TrustedCertificate> trusted, const PathRules& rules)
      : chain_(chain), trusted_(trusted), rules_(rules) {}
  PathResult run();

 private:
  bool extend(size_t length);
  bool candidate(const Certificate& issuer, size_t length);
  bool try_path(size_t length, uint8_t source);
  Status judge(size_t length);
  Status judge_one(size_t i, size_t length);
  Status judge_authority(size_t i);
  Status judge_usage(size_t i);
  Status judge_leaf();
  bool fail(const char* why, size_t at, size_t rank);
  static Fault no(const char* why) { return Fault{Code::untrusted, why, 0}; }

  std::span<const Certificate> chain_;
  std::span<const TrustedCertificate> trusted_;
  const PathRules& rules_;
  PathResult result_;
  const Certificate* path_[kMaxPath] = {};
  size_t checks_ = 0;
  size_t rank_ = 0;            // of the reason kept: an end at an anchor counts more than one before it
};

bool Search::fail(const char* why, size_t at, size_t rank) {
  if (rank < rank_) return false;
  rank_ = rank;
  result_.status = Fault{Code::untrusted, why, static_cast<uint32_t>(at)};
  result_.culprit = path_[at];
  return false;
}

PathResult Search::run() {
  result_.status = no("no certificate");
  if (chain_.empty()) return result_;
  path_[0] = &chain_[0];
  // A peer's own certificate may itself be what is trusted.
  for (const TrustedCertificate& t : trusted_) {
    if (t.anchor && equal_bytes(t.certificate.der, chain_[0].der)) {
      path_[0] = &t.certificate;
      if (try_path(1, t.source)) return result_;
      path_[0] = &chain_[0];
    }
  }
  (void)extend(1);
  return result_;
}

bool Search::try_path(size_t length, uint8_t source) {
  const Status good = judge(length);
  if (!good) return fail(good.error().what, good.error().detail, kMaxPath + length);
  result_.status = {};
  result_.culprit = nullptr;
  result_.length = length;
  result_.source = source;
  for (size_t i = 0; i < length; ++i) result_.path[i] = path_[i];
  return true;
}

// path_[0, length) is a row of possible issuers without an anchor yet.
bool Search::extend(size_t length) {
  const Certificate& last = *path_[length - 1];
  for (const TrustedCertificate& t : trusted_) {
    if (!t.anchor || !may_be_issuer(last, t.certificate) || length == kMaxPath) continue;
    path_[length] = &t.certificate;
    if (try_path(length + 1, t.source)) return true;
  }
  for (const TrustedCertificate& t : trusted_) {
    if (!t.anchor && candidate(t.certificate, length)) return true;
  }
  for (size_t i = 1; i < chain_.size(); ++i) {
    if (candidate(chain_[i], length)) return true;
  }
  const bool ends = last.self_issued();
  return fail(ends ? "the certificate that signed itself is not trusted" : "issued by an unknown authority", length - 1, length);
}

bool Search::candidate(const Certificate& issuer, size_t length) {
  const Certificate& last = *path_[length - 1];
  if (!may_be_issuer(last, issuer)) return false;
  for (size_t i = 0; i < length; ++i) {   // the same key under the same name again is a loop
    if (equal_bytes(path_[i]->spki, issuer.spki) && equal_bytes(path_[i]->subject, issuer.subject)) return false;
  }
  if (length + 1 >= kMaxPath) return fail("the chain of certificates is too long", length - 1, length);
  // Here, not at the end: a wrong candidate must not be followed.
  if (++checks_ > kMaxChecks) return fail("too many certificates to choose from", length - 1, kMaxPath);
  if (!verify_certificate(last, issuer.spki)) return fail("a signature is wrong, or its algorithm is not supported", length - 1, length);
  path_[length] = &issuer;
  return extend(length + 1);
}

Status Search::judge(size_t length) {
  for (size_t i = length; i-- > 0;) {
    const Status good = judge_one(i, length);
    if (!good) return Fault{Code::untrusted, good.error().what, static_cast<uint32_t>(i)};
  }
  if (length > 1) {
    if (++checks_ > kMaxChecks) return no("too many certificates to choose from");
    if (!verify_certificate(*path_[length - 2], path_[length - 1]->spki))
      return Fault{Code::untrusted, "a signature is wrong, or its algorithm is not supported", static_cast<uint32_t>(length - 2)};
  }
  return judge_leaf();
}

Status Search::judge_one(size_t i, size_t length) {
  const Certificate& c = *path_[i];
  const bool anchor = i + 1 == length;
  if (rules_.now < c.not_before && !(anchor && rules_.early_anchor)) return no("certificate is not yet valid");
  if (rules_.now > c.not_after && !rules_.expired) return no("certificate has expired");
  if (c.unknown_critical) return no("certificate has a critical extension that is not understood");
  if (c.requires_policy) return no("certificate policies are required, which is not supported");
  if (repeats_extension(c)) return no("an extension stands twice in the certificate");
  if (c.key.algorithm == KeyAlgorithm::other) return no("kind of key is not supported");
  if (c.key.algorithm == KeyAlgorithm::rsa && c.key.bits < (rules_.legacy ? kLegacyRsa : kModernRsa))
    return no(rules_.legacy ? "RSA key is shorter than 1024 bits" : "RSA key is shorter than 2048 bits");
  const Hash h = signature_hash(c.signature_algorithm);
  if (!anchor && !rules_.legacy && (h == Hash::md5 || h == Hash::sha1)) return no("certificate is signed with MD5 or SHA-1");
  TRY(judge_usage(i));
  if (i > 0) TRY(judge_authority(i));
  return {};
}

// What an issuer must be, and what it says about those below it.
Status Search::judge_authority(size_t i) {
  const Certificate& c = *path_[i];
  if (c.version == 3 ? !c.is_ca : !c.self_issued()) return no("the issuer is not a certificate authority");
  if (c.has_key_usage && (c.key_usage & key_usage::kKeyCertSign) == 0) return no("the issuer must not sign certificates");
  int below = 0;                                   // RFC 5280 6.1.4 (l): self-issued ones do not count
  for (size_t k = 1; k < i; ++k) below += path_[k]->self_issued() ? 0 : 1;
  if (c.path_length >= 0 && below > c.path_length) return no("more authorities below it than its path length allows");
  if (c.name_constraints.empty()) return {};
  for (size_t k = 0; k < i; ++k) {
    if (k > 0 && path_[k]->self_issued()) continue;
    const Status good = check_name_constraints(c.name_constraints, *path_[k], k == 0);
    if (!good) return good;
  }
  return {};
}

// Extended key usage of an authority limits what it may issue for, as everybody reads it (not in RFC 5280).
Status Search::judge_usage(size_t i) {
  const Certificate& c = *path_[i];
  if (!c.has_ext_usage || (c.ext_usage & ext_usage::kAny) != 0) return {};
  uint16_t wanted = 0;
  switch (rules_.use) {
    case PathUse::any: return {};
    case PathUse::server: wanted = ext_usage::kServerAuth; break;
    case PathUse::client: wanted = ext_usage::kClientAuth; break;
    case PathUse::phone: wanted = ext_usage::kClientAuth | ext_usage::kServerAuth | ext_usage::kIpsecEndSystem; break;
  }
  if ((c.ext_usage & wanted) != 0) return {};
  if (i > 0) return no("the authority must not issue certificates for this use (extended key usage)");
  return no(rules_.use == PathUse::server ? "certificate is not for a TLS server (extended key usage)"
                                          : "certificate is not for a TLS client (extended key usage)");
}

Status Search::judge_leaf() {
  const Certificate& c = *path_[0];
  constexpr uint16_t kSigns = key_usage::kDigitalSignature | key_usage::kKeyAgreement;
  constexpr uint16_t kServes = kSigns | key_usage::kKeyEncipherment;
  if (rules_.use != PathUse::any && c.has_key_usage) {
    if ((c.key_usage & (rules_.use == PathUse::client ? kSigns : kServes)) == 0) return no("key usage does not allow TLS");
  }
  if (rules_.name.empty()) return {};
  const bool named = rules_.use == PathUse::phone ? has_phone_name(c, rules_.name) : has_host_name(c, rules_.name);
  if (!named) return no("the certificate belongs to another name");
  return {};
}

}  // namespace

PathResult find_path(std::span<const Certificate> chain, std::span<const TrustedCertificate> trusted, const PathRules& rules) {
  return Search(chain, trusted, rules).run();
}

}  // namespace parley::crypto_pki
