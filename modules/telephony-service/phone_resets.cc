// Which phones have an open signalling connection, and resets and restarts on their way to them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/phone_resets.h"

namespace parley::telephony_service {
namespace {

constexpr Millis kBack{240'000};   // a phone that boots and loads its firmware
constexpr int kTurns = 64;         // phones told in one step

}  // namespace

PhoneResets::PhoneResets(Scheduler& scheduler, Over over, void* context)
    : Task(scheduler, "Phone resets"), entries_(general_arena()), line_(general_arena()), over_(over), context_(context) {}

const PhoneResets::Entry* PhoneResets::find(const cli::Mac& mac) const {
  for (size_t n = 0; n < entries_.size(); ++n) {
    const size_t i = (find_next_ + n) % entries_.size();
    if (!(entries_[i].mac == mac)) continue;
    find_next_ = i;
    return &entries_[i];
  }
  return nullptr;
}

PhoneResets::Entry* PhoneResets::entry_of(const cli::Mac& mac) {
  if (const Entry* known = find(mac)) return const_cast<Entry*>(known);
  Entry e;
  e.mac = mac;
  return entries_.push(e) ? &entries_[entries_.size() - 1] : nullptr;
}

void PhoneResets::tidy() {
  for (size_t i = entries_.size(); i-- > 0;) {
    const Entry& e = entries_[i];
    if (e.link == nullptr && e.wanted == ResetKind::none && !e.told) entries_.remove(i);
  }
}

// ---- connections

ResetKind PhoneResets::came(const cli::Mac& mac, PhoneLink& link) {
  Entry* e = entry_of(mac);
  if (e == nullptr) return ResetKind::none;
  if (watching_ && watched_ == mac) {
    watching_ = false;
    timer_.stop();
    wake();
  }
  PhoneLink* const former = e->link;
  const ResetKind kind = e->in_line ? ResetKind::none : e->wanted;
  e->told = kind != ResetKind::none;
  e->link = e->told ? nullptr : &link;
  if (e->told) e->wanted = ResetKind::none;
  if (former != nullptr && former != &link) former->hang_up();   // may tidy
  return kind;
}

void PhoneResets::closed(PhoneLink& link) {
  for (Entry& e : entries_)
    if (e.link == &link) e.link = nullptr;
  tidy();
}

void PhoneResets::booted(const cli::Mac& mac) {
  const Entry* known = find(mac);
  if (known == nullptr || known->wanted == ResetKind::none) return;
  Entry& e = const_cast<Entry&>(*known);
  e.wanted = ResetKind::none;
  e.in_line = false;
  tidy();
}

PhoneResets::State PhoneResets::state(const cli::Mac& mac) const {
  const Entry* e = find(mac);
  return e == nullptr ? State{} : State{e->link, e->wanted != ResetKind::none, e->told};
}

void PhoneResets::each(Each visit, void* context) {
  for (size_t i = entries_.size(); i-- > 0;) {
    const Entry& e = entries_[i];
    if (visit(context, e.mac, {e.link, e.wanted != ResetKind::none, e.told})) continue;
    PhoneLink* link = e.link;
    entries_.remove(i);
    if (link != nullptr) link->hang_up();
    if (i > entries_.size()) i = entries_.size();   // hanging up tidies
  }
}

// ---- requests

void PhoneResets::want(Entry& e, ResetKind kind) {
  if (e.wanted != ResetKind::reset) e.wanted = kind;   // a reset includes a restart
}

bool PhoneResets::tell(Entry& e) {
  if (e.link == nullptr || !e.link->send_reset(e.wanted)) return false;
  e.wanted = ResetKind::none;
  e.in_line = false;
  e.told = true;
  return true;
}

bool PhoneResets::request(const cli::Mac& mac, ResetKind kind) {
  Entry* e = entry_of(mac);
  if (e == nullptr) return false;
  want(*e, kind);
  if (tell(*e)) return true;
  e->in_line = e->of_all = false;
  return false;
}

void PhoneResets::begin(ResetKind kind, Pace pace, Millis interval) {
  kind_ = kind;
  pace_ = pace;
  interval_ = interval;
  line_.clear();
  next_ = told_ = lost_ = 0;
  sum_ = {};
  timer_.stop();
}

Status PhoneResets::add(const cli::Mac& mac) {
  Entry* e = entry_of(mac);
  if (e == nullptr) return Fault{Code::full, "no memory for a reset", 0};
  want(*e, kind_);
  e->of_all = true;
  e->in_line = e->link != nullptr;
  ++(e->in_line ? sum_.in_line : sum_.waiting);
  if (!e->in_line) return {};
  wake();
  return line_.push(mac);
}

bool PhoneResets::tell_next() {
  while (next_ < line_.size()) {
    const Entry* known = find(line_[next_++]);
    if (known == nullptr || !known->in_line) continue;     // it has booted, or was told by another command
    Entry& e = const_cast<Entry&>(*known);
    watched_ = e.mac;
    if (tell(e)) return ++told_, true;
    e.in_line = false;                                     // its connection is gone: told when it registers
  }
  return false;
}

Poll PhoneResets::step() {
  const bool due = timer_.fired();
  if (watching_) {
    if (!due) return Poll::pending;
    watching_ = false;
    ++lost_;
  }
  if (line_.empty() || timer_.running()) return Poll::pending;
  for (int n = 0; n < kTurns; ++n) {
    if (!tell_next()) {
      finish();
      return Poll::pending;
    }
    watching_ = pace_ == Pace::one_by_one;
    if (watching_ || (interval_.count() > 0 && next_ < line_.size())) {
      timer_.start(watching_ ? kBack : interval_);
      return Poll::pending;
    }
  }
  return Poll::again;
}

void PhoneResets::finish() {
  line_.clear();
  next_ = 0;
  over_(context_, kind_, told_, lost_);
}

size_t PhoneResets::cancel() {
  size_t n = 0;
  for (Entry& e : entries_) {
    if (e.wanted == ResetKind::none || !e.of_all) continue;
    e.wanted = ResetKind::none;
    e.in_line = false;
    ++n;
  }
  tidy();
  line_.clear();
  next_ = 0;
  watching_ = false;
  timer_.stop();
  return n;
}

}  // namespace parley::telephony_service
