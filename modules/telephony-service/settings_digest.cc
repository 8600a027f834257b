// A digest over settings.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/settings_digest.h"

#include <algorithm>
#include <cstring>

namespace parley::telephony_service {
namespace {

FileSum of_digest(const parley::Digest& d) {
  FileSum sum;
  std::copy_n(d.data, sizeof sum.bytes, sum.bytes);
  return sum;
}

Bytes bytes_of(const void* record, size_t size) { return Bytes(static_cast<const uint8_t*>(record), size); }

FileSum add_record(const FileSum& before, const void* record, size_t size, std::span<const cli::Row> rows);

bool is_table(const cli::Row& row) {
  return row.kind == cli::Kind::list || row.kind == cli::Kind::sorted_list || row.kind == cli::Kind::block;
}

// Entries of the table, or the sub-record, that a row of `record` fills.
FileSum add_place(const FileSum& before, const void* record, const cli::Row& row) {
  const uint8_t* at = static_cast<const uint8_t*>(record) + row.place.offset;
  const std::span<const cli::Row> inner = row.block == nullptr ? std::span<const cli::Row>() : row.block->mode->rows;
  if (row.kind == cli::Kind::single) return add_record(before, at, row.record->size, inner);
  if (!is_table(row)) return before;
  const auto& table = *reinterpret_cast<const cli::TableBase*>(at);
  if (table.count == 0) return before;     // the record itself says so
  const size_t size = row.record->size;
  const auto nested = [](const cli::Row& r) { return is_table(r) || r.kind == cli::Kind::single; };
  if (std::none_of(inner.begin(), inner.end(), nested)) return sum_of(before, bytes_of(table.items, size * table.count));
  FileSum sum = before;
  for (size_t i = 0; i < table.count; ++i) sum = add_record(sum, static_cast<const uint8_t*>(table.items) + i * size, size, inner);
  return sum;
}

FileSum add_places(FileSum sum, const void* record, std::span<const cli::Row> rows) {
  for (const cli::Row& row : rows) sum = add_place(sum, record, row);
  return sum;
}

FileSum add_record(const FileSum& before, const void* record, size_t size, std::span<const cli::Row> rows) {
  return add_places(sum_of(before, bytes_of(record, size)), record, rows);
}

}  // namespace

FileSum sum_of(Bytes data) { return of_digest(hash(Hash::sha256, data)); }
FileSum sum_of(const FileSum& before, Bytes data) { return of_digest(hash2(Hash::sha256, before.view(), data)); }

FileSum sum_of_shared(const Config& c) {
  Config plain;       // without what a build itself changes, and what is asked for each phone
  std::memcpy(static_cast<void*>(&plain), &c, sizeof plain);
  plain.telephony.cnf_made = 0;
  plain.telephony.cnf_stamp = {};
  plain.phones = {};
  plain.register_pools = {};
  plain.dns = {};                    // no line stands in a phone file
  FileSum sum = sum_of(bytes_of(&plain, sizeof plain));
  for (const cli::Section& section : kSections)
    for (const cli::Row& row : section.rows) sum = add_place(sum, &plain, row);
  return sum;
}

FileSum sum_of_phone(const FileSum& shared, const Ephone& phone, const PhoneCapf& capf, Bytes certificate) {
  const auto& [server, auth_mode, certificate_hash] = capf;   // whoever adds a member is stopped here
  const auto& [ip, port, issuer] = server;
  uint8_t head[192];
  ByteWriter w{MutBytes(head)};
  w.bytes(shared.view());
  w.u32(ip);
  w.u16(port);
  w.u8(auth_mode);
  w.bytes(bytes_of(&certificate_hash, sizeof certificate_hash));
  w.bytes(bytes_of(&issuer, sizeof issuer));
  PARLEY_CHECK(w.ok());
  FileSum sum = of_digest(hash2(Hash::sha256, w.view(), bytes_of(&phone, sizeof phone)));   // once for most phones: there may be thousands
  if (!certificate.empty()) sum = sum_of(sum, certificate);
  return add_places(sum, &phone, kPhoneBlock.mode->rows);
}

FileSum sum_of_pool(const FileSum& shared, const RegisterPool& pool) { return sum_of(shared, bytes_of(&pool, sizeof pool)); }

}  // namespace parley::telephony_service
