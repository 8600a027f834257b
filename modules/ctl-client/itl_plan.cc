// What goes into the ITL file and who may sign it.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A phone takes a new ITL when its signer is a SAST of the list it holds (or when the CTL file or TVS vouch for the signer;
// trust-files.md 2.2). So a new signer is first listed in a file signed by an old one, for as long as its key is here.
#include "modules/ctl-client/itl_plan.h"

#include "modules/ctl-client/trust_file_build.h"

namespace parley::ctl_client {
namespace {

struct Signer {
  std::string_view label;
  Bytes certificate;
  KeyRef key;
};

// The local key with this public half, or none.
KeyRef key_of(const Keys& keys, Bytes rsa_public) {
  struct Search { const Keys& keys; Bytes wanted; KeyRef found; } search{keys, rsa_public, {}};
  keys.list([](void* context, KeyRef key, const KeyInfo&) {
    auto* s = static_cast<Search*>(context);
    const auto mine = s->keys.rsa_public_key(key);
    if (mine && equal_bytes(mine->view(), s->wanted)) s->found = key;
    return !s->found;
  }, &search);
  return search.found;
}

class ItlPlanner {
 public:
  ItlPlanner(const ItlFacts& facts, const Trustpoints& trustpoints, const Keys& keys, ItlPlan& plan, Text<200>& problem)
      : facts_(facts), trustpoints_(trustpoints), keys_(keys), plan_(plan), problem_(problem) {}

  bool run() {
    if (!find(file_credentials(facts_.uses), files_)) return false;
    wanted_ = files_;
    if (!facts_.config.recovery.empty() && (!find(facts_.config.recovery, wanted_) || !apart())) return false;
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

  bool find(std::string_view label, Signer& signer) {
    const auto found = trustpoints_.usable(label, Purpose::file_signing);
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

  bool sign_with(Bytes certificate, KeyRef key, Bytes second) {
    plan_.list.signer_key = key;
    return add(Role::sast, certificate) && (equal_bytes(certificate, second) || add(Role::sast, second));
  }

  bool sign_as_wanted() { return sign_with(wanted_.certificate, wanted_.key, files_.certificate); }

  bool add_signers() {
    if (facts_.stored.empty() || !facts_.phones || is_signer_of(facts_.stored, wanted_.certificate)) return sign_as_wanted();
    const bool listed = is_sast_of(facts_.stored, wanted_.certificate);
    if (listed && facts_.fetched) return sign_as_wanted();
    KeyRef key;
    Blob former;
    if (!find_former(key, former)) return false;
    if (key) {
      plan_.staged = true;
      return sign_with(former.view(), key, wanted_.certificate);
    }
    plan_.vouched = !listed && vouched();
    if (listed || plan_.vouched) return sign_as_wanted();
    return fail("Phones do not know trustpoint ", wanted_.label, ", and no key of a signer that they know is here");
  }

  // A SAST of the stored list whose key is here; the one that signed it first of all.
  bool find_former(KeyRef& key, Blob& certificate) {
    const auto old = read_file(facts_.stored);
    if (!old) return fail("The stored ITL file is damaged");
    RecordReader records(old->body());
    while (records.more()) {
      const auto r = records.next();
      if (!r) return fail("The stored ITL file is damaged");
      if (r->role != Role::sast || r->certificate.empty() || equal_bytes(r->certificate, wanted_.certificate)) continue;
      const bool signed_it = is_signer_of(facts_.stored, r->certificate);
      const KeyRef mine = key_of(keys_, r->public_key);
      if (!mine || (key && !signed_it)) continue;
      key = mine;
      certificate.clear();
      if (!certificate.append(r->certificate)) return fail("No memory for the ITL file");
    }
    return true;
  }

  // By the CTL file, or by a TVS that phones find in the list they hold. TVS answers for sast1, sast2 and recovery only.
  bool vouched() const {
    if (!facts_.ctl.empty() && is_sast_of(facts_.ctl, wanted_.certificate)) return true;
    const Ctl& c = facts_.config;
    if (wanted_.label != c.sast1.view() && wanted_.label != c.sast2.view() && wanted_.label != c.recovery.view()) return false;
    const auto old = read_file(facts_.stored);
    if (!old) return false;
    RecordReader records(old->body());
    while (records.more()) {
      const auto r = records.next();
      if (!r) return false;
      if (r->role != Role::tvs) continue;
      for (const RoleBook::Use& u : facts_.uses) {
        const auto now = trustpoints_.view(u.trustpoint);
        if (u.role == Role::tvs && now && equal_bytes(now->certificate, r->certificate)) return true;
      }
    }
    return false;
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
        auto found = trustpoints_.usable(u.trustpoint, Purpose::tls_legacy);
        if (!found) found = trustpoints_.usable(u.trustpoint, Purpose::tls_modern);
        if (!found) continue;   // comes with its certificate
        const bool both = role == Role::tftp && facts_.secure && twin(u, Role::ccm) != nullptr;
        if (!add(both ? Role::ccm_tftp : role, found->certificate, &u)) return false;
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
  for (const RoleBook::Use& u : uses)
    if (u.role == Role::tftp) return u.trustpoint;
  return {};
}

bool plan_itl(const ItlFacts& facts, const Trustpoints& trustpoints, const Keys& keys, ItlPlan& plan, Text<200>& problem) {
  return ItlPlanner(facts, trustpoints, keys, plan, problem).run();
}

}  // namespace parley::ctl_client
