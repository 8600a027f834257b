// Keeps certificates that phones know in use until they know the next ones.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/rotation.h"

#include <algorithm>

#include "modules/crypto-pki/certificate.h"
#include "modules/ctl-client/ctl_messages.h"
#include "platform/crypto/key_rename.h"
#include "platform/log/debug_subjects.h"

namespace parley::ctl_client {
namespace {

constexpr size_t kMaxFile = 512 * 1024;
constexpr Millis kSettle{300}, kAgain{10000};
constexpr Seconds kEndLook{5};            // while something waits: has a certificate ended that is held in use?
constexpr Seconds kForget{60};            // a service that starts again names its trustpoint within this time
constexpr size_t kPrinted = 10;

Digest spki_digest(const crypto_pki::Certificate& c) { return hash(Hash::sha256, c.spki); }

bool same(const Digest& a, const Digest& b) { return equal_bytes(a.view(), b.view()); }

constexpr Role kRoles[] = {Role::ccm, Role::tftp, Role::capf, Role::app_server, Role::tvs};

uint32_t bit(Role role) { return 1u << static_cast<unsigned>(role); }

template <class Fn>
void each_function_role(Function f, Fn fn) {
  switch (f) {
    case Function::capf: return fn(Role::capf);
    case Function::cme: return fn(Role::ccm);
    case Function::tftp: return fn(Role::tftp);
    case Function::application: return fn(Role::app_server);
    case Function::cme_tftp:
      fn(Role::ccm);
      return fn(Role::tftp);
  }
}

}  // namespace

void print_phones(Writer& out, std::span<const PhoneMac> phones, std::string_view indent) {
  for (size_t i = 0; i < phones.size() && i < kPrinted; ++i)
    out.put(indent).put("SEP").hex_bytes(phones[i].bytes, sizeof phones[i].bytes).put('\n');
  if (phones.size() > kPrinted) out.put(indent).put("and ").dec(static_cast<int64_t>(phones.size() - kPrinted)).put(" more\n");
}

struct Rotation::SaveJob final : Job {
  explicit SaveJob(Store& s) : store(s) {}
  void run() override { result = store.write(kRotationFile, file.view()); }
  Store& store;
  Blob file;
  Status result;
};

// Pairs that were set aside and are not needed any more. The key store refuses those that are.
struct Rotation::SweepJob final : Job {
  explicit SweepJob(Keys& k) : keys(k) {}
  void run() override {
    List<KeyLabel> labels(general_arena());
    keys.list([](void* context, KeyRef, const KeyInfo& info) {
      if (is_kept_key_label(info.label)) (void)static_cast<List<KeyLabel>*>(context)->push(info.label);
      return true;
    }, &labels);
    for (const KeyLabel& label : labels) (void)keys.remove(label);
  }
  Keys& keys;
};

Rotation::Rotation(Env& env, Trustpoints& trustpoints, const PhoneMemory& memory, Owner& owner)
    : Task(env.scheduler, "Trust rotation"), env_(env), trustpoints_(trustpoints), memory_(memory), owner_(owner) {}

Rotation::~Rotation() { trustpoints_.set_holder(nullptr); }

void Rotation::restore() {
  auto file = env_.store.read(kRotationFile, kMaxFile);
  const Status read = file ? state_.decode(file->view()) : Status(file.error());
  damaged_ = !read && read.error().code != Code::missing;
  if (damaged_) env_.log(kRotationDamaged, read.error().what);
  trustpoints_.set_holder(this);
  protect();
  changed();
}

void Rotation::changed() {
  if (!look_.running() || look_.left() > kSettle) look_.start(kSettle);
}

const InUse* Rotation::find(std::string_view label) const {
  for (const InUse& l : state_.labels)
    if (l.label.view() == label) return &l;
  return nullptr;
}

const Slot* Rotation::slot_of(std::string_view owner, Role role) const {
  for (const Slot& s : state_.slots)
    if (s.owner.view() == owner && s.role == role) return &s;
  return nullptr;
}

Bytes Rotation::newest(std::string_view label) const {
  const auto found = trustpoints_.newest(label, Purpose::any);
  return found ? found->certificate : Bytes();
}

Bytes Rotation::held(std::string_view label) const {
  const InUse* l = find(label);
  if (l == nullptr) return {};
  const auto newest = trustpoints_.newest(label, Purpose::any);
  if (newest || newest.error().code != Code::missing) return l->certificate.view();
  for (const Slot& s : state_.slots)   // removed: it lives on only until its successor takes over
    if (s.since != 0 && s.label.view() == label) return l->certificate.view();
  return {};
}

std::string_view Rotation::in_use(std::string_view owner, Role role, std::string_view configured) const {
  const Slot* s = slot_of(owner, role);
  return s == nullptr ? configured : s->label.view();
}

// ---- what there is

void Rotation::name(std::string_view label) {
  if (label.empty()) return;
  InUse* l = find(label);
  const Bytes now = newest(label);
  if (l == nullptr) {
    InUse fresh;
    if (now.empty() || state_.labels.size() == RotationState::kMaxLabels || !fresh.certificate.append(now)) return;
    fresh.label = label;
    if (!state_.labels.push(std::move(fresh))) return;
    l = &state_.labels[state_.labels.size() - 1];
    dirty_ = true;
  }
  l->named = true;
  const bool other = !now.empty() && !equal_bytes(now, l->certificate);
  if (other == (l->since != 0)) return;
  l->since = other ? std::max<UnixTime>(env_.clock.wall(), 1) : 0;
  dirty_ = true;
  if (other) debug("the certificate has a successor: ", label);
}

void Rotation::name_all() {
  for (InUse& l : state_.labels) l.named = false;
  for (Slot& s : state_.slots) s.named = false;
  for (const RoleBook::Use& use : owner_.uses()) {
    Slot* s = const_cast<Slot*>(slot_of(use.owner, use.role));
    if (s == nullptr) {
      Slot fresh;
      fresh.owner = std::string_view(use.owner);
      fresh.role = use.role;
      fresh.label = use.trustpoint;
      if (state_.slots.size() == RotationState::kMaxSlots || !state_.slots.push(fresh)) continue;
      s = &state_.slots[state_.slots.size() - 1];
      dirty_ = true;
    }
    s->named = true;
    const bool other = s->label != use.trustpoint;
    if (other != (s->since != 0)) {
      s->since = other ? std::max<UnixTime>(env_.clock.wall(), 1) : 0;
      dirty_ = true;
    }
    name(use.trustpoint);
    name(s->label);
  }
  const Ctl& c = owner_.settings();
  if (c.id != 0)
    for (const Server& s : c.servers)
      if (s.source == Source::trustpoint) name(s.trustpoint);
  bool unnamed = false;
  for (size_t i = state_.labels.size(); i-- > 0;) {
    if (InUse& l = state_.labels[i]; l.named) {
      const uint32_t roles = roles_of(l.label) | (l.since != 0 ? l.roles : 0);
      roles_changed_ = roles_changed_ || roles != l.roles;
      l.roles = roles;
      continue;
    }
    unnamed = true;
    if (forgetting_) state_.labels.remove(i);
  }
  for (size_t i = state_.slots.size(); i-- > 0;) {
    if (state_.slots[i].named) continue;
    unnamed = true;
    if (forgetting_) state_.slots.remove(i);
  }
  if (unnamed && forgetting_) dirty_ = true;
  else if (unnamed && !forget_.running()) forget_.start(kForget);
  forgetting_ = false;
}

// ---- changes

bool Rotation::Change::has(Role role) const { return std::find(roles, roles + role_count, role) != roles + role_count; }

void Rotation::Change::add(Role role) {
  if (!has(role) && role_count < std::size(roles)) roles[role_count++] = role;
}

Rotation::Change Rotation::change_of(const InUse& l) const {
  Change c;
  c.label = c.to = l.label;
  c.now = l.certificate;
  c.next = newest(l.label);
  c.since = l.since;
  c.queued = l.queued;
  for (const Role role : kRoles)
    if ((l.roles & bit(role)) != 0) c.add(role);
  return c;
}

uint32_t Rotation::roles_of(std::string_view label) const {
  uint32_t roles = 0;
  for (const RoleBook::Use& use : owner_.uses())
    if (in_use(use.owner, use.role, use.trustpoint) == label) roles |= bit(use.role);
  if (owner_.settings().id != 0)
    for (const Server& s : owner_.settings().servers)
      if (s.source == Source::trustpoint && s.trustpoint.view() == label) each_function_role(s.function, [&](Role r) { roles |= bit(r); });
  return roles;
}

Rotation::Change Rotation::change_of(const Slot& s) const {
  Change c;
  c.label = s.label;
  c.now = held(s.label);
  for (const RoleBook::Use& use : owner_.uses())
    if (s.owner.view() == use.owner && s.role == use.role) c.to = use.trustpoint;
  c.next = newest(c.to);
  c.since = s.since;
  c.queued = s.queued;
  c.add(s.role);
  return c;
}

// RG-04: the keys of TVS and of the files never change together; who began first, or else TVS, is finished first.
void Rotation::take_turns() {
  struct Open { Change change; bool* queued; };
  List<Open> all(general_arena());
  for (InUse& l : state_.labels)
    if (l.since != 0) (void)all.push({change_of(l), &l.queued});
  for (Slot& s : state_.slots)
    if (s.since != 0) (void)all.push({change_of(s), &s.queued});
  for (Open& mine : all) {
    bool queued = false;
    if (lost(mine.change)) {   // it cannot wait for its turn
      dirty_ = dirty_ || *mine.queued;
      *mine.queued = false;
      continue;
    }
    for (const Open& other : all) {
      const Change &a = mine.change, &b = other.change;
      if (!(a.has(Role::tvs) && b.has(Role::tftp)) && !(a.has(Role::tftp) && b.has(Role::tvs))) continue;
      queued = queued || b.since < a.since || (b.since == a.since && b.has(Role::tvs) && !a.has(Role::tvs));
    }
    if (*mine.queued != queued) dirty_ = true;
    *mine.queued = queued;
  }
}

bool Rotation::waits_for(const Change& c, const PhoneLists::Phone& phone) const {
  if (!phone.configured) return false;
  const Sha256Id now = sha256_id(c.now), next = sha256_id(c.next);
  for (size_t i = 0; i < c.role_count; ++i)
    if (memory_.lists().loses(phone, c.roles[i], now, next)) return true;
  return false;
}

// What is held has ended, or its key is gone: nothing to wait with. Phones that know no other hear of the next one at their boot:
// a former signer that they know still signs the lists.
bool Rotation::lost(const Change& c) const {
  const auto shown = trustpoints_.view(c.label);
  return !shown || !equal_bytes(shown->certificate, c.now);
}

bool Rotation::ready(const Change& c) const {
  if (c.next.empty() || c.queued) return false;
  if (lost(c)) return true;
  if (!memory_.settled() || !memory_.lists().complete()) return false;
  return std::none_of(memory_.lists().phones().begin(), memory_.lists().phones().end(),
                      [&](const PhoneLists::Phone& p) { return waits_for(c, p); });
}

// all: whoever waits.
bool Rotation::move_ready(bool all) {
  bool moved = false;
  for (Slot& s : state_.slots) {
    if (s.since == 0) continue;
    const Change c = change_of(s);
    if (c.next.empty() || !(all || ready(c))) continue;
    env_.log(all || !lost(c) ? kInUse : kEndedWaiting, c.to, c.label);
    s.label = c.to;
    s.since = 0;
    s.queued = false;
    moved = true;
  }
  for (size_t i = 0; i < state_.labels.size(); ++i) {
    InUse& l = state_.labels[i];
    if (l.since == 0 || !l.named) continue;
    const Change c = change_of(l);
    auto copy = Blob::copy_of(c.next);
    if (!copy || c.next.empty() || !(all || ready(c))) continue;
    if (c.role_count != 0) env_.log(all || !lost(c) ? kNextInUse : kEndedWaiting, l.label, l.label);
    l.certificate = std::move(*copy);
    l.since = 0;
    l.queued = false;
    moved = true;
    const Text<63> label = l.label;
    trustpoints_.held_changed(label);
  }
  dirty_ = dirty_ || moved;
  return moved;
}

void Rotation::look() {
  const bool was_dirty = dirty_;
  dirty_ = false;
  name_all();
  take_turns();
  (void)move_ready(false);
  const bool changed = dirty_;
  dirty_ = dirty_ || was_dirty || roles_changed_;
  roles_changed_ = false;   // to be written, but nobody else's business
  if (changed) owner_.rotation_moved();
  protect();
  wake();
}

void Rotation::force() {
  if (!move_ready(true)) return;
  take_turns();
  owner_.rotation_moved();
  protect();
  wake();
}

bool Rotation::open() const {
  bool any = false;
  each_change([&](const Change&) { any = true; });
  return any;
}

Rotation::Pair Rotation::of_label(std::string_view label) const {
  Pair p;
  const auto now = trustpoints_.view(label);
  if (now) p.now = now->certificate;
  const InUse* l = find(label);
  if (l != nullptr && l->queued) return p;
  const Bytes next = newest(label);
  if (!equal_bytes(next, p.now)) p.next = next;
  return p;
}

Rotation::Pair Rotation::of_use(const RoleBook::Use& use) const {
  const Slot* s = slot_of(use.owner, use.role);
  if (s == nullptr || s->label == use.trustpoint) return of_label(use.trustpoint);
  Pair p = of_label(s->label);
  p.next = s->queued ? Bytes() : newest(use.trustpoint);
  if (p.now.empty()) std::swap(p.now, p.next);
  return p;
}

// ---- key pairs

void Rotation::protect() {
  List<Digest> needed(general_arena());
  const auto add = [&](Bytes der) {
    const auto c = crypto_pki::parse_certificate(der);
    if (!c) return;
    const Digest d = spki_digest(*c);
    for (const Digest& g : given_up_)
      if (same(g, d)) return;
    (void)needed.push(d);
  };
  for (const InUse& l : state_.labels) add(l.certificate);
  for (const ListKind kind : {ListKind::ctl, ListKind::itl}) {
    const auto list = read_file(owner_.served(kind));
    if (!list) continue;
    RecordReader records(list->body());
    while (records.more()) {
      const auto r = records.next();
      if (!r) break;
      if (r->role == Role::sast) add(r->certificate);
    }
  }
  Blob all;
  for (const Digest& d : needed) (void)all.append(d.view());
  const Digest sum = hash(Hash::sha256, all.view());
  if (needed.empty() || same(sum, protected_)) return;
  if (!protect_keys(env_.keys, {needed.begin(), needed.size()})) return look_.start(kAgain);
  protected_ = sum;
  sweep_wanted_ = !damaged_;
}

bool Rotation::needed_by(Bytes spki, Writer& names) const {
  List<PhoneMac> phones(general_arena());
  const auto mine = [&](Bytes der) {
    const auto c = crypto_pki::parse_certificate(der);
    return c && equal_bytes(c->spki, spki);
  };
  for (const PhoneLists::Phone& p : memory_.lists().phones()) {
    if (!p.configured || !p.holds_any()) continue;
    bool needs = false;
    for (const InUse& l : state_.labels) {
      if (!mine(l.certificate)) continue;
      const Change c = change_of(l);
      for (size_t i = 0; i < c.role_count; ++i) needs = needs || memory_.lists().trusts(p, c.roles[i], sha256_id(c.now));
    }
    for (const ListKind kind : {ListKind::ctl, ListKind::itl}) {
      const auto list = read_file(owner_.served(kind));
      bool listed = false, another = false;
      RecordReader records(list ? list->body() : Bytes());
      while (records.more()) {
        const auto r = records.next();
        if (!r) break;
        if (r->role != Role::sast) continue;
        if (mine(r->certificate)) listed = true;
        else another = another || memory_.lists().knows_signer(p, kind, sha256_id(r->certificate));
      }
      needs = needs || (listed && !another);
    }
    if (needs) (void)phones.push(p.mac);
  }
  print_phones(names, {phones.begin(), phones.size()}, "  ");
  return !phones.empty();
}

void Rotation::give_up(Bytes spki) {
  (void)given_up_.push(hash(Hash::sha256, spki));
  for (size_t i = state_.labels.size(); i-- > 0;) {
    const auto c = crypto_pki::parse_certificate(state_.labels[i].certificate);
    if (c && equal_bytes(c->spki, spki)) state_.labels.remove(i);
  }
  dirty_ = true;
  protected_ = {};
  protect();
  changed();
}

// ---- durable

Poll Rotation::step() {
  if (forget_.fired()) {
    forgetting_ = true;
    look();
  }
  if (look_.fired()) look();
  if (end_.fired()) {
    bool ended = false;
    each_change([&](const Change& c) { ended = ended || (!c.next.empty() && lost(c)); });
    if (ended) look();
  }
  if (open() && !end_.running()) end_.start(kEndLook);
  if (const auto done = job_.take(); done && !done->result) {
    env_.log(kRotationNotWritten, done->result.error().what);
    dirty_ = true;
    retry_.start(kAgain);
  }
  (void)sweep_.take();
  (void)retry_.fired();
  if (dirty_ && !job_.busy() && !retry_.running()) save();
  if (sweep_wanted_ && settled() && !sweep_.busy() && sweep_.start(env_.jobs, *this, std::make_unique<SweepJob>(env_.keys)))
    sweep_wanted_ = false;
  return Poll::pending;
}

void Rotation::save() {
  auto job = std::make_unique<SaveJob>(env_.store);
  if (state_.encode(job->file) && job_.start(env_.jobs, *this, std::move(job))) dirty_ = false;
  else retry_.start(kAgain);
}

void Rotation::debug(std::string_view what, std::string_view label) const {
  if (DebugLine line(env_.log, "ctl-client"); line) line.out().put("CTL: ").put(what).put(label);
}

}  // namespace parley::ctl_client
