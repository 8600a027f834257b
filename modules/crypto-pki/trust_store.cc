// Certificates of all trustpoints.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/trust_store.h"

#include "modules/crypto-pki/name.h"
#include "modules/crypto-pki/pki_debug.h"
#include "modules/crypto-pki/pki_messages.h"
#include "modules/crypto-pki/trustpoint_settings.h"

namespace parley::crypto_pki {
namespace {

constexpr Millis kRetry{5'000};

bool is_own(ChainKind k) { return k == ChainKind::own || k == ChainKind::self_signed; }

struct Place {   // of a certificate in the running-config
  ChainKind kind;
  SerialText serial;
};

SerialText serial_text(const Certificate& c) {
  char text[64];
  FixedWriter w(text);
  print_serial(c.serial, w);
  return SerialText(w.view().substr(0, SerialText::kCapacity));
}

}  // namespace

const Stored* Entry::own() const {
  const Stored* best = nullptr;
  for (const Stored& s : certificates) {
    if (is_own(s.kind) && !s.encryption && (best == nullptr || s.certificate.not_before >= best->certificate.not_before)) best = &s;
  }
  return best;
}

const Stored* Entry::own_encryption() const {
  for (const Stored& s : certificates) {
    if (s.kind == ChainKind::own && s.encryption) return &s;
  }
  return nullptr;
}

const Stored* Entry::authority() const {
  for (const Stored& s : certificates) {
    if (s.kind == ChainKind::ca) return &s;
  }
  return nullptr;
}

TrustStore::TrustStore(Context& context, ChainText& text)
    : Task(context.scheduler, "Crypto PKI store"), context_(context), text_(text) {}

Status TrustStore::load() {
  size_t damaged = 0;
  TRY_ASSIGN(waiting_, read_all_chains(context_.store, damaged));
  if (damaged != 0) context_.log(kFileDamaged, static_cast<unsigned>(damaged));
  return {};
}

void TrustStore::stop() {
  slot_.cancel();
  retry_.stop();
  entries_.clear();
  waiting_.clear();
  dirty_.clear();
  dropped_.clear();
}

const Entry* TrustStore::find(std::string_view label) const {
  for (const Entry& e : entries_) {
    if (e.label.view() == label) return &e;
  }
  return nullptr;
}

Entry* TrustStore::find_entry(std::string_view label) { return const_cast<Entry*>(find(label)); }

Entry& TrustStore::entry_for(std::string_view label) {
  if (Entry* e = find_entry(label)) return *e;
  Entry fresh;
  (void)fresh.label.set(label);
  PARLEY_CHECK(entries_.push(std::move(fresh)).has_value());
  return entries_[entries_.size() - 1];
}

// ---- configuration -> store

void TrustStore::begin_sync() {
  for (Entry& e : entries_) {
    e.seen = false;
    e.defined = false;
    for (Stored& s : e.certificates) s.seen = false;
  }
}

void TrustStore::sync_trustpoint(std::string_view label, std::string_view key) {
  Entry& e = entry_for(label);
  e.seen = e.defined = true;
  if (e.key.view() != key) {
    (void)e.key.set(key);
    changed(e);
  }
  merge_received(e);
}

void TrustStore::sync_certificate(std::string_view label, ChainKind kind, std::string_view serial, Bytes der) {
  Entry& e = entry_for(label);
  e.seen = true;
  for (Stored& s : e.certificates) {
    if (s.kind != kind || !equal_bytes(s.certificate.der, der)) continue;
    s.seen = s.in_config = true;
    (void)s.serial.set(serial);
    return;
  }
  if (!insert(e, kind, der, false)) return;
  Stored& s = e.certificates[e.certificates.size() - 1];
  s.seen = s.in_config = true;
  (void)s.serial.set(serial);
  changed(e);
}

void TrustStore::end_sync() {
  for (size_t i = entries_.size(); i-- > 0;) {
    Entry& e = entries_[i];
    bool lost = false, lost_received = false;
    for (size_t k = e.certificates.size(); k-- > 0;) {
      const Stored& s = e.certificates[k];
      if (s.seen || (!s.in_config && e.defined)) continue;   // not yet published: stays
      lost = true;
      lost_received = lost_received || s.received;
      e.certificates.remove(k);
    }
    if (lost_received) mark_dirty(e.label);
    if (lost) changed(e);
    if (!e.seen && e.certificates.empty()) entries_.remove(i);
  }
  wake();
}

// What nvram: had for this trustpoint. Of two own certificates the one that starts later counts (Entry::own).
void TrustStore::merge_received(Entry& e) {
  for (size_t i = 0; i < waiting_.size(); ++i) {
    if (waiting_[i].label.view() != e.label.view()) continue;
    for (const ChainItem& item : waiting_[i].items) {
      bool known = false;
      for (Stored& s : e.certificates) {
        if (s.kind != item.kind || !equal_bytes(s.certificate.der, item.der)) continue;
        known = s.received = true;
      }
      if (!known) (void)insert(e, item.kind, item.der, true);
    }
    waiting_.remove(i);
    changed(e);
    return;
  }
}

// ---- received certificates

bool TrustStore::same_place(const Entry& e, const Stored& s, ChainKind kind, Bytes der) const {
  if (!is_own(kind)) return s.kind == kind && equal_bytes(s.certificate.der, der);
  const Result<Certificate> c = parse_certificate(der);
  return is_own(s.kind) && c && s.encryption == for_encryption(e, c->spki);
}

Status TrustStore::insert(Entry& e, ChainKind kind, Bytes der, bool received) {
  Stored s;
  TRY_ASSIGN(s.certificate, parse_certificate(der));
  s.kind = kind;
  s.received = received;
  s.serial = serial_text(s.certificate);
  s.encryption = kind == ChainKind::own && for_encryption(e, s.certificate.spki);
  return e.certificates.push(std::move(s));
}

Result<ChainItems> TrustStore::received_items(const Entry* e) const {
  ChainItems items{general_arena()};
  if (e == nullptr) return items;
  for (const Stored& s : e->certificates) {
    if (!s.received) continue;
    TRY_ASSIGN(ChainItem item, copy_item(s.kind, s.certificate.der));
    TRY(items.push(std::move(item)));
  }
  return items;
}

Result<std::unique_ptr<SaveChainJob>> TrustStore::save(std::string_view label, ChainKind kind, Bytes der) {
  ChainItems added{general_arena()};
  TRY_ASSIGN(ChainItem item, copy_item(kind, der));
  TRY(added.push(std::move(item)));
  return save(label, std::move(added));
}

Result<std::unique_ptr<SaveChainJob>> TrustStore::save(std::string_view label, ChainItems added) {
  auto job = std::make_unique<SaveChainJob>(context_.store);
  (void)job->label.set(label);
  const Entry* e = find(label);
  const auto replaced = [&](const Stored& s) {
    for (const ChainItem& i : added) {
      if (same_place(*e, s, i.kind, i.der)) return true;
    }
    return false;
  };
  for (size_t n = 0; e != nullptr && n < e->certificates.size(); ++n) {
    const Stored& s = e->certificates[n];
    if (!s.received || replaced(s)) continue;
    TRY_ASSIGN(ChainItem item, copy_item(s.kind, s.certificate.der));
    TRY(job->items.push(std::move(item)));
  }
  for (const ChainItem& i : added) {
    TRY_ASSIGN(ChainItem item, copy_item(i.kind, i.der));
    TRY(job->items.push(std::move(item)));
  }
  job->added = std::move(added);
  return job;
}

Status TrustStore::saved(const SaveChainJob& job) {
  TRY(job.result);
  for (const ChainItem& i : job.added) TRY(adopt(job.label, i.kind, i.der));
  return {};
}

Status TrustStore::adopt(std::string_view label, ChainKind kind, Bytes der) {
  Entry& e = entry_for(label);
  List<Place> old{general_arena()};
  for (size_t i = e.certificates.size(); i-- > 0;) {
    const Stored& s = e.certificates[i];
    if (!same_place(e, s, kind, der)) continue;
    if (s.in_config) TRY(old.push(Place{s.kind, s.serial}));
    e.certificates.remove(i);
  }
  TRY(insert(e, kind, der, true));
  changed(e);
  for (const Place& p : old) (void)text_.drop(label, p.kind, p.serial);   // comes back through a sync: e may have moved
  if (Entry* now = find_entry(label)) publish(*now);
  wake();
  return {};
}

void TrustStore::drop(std::string_view label, ChainKind kind, Bytes der) {
  Entry* e = find_entry(label);
  for (size_t i = 0; e != nullptr && i < e->certificates.size(); ++i) {
    const Stored& s = e->certificates[i];
    if (s.kind != kind || !equal_bytes(s.certificate.der, der)) continue;
    const SerialText serial = s.serial;
    const bool in_config = s.in_config;
    e->certificates.remove(i);
    mark_dirty(label);
    changed(*e);
    if (in_config) (void)text_.drop(label, kind, serial);   // comes back through a sync: e may have moved
    return;
  }
}

void TrustStore::forget(std::string_view label) {
  Entry* e = find_entry(label);
  if (e == nullptr) return;
  e->certificates.clear();
  Text<63> name = e->label;
  changed(*e);
  (void)dropped_.push(name);
  mark_dirty(name);
}

void TrustStore::mark_dirty(std::string_view label) {
  for (const Text<63>& d : dirty_) {
    if (d.view() == label) return;
  }
  (void)dirty_.push(Text<63>(label));
  wake();
}

// ---- own task: everything that may not happen inside a command

Poll TrustStore::step() {
  (void)retry_.fired();
  for (Entry& e : entries_) publish(e);
  while (!dropped_.empty()) {
    const Text<63> label = dropped_[0];
    dropped_.remove(0);
    (void)text_.drop_all(label);
  }
  for (Entry& e : entries_) judge(e);
  write_dirty();
  return Poll::pending;
}

// put() comes back through a sync, which marks what it finds in the configuration; entries may move meanwhile.
void TrustStore::publish(Entry& e) {
  if (!e.defined) return;
  for (size_t i = 0; i < e.certificates.size(); ++i) {
    Stored& s = e.certificates[i];
    if (s.in_config || s.refused) continue;
    s.refused = true;     // not tried for ever
    const Text<63> label = e.label;
    const Result<Blob> der = Blob::copy_of(s.certificate.der.view());
    const Status put = der ? text_.put(label, s.kind, s.serial, *der) : Status(der.error());
    if (!put) return context_.log(kNotInConfig, label, put.error().what);
    if (Entry* now = find_entry(label)) {
      for (Stored& same : now->certificates) {
        if (equal_bytes(same.certificate.der, *der)) same.in_config = true;
      }
    }
    return wake();        // the next one in another step
  }
}

void TrustStore::judge(Entry& e) {
  if (!context_.clock_valid()) return retry_.start(Millis(1'000));
  for (Stored& s : e.certificates) {
    if (s.told || s.kind == ChainKind::rollover) continue;   // that one begins later
    s.told = true;
    Status good;
    if (s.kind == ChainKind::ca) good = usable_as_ca(s.certificate, context_.now());
    else good = usability(s.certificate, context_.now(), s.certificate.key.algorithm == KeyAlgorithm::rsa ? Purpose::file_signing : Purpose::tls_modern);
    if (good && is_own(s.kind) && !matches_key(e, s.certificate)) good = Fault{Code::untrusted, "no matching private key", 0};
    if (!good) context_.log(kCertWeak, s.serial, e.label, good.error().what);
  }
}

void TrustStore::write_dirty() {
  if (slot_.busy()) {
    const std::unique_ptr<SaveChainJob> done = slot_.take();
    if (done == nullptr) return;
    if (!done->result) {
      context_.log(kFileNotWritten, done->label, done->result.error().what);
      mark_dirty(done->label);
      return retry_.start(kRetry);
    }
  }
  if (dirty_.empty() || retry_.running()) return;
  auto job = std::make_unique<SaveChainJob>(context_.store);
  job->label = dirty_[0];
  Result<ChainItems> items = received_items(find(job->label));
  if (!items) return retry_.start(kRetry);
  job->items = std::move(*items);
  if (!slot_.start(context_.jobs, *this, std::move(job))) return retry_.start(kRetry);
  dirty_.remove(0);
}

void TrustStore::changed(Entry& e) {
  e.ca.clear();
  const Stored* own = e.own();
  const auto issued = [own](const Stored& s) {
    return own != nullptr && equal_names(s.certificate.subject, own->certificate.issuer);
  };
  for (const bool first : {true, false}) {
    for (const Stored& s : e.certificates) {
      if (s.kind == ChainKind::ca && issued(s) == first) (void)e.ca.push(s.certificate.der.view());
    }
  }
  const Text<63> label = e.label;
  tell(label);
  wake();
}

void TrustStore::tell(std::string_view label) {
  int64_t told = 0;
  for (Listener* l = listeners_; l != nullptr; ++told) {
    Listener* next = l->next_;
    l->trustpoints_changed(label);
    l = next;
  }
  if (DebugLine line(context_.log, debug_of::kCallbacks); line) {
    line.out().put("CRYPTO_PKI: Trustpoint ").put(label).put(" changed, ").dec(told).put(" parts of the router told");
  }
}

void TrustStore::held_changed(std::string_view label) { tell(label); }

// ---- Trustpoints

Result<TrustpointView> TrustStore::newest_view(std::string_view label) const {
  const Entry* e = find(label);
  if (e == nullptr) return Fault{Code::missing, "no such trustpoint", 0};
  TrustpointView v;
  v.label = e->label.view();
  v.key = key_of(*e);
  if (const Stored* own = e->own()) v.certificate = own->certificate.der;
  else if (const Stored* ca = e->authority(); ca != nullptr && matches_key(*e, ca->certificate)) v.certificate = ca->certificate.der;
  v.ca = std::span<const Bytes>(e->ca.begin(), e->ca.size());
  return v;
}

KeyRef TrustStore::key_with(Bytes spki) const {
  struct Search { const Keys& keys; Bytes spki; KeyRef found; } search{context_.keys, spki, {}};
  context_.keys.list([](void* context, KeyRef key, const KeyInfo&) {
    auto& s = *static_cast<Search*>(context);
    const Result<Blob> mine = s.keys.public_key(key);
    if (mine && equal_bytes(*mine, s.spki)) s.found = key;
    return !s.found;
  }, &search);
  return search.found;
}

// The certificate that is held in use, if its key is still here and it has not ended. v: as newest, or blank.
bool TrustStore::held_view(std::string_view label, TrustpointView& v) const {
  const Bytes held = holder_ == nullptr ? Bytes() : holder_->held(label);
  if (held.empty()) return false;
  const Result<Certificate> c = parse_certificate(held);
  if (!c || (context_.clock_valid() && c->not_after < context_.now())) return false;
  const KeyRef key = key_with(c->spki);
  if (!key) return false;
  const bool other = !equal_bytes(v.certificate, held);
  if (v.label.empty()) v.label = label;
  v.key = key;
  v.certificate = held;
  const Result<Certificate> issuer = v.ca.empty() ? Result<Certificate>(Fault{Code::missing, "", 0}) : parse_certificate(v.ca.front());
  if (other && (!issuer || !equal_names(issuer->subject, c->issuer))) v.ca = {};   // of the new one
  return true;
}

Result<TrustpointView> TrustStore::view(std::string_view label) const {
  Result<TrustpointView> v = newest_view(label);
  TrustpointView held = v ? *v : TrustpointView{};
  return held_view(label, held) ? Result<TrustpointView>(held) : v;
}

Result<TrustpointView> TrustStore::usable(std::string_view label, Purpose purpose) const {
  const Result<TrustpointView> known = newest_view(label);
  TrustpointView held = known ? *known : TrustpointView{};
  if (held_view(label, held)) {
    const Result<Certificate> c = parse_certificate(held.certificate);
    if (purpose == Purpose::any || (c && context_.clock_valid() && usability(*c, context_.now(), purpose))) return held;
  }
  return newest(label, purpose);
}

Result<TrustpointView> TrustStore::newest(std::string_view label, Purpose purpose) const {
  TRY_ASSIGN(TrustpointView v, newest_view(label));
  if (v.certificate.empty()) return Fault{Code::missing, "the trustpoint has no certificate of its own", 0};
  const Entry* e = find(label);
  const Stored* s = e->own() != nullptr ? e->own() : e->authority();
  if (!v.key) return Fault{Code::untrusted, "the trustpoint has no key pair", 0};
  if (!matches_key(*e, s->certificate)) return Fault{Code::untrusted, "no matching private key", 0};
  if (purpose == Purpose::any) return v;
  if (!context_.clock_valid()) return Fault{Code::untrusted, "the clock is not set", 0};
  TRY(usability(s->certificate, context_.now(), purpose));
  return v;
}

void TrustStore::subscribe(Listener& l) {
  l.next_ = listeners_;
  listeners_ = &l;
}

void TrustStore::unsubscribe(Listener& l) {
  for (Listener** p = &listeners_; *p != nullptr; p = &(*p)->next_) {
    if (*p != &l) continue;
    *p = l.next_;
    return;
  }
}

}  // namespace parley::crypto_pki
