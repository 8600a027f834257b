// What CTL providers handed over.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// File: "CTLB" 1, u8 number of providers; each: u32 address, u8 confirmed, 32 bytes SHA-256 of the accepted certificate,
// u8+text trustpoint, u64 time, u8 number of records; each: u8 role, u32 address, u8+text name, u16+bytes certificate. At the end
// 32 bytes SHA-256 of everything before.
#include "modules/ctl-client/provider_book.h"

#include <algorithm>

#include "modules/crypto-pki/certificate.h"
#include "modules/ctl-client/ctl_protocol.h"

namespace parley::ctl_client {
namespace {

constexpr uint32_t kMagic = 0x43544C42;
constexpr uint8_t kFormat = 1;
constexpr size_t kSum = 32;
constexpr size_t kMaxProviders = 64;

template <size_t N>
bool take_text(ByteReader& r, Text<N>& out) {
  const size_t n = r.u8();
  return out.set(as_text(r.take(n)));
}

struct Number {
  uint8_t bytes[8] = {};
  ByteWriter w{MutBytes(bytes)};
};
void put(Blob& out, uint64_t v, size_t size) {
  Number n;
  n.w.u64(v);
  out.write(as_text(n.w.view().last(size)));
}
void put_text(Blob& out, std::string_view s) {
  put(out, s.size(), 1);
  out.write(s);
}

}  // namespace

bool may_come_from_provider(Role r) { return r == Role::ccm || r == Role::ccm_tftp || r == Role::tftp || r == Role::capf; }

KnownProvider* ProviderBook::find(uint32_t ip) {
  for (KnownProvider& p : known_)
    if (p.ip == ip) return &p;
  return nullptr;
}

Result<KnownProvider*> ProviderBook::make(uint32_t ip) {
  if (KnownProvider* p = find(ip)) return p;
  if (known_.size() == kMaxProviders) return Fault{Code::full, "too many CTL providers", 0};
  KnownProvider fresh;
  fresh.ip = ip;
  TRY(known_.push(std::move(fresh)));
  return &known_[known_.size() - 1];
}

bool ProviderBook::remove(uint32_t ip) {
  for (size_t i = 0; i < known_.size(); ++i)
    if (known_[i].ip == ip) return known_.remove(i), true;
  return false;
}

Status ProviderBook::save(Blob& out) const {
  put(out, kMagic, 4);
  put(out, kFormat, 1);
  put(out, known_.size(), 1);
  for (const KnownProvider& p : known_) {
    put(out, p.ip, 4);
    put(out, p.confirmed, 1);
    uint8_t sum[kSum] = {};
    std::copy_n(p.certificate.data, std::min<size_t>(p.certificate.size, kSum), sum);
    out.write(as_text(Bytes(sum)));
    put_text(out, p.trustpoint);
    put(out, static_cast<uint64_t>(p.received), 8);
    put(out, p.records.size(), 1);
    for (const RemoteRecord& r : p.records) {
      put(out, static_cast<uint64_t>(r.role), 1);
      put(out, r.ip, 4);
      put_text(out, r.name);
      put(out, r.certificate.size(), 2);
      out.write(r.certificate.text());
    }
  }
  const Digest sum = hash(Hash::sha256, out.view());
  out.write(as_text(sum.view()));
  if (!out.ok()) return Fault{Code::full, "no memory for the list of CTL providers", 0};
  return {};
}

Status ProviderBook::load(Bytes file) {
  known_.clear();
  Status done = Fault{Code::invalid, "the file is damaged", 0};
  if (file.size() > kSum && equal_bytes(hash(Hash::sha256, file.first(file.size() - kSum)).view(), file.last(kSum)))
    done = read(file.first(file.size() - kSum));
  if (!done) known_.clear();
  return done;
}

Status ProviderBook::read(Bytes file) {
  const Fault damaged{Code::invalid, "the file is damaged", 0};
  ByteReader r(file);
  if (r.u32() != kMagic || r.u8() != kFormat) return damaged;
  for (size_t n = r.u8(); n > 0; --n) {
    TRY_ASSIGN(KnownProvider* p, make(r.u32()));
    p->confirmed = r.u8() != 0;
    const Bytes sum = r.take(kSum);
    if (!r.ok()) return damaged;
    p->certificate.size = kSum;
    std::copy(sum.begin(), sum.end(), p->certificate.data);
    if (!take_text(r, p->trustpoint)) return damaged;
    p->received = static_cast<UnixTime>(r.u64());
    const size_t records = r.u8();
    if (records > ctl_protocol::kMaxRecords) return damaged;
    p->records.clear();
    for (size_t i = 0; i < records; ++i) {
      RemoteRecord record;
      record.role = static_cast<Role>(r.u8());
      record.ip = r.u32();
      if (!take_text(r, record.name) || !may_come_from_provider(record.role)) return damaged;
      const size_t size = r.u16();
      const Bytes certificate = r.take(size);
      if (!r.ok() || !crypto_pki::parse_certificate(certificate)) return damaged;
      TRY(record.certificate.append(certificate));
      TRY(p->records.push(std::move(record)));
    }
  }
  return r.done() ? Status() : Status(damaged);
}

bool same_records(const List<RemoteRecord>& a, const List<RemoteRecord>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const RemoteRecord& x, const RemoteRecord& y) {
    return x.role == y.role && x.ip == y.ip && x.name == y.name && equal_bytes(x.certificate, y.certificate);
  });
}

}  // namespace parley::ctl_client
