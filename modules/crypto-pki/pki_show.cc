// Layouts of show crypto pki certificates and trustpoints (commands.md 2.3).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/pki_show.h"

#include "modules/crypto-pki/csr.h"
#include "modules/crypto-pki/name.h"

namespace parley::crypto_pki {
namespace {

const char* usage_text(const Certificate& c) {
  if (c.is_ca) return "Signature";
  if (!c.has_key_usage) return "General Purpose";
  const bool signs = (c.key_usage & (key_usage::kDigitalSignature | key_usage::kNonRepudiation)) != 0;
  const bool encrypts = (c.key_usage & (key_usage::kKeyEncipherment | key_usage::kDataEncipherment | key_usage::kKeyAgreement)) != 0;
  if (signs && !encrypts && c.key.algorithm == KeyAlgorithm::rsa) return "Signature";
  if (encrypts && !signs) return "Encryption";
  return "General Purpose";
}

void print_ios_name(Bytes name, Writer& out) {
  if (!print_name(name, NameStyle::ios, out)) out.put("(unreadable)");
}

struct UsageBit {
  uint16_t bit;
  const char* text;
};
constexpr UsageBit kUsageBits[] = {
    {key_usage::kDigitalSignature, "Digital Signature"}, {key_usage::kNonRepudiation, "Non Repudiation"},
    {key_usage::kKeyEncipherment, "Key Encipherment"},   {key_usage::kDataEncipherment, "Data Encipherment"},
    {key_usage::kKeyAgreement, "Key Agreement"},         {key_usage::kKeyCertSign, "Key Cert Sign"},
    {key_usage::kCrlSign, "CRL Signature"},
};

void print_key_id(Bytes id, Writer& out) {
  for (size_t at = 0; at < id.size(); at += 4) {
    out.put(at == 0 ? "" : " ").hex_bytes(id.data() + at, id.size() - at < 4 ? id.size() - at : 4);
  }
  out.put('\n');
}

void print_extensions(const Certificate& c, Writer& out) {
  out.put("  X509v3 extensions:\n");
  if (c.has_key_usage) {
    out.put("    X509v3 Key Usage: ").hex(static_cast<uint64_t>(c.key_usage), 1).put('\n');
    for (const UsageBit& b : kUsageBits) {
      if ((c.key_usage & b.bit) != 0) out.put("      ").put(b.text).put('\n');
    }
  }
  if (!c.subject_key_id.empty()) print_key_id(c.subject_key_id, out.put("    X509v3 Subject Key ID: "));
  if (c.has_basic_constraints) {
    out.put("    X509v3 Basic Constraints:\n        CA: ").put(c.is_ca ? "TRUE" : "FALSE").put('\n');
  }
  if (!c.authority_key_id.empty()) print_key_id(c.authority_key_id, out.put("    X509v3 Authority Key ID: "));
}

void print_key(const Certificate& c, Writer& out) {
  const bool rsa = c.key.algorithm == KeyAlgorithm::rsa;
  out.put("  Subject Key Info:\n    Public Key Algorithm: ").put(rsa ? "rsaEncryption" : "ecEncryption").put('\n');
  out.put(rsa ? "    RSA Public Key: (" : "    EC Public Key: (").dec(c.key.bits).put(" bit)\n");
  out.put("  Signature Algorithm: ").put(signature_algorithm_text(c.signature_algorithm)).put('\n');
  out.put("  Fingerprint MD5: ");
  print_fingerprint(c.der, Hash::md5, out);
  out.put("\n  Fingerprint SHA1: ");
  print_fingerprint(c.der, Hash::sha1, out);
  out.put('\n');
  print_extensions(c, out);
}

}  // namespace

void print_time(UnixTime t, Writer& out) {
  const Calendar c = to_calendar(t);
  out.dec(c.hour, 2, '0').put(':').dec(c.minute, 2, '0').put(':').dec(c.second, 2, '0').put(" UTC ");
  out.put(month_name(c.month)).put(' ').dec(c.day).put(' ').dec(c.year);
}

void print_certificate(const Stored& s, std::string_view labels, bool verbose, std::string_view storage, Writer& out) {
  const Certificate& c = s.certificate;
  out.put(s.kind == ChainKind::ca ? "CA Certificate" : s.kind == ChainKind::self_signed ? "Router Self-Signed Certificate"
          : s.kind == ChainKind::rollover ? "CA Certificate (Rollover)" : "Certificate").put('\n');
  out.put("  Status: Available\n");
  if (verbose) out.put("  Version: ").dec(c.version).put('\n');
  out.put("  Certificate Serial Number (hex): ");
  print_serial(c.serial, out);
  out.put("\n  Certificate Usage: ").put(usage_text(c)).put("\n  Issuer:\n    ");
  print_ios_name(c.issuer, out);
  out.put("\n  Subject:\n");
  const Bytes host = name_value(c.subject, NameKey::unstructured_name);
  if (s.kind != ChainKind::ca && !host.empty()) out.put("    Name: ").put(as_text(host)).put('\n');
  out.put("    ");
  print_ios_name(c.subject, out);
  out.put("\n  Validity Date:\n    start date: ");
  print_time(c.not_before, out);
  out.put("\n    end   date: ");
  print_time(c.not_after, out);
  out.put('\n');
  if (verbose) print_key(c, out);
  out.put("  Associated Trustpoints: ").put(labels).put('\n');
  if (verbose && !storage.empty()) out.put("  Storage: ").put(storage).put('\n');
}

void print_pending_request(const Enrolment& e, std::string_view host_name, Writer& out) {
  const auto digest = [&out](std::string_view name, const Digest& d) {
    out.put("   Certificate Request Fingerprint ").put(name).put(':');
    for (size_t i = 0; i < d.size; i += 4) out.put(' ').hex_bytes(d.data + i, d.size - i < 4 ? d.size - i : 4);
    out.put('\n');
  };
  out.put("Certificate\n  Subject:\n    Name: ").put(host_name).put("\n   Status: Pending\n   Key Usage: General Purpose\n");
  digest("MD5", e.fingerprint_md5());
  digest("SHA1", e.fingerprint_sha1());
  out.put("   Associated Trustpoint: ").put(e.settings().label).put('\n');
}

void print_trustpoint_status(const TrustStore& store, const Entry& e, bool requested, Writer& out) {
  out.put("Trustpoint ").put(e.label).put(":\n");
  const auto block = [&out](std::string_view title, const Certificate& c) {
    out.put("  ").put(title).put(" configured:\n    Subject Name:\n     ");
    print_ios_name(c.subject, out);
    out.put("\n    Fingerprint MD5: ");
    print_fingerprint(c.der, Hash::md5, out);
    out.put("\n    Fingerprint SHA1: ");
    print_fingerprint(c.der, Hash::sha1, out);
    out.put('\n');
  };
  const Stored* ca = e.authority();
  const Stored* own = e.own();
  if (ca != nullptr) block("Issuing CA certificate", ca->certificate);
  const Stored* second = e.own_encryption();
  const bool pair = second != nullptr || store.has_usage_pair(e);
  if (own != nullptr) block(pair ? "Router Signature certificate" : "Router General Purpose certificate", own->certificate);
  if (second != nullptr) block("Router Encryption certificate", second->certificate);
  const bool key = static_cast<bool>(store.key_of(e));
  out.put("  State:\n    Keys generated ............. ").put(!key ? "No" : pair ? "Yes (Signature, Encryption)" : "Yes (General Purpose)").put('\n');
  out.put("    Issuing CA authenticated ....... ").put(ca != nullptr ? "Yes" : "No").put('\n');
  out.put("    Certificate request(s) ..... ").put(own != nullptr ? "Yes" : requested ? "Pending" : "None").put('\n');
}

void print_trustpoint(const Entry& e, std::string_view scep_url, Writer& out) {
  out.put("Trustpoint ").put(e.label).put(":\n");
  const Stored* ca = e.authority();
  if (ca == nullptr) return;
  out.put("    Subject Name:\n    ");
  print_ios_name(ca->certificate.subject, out);
  out.put("\n          Serial Number (hex): ");
  print_serial(ca->certificate.serial, out);
  out.put("\n    Certificate configured.\n");
  if (!scep_url.empty()) out.put("    SCEP URL: ").put(scep_url).put("/cgi-bin\n");
}

}  // namespace parley::crypto_pki
