// What the CAPF server remembers of each phone.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/capf-server/capf_device.h"

#include <algorithm>

#include "modules/crypto-pki/certificate.h"

namespace parley::capf_server {
namespace {

// "PCF2", kind, flags, bulk operation, u64 bulk since, keygen failures, u64 last contact, last reason, 32 bytes of the used PIN's hash
// (zero: none), u16 length + current, u16 length + pending, u16 length + requested key, u64 when. "PCF1" ends after pending.
constexpr std::string_view kMagic = "PCF2", kOldMagic = "PCF1";
constexpr uint8_t kBulk = 1, kFailed = 2, kDeleted = 4;
constexpr size_t kHash = 32;
constexpr UnixTime kDay = 86400;

uint64_t mark_of_key(Bytes spki) { return spki.empty() ? Device::kNoKey : uint64_t{key_hash(spki)} + 1; }

uint64_t mark_of_certificate(Bytes der) {
  if (der.empty()) return Device::kNoKey;
  const auto c = crypto_pki::parse_certificate(der);
  return c ? mark_of_key(c->spki) : Device::kAnyKey;
}

bool same_key(Bytes certificate, Bytes spki) {
  return !spki.empty() && as_text(certificate).find(as_text(spki)) != std::string_view::npos;
}

}  // namespace

void Device::touch() {
  ++changed;
  mark_keys();
}

void Device::mark_keys() {
  key_marks[0] = mark_of_certificate(current.view());
  key_marks[1] = mark_of_certificate(pending.view());
  key_marks[2] = mark_of_key(requested.view());
}

Status encode_device(const Device& d, Blob& to) {
  uint8_t head[64];
  ByteWriter w{MutBytes(head)};
  w.text(kMagic);
  w.u8(static_cast<uint8_t>(d.kind));
  w.u8(static_cast<uint8_t>((d.bulk ? kBulk : 0) | (d.failed ? kFailed : 0) | (d.deleted ? kDeleted : 0)));
  w.u8(static_cast<uint8_t>(d.bulk_operation));
  w.u64(static_cast<uint64_t>(d.bulk_since));
  w.u8(d.keygen_failures);
  w.u64(static_cast<uint64_t>(d.last_contact));
  w.u8(d.last_reason);
  if (d.used_string.size == kHash) w.bytes(d.used_string.view());
  else w.fill(kHash, 0);
  PARLEY_CHECK(w.ok());
  TRY(to.append(w.view()));
  for (const Blob* b : {&d.current, &d.pending, &d.requested}) {
    const uint8_t length[2] = {static_cast<uint8_t>(b->size() >> 8), static_cast<uint8_t>(b->size())};
    TRY(to.append(Bytes(length)));
    TRY(to.append(b->view()));
  }
  uint8_t when[8];
  ByteWriter t{MutBytes(when)};
  t.u64(static_cast<uint64_t>(d.requested_at));
  return to.append(t.view());
}

Result<Device> decode_device(Bytes file, std::string_view name) {
  Device d;
  ByteReader r(file);
  if (!is_device_name(name) || !d.name.set(name)) return Fault{Code::invalid, "not the name of a phone", 0};
  const std::string_view magic = as_text(r.take(kMagic.size()));
  if (magic != kMagic && magic != kOldMagic) return Fault{Code::invalid, "not a record of a phone", 0};
  d.kind = r.u8() == 2 ? CertificateKind::mic : CertificateKind::lsc;
  const uint8_t flags = r.u8(), operation = r.u8();
  d.bulk = (flags & kBulk) != 0;
  d.failed = (flags & kFailed) != 0;
  d.deleted = (flags & kDeleted) != 0;
  d.bulk_operation = static_cast<Operation>(operation <= 2 ? operation : 2);
  d.bulk_since = static_cast<UnixTime>(r.u64());
  d.keygen_failures = r.u8();
  d.last_contact = static_cast<UnixTime>(r.u64());
  d.last_reason = r.u8();
  const Bytes used = r.take(kHash);
  const Bytes current = r.take(r.u16()), pending = r.take(r.u16());
  if (magic == kMagic) {
    TRY(d.requested.append(r.take(r.u16())));
    d.requested_at = static_cast<UnixTime>(r.u64());
  }
  if (!r.done()) return Fault{Code::invalid, "record of a phone is damaged", 0};
  if (std::any_of(used.begin(), used.end(), [](uint8_t b) { return b != 0; })) {
    std::copy(used.begin(), used.end(), d.used_string.data);
    d.used_string.size = kHash;
  }
  TRY(d.current.append(current));
  TRY(d.pending.append(pending));
  d.read_dates();
  d.mark_keys();
  return d;
}

void Device::read_dates() {
  begins = ends = 0;
  if (kind != CertificateKind::lsc || current.empty()) return;
  const auto c = crypto_pki::parse_certificate(current.view());
  if (!c) return;
  begins = c->not_before;
  ends = c->not_after;
}

UnixTime Device::renewal(uint16_t days) const {
  const UnixTime span = std::min<UnixTime>(days * kDay, (ends - begins) / 3);
  if (ends == 0 || span < kDay) return 0;
  return ends - span + ByteReader(hash(Hash::sha256, as_bytes(name.view())).view()).u32() % (span / 2);
}

Device* DeviceTable::find(std::string_view name) {
  const uint32_t i = names_.find(key_hash(name), [&](uint32_t n) { return devices_[n]->name.view() == name; });
  return i == HashIndex::kNone ? nullptr : devices_[i].get();
}

Status DeviceTable::put(Device d) {
  TRY(devices_.reserve(devices_.size() + 1));
  TRY(names_.add(key_hash(d.name.view())));
  return devices_.push(std::make_unique<Device>(std::move(d)));
}

Device* DeviceTable::get(std::string_view name) {
  if (Device* known = find(name)) return known;
  Device d;
  if (!d.name.set(name) || !put(std::move(d))) return nullptr;
  return devices_[devices_.size() - 1].get();
}

void DeviceTable::clear() {
  devices_.clear();
  names_.clear();
}

// Whole keys are compared only where the marks agree: no need to look into a thousand certificates in one step.
bool DeviceTable::key_of_other(std::string_view name, Bytes spki) const {
  const uint64_t mark = mark_of_key(spki);
  const auto may_be = [mark](uint64_t m) { return m == mark || m == Device::kAnyKey; };
  for (const auto& d : devices_) {
    const uint64_t* marks = d->key_marks;
    if (std::none_of(marks, marks + 3, may_be) || d->name.view() == name) continue;
    if (same_key(d->current.view(), spki) || same_key(d->pending.view(), spki) || equal_bytes(d->requested, spki)) return true;
  }
  return false;
}

}  // namespace parley::capf_server
