// The slow part of an audit: signatures and certificates of one phone.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/trust-audit/audit_job.h"

#include <initializer_list>

#include "modules/crypto-pki/certificate.h"
#include "modules/ctl-client/trust_file_verify.h"

namespace parley::trust_audit {
namespace {

using ctl_client::Record;
using ctl_client::RecordReader;
using ctl_client::Role;
using ctl_client::TrustFile;

bool passed(const ListFacts& list) { return !list.file.empty() && list.verdict; }

void verify(ListFacts& list) {
  if (list.file.empty()) return;
  const auto read = ctl_client::verify_ctl(list.file.view());
  if (!read) list.verdict = read.error();
  else list.signed_at = read->header.timestamp;
}

// wanted: the record has one of the roles; certificate: and is of this one. A list that does not pass vouches for nothing.
bool in_list(const ListFacts& list, std::initializer_list<Role> wanted, Bytes certificate) {
  if (!passed(list)) return false;
  const auto file = ctl_client::read_file(list.file.view());
  if (!file) return false;
  for (RecordReader records(file->body()); records.more();) {
    const auto r = records.next();
    if (!r) return false;
    for (const Role role : wanted)
      if (r->role == role && (certificate.empty() || equal_bytes(r->certificate, certificate))) return true;
  }
  return false;
}

bool in_lists(const Facts& f, std::initializer_list<Role> wanted, Bytes certificate) {
  return in_list(f.ctl, wanted, certificate) || in_list(f.itl, wanted, certificate);
}

Status verify_with(const ListFacts& list, Bytes file, const TrustFile& read, std::string_view name) {
  if (!passed(list)) return Fault{Code::untrusted, "no list that passes", 0};
  TRY_ASSIGN(const TrustFile trust, ctl_client::read_file(list.file.view()));
  TRY_ASSIGN(const Record signer, ctl_client::find_file_signer(trust.body(), read.header));
  TRY(ctl_client::verify_signed(file, name, signer));
  return {};
}

void verify(const Facts& f, SignedFacts& signed_file, std::string_view suffix) {
  if (signed_file.file.empty()) return;
  char name[48];
  FixedWriter w(name);
  w.put(f.device).put(".cnf.xml").put(suffix);
  const auto read = ctl_client::read_file(signed_file.file.view());
  if (!read) {
    signed_file.verdict = read.error();
    return;
  }
  signed_file.verdict = verify_with(f.ctl, signed_file.file.view(), *read, w.view());
  if (!signed_file.verdict) {
    const Status other = verify_with(f.itl, signed_file.file.view(), *read, w.view());
    if (other || f.ctl.file.empty()) signed_file.verdict = other;
  }
}

Status validate(PeerJob* path, Bytes certificate) {
  if (path == nullptr) return {};
  TRY(path->add(certificate));
  path->run();
  return path->result();
}

void look_at_certificate(Facts& f, PeerJob* as_lsc, PeerJob* as_mic) {
  const Bytes der = f.phone.certificate.view();
  if (der.empty()) return;
  const auto c = crypto_pki::parse_certificate(der);
  if (!c) {
    f.certificate_read = c.error();
    return;
  }
  f.not_before = c->not_before;
  f.not_after = c->not_after;
  char hex[64];
  FixedWriter w(hex);
  const Digest md5 = hash(Hash::md5, der);
  w.put("<certHash>").hex_bytes(md5.data, md5.size, false).put("</certHash>");
  f.hash_matches = f.plain.text().find(w.view()) != std::string_view::npos;
  f.certificate_trust = validate(as_lsc, der);
  if (!f.certificate_trust && validate(as_mic, der)) f.certificate_trust = {};
}

}  // namespace

void AuditJob::run() {
  Facts& f = facts;
  verify(f.ctl);
  verify(f.itl);
  verify(f, f.sgn, ".sgn");
  verify(f, f.enc, ".enc.sgn");
  for (size_t i = 0; i < f.signer_count; ++i) f.signers[i].listed = in_list(f.ctl, {Role::sast}, f.signers[i].certificate.view());
  const auto listed = [&f](ShownFacts& shown, std::initializer_list<Role> roles) {
    shown.listed = !shown.certificate.empty() && in_lists(f, roles, shown.certificate.view());
  };
  listed(f.files, {Role::tftp, Role::ccm_tftp});
  listed(f.capf, {Role::capf});
  listed(f.tvs, {Role::tvs});
  listed(f.calls, {Role::ccm, Role::ccm_tftp});
  f.services_vouched = in_lists(f, {Role::app_server}, {}) || f.tvs.listed;
  look_at_certificate(f, as_lsc.get(), as_mic.get());
}

}  // namespace parley::trust_audit
