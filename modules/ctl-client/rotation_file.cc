// Which certificates and trustpoints are in use, as bytes for nvram:.
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   "PTR1"   u16 labels   u16 slots
//   label:   u8 n, text, u32 roles, u64 since, u16 n, certificate
//   slot:    u8 n, owner, u16 role, u8 n, label, u64 since
//   32       SHA-256 of all that
#include "modules/crypto-pki/certificate.h"
#include "modules/ctl-client/rotation.h"
#include "platform/crypto/engine.h"

namespace parley::ctl_client {
namespace {

constexpr std::string_view kMagic = "PTR1";
constexpr size_t kSum = 32;

Status damaged(const char* what) { return Fault{Code::invalid, what, 0}; }

}  // namespace

Status RotationState::encode(Blob& to) const {
  uint8_t row[256];
  const auto put = [&](const ByteWriter& w) {
    PARLEY_CHECK(w.ok());
    return to.append(w.view());
  };
  {
    ByteWriter w{MutBytes(row)};
    w.text(kMagic);
    w.u16(static_cast<uint16_t>(labels.size()));
    w.u16(static_cast<uint16_t>(slots.size()));
    TRY(put(w));
  }
  for (const InUse& l : labels) {
    ByteWriter w{MutBytes(row)};
    w.u8(static_cast<uint8_t>(l.label.size()));
    w.text(l.label.view());
    w.u32(l.roles);
    w.u64(static_cast<uint64_t>(l.since));
    w.u16(static_cast<uint16_t>(l.certificate.size()));
    TRY(put(w));
    TRY(to.append(l.certificate.view()));
  }
  for (const Slot& s : slots) {
    ByteWriter w{MutBytes(row)};
    w.u8(static_cast<uint8_t>(s.owner.size()));
    w.text(s.owner.view());
    w.u16(static_cast<uint16_t>(s.role));
    w.u8(static_cast<uint8_t>(s.label.size()));
    w.text(s.label.view());
    w.u64(static_cast<uint64_t>(s.since));
    TRY(put(w));
  }
  const Digest sum = hash(Hash::sha256, to.view());
  return to.append(sum.view());
}

Status RotationState::decode(Bytes from) {
  labels.clear();
  slots.clear();
  if (from.size() < kMagic.size() + 4 + kSum) return damaged("too short");
  const Bytes body = from.first(from.size() - kSum);
  const Digest sum = hash(Hash::sha256, body);
  if (!equal_bytes(sum.view(), from.last(kSum))) return damaged("wrong checksum");
  ByteReader r(body);
  if (as_text(r.take(kMagic.size())) != kMagic) return damaged("another version");
  const size_t label_count = r.u16(), slot_count = r.u16();
  if (label_count > kMaxLabels || slot_count > kMaxSlots) return damaged("too large");
  List<InUse> new_labels(general_arena());
  List<Slot> new_slots(general_arena());
  for (size_t i = 0; i < label_count; ++i) {
    InUse l;
    const std::string_view label = as_text(r.take(r.u8()));
    l.roles = r.u32();
    l.since = static_cast<UnixTime>(r.u64());
    const Bytes certificate = r.take(r.u16());
    if (!r.ok() || label.empty() || !l.label.set(label) || !crypto_pki::parse_certificate(certificate)) return damaged("damaged trustpoint");
    TRY(l.certificate.append(certificate));
    TRY(new_labels.push(std::move(l)));
  }
  for (size_t i = 0; i < slot_count; ++i) {
    Slot s;
    const std::string_view owner = as_text(r.take(r.u8()));
    s.role = static_cast<Role>(r.u16());
    const std::string_view label = as_text(r.take(r.u8()));
    s.since = static_cast<UnixTime>(r.u64());
    if (!r.ok() || owner.empty() || label.empty() || !s.owner.set(owner) || !s.label.set(label)) return damaged("damaged service");
    TRY(new_slots.push(s));
  }
  if (!r.done()) return damaged("bytes left over");
  labels = std::move(new_labels);
  slots = std::move(new_slots);
  return {};
}

}  // namespace parley::ctl_client
