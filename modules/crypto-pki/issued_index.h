// What a certificate server has issued: serial number, name, dates, revoked or not. Durable before a certificate is handed out.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One file for each 64 serial numbers, "nvram:pki/<label>.<number>.idx": issuing the ten-thousandth certificate writes no more than
// issuing the first.
#pragma once

#include <cstdint>

#include "platform/base/lock.h"
#include "platform/base/memory.h"
#include "platform/base/time.h"
#include "platform/store/store.h"

namespace parley::crypto_pki {

struct IssuedRecord {
  uint64_t serial = 0;
  UnixTime from = 0, to = 0;
  UnixTime revoked = 0;      // 0: it is not
  uint8_t reason = 0;        // CRLReason
  Blob subject;              // whole Name; empty: not known
};

struct RevokedNumber {
  uint8_t serial[8] = {};    // big-endian
  UnixTime when = 0;
  uint8_t reason = 0;
};

enum class IssuedState : uint8_t { unknown, good, revoked };

// Thread-safe.
class IssuedIndex {
 public:
  IssuedIndex(Store& store, std::string_view label) : store_(store), label_(label) {}

  // [job] Fault invalid: a file is damaged; then nobody knows what was revoked.
  Status load();
  bool loaded() const;
  // [job] A new authority begins: forgets all, files too.
  Status clear();
  // [job] Durable when it returns ok. A record with the same serial number is replaced.
  Status add(IssuedRecord&& record);
  // [job] The same. Faults: exists (revoked before).
  Status revoke(uint64_t serial, UnixTime when, uint8_t reason, UnixTime end_if_unknown);

  IssuedState state(uint64_t serial, UnixTime& when, uint8_t& reason) const;
  // Revoked ones that end after `ended`, in the order of their numbers.
  Status revoked(UnixTime ended, List<RevokedNumber>& out) const;
  size_t size() const;
  using Each = bool (*)(void* context, const IssuedRecord& record);   // false = stop; quick, under the lock
  void each(Each look, void* context) const;

 private:
  struct Part {                          // one file
    uint64_t number = 0;                 // serial / 64
    uint32_t version = 0, durable = 0;   // of the records; what is in the file
    List<IssuedRecord> records{general_arena()};
  };
  Result<Part*> part_for(uint64_t serial);
  Part* find_part(uint64_t number);
  IssuedRecord* find(uint64_t serial) const;
  Status insert(IssuedRecord&& record);
  Status save(uint64_t serial);
  Result<Blob> encode(uint64_t number, uint32_t& version);
  Status decode(Bytes file);
  Path path(uint64_t number) const;
  static bool load_one(void* context, const FileInfo& info);

  Store& store_;
  Text<63> label_;
  mutable Lock lock_;
  Lock file_;                            // one writer at a time
  List<Part> parts_{general_arena()};    // by number
  bool loaded_ = false;
};

}  // namespace parley::crypto_pki
