// What a certificate server has issued.
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   "PKIX" | version u8 = 1 | count u8 | count times { serial u64 | from u64 | to u64 | revoked u64 | reason u8 | size u16 | Name }
#include "modules/crypto-pki/issued_index.h"

#include <algorithm>

#include "modules/crypto-pki/chain_file.h"

namespace parley::crypto_pki {
namespace {

constexpr uint32_t kMagic = 0x504b4958;   // "PKIX"
constexpr uint64_t kPerFile = 64;
constexpr size_t kFixed = 8 * 4 + 1 + 2;
constexpr size_t kMaxSubject = 4096;
constexpr size_t kMaxFile = 6 + kPerFile * (kFixed + kMaxSubject);
constexpr std::string_view kSuffix = ".idx";
constexpr Fault kDamaged{Code::invalid, "the index of issued certificates is damaged", 0};

void big_endian(uint64_t v, uint8_t (&out)[8]) {
  for (unsigned i = 0; i < 8; ++i) out[i] = static_cast<uint8_t>(v >> (56 - 8 * i));
}

}  // namespace

Path IssuedIndex::path(uint64_t number) const {
  char suffix[24];
  FixedWriter w(suffix);
  w.put('.').hex(number).put(kSuffix);
  return labelled_path("nvram:pki/", label_, w.view());
}

// ---- in memory; the caller holds lock_

IssuedIndex::Part* IssuedIndex::find_part(uint64_t number) {
  for (size_t i = parts_.size(); i-- > 0;) {
    if (parts_[i].number == number) return &parts_[i];
  }
  return nullptr;
}

Result<IssuedIndex::Part*> IssuedIndex::part_for(uint64_t serial) {
  const uint64_t number = serial / kPerFile;
  if (Part* known = find_part(number)) return known;
  Part fresh;
  fresh.number = number;
  TRY(parts_.push(std::move(fresh)));
  for (size_t i = parts_.size() - 1; i > 0 && parts_[i].number < parts_[i - 1].number; --i) std::swap(parts_[i], parts_[i - 1]);
  return find_part(number);
}

IssuedRecord* IssuedIndex::find(uint64_t serial) const {
  for (const Part& p : parts_) {
    if (p.number != serial / kPerFile) continue;
    for (const IssuedRecord& r : p.records) {
      if (r.serial == serial) return const_cast<IssuedRecord*>(&r);
    }
  }
  return nullptr;
}

Status IssuedIndex::insert(IssuedRecord&& record) {
  if (record.serial == 0 || record.subject.size() > kMaxSubject) return Fault{Code::invalid, "no record for the index", 0};
  TRY_ASSIGN(Part* const part, part_for(record.serial));
  ++part->version;
  if (IssuedRecord* known = find(record.serial)) {
    *known = std::move(record);
    return {};
  }
  TRY(part->records.push(std::move(record)));
  List<IssuedRecord>& list = part->records;
  for (size_t i = list.size() - 1; i > 0 && list[i].serial < list[i - 1].serial; --i) std::swap(list[i], list[i - 1]);
  return {};
}

// ---- files

Result<Blob> IssuedIndex::encode(uint64_t number, uint32_t& version) {
  const Part* part = find_part(number);
  PARLEY_CHECK(part != nullptr);
  version = part->version;
  size_t size = 6;
  for (const IssuedRecord& r : part->records) size += kFixed + r.subject.size();
  Blob out;
  TRY(out.resize(size));
  ByteWriter w(out.mut());
  w.u32(kMagic);
  w.u8(1);
  w.u8(static_cast<uint8_t>(part->records.size()));
  for (const IssuedRecord& r : part->records) {
    w.u64(r.serial);
    w.u64(static_cast<uint64_t>(r.from));
    w.u64(static_cast<uint64_t>(r.to));
    w.u64(static_cast<uint64_t>(r.revoked));
    w.u8(r.reason);
    w.u16(static_cast<uint16_t>(r.subject.size()));
    w.bytes(r.subject);
  }
  PARLEY_CHECK(w.ok());
  return out;
}

Status IssuedIndex::decode(Bytes file) {
  ByteReader r(file);
  if (r.u32() != kMagic || r.u8() != 1) return kDamaged;
  const unsigned count = r.u8();
  for (unsigned i = 0; i < count; ++i) {
    IssuedRecord record;
    record.serial = r.u64();
    record.from = static_cast<UnixTime>(r.u64());
    record.to = static_cast<UnixTime>(r.u64());
    record.revoked = static_cast<UnixTime>(r.u64());
    record.reason = r.u8();
    const Bytes subject = r.take(r.u16());
    if (!r.ok() || record.serial == 0 || subject.size() > kMaxSubject) return kDamaged;
    TRY(record.subject.append(subject));
    TRY(insert(std::move(record)));
  }
  return r.done() ? Status() : Status(kDamaged);
}

namespace {

struct Loading {
  std::string_view prefix;
  List<Text<128>> names{general_arena()};
  Status status;
};

}  // namespace

bool IssuedIndex::load_one(void* context, const FileInfo& info) {
  auto* l = static_cast<Loading*>(context);
  const std::string_view name = info.name.view();
  const bool ours = name.size() > l->prefix.size() + kSuffix.size() && name.substr(0, l->prefix.size()) == l->prefix &&
                    name.substr(name.size() - kSuffix.size()) == kSuffix;
  const std::string_view number = ours ? name.substr(l->prefix.size(), name.size() - l->prefix.size() - kSuffix.size()) : std::string_view();
  for (const char c : number) {
    if (hex_digit(c) < 0) return true;   // of a server whose name begins alike
  }
  if (ours) l->status = l->names.push(info.name);
  return l->status.has_value();
}

Status IssuedIndex::load() {
  const Lock::Held writer(file_);
  if (loaded()) return {};
  const Path prefix = labelled_path("nvram:pki/", label_, ".");
  Loading l;
  l.prefix = prefix.view().substr(std::string_view("nvram:pki/").size());
  const Status listed = store_.list("nvram:pki", &load_one, &l);
  if (!listed && listed.error().code != Code::missing) return listed;
  TRY(l.status);
  for (const Text<128>& name : l.names) {
    char file[Path::kCapacity];
    FixedWriter w(file);
    w.put("nvram:pki/").put(name);
    TRY_ASSIGN(const Blob bytes, store_.read(w.view(), kMaxFile));
    const Lock::Held guard(lock_);
    TRY(decode(bytes));
  }
  const Lock::Held guard(lock_);
  for (Part& p : parts_) p.durable = p.version;
  loaded_ = true;
  return {};
}

Status IssuedIndex::clear() {
  const Lock::Held writer(file_);
  for (;;) {
    Path file;
    {
      const Lock::Held guard(lock_);
      if (parts_.empty()) return {};
      file = path(parts_[parts_.size() - 1].number);
    }
    const Status gone = store_.remove(file);
    if (!gone && gone.error().code != Code::missing) return gone;
    const Lock::Held guard(lock_);
    parts_.remove(parts_.size() - 1);
  }
}

// Whoever waited for the file while another one wrote finds its own record written too.
Status IssuedIndex::save(uint64_t serial) {
  const uint64_t number = serial / kPerFile;
  uint32_t version = 0, wanted = 0;
  {
    const Lock::Held guard(lock_);
    wanted = find_part(number)->version;
  }
  const Lock::Held writer(file_);
  Blob bytes;
  {
    const Lock::Held guard(lock_);
    if (find_part(number)->durable >= wanted) return {};
    TRY_ASSIGN(bytes, encode(number, version));
  }
  TRY(write_pki_file(store_, path(number), bytes));
  const Lock::Held guard(lock_);
  find_part(number)->durable = version;
  return {};
}

Status IssuedIndex::add(IssuedRecord&& record) {
  const uint64_t serial = record.serial;
  {
    const Lock::Held guard(lock_);
    PARLEY_CHECK(loaded_);
    TRY(insert(std::move(record)));
  }
  return save(serial);
}

Status IssuedIndex::revoke(uint64_t serial, UnixTime when, uint8_t reason, UnixTime end_if_unknown) {
  {
    const Lock::Held guard(lock_);
    PARLEY_CHECK(loaded_);
    IssuedRecord* known = find(serial);
    if (known != nullptr && known->revoked != 0) return Fault{Code::exists, "the certificate is already revoked", 0};
    if (known == nullptr) {
      IssuedRecord fresh;
      fresh.serial = serial;
      fresh.from = when;
      fresh.to = end_if_unknown;
      TRY(insert(std::move(fresh)));
      known = find(serial);
    }
    known->revoked = when;
    known->reason = reason;
    ++find_part(serial / kPerFile)->version;
  }
  const Status saved = save(serial);
  if (saved) return {};
  const Lock::Held guard(lock_);
  if (IssuedRecord* known = find(serial)) known->revoked = 0;   // the operator is told that it is not, and asks again
  return saved;
}

// ---- questions

bool IssuedIndex::loaded() const {
  const Lock::Held guard(lock_);
  return loaded_;
}

IssuedState IssuedIndex::state(uint64_t serial, UnixTime& when, uint8_t& reason) const {
  const Lock::Held guard(lock_);
  const IssuedRecord* r = find(serial);
  if (r == nullptr) return IssuedState::unknown;
  when = r->revoked;
  reason = r->reason;
  return r->revoked == 0 ? IssuedState::good : IssuedState::revoked;
}

Status IssuedIndex::revoked(UnixTime ended, List<RevokedNumber>& out) const {
  const Lock::Held guard(lock_);
  for (const Part& p : parts_) {
    for (const IssuedRecord& r : p.records) {
      if (r.revoked == 0 || r.to < ended) continue;
      RevokedNumber n;
      big_endian(r.serial, n.serial);
      n.when = r.revoked;
      n.reason = r.reason;
      TRY(out.push(n));
    }
  }
  return {};
}

size_t IssuedIndex::size() const {
  const Lock::Held guard(lock_);
  size_t n = 0;
  for (const Part& p : parts_) n += p.records.size();
  return n;
}

void IssuedIndex::each(Each look, void* context) const {
  const Lock::Held guard(lock_);
  for (const Part& p : parts_) {
    for (const IssuedRecord& r : p.records) {
      if (!look(context, r)) return;
    }
  }
}

}  // namespace parley::crypto_pki
