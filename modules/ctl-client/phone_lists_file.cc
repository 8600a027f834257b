// The memory of the phones' lists as bytes for nvram:.
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   "PPL1"   u16 lists   u16 phones
//   list:    u8 kind, 32 id, 32 signer, u32 timestamp, u16 n, n times (u16 role, 32 certificate)
//   phone:   6 address, u64 seen, 4 times u16 CTL, 4 times u16 ITL      (index of a list, FFFF: none)
//   32       SHA-256 of all that
#include <algorithm>

#include "modules/ctl-client/phone_lists.h"
#include "platform/crypto/engine.h"

namespace parley::ctl_client {
namespace {

constexpr std::string_view kMagic = "PPL1";
constexpr size_t kIdSize = sizeof(Sha256Id::bytes);

Sha256Id read_id(ByteReader& r) {
  Sha256Id id;
  const Bytes b = r.take(kIdSize);
  std::copy(b.begin(), b.end(), id.bytes);
  return id;
}

}  // namespace

Status PhoneLists::encode(Blob& to) const {
  uint8_t row[128];
  const auto put = [&](const ByteWriter& w) {
    PARLEY_CHECK(w.ok());
    return to.append(w.view());
  };
  {
    ByteWriter w{MutBytes(row)};
    w.text(kMagic);
    w.u16(static_cast<uint16_t>(lists_.size()));
    w.u16(static_cast<uint16_t>(phones_.size()));
    TRY(put(w));
  }
  for (const ListFacts& l : lists_) {
    ByteWriter w{MutBytes(row)};
    w.u8(static_cast<uint8_t>(l.kind));
    w.bytes(l.id.bytes);
    w.bytes(l.signer.bytes);
    w.u32(l.timestamp);
    w.u16(static_cast<uint16_t>(l.entries.size()));
    TRY(put(w));
    for (const ListFacts::Entry& e : l.entries) {
      ByteWriter entry{MutBytes(row)};
      entry.u16(static_cast<uint16_t>(e.role));
      entry.bytes(e.certificate.bytes);
      TRY(put(entry));
    }
  }
  for (const Phone& p : phones_) {
    ByteWriter w{MutBytes(row)};
    w.bytes(p.mac.bytes);
    w.u64(static_cast<uint64_t>(p.seen));
    for (const auto& kind : p.lists)
      for (const uint16_t l : kind) w.u16(l);
    TRY(put(w));
  }
  const Digest sum = hash(Hash::sha256, to.view());
  return to.append(sum.view());
}

Status PhoneLists::decode_lists(ByteReader& r) {
  ListFacts l;
  const uint8_t kind = r.u8();
  l.kind = kind == 0 ? ListKind::ctl : ListKind::itl;
  l.id = read_id(r);
  l.signer = read_id(r);
  l.timestamp = r.u32();
  const size_t n = r.u16();
  if (!r.ok() || kind > 1 || n > kMaxEntries) return Fault{Code::invalid, "damaged list", 0};
  TRY(l.entries.reserve(n));
  for (size_t i = 0; i < n; ++i) {
    ListFacts::Entry e;
    e.role = static_cast<Role>(r.u16());
    e.certificate = read_id(r);
    TRY(l.entries.push(e));
  }
  if (!r.ok()) return Fault{Code::invalid, "damaged list", 0};
  return lists_.push(std::move(l));
}

Status PhoneLists::decode_phones(ByteReader& r) {
  Phone p;
  const Bytes mac = r.take(sizeof p.mac.bytes);
  std::copy(mac.begin(), mac.end(), p.mac.bytes);
  p.seen = static_cast<UnixTime>(r.u64());
  for (size_t kind = 0; kind < 2; ++kind) {
    bool ended = false;
    for (size_t i = 0; i < kPossible; ++i) {
      uint16_t& l = p.lists[kind][i];
      l = r.u16();
      const bool good = l == kNone || (l < lists_.size() && static_cast<size_t>(lists_[l].kind) == kind && !ended);
      if (!good) return Fault{Code::invalid, "damaged phone", 0};
      ended = ended || (i > 0 && l == kNone);
    }
  }
  if (!r.ok()) return Fault{Code::invalid, "damaged phone", 0};
  Phone* known = find_or_add(p.mac);
  if (known == nullptr || known->holds_any()) return Fault{Code::invalid, "a phone twice", 0};
  *known = p;
  return {};
}

Status PhoneLists::decode(Bytes from) {
  clear();
  const auto fail = [this](const Fault& why) {
    clear();
    return Status(why);
  };
  if (from.size() < kMagic.size() + 4 + kIdSize) return fail({Code::invalid, "too short", 0});
  const Bytes body = from.first(from.size() - kIdSize);
  const Digest sum = hash(Hash::sha256, body);
  if (!equal_bytes(sum.view(), from.last(kIdSize))) return fail({Code::invalid, "wrong checksum", 0});
  ByteReader r(body);
  if (as_text(r.take(kMagic.size())) != kMagic) return fail({Code::invalid, "another version", 0});
  const size_t lists = r.u16(), phones = r.u16();
  if (lists > kMaxLists || phones > kMaxPhones) return fail({Code::invalid, "too large", 0});
  for (size_t i = 0; i < lists; ++i)
    if (const Status s = decode_lists(r); !s) return fail(s.error());
  for (size_t i = 0; i < phones; ++i)
    if (const Status s = decode_phones(r); !s) return fail(s.error());
  if (!r.done()) return fail({Code::invalid, "bytes left over", 0});
  return {};
}

}  // namespace parley::ctl_client
