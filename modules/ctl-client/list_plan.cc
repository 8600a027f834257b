// What goes into a trust list.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/list_plan.h"

#include <algorithm>

#include "modules/ctl-client/rotation.h"
#include "modules/ctl-client/trust_file_build.h"

namespace parley::ctl_client {
namespace {

class Planner {
 public:
  Planner(const Ctl& config, const Trustpoints& trustpoints, const Keys& keys, const PlanOptions& options, ListPlan& plan,
          Text<200>& problem)
      : config_(config), trustpoints_(trustpoints), keys_(keys), options_(options), plan_(plan), problem_(problem) {}

  bool run() {
    return find_sasts() && add_sasts() && add_servers() && add_others_in_use() && add_imports();
  }

 private:
  bool fail(std::string_view before, std::string_view name = {}, std::string_view after = {}, std::string_view end = {}) {
    char line[200];
    FixedWriter w(line);
    w.put("% ").put(before).put(name).put(after).put(end);
    problem_ = w.view();
    return false;
  }
  bool no_certificate(std::string_view label) { return fail("Trustpoint ", label, " has no usable certificate"); }

  bool add(PlannedRecord record, Bytes certificate) {
    if (!record.certificate.append(certificate) || !plan_.records.push(std::move(record)))
      return fail("No memory for the CTL file");
    return true;
  }

  // The two that may sign, the wanted one first (trust-files.md 2.1).
  struct Named { const char* name; const Text<63>& label; };
  Named signer(size_t i) const {
    if (config_.tokenless) return i == 0 ? Named{"Recovery", config_.recovery} : Named{"SAST1", config_.sast1};
    return i == 0 ? Named{"SAST1", config_.sast1} : Named{"SAST2", config_.sast2};
  }

  bool find_sasts() {
    for (size_t i = 0; i < 2; ++i) {
      const Named s = signer(i);
      if (s.label.empty()) return fail(s.name, " trustpoint is not configured");
      const auto found = trustpoints_.newest(s.label, Purpose::file_signing);
      if (!found) return no_certificate(s.label);
      sasts_[i] = {s.label, found->certificate, found->key};
    }
    return different();
  }

  // Not only two labels: two certificates and two key pairs (trust-files.md 2.2).
  bool different() {
    const auto a = crypto_pki::parse_certificate(sasts_[0].certificate);
    const auto b = crypto_pki::parse_certificate(sasts_[1].certificate);
    if (!a) return no_certificate(signer(0).label);
    if (!b) return no_certificate(signer(1).label);
    if (equal_bytes(a->der, b->der) || equal_bytes(a->spki, b->spki) || sasts_[0].key == sasts_[1].key)
      return fail(signer(0).name, " and ", signer(1).name, " must use different certificates");
    const uint16_t bits[] = {a->key.bits, b->key.bits};
    for (size_t i = 0; i < 2; ++i)
      if (!modulus_code(bits[i])) return no_certificate(signer(i).label);
    return true;
  }

  bool add_sasts() {
    auto choice = choose_signer(options_.signer, keys_, sasts_[0], sasts_[1]);
    if (!choice) return fail("CTL file: ", choice.error().what);
    if (choice->label.empty()) {   // a key that gave its label away
      char text[63];
      FixedWriter w(text);
      w.put(signer(0).label.view().substr(0, 48)).put(" (former key)");
      choice->label = w.view();
    }
    return plan_.sign_as(std::move(*choice)) || fail("No memory for the CTL file");
  }

  bool add_servers() {
    for (const Function f : {Function::cme, Function::tftp, Function::cme_tftp, Function::capf, Function::application})
      for (const Server& s : config_.servers)
        if (s.function == f && !add_server(s)) return false;
    return true;
  }

  const Server* twin(const Server& s, Function f) const {
    for (const Server& other : config_.servers)
      if (other.function == f && other.source == Source::trustpoint && other.address == s.address &&
          other.trustpoint == s.trustpoint) return &other;
    return nullptr;
  }

  bool add_server(const Server& s) {
    if (s.source == Source::provider) return add_remote(s);
    auto found = trustpoints_.usable(s.trustpoint, Purpose::tls_legacy);
    if (!found) found = trustpoints_.usable(s.trustpoint, Purpose::tls_modern);
    if (!found) return no_certificate(s.trustpoint);
    const bool secure = options_.secure;
    const Rotation::Pair pair = options_.rotation.of_label(s.trustpoint);
    switch (s.function) {
      case Function::cme: return add_role(secure && twin(s, Function::tftp) != nullptr ? Role::ccm_tftp : Role::ccm, s, pair);
      case Function::tftp: return secure && twin(s, Function::cme) != nullptr ? true : add_role(Role::tftp, s, pair);
      case Function::cme_tftp:
        // Outside secure mode the record loses its certificate; phones still need one to check signed files with.
        return add_role(Role::ccm_tftp, s, pair) && (secure || add_role(Role::tftp, s, pair));
      case Function::capf: return add_role(Role::capf, s, pair);
      case Function::application: return add_role(Role::app_server, s, pair);
    }
    return true;
  }

