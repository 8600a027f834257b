// What goes into a trust list.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/list_plan.h"

#include "modules/ctl-client/trust_file_build.h"

namespace parley::ctl_client {
namespace {

class Planner {
 public:
  Planner(const Ctl& config, const Trustpoints& trustpoints, const PlanOptions& options, ListPlan& plan, Text<200>& problem)
      : config_(config), trustpoints_(trustpoints), options_(options), plan_(plan), problem_(problem) {}

  bool run() {
    return add_sasts() && choose_signer() && add_servers() && add_imports();
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
  struct Signer { const char* name; const Text<63>& label; };
  Signer signer(size_t i) const {
    if (config_.tokenless) return i == 0 ? Signer{"Recovery", config_.recovery} : Signer{"SAST1", config_.sast1};
    return i == 0 ? Signer{"SAST1", config_.sast1} : Signer{"SAST2", config_.sast2};
  }

  bool add_sasts() {
    for (size_t i = 0; i < 2; ++i) {
      const Signer s = signer(i);
      if (s.label.empty()) return fail(s.name, " trustpoint is not configured");
      const auto found = trustpoints_.usable(s.label, Purpose::file_signing);
      if (!found) return no_certificate(s.label);
      keys_[i] = found->key;
      if (!add({}, found->certificate)) return false;
    }
    return different();
  }

  // Not only two labels: two certificates and two key pairs (trust-files.md 2.2).
  bool different() {
    const auto a = crypto_pki::parse_certificate(plan_.records[0].certificate.view());
    const auto b = crypto_pki::parse_certificate(plan_.records[1].certificate.view());
    if (!a) return no_certificate(signer(0).label);
    if (!b) return no_certificate(signer(1).label);
    if (equal_bytes(a->der, b->der) || equal_bytes(a->spki, b->spki) || keys_[0] == keys_[1])
      return fail(signer(0).name, " and ", signer(1).name, " must use different certificates");
    const uint16_t bits[] = {a->key.bits, b->key.bits};
    for (size_t i = 0; i < 2; ++i)
      if (!modulus_code(bits[i])) return no_certificate(signer(i).label);
    return true;
  }

  // The first, unless the phones know only the second (then the first is the fresh one that stands beside it), or some may
  // not have fetched the list yet with which the second introduced the first.
  bool choose_signer() {
    size_t chosen = 0;
    if (!options_.stored.empty()) {
      const bool known[] = {is_sast_of(options_.stored, plan_.records[0].certificate.view()),
                            is_sast_of(options_.stored, plan_.records[1].certificate.view())};
      const bool second_signed = is_signer_of(options_.stored, plan_.records[1].certificate.view());
      if (known[1] && (!known[0] || (second_signed && !options_.fetched))) chosen = 1;
      plan_.strands = !known[chosen];
    }
    plan_.signer_record = chosen;
    plan_.signer_key = keys_[chosen];
    plan_.signer_label = signer(chosen).label.view();
    return true;
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
    switch (s.function) {
      case Function::cme: return add_role(secure && twin(s, Function::tftp) != nullptr ? Role::ccm_tftp : Role::ccm, s, found->certificate);
      case Function::tftp: return secure && twin(s, Function::cme) != nullptr ? true : add_role(Role::tftp, s, found->certificate);
      case Function::cme_tftp:
        // Outside secure mode the record loses its certificate; phones still need one to check signed files with.
        return add_role(Role::ccm_tftp, s, found->certificate) && (secure || add_role(Role::tftp, s, found->certificate));
      case Function::capf: return add_role(Role::capf, s, found->certificate);
      case Function::application: return add_role(Role::app_server, s, found->certificate);
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

  bool add_role(Role role, const Server& s, Bytes certificate) { return add_role(role, s.address, certificate, {}); }
  bool add_role(Role role, uint32_t ip, Bytes certificate, std::string_view name) {
    PlannedRecord r;
    r.role = role;
    r.ip = ip;
    r.name = name;
    r.is_server = true;
    r.nonsecure = !options_.secure && (role == Role::ccm || role == Role::ccm_tftp);
    return add(std::move(r), r.nonsecure ? Bytes() : certificate);
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
  const PlanOptions& options_;
  ListPlan& plan_;
  Text<200>& problem_;
  KeyRef keys_[2];
};

}  // namespace

bool plan_list(const Ctl& config, const Trustpoints& trustpoints, const PlanOptions& options, ListPlan& plan,
               Text<200>& problem) {
  return Planner(config, trustpoints, options, plan, problem).run();
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
