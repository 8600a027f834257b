// What the audit of one phone looks at: asks the services.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/trust-audit/audit_facts.h"

#include <algorithm>

#include "modules/capf-server/capf_state.h"
#include "modules/crypto-pki/secure_listener.h"
#include "modules/ctl-client/trust_list.h"
#include "modules/file-service/publisher.h"
#include "modules/ip-services/interfaces.h"
#include "modules/module.h"

namespace parley::trust_audit {
namespace {

Blob served(const Publisher& publisher, std::string_view before, std::string_view device, std::string_view after) {
  char name[48];
  FixedWriter w(name);
  w.put(before).put(device).put(after);
  auto file = publisher.read(w.view());
  return file ? std::move(*file) : Blob();
}

void look_at(const Trustpoints& trustpoints, std::string_view label, Purpose purpose, ShownFacts& out) {
  if (label.empty()) return;
  out.used = true;
  (void)out.trustpoint.set(label);
  const auto usable = trustpoints.usable(label, purpose);
  if (!usable) out.usable = usable.error();
  const auto view = trustpoints.view(label);
  if (view) (void)out.certificate.append(view->certificate);
}

void look_at(const Trustpoints& trustpoints, const TrustUse* use, ShownFacts& out) {
  if (use == nullptr) return;
  const bool legacy = use->port != nullptr && use->port->settings().profile == TlsProfile::legacy;
  look_at(trustpoints, use->trustpoint, legacy ? Purpose::tls_legacy : Purpose::tls_modern, out);
  if (use->port == nullptr) return;
  out.has_port = true;
  out.listening = use->port->listening();
  out.trouble = use->port->trouble();
}

void add_signer(void* context, const TrustRoles::Trusted& t) {
  Facts& f = *static_cast<Facts*>(context);
  if (t.role != TrustRole::sast || f.signer_count == kMaxSigners) return;
  Signer& s = f.signers[f.signer_count++];
  (void)s.label.set(t.source);
  (void)s.certificate.append(t.certificate);
}

}  // namespace

Status collect(const Services& services, UnixTime now, uint16_t tag, Facts& f) {
  const auto* book = services.find<PhoneBook>();
  const auto* trustpoints = services.find<Trustpoints>();
  const auto* roles = services.find<TrustRoles>();
  const auto* publisher = services.find<Publisher>();
  const auto* interfaces = services.find<Interfaces>();
  const auto* capf = services.find<CapfState>();
  if (book == nullptr || trustpoints == nullptr || roles == nullptr || publisher == nullptr)
    return Fault{Code::missing, "trust-audit needs the services of phones", 0};
  TRY(book->trust_of(tag, f.phone));
  f.tag = tag;
  f.now = now;
  f.address_up = interfaces == nullptr || (f.phone.ip != 0 && interfaces->is_own(f.phone.ip));
  f.clock = trustpoints->clock_valid();
  f.tftp = publisher->serving(Publisher::Transport::tftp);
  f.https = publisher->serving(Publisher::Transport::https);
  PhoneMac mac;
  std::copy_n(f.mac, sizeof mac.bytes, mac.bytes);
  if (const auto* lists = services.find<TrustList>()) f.follows = lists->phone_follows(mac);
  f.ctl.file = served(*publisher, "CTL", f.device, ".tlv");
  f.itl.file = served(*publisher, "ITL", f.device, ".tlv");
  f.plain = served(*publisher, "", f.device, ".cnf.xml");
  f.sgn.file = served(*publisher, "", f.device, ".cnf.xml.sgn");
  f.enc.file = served(*publisher, "", f.device, ".cnf.xml.enc.sgn");
  roles->each_trusted(add_signer, &f);
  look_at(*trustpoints, f.phone.file_signer, Purpose::file_signing, f.files);
  look_at(*trustpoints, roles->use_of(TrustRole::capf), f.capf);
  look_at(*trustpoints, roles->use_of(TrustRole::tvs), f.tvs);
  look_at(*trustpoints, roles->use_of(TrustRole::ccm), f.calls);
  look_at(*trustpoints, roles->use_of(TrustRole::app_server), f.services);
  f.issuing = capf == nullptr ? Status(Fault{Code::missing, "this image has no CAPF server", 0}) : capf->can_issue();
  return {};
}

}  // namespace parley::trust_audit
