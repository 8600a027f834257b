// What the CAPF server remembers of each phone, durably: its certificate, what is wanted of it, how the last session ended.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/capf-server/capf_wire.h"
#include "modules/telephony-service/phone_config.h"
#include "platform/base/index.h"
#include "platform/base/memory.h"
#include "platform/base/time.h"
#include "platform/crypto/engine.h"

namespace parley::capf_server {

using Operation = telephony_service::CertOperation;
using Proof = telephony_service::CertAuthMode;

constexpr std::string_view kFolder = "nvram:capf";

struct Device {
  Text<kMaxDevice> name;
  Blob current;                  // certificate in use (LSC, or a MIC that was fetched), DER
  CertificateKind kind = CertificateKind::lsc;
  Blob pending;                  // issued, the phone has not said that it stored it
  Blob requested;                // key that waits for an offline authority (SubjectPublicKeyInfo); empty: none
  UnixTime requested_at = 0;
  bool bulk = false;             // `cert-oper ... all` is waiting for this phone
  Operation bulk_operation = Operation::upgrade;
  UnixTime bulk_since = 0;
  bool deleted = false;          // the phone deleted its LSC: that one proves nothing any more
  bool failed = false;           // the operation of the phone was given up (keygen-retry)
  uint8_t keygen_failures = 0;
  Digest used_string;            // SHA-256 of the last PIN that was used up
  UnixTime last_contact = 0;
  uint8_t last_reason = 0xFF;    // 0xFF: never

  // Not kept:
  UnixTime begins = 0, ends = 0; // of an LSC in `current`; 0: there is none
  bool in_session = false;
  uint8_t wrong_strings = 0;
  UnixTime first_wrong = 0;
  UnixTime locked_until = 0;
  uint32_t changed = 0, written = 0;   // numbers of changes
  Device* next_unsaved = nullptr;      // of those that wait to be written
  bool waits = false;
  uint64_t key_marks[3] = {};          // of current, pending, requested: kNoKey, kAnyKey, or a hash

  static constexpr uint64_t kNoKey = 0, kAnyKey = UINT64_MAX;
  void touch();                  // after each change of what is kept
  void mark_keys();
  void read_dates();             // after a change of `current`
  // From when on it is renewed: `days` before its end, never earlier than after two thirds of its life; each phone has its own
  // begin within the first half of that time. 0: it is not.
  UnixTime renewal(uint16_t days) const;
  bool saved() const { return written == changed; }
};

// One file of kFolder. Fault invalid: damaged.
Status encode_device(const Device& d, Blob& to);
Result<Device> decode_device(Bytes file, std::string_view name);

class DeviceTable {
 public:
  DeviceTable() : devices_(general_arena()), names_(general_arena()) {}
  Device* find(std::string_view name);
  Device* get(std::string_view name);      // makes it; nullptr: no memory
  Status put(Device d);
  size_t size() const { return devices_.size(); }
  Device& operator[](size_t i) { return *devices_[i]; }
  const Device& at(size_t i) const { return *devices_[i]; }
  // Somebody else has this key: one phone must not get a certificate for the key of another (capf.md 5.4).
  bool key_of_other(std::string_view name, Bytes spki) const;
  void clear();

 private:
  List<std::unique_ptr<Device>> devices_;  // sessions hold pointers
  HashIndex names_;
};

}  // namespace parley::capf_server
