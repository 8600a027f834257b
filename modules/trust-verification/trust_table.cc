// The certificates phones may trust.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/trust-verification/trust_table.h"

#include <algorithm>

#include "modules/crypto-pki/certificate.h"

namespace parley::trust_verification {
namespace {

// File: "PTV1", then for each entry: u32 ttl, u64 replaced, u8 n, n role bytes, u8 length, source, u16 length, DER.
constexpr std::string_view kMagic = "PTV1";

uint8_t role_byte(TrustRole role) { return static_cast<uint8_t>(role); }

bool expired(const TrustEntry& e, UnixTime now) {
  return e.replaced != 0 && now - e.replaced > kKeepReplaced.count();
}

}  // namespace

bool TrustEntry::has_role(TrustRole role) const {
  return std::find(roles, roles + role_count, role_byte(role)) != roles + role_count;
}

TrustEntry* TrustTable::find(Bytes sha256) {
  for (TrustEntry& e : entries_)
    if (equal_bytes(Bytes(e.sha256), sha256)) return &e;
  return nullptr;
}

Result<TrustEntry*> TrustTable::insert(Bytes der) {
  const Digest d = hash(Hash::sha256, der);
  if (TrustEntry* known = find(d.view())) return known;
  if (entries_.size() >= kMaxEntries) return Fault{Code::full, "trust table is full", kMaxEntries};
  TRY_ASSIGN(const crypto_pki::Certificate c, crypto_pki::parse_certificate(der));
  TrustEntry e;
  std::copy(d.data, d.data + d.size, e.sha256);
  e.not_before = c.not_before;
  e.not_after = c.not_after;
  TRY(e.certificate.append(der));
  TRY(entries_.push(std::move(e)));
  return &entries_[entries_.size() - 1];
}

void TrustTable::begin() {
  for (TrustEntry& e : entries_) e.seen = false;
}

void TrustTable::add(Bytes certificate, TrustRole role, std::string_view source, uint32_t ttl_s) {
  auto found = insert(certificate);
  if (!found) return;
  TrustEntry& e = **found;
  if (!e.seen) e.role_count = 0;   // its roles are told again
  e.seen = true;
  e.ttl_s = ttl_s;
  if (!e.has_role(role) && e.role_count < kMaxRoles) e.roles[e.role_count++] = role_byte(role);
  std::sort(e.roles, e.roles + e.role_count);
  e.source = source.substr(0, kMaxSource);
}

void TrustTable::end(UnixTime now) {
  for (size_t i = entries_.size(); i-- > 0;) {
    TrustEntry& e = entries_[i];
    if (e.seen) {
      e.replaced = 0;
      continue;
    }
    if (e.replaced == 0) {
      e.replaced = now;
      uint8_t* last = std::remove(e.roles, e.roles + e.role_count, role_byte(TrustRole::sast));
      e.role_count = static_cast<uint8_t>(last - e.roles);
    }
    if (e.role_count == 0) entries_.remove(i);
  }
}

void TrustTable::forget_old(UnixTime now) {
  for (size_t i = entries_.size(); i-- > 0;)
    if (expired(entries_[i], now)) entries_.remove(i);
}

Verdict TrustTable::lookup(Bytes certificate, UnixTime now, uint32_t ttl_limit_s) const {
  Verdict v;
  const TrustEntry* e = find(hash(Hash::sha256, certificate).view());
  if (e == nullptr || e->role_count == 0 || expired(*e, now) || now < e->not_before || now > e->not_after) return v;
  v.valid = true;
  std::copy(e->roles, e->roles + e->role_count, v.roles);
  v.role_count = e->role_count;
  v.ttl_s = std::max<uint32_t>(1, std::min(e->ttl_s, ttl_limit_s));
  return v;
}

Status TrustTable::save(Blob& to) const {
  TRY(to.append(kMagic));
  for (const TrustEntry& e : entries_) {
    uint8_t head[4 + 8 + 1 + kMaxRoles + 1 + kMaxSource + 2];
    ByteWriter w{MutBytes(head)};
    w.u32(e.ttl_s);
    w.u64(static_cast<uint64_t>(e.replaced));
    w.u8(e.role_count);
    w.bytes(Bytes(e.roles, e.role_count));
    w.u8(static_cast<uint8_t>(e.source.size()));
    w.text(e.source.view());
    w.u16(static_cast<uint16_t>(e.certificate.size()));
    PARLEY_CHECK(w.ok());
    TRY(to.append(w.view()));
    TRY(to.append(e.certificate.view()));
  }
  return {};
}

Status TrustTable::load(Bytes from, UnixTime now) {
  ByteReader r(from);
  if (as_text(r.take(kMagic.size())) != kMagic) return Fault{Code::invalid, "not a trust table", 0};
  while (r.ok() && r.left() > 0) {
    const uint32_t ttl_s = r.u32();
    const auto replaced = static_cast<UnixTime>(r.u64());
    const Bytes roles = r.take(r.u8());
    const std::string_view source = as_text(r.take(r.u8()));
    const Bytes der = r.take(r.u16());
    if (!r.ok() || roles.size() > kMaxRoles) break;
    TRY_ASSIGN(TrustEntry* const e, insert(der));
    e->ttl_s = ttl_s;
    e->replaced = replaced;
    e->role_count = static_cast<uint8_t>(roles.size());
    std::copy(roles.begin(), roles.end(), e->roles);
    (void)e->source.set(source);
  }
  forget_old(now);
  return r.done() ? Status{} : Status(Fault{Code::invalid, "trust table is damaged", 0});
}

}  // namespace parley::trust_verification
