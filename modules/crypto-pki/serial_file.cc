// Numbers of a certificate server that never come twice.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/serial_file.h"

#include <algorithm>

namespace parley::crypto_pki {

bool parse_hex_number(std::string_view s, uint64_t& out) {
  if (!starts_nocase(s, "0x") || s.size() < 3 || s.size() > 18) return false;
  out = 0;
  for (const char c : s.substr(2)) {
    const int d = hex_digit(c);
    if (d < 0) return false;
    out = out * 16 + static_cast<uint64_t>(d);
  }
  return true;
}

namespace {

bool take_line(std::string_view line, uint64_t& serial, uint64_t& crl) {
  const size_t equals = line.find('=');
  if (equals == std::string_view::npos) return trim(line).empty();
  const std::string_view key = trim(line.substr(0, equals)), value = trim(line.substr(equals + 1));
  if (key == "last_serial") return parse_hex_number(value, serial);
  if (key == "crl_number") return parse_hex_number(value, crl);
  return false;
}

}  // namespace

Result<SerialNumbers> read_serial_numbers(std::string_view rest) {
  SerialNumbers n;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    if (!take_line(rest.substr(0, end), n.serial, n.crl)) return Fault{Code::invalid, "the serial number file is damaged", 0};
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (n.serial == 0) return Fault{Code::invalid, "the serial number file is damaged", 0};
  return n;
}

void put_serial_numbers(Writer& out, const SerialNumbers& n) {
  out.put("last_serial = 0x").hex(n.serial).put("\ncrl_number = 0x").hex(n.crl).put('\n');
}

Status SerialFile::load() {
  const Result<Blob> text = store_.read(path_, 4096);
  if (!text && text.error().code != Code::missing) return text.error();
  SerialNumbers n;
  if (text) {
    TRY_ASSIGN(n, read_serial_numbers(text->text()));
  }
  const Lock::Held guard(lock_);
  given_ = durable_ = std::max(given_, n.serial);
  crl_given_ = crl_durable_ = std::max(crl_given_, n.crl);
  loaded_ = true;
  return {};
}

uint64_t SerialFile::next_serial() {
  const Lock::Held guard(lock_);
  PARLEY_CHECK(loaded_);
  return ++given_;
}

uint64_t SerialFile::next_crl_number() {
  const Lock::Held guard(lock_);
  PARLEY_CHECK(loaded_);
  return ++crl_given_;
}

void SerialFile::start_at(uint64_t first) {
  const Lock::Held guard(lock_);
  if (first > 0 && first - 1 > given_) given_ = first - 1;
}

// One write for all numbers that were given until now: certificates that are being made at the same time share it.
Status SerialFile::reserve(uint64_t serial) {
  const Lock::Held writer(file_);
  uint64_t last = 0, crl = 0;
  {
    const Lock::Held guard(lock_);
    if (serial <= durable_) return {};
    last = std::max(serial, given_);
    crl = crl_durable_;
  }
  return write(last, crl);
}

Status SerialFile::reserve_crl(uint64_t number) {
  const Lock::Held writer(file_);
  uint64_t serial = 0;
  {
    const Lock::Held guard(lock_);
    if (number <= crl_durable_) return {};
    serial = durable_;
  }
  return write(serial, number);
}

Status SerialFile::write(uint64_t serial, uint64_t crl) {
  char text[96];
  FixedWriter w(text);
  put_serial_numbers(w, {serial, crl});
  TRY(store_.write(path_, as_bytes(w.view())));
  const Lock::Held guard(lock_);
  durable_ = std::max(durable_, serial);
  crl_durable_ = std::max(crl_durable_, crl);
  return {};
}

uint64_t SerialFile::last_serial() const {
  const Lock::Held guard(lock_);
  return given_;
}

uint64_t SerialFile::crl_number() const {
  const Lock::Held guard(lock_);
  return crl_given_;
}

bool SerialFile::loaded() const {
  const Lock::Held guard(lock_);
  return loaded_;
}

}  // namespace parley::crypto_pki
