// Who may sign the next list, so that no phone is lost.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/signer_choice.h"

#include "modules/ctl-client/list_plan.h"

namespace parley::ctl_client {
namespace {

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

class Chooser {
 public:
  Chooser(const SignerFacts& facts, const Keys& keys, const Signer& wanted, const Signer& second)
      : facts_(facts), keys_(keys), wanted_(wanted), second_(second) {}

  Result<SignerChoice> run() {
    if (facts_.force || known_by_all(wanted_.certificate)) {
      const bool by_list = facts_.stored.empty() || is_sast_of(facts_.stored, wanted_.certificate);
      return take(wanted_, second_.certificate, !by_list);
    }
    if (!second_.certificate.empty() && second_.key && known_by_all(second_.certificate)) return introduce(second_);
    TRY(former());
    if (former_key_) return introduce({{}, former_.view(), former_key_});
    if (vouched_by_tvs()) return take(wanted_, second_.certificate, true);
    return stranded();
  }

 private:
  // By the list that phones fetch now, and by every list that a phone may hold.
  bool known_by_all(Bytes certificate) const {
    if (!facts_.anybody) return true;
    if (!facts_.stored.empty() && !is_sast_of(facts_.stored, certificate) && (facts_.ctl.empty() || !is_sast_of(facts_.ctl, certificate)))
      return false;
    const Sha256Id id = sha256_id(certificate);
    for (const PhoneLists::Phone& p : known_phones())
      if (p.configured && !facts_.phones->knows_signer(p, facts_.kind, id)) return false;
    return true;
  }
  std::span<const PhoneLists::Phone> known_phones() const {
    return facts_.phones == nullptr ? std::span<const PhoneLists::Phone>() : facts_.phones->phones();
  }

  // A SAST of the stored list whose key is here; the one that signed it first of all.
  Status former() {
    if (facts_.stored.empty()) return {};
    TRY_ASSIGN(const TrustFile old, read_file(facts_.stored));
    RecordReader records(old.body());
    while (records.more()) {
      TRY_ASSIGN(const Record r, records.next());
      if (r.role != Role::sast || r.certificate.empty() || !known_by_all(r.certificate)) continue;
      const KeyRef mine = key_of(keys_, r.public_key);
      if (!mine || (former_key_ && !is_signer_of(facts_.stored, r.certificate))) continue;
      former_key_ = mine;
      former_.clear();
      TRY(former_.append(r.certificate));
    }
    return {};
  }

  // By a TVS that phones find in the lists they hold. It answers for sast1, sast2 and recovery only.
  bool vouched_by_tvs() const {
    if (facts_.kind != ListKind::itl || facts_.tvs.empty()) return false;
    auto stored = facts_of(ListKind::itl, facts_.stored);
    const Sha256Id tvs = sha256_id(facts_.tvs), id = sha256_id(wanted_.certificate);
    if (!stored || !stored->has(Role::tvs, tvs)) return false;
    for (const PhoneLists::Phone& p : known_phones())
      if (p.configured && !facts_.phones->knows_signer(p, facts_.kind, id) && !facts_.phones->trusts(p, Role::tvs, tvs)) return false;
    return true;
  }

  Result<SignerChoice> take(const Signer& signer, Bytes second, bool vouched) {
    SignerChoice c;
    c.label = signer.label;
    c.key = signer.key;
    c.vouched = vouched;
    TRY(c.signer.append(signer.certificate));
    if (!equal_bytes(signer.certificate, second)) TRY(c.second.append(second));
    return c;
  }
  Result<SignerChoice> introduce(const Signer& signer) {
    TRY_ASSIGN(SignerChoice c, take(signer, wanted_.certificate, false));
    c.staged = true;
    return c;
  }
  Result<SignerChoice> stranded() {
    TRY_ASSIGN(SignerChoice c, take(wanted_, second_.certificate, false));
    c.strands = true;
    const Sha256Id id = sha256_id(wanted_.certificate);
    for (const PhoneLists::Phone& p : known_phones())
      if (p.configured && (!p.holds_any() || !facts_.phones->knows_signer(p, facts_.kind, id))) TRY(c.lost.push(p.mac));
    return c;
  }

  const SignerFacts& facts_;
  const Keys& keys_;
  const Signer& wanted_;
  const Signer& second_;
  KeyRef former_key_;
  Blob former_;
};

}  // namespace

Result<SignerChoice> choose_signer(const SignerFacts& facts, const Keys& keys, const Signer& wanted, const Signer& second) {
  return Chooser(facts, keys, wanted, second).run();
}

}  // namespace parley::ctl_client
