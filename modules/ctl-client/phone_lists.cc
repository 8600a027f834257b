// Which trust lists each phone may hold, and what it would accept next.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/phone_lists.h"

#include <algorithm>
#include <cstring>

#include "platform/crypto/engine.h"

namespace parley::ctl_client {
namespace {

size_t at(ListKind kind) { return static_cast<size_t>(kind); }
bool before(const PhoneMac& a, const PhoneMac& b) { return std::memcmp(a.bytes, b.bytes, sizeof a.bytes) < 0; }

}  // namespace

bool same_mac(const PhoneMac& a, const PhoneMac& b) { return std::memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0; }

Sha256Id sha256_id(Bytes data) {
  const Digest d = hash(Hash::sha256, data);
  Sha256Id id;
  std::copy_n(d.data, sizeof id.bytes, id.bytes);
  return id;
}

bool ListFacts::has(Role role, const Sha256Id& certificate) const {
  const bool both = role == Role::ccm || role == Role::tftp;
  return std::any_of(entries.begin(), entries.end(), [&](const Entry& e) {
    return (e.role == role || (both && e.role == Role::ccm_tftp)) && e.certificate == certificate;
  });
}

Result<ListFacts> facts_of(ListKind kind, Bytes file) {
  TRY_ASSIGN(const TrustFile f, read_file(file));
  ListFacts facts;
  facts.kind = kind;
  facts.id = sha256_id(file);
  facts.timestamp = f.header.timestamp;
  bool signer = false;
  RecordReader records(f.body());
  while (records.more()) {
    TRY_ASSIGN(const Record r, records.next());
    if (r.certificate.empty()) continue;
    if (facts.entries.size() == PhoneLists::kMaxEntries) return Fault{Code::full, "too many records in a list", 0};
    TRY(facts.entries.push({r.role, sha256_id(r.certificate)}));
    if (signer || r.role != Role::sast || r.issuer != f.header.issuer || !equal_bytes(r.serial, f.header.serial)) continue;
    signer = true;
    facts.signer = facts.entries[facts.entries.size() - 1].certificate;
  }
  if (!signer) return Fault{Code::invalid, "the signer is not in the list", 0};
  return facts;
}

PhoneLists::Phone::Phone() {
  for (auto& kind : lists) std::fill(std::begin(kind), std::end(kind), kNone);
}

bool PhoneLists::Phone::holds_any() const {
  for (const auto& kind : lists)
    for (const uint16_t l : kind)
      if (l != kNone) return true;
  return false;
}

// True: fn holds for every pair of lists that the phone may hold; nullptr: none of that kind.
template <class Fn>
bool PhoneLists::every_state(const Phone& p, Fn fn) const {
  const auto possible = [&](ListKind kind, size_t i) { return i == 0 || p.lists[at(kind)][i] != kNone; };
  const auto facts = [&](ListKind kind, size_t i) {
    const uint16_t l = p.lists[at(kind)][i];
    return l == kNone ? nullptr : &lists_[l];
  };
  for (size_t c = 0; c < kPossible; ++c)
    for (size_t i = 0; i < kPossible; ++i)
      if (possible(ListKind::ctl, c) && possible(ListKind::itl, i) && !fn(State{facts(ListKind::ctl, c), facts(ListKind::itl, i)}))
        return false;
  return true;
}

bool PhoneLists::knows_signer(const Phone& phone, ListKind kind, const Sha256Id& certificate) const {
  return every_state(phone, [&](const State& s) {
    if (kind == ListKind::ctl) return s.ctl == nullptr || s.ctl->has(Role::sast, certificate);
    return s.itl == nullptr || s.itl->has(Role::sast, certificate) || (s.ctl != nullptr && s.ctl->has(Role::sast, certificate));
  });
}

bool PhoneLists::trusts(const Phone& phone, Role role, const Sha256Id& certificate) const {
  return every_state(phone, [&](const State& s) {
    if (s.ctl == nullptr && s.itl == nullptr) return true;   // takes its first list on trust
    return (s.ctl != nullptr && s.ctl->has(role, certificate)) || (s.itl != nullptr && s.itl->has(role, certificate));
  });
}

bool PhoneLists::loses(const Phone& phone, Role role, const Sha256Id& old, const Sha256Id& next) const {
  const auto in = [&](const State& s, const Sha256Id& c) {
    return (s.ctl != nullptr && s.ctl->has(role, c)) || (s.itl != nullptr && s.itl->has(role, c));
  };
  return !every_state(phone, [&](const State& s) { return !in(s, old) || in(s, next); });
}

PhoneLists::Phone* PhoneLists::find(const PhoneMac& mac) {
  Phone* p = std::lower_bound(phones_.begin(), phones_.end(), mac, [](const Phone& a, const PhoneMac& b) { return before(a.mac, b); });
  return p != phones_.end() && same_mac(p->mac, mac) ? p : nullptr;
}

PhoneLists::Phone* PhoneLists::find_or_add(const PhoneMac& mac) {
  if (Phone* known = find(mac)) return known;
  if (phones_.size() == kMaxPhones) {   // rather one that is not configured
    const Phone* old = std::find_if(phones_.begin(), phones_.end(), [](const Phone& p) { return !p.configured; });
    if (old == phones_.end()) return nullptr;
    phones_.remove(static_cast<size_t>(old - phones_.begin()));
  }
  Phone fresh;
  fresh.mac = mac;
  if (!phones_.push(fresh)) return nullptr;
  for (size_t i = phones_.size() - 1; i > 0 && before(phones_[i].mac, phones_[i - 1].mac); --i) std::swap(phones_[i], phones_[i - 1]);
  return find(mac);
}

void PhoneLists::set_phones(std::span<const PhoneMac> phones) {
  for (Phone& p : phones_) p.configured = false;
  for (const PhoneMac& mac : phones)
    if (Phone* p = find_or_add(mac)) p->configured = true;
  for (size_t i = phones_.size(); i-- > 0;)
    if (!phones_[i].configured && !phones_[i].holds_any()) phones_.remove(i);
}

uint16_t PhoneLists::find_list(ListKind kind, const Sha256Id& id) const {
  for (size_t i = 0; i < lists_.size(); ++i)
    if (lists_[i].kind == kind && lists_[i].id == id) return static_cast<uint16_t>(i);
  return kNone;
}

// Lists that no phone may hold go.
void PhoneLists::sweep() {
  for (size_t i = lists_.size(); i-- > 0;) {
    const auto is = [&](uint16_t l) { return l == i; };
    const bool used = std::any_of(phones_.begin(), phones_.end(), [&](const Phone& p) {
      return std::any_of(std::begin(p.lists[0]), std::end(p.lists[0]), is) || std::any_of(std::begin(p.lists[1]), std::end(p.lists[1]), is);
    });
    if (used) continue;
    lists_.remove(i);
    for (Phone& p : phones_)
      for (auto& kind : p.lists)
        for (uint16_t& l : kind)
          if (l != kNone && l > i) --l;
  }
  overflow_ = overflow_ && lists_.size() == kMaxLists;
}

uint16_t PhoneLists::add_list(ListKind kind, Bytes file, const Sha256Id& id) {
  const uint16_t known = find_list(kind, id);
  if (known != kNone) return known;
  if (lists_.size() == kMaxLists) sweep();
  if (lists_.size() == kMaxLists) {
    overflow_ = true;
    return kNone;
  }
  auto facts = facts_of(kind, file);
  if (!facts || !lists_.push(std::move(*facts))) return kNone;
  return static_cast<uint16_t>(lists_.size() - 1);
}

bool PhoneLists::fetched(const PhoneMac& mac, ListKind kind, Bytes file, UnixTime now) {
  const uint16_t list = add_list(kind, file, sha256_id(file));
  Phone* p = list == kNone ? nullptr : find_or_add(mac);
  if (p == nullptr) return false;
  p->seen = now;
  uint16_t* held = p->lists[at(kind)];
  size_t n = 1;
  while (n < kPossible && held[n] != kNone) ++n;
  if (held[0] == list && n == 1) return false;
  if (n > 1 && held[n - 1] == list) return false;
  const size_t again = static_cast<size_t>(std::find(held + 1, held + n, list) - held);
  if (again < n) std::rotate(held + again, held + again + 1, held + n);   // becomes the newest
  else held[std::min(n, kPossible - 1)] = list;
  return true;
}

// An ITL beside a CTL that does not know its signer may have been refused: then the phone perhaps has none.
bool PhoneLists::accepts(const State& s, const ListFacts& list) const {
  if (list.kind == ListKind::ctl) return s.ctl == nullptr || s.ctl->has(Role::sast, list.signer);
  if (s.ctl == nullptr && s.itl == nullptr) return true;
  return (s.itl != nullptr && s.itl->has(Role::sast, list.signer)) || (s.ctl != nullptr && s.ctl->has(Role::sast, list.signer));
}

// The newest one is held if every list that the phone may hold would accept it.
bool PhoneLists::narrow(Phone& p, ListKind kind) {
  uint16_t* held = p.lists[at(kind)];
  size_t n = 1;
  while (n < kPossible && held[n] != kNone) ++n;
  if (n == 1) return false;
  const uint16_t newest = held[n - 1];
  Phone earlier = p;
  earlier.lists[at(kind)][n - 1] = kNone;
  if (held[0] != newest && !every_state(earlier, [&](const State& s) { return accepts(s, lists_[newest]); })) return false;
  std::fill(held, held + kPossible, kNone);
  held[0] = newest;
  return true;
}

bool PhoneLists::went_on(const PhoneMac& mac) {
  Phone* p = find(mac);
  if (p == nullptr) return false;
  const bool ctl = narrow(*p, ListKind::ctl);
  return narrow(*p, ListKind::itl) || ctl;
}

void PhoneLists::forget(const PhoneMac& mac) {
  Phone* p = find(mac);
  if (p == nullptr) return;
  const bool configured = p->configured;
  *p = Phone();
  p->mac = mac;
  p->configured = configured;
}

void PhoneLists::clear() {
  phones_.clear();
  lists_.clear();
  overflow_ = false;
}

}  // namespace parley::ctl_client
