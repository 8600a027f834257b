// What goes into the ITL file and who may sign it.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A phone takes a new ITL when its signer is a SAST of the list it holds (or when the CTL file or TVS vouch for the signer;
// trust-files.md 2.2). So a new signer is first listed in a file signed by an old one, for as long as its key is here.
#include "modules/ctl-client/itl_plan.h"

#include "modules/ctl-client/trust_file_build.h"

namespace parley::ctl_client {
namespace {

constexpr size_t kNamed = 3;   // phones in one message

const RoleBook::Use* file_signer(std::span<const RoleBook::Use> uses) {
  for (const RoleBook::Use& u : uses)
    if (u.role == Role::tftp) return &u;
  return nullptr;
}

class ItlPlanner {
 public:
  ItlPlanner(const ItlFacts& facts, const Trustpoints& trustpoints, const Keys& keys, ItlPlan& plan, Text<200>& problem)
      : facts_(facts), trustpoints_(trustpoints), keys_(keys), plan_(plan), problem_(problem) {}

  bool run() {
    if (!find_files()) return false;
    wanted_ = files_;
    if (!facts_.config.recovery.empty() && (!find(facts_.config.recovery, true, wanted_) || !apart())) return false;
    plan_.wanted = wanted_.label;
    return add_signers() && (facts_.config.prepare_rollback || add_servers());
  }

 private:
  bool fail(std::string_view before, std::string_view name = {}, std::string_view after = {}) {
    char line[200];
    FixedWriter w(line);
    w.put(before).put(name).put(after);
    problem_ = w.view();
    return false;
  }

  // The credential that signs phone files next, if it is its turn; else the one in use.
  bool find_files() {
    const RoleBook::Use* use = file_signer(facts_.uses);
    if (use == nullptr) return fail("There are no file credentials (tftp-server-credentials)");
    if (!facts_.rotation.of_use(*use).next.empty() && find(use->trustpoint, true, files_)) return true;
    return find(facts_.rotation.in_use(use->owner, use->role, use->trustpoint), false, files_);
  }

  bool find(std::string_view label, bool newest, Signer& signer) {
    const auto found = newest ? trustpoints_.newest(label, Purpose::file_signing) : trustpoints_.usable(label, Purpose::file_signing);
    if (!found) return fail("Trustpoint ", label, " has no usable certificate");
    const auto c = crypto_pki::parse_certificate(found->certificate);
    if (!c || !modulus_code(c->key.bits)) return fail("Trustpoint ", label, " has no key that signs phone files");
    signer = {found->label, found->certificate, found->key};
    return true;
  }

  // A recovery key that dies with a signer of the CTL file recovers nothing.
  bool apart() {
    for (const Text<63>* label : {&facts_.config.sast1, &facts_.config.sast2}) {
      const auto sast = trustpoints_.view(*label);
      if (sast && sast->key && sast->key == wanted_.key) return fail("The recovery trustpoint must differ from SAST1 and SAST2");
    }
    return true;
  }

  bool add(Role role, Bytes certificate, const RoleBook::Use* use = nullptr) {
    PlannedRecord r;
    r.role = role;
    if (use != nullptr) {
      r.ip = use->ip;
      r.name = use->name;
      r.is_server = true;
    }
    if (!r.certificate.append(certificate) || !plan_.list.records.push(std::move(r))) return fail("No memory for the ITL file");
    return true;
  }

  bool add_signers() {
    SignerFacts f;
    f.kind = ListKind::itl;
    f.stored = facts_.stored;
    f.ctl = facts_.ctl;
    f.phones = &facts_.phones;
    f.anybody = facts_.anybody;
    f.force = facts_.force;
    f.tvs = answering_tvs();
    auto choice = choose_signer(f, keys_, wanted_, files_);
    if (!choice) return fail(choice.error().what);
    const bool strands = choice->strands;
    if (!plan_.list.sign_as(std::move(*choice))) return fail("No memory for the ITL file");
    return !strands || lost();
  }

  bool lost() {
    char line[200];
    FixedWriter w(line);
    w.put("Phones do not know trustpoint ").put(wanted_.label).put(", and no key of a signer that they know is here");
    const List<PhoneMac>& phones = plan_.list.lost;
    for (size_t i = 0; i < phones.size() && i < kNamed; ++i)
      w.put(i == 0 ? ": SEP" : ", SEP").hex_bytes(phones[i].bytes, sizeof phones[i].bytes);
    if (phones.size() > kNamed) w.put(" and ").dec(static_cast<int64_t>(phones.size() - kNamed)).put(" more");
    problem_ = w.view();
    return false;
  }

  // The certificate that TVS shows, if it answers for the wanted signer.
  Bytes answering_tvs() const {
    const Ctl& c = facts_.config;
    if (wanted_.label != c.sast1.view() && wanted_.label != c.sast2.view() && wanted_.label != c.recovery.view()) return {};
    for (const RoleBook::Use& u : facts_.uses)
      if (u.role == Role::tvs) return facts_.rotation.of_use(u).now;
    return {};
  }

  const RoleBook::Use* twin(const RoleBook::Use& use, Role role) const {
    for (const RoleBook::Use& u : facts_.uses)
      if (u.role == role && u.trustpoint == use.trustpoint && u.ip == use.ip) return &u;
    return nullptr;
  }

  // The call manager stands in it in secure mode only: phones read the security mode from their lists (TL-11).
  bool add_servers() {
    for (const Role role : {Role::tftp, Role::ccm, Role::capf, Role::tvs})
      for (const RoleBook::Use& u : facts_.uses) {
        if (u.role != role || (role == Role::ccm && (!facts_.secure || twin(u, Role::tftp) != nullptr))) continue;
        const std::string_view label = facts_.rotation.in_use(u.owner, u.role, u.trustpoint);
        auto found = trustpoints_.usable(label, Purpose::tls_legacy);
        if (!found) found = trustpoints_.usable(label, Purpose::tls_modern);
        const Rotation::Pair pair = facts_.rotation.of_use(u);
        const bool both = role == Role::tftp && facts_.secure && twin(u, Role::ccm) != nullptr;
        if (found && !add(both ? Role::ccm_tftp : role, found->certificate, &u)) return false;   // else: comes with its certificate
        if (!pair.next.empty() && (!found || !equal_bytes(found->certificate, pair.next)) && !add(both ? Role::ccm_tftp : role, pair.next, &u)) return false;
      }
    return true;
  }

  const ItlFacts& facts_;
  const Trustpoints& trustpoints_;
  const Keys& keys_;
  ItlPlan& plan_;
  Text<200>& problem_;
  Signer files_, wanted_;
};

}  // namespace

std::string_view file_credentials(std::span<const RoleBook::Use> uses) {
  const RoleBook::Use* use = file_signer(uses);
  return use == nullptr ? std::string_view() : use->trustpoint.view();
}

bool plan_itl(const ItlFacts& facts, const Trustpoints& trustpoints, const Keys& keys, ItlPlan& plan, Text<200>& problem) {
  return ItlPlanner(facts, trustpoints, keys, plan, problem).run();
}

}  // namespace parley::ctl_client
