// Numbers of a certificate server that never come twice: certificate serials and CRL numbers, durable before use.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "platform/base/lock.h"
#include "platform/store/store.h"

namespace parley::crypto_pki {

struct SerialNumbers {
  uint64_t serial = 0, crl = 0;     // last ones given
};
// Fault invalid: damaged, no number is safe.
Result<SerialNumbers> read_serial_numbers(std::string_view text);
void put_serial_numbers(Writer& out, const SerialNumbers& n);

// Thread-safe: jobs reserve, the scheduler asks. The file is text: "last_serial = 0x1A", "crl_number = 0x2".
class SerialFile {
 public:
  SerialFile(Store& store, Path path) : store_(store), path_(path) {}

  // [job] or boot. A missing file: nothing was issued yet. Fault invalid: the file is damaged, no number is safe.
  Status load();
  // Next number for the caller alone; it must be made durable by reserve() before anything is signed with it.
  uint64_t next_serial();
  uint64_t next_crl_number();
  // [job] When it returns ok, this serial (CRL number) and all below are never given again, whatever happens.
  Status reserve(uint64_t serial);
  Status reserve_crl(uint64_t number);
  // First serial number of a new server. Ignored when higher numbers were given.
  void start_at(uint64_t first);

  uint64_t last_serial() const;     // last one given, 0: none
  uint64_t crl_number() const;
  bool loaded() const;
  const Path& path() const { return path_; }

 private:
  Status write(uint64_t serial, uint64_t crl);

  Store& store_;
  Path path_;
  mutable Lock lock_;
  Lock file_;                 // one writer at a time; higher numbers never overtaken by lower ones
  uint64_t given_ = 0, crl_given_ = 0;
  uint64_t durable_ = 0, crl_durable_ = 0;
  bool loaded_ = false;
};

// "0x1A", at most 16 digits.
bool parse_hex_number(std::string_view text, uint64_t& out);

}  // namespace parley::crypto_pki