  // What the CTL provider of another router handed over. Call manager and file server in one become one record in secure mode.
  bool add_remote(const Server& s) {
    const KnownProvider* known = options_.providers == nullptr ? nullptr : options_.providers->find(s.address);
    if (known == nullptr || known->records.empty()) {
      char address[16];
      FixedWriter w(address);
      w.ipv4(s.address);
      return fail("Server ", w.view(), ": its CTL provider gave no certificate yet");
    }
    const auto other = [&](const RemoteRecord& r, Role role) {
      for (const RemoteRecord& o : known->records)
        if (o.role == role && o.ip == r.ip && equal_bytes(o.certificate, r.certificate)) return true;
      return false;
    };
    for (const RemoteRecord& r : known->records) {
      const bool both = options_.secure && (r.role == Role::ccm ? other(r, Role::tftp) : r.role == Role::tftp && other(r, Role::ccm));
      if (both && r.role == Role::tftp) continue;
      if (!add_role(both ? Role::ccm_tftp : r.role, r.ip, r.certificate, r.name)) return false;
      if (r.role == Role::ccm_tftp && !options_.secure && !add_role(Role::tftp, r.ip, r.certificate, r.name)) return false;
    }
    return true;
  }

  // With the certificate in use and the one that comes after it.
  bool add_role(Role role, const Server& s, const Rotation::Pair& pair) {
    if (pair.next.empty() || nonsecure(role)) return add_role(role, s.address, pair.now, {});
    return add_role(role, s.address, pair.now, {}) && add_role(role, s.address, pair.next, {});
  }
  bool add_role(Role role, uint32_t ip, Bytes certificate, std::string_view name) {
    PlannedRecord r;
    r.role = role;
    r.ip = ip;
    r.name = name;
    r.is_server = true;
    r.nonsecure = nonsecure(role);
    return add(std::move(r), r.nonsecure ? Bytes() : certificate);
  }
  bool nonsecure(Role role) const { return !options_.secure && (role == Role::ccm || role == Role::ccm_tftp); }

  // A service that shows another certificate than the rows say: phones without an ITL know it from here.
  bool add_others_in_use() {
    for (const RoleBook::Use& use : options_.uses) {
      const Rotation::Pair pair = options_.rotation.of_use(use);
      const bool mine = use.role == Role::tftp || use.role == Role::capf || (use.role == Role::ccm && options_.secure);
      if (!mine || !listed(use.role, {})) continue;
      for (const Bytes certificate : {pair.now, pair.next}) {
        if (certificate.empty() || listed(use.role, certificate)) continue;
        if (!add_role(use.role, use.ip, certificate, use.name)) return false;
      }
    }
    return true;
  }

  // With this certificate; with any when it is empty.
  bool listed(Role role, Bytes certificate) const {
    const bool both = role == Role::ccm || role == Role::tftp;
    return std::any_of(plan_.records.begin(), plan_.records.end(), [&](const PlannedRecord& r) {
      return (r.role == role || (both && r.role == Role::ccm_tftp)) && (certificate.empty() || equal_bytes(r.certificate.view(), certificate));
    });
  }

  bool add_imports() {
    for (const Import& i : config_.imports) {
      PlannedRecord r;
      r.role = Role::app_server;
      r.file = i.file;
      if (!add(std::move(r), {})) return false;
    }
    return true;
  }

  const Ctl& config_;
  const Trustpoints& trustpoints_;
  const Keys& keys_;
  const PlanOptions& options_;
  ListPlan& plan_;
  Text<200>& problem_;
  Signer sasts_[2];
};

}  // namespace

bool plan_list(const Ctl& config, const Trustpoints& trustpoints, const Keys& keys, const PlanOptions& options, ListPlan& plan,
               Text<200>& problem) {
  return Planner(config, trustpoints, keys, options, plan, problem).run();
}

bool ListPlan::sign_as(SignerChoice choice) {
  signer_key = choice.key;
  signer_label = choice.label;
  staged = choice.staged;
  vouched = choice.vouched;
  strands = choice.strands;
  lost = std::move(choice.lost);
  PlannedRecord first, second;
  first.certificate = std::move(choice.signer);
  second.certificate = std::move(choice.second);
  const bool two = !second.certificate.empty();
  return records.push(std::move(first)) && (!two || records.push(std::move(second)));
}

bool is_signer_of(Bytes list, Bytes certificate) {
  const auto c = crypto_pki::parse_certificate(certificate);
  const auto f = read_file(list);
  if (!c || !f) return false;
  const auto id = identity_of(*c);
  return id && f->header.issuer == id->issuer.text() && equal_bytes(f->header.serial, id->serial);
}

bool is_sast_of(Bytes list, Bytes certificate) {
  const auto c = crypto_pki::parse_certificate(certificate);
  const auto f = read_file(list);
  if (!c || !f) return false;
  const auto id = identity_of(*c);
  if (!id) return false;
  RecordReader records(f->body());
  while (records.more()) {
    const auto r = records.next();
    if (!r) return false;
    if (r->role == Role::sast && r->issuer == id->issuer.text() && equal_bytes(r->serial, id->serial) &&
        equal_bytes(r->certificate, certificate)) return true;
  }
  return false;
}

}  // namespace parley::ctl_client
