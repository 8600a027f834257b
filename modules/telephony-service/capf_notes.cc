// What capf-server told about single phones.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/capf_notes.h"

#include <algorithm>

#include "platform/crypto/engine.h"

namespace parley::telephony_service {

bool mac_of_device(std::string_view device, uint8_t* mac) {
  if (device.size() != 15 || device.substr(0, 3) != "SEP") return false;
  for (size_t i = 0; i < 6; ++i) {
    unsigned value = 0;
    for (const char c : device.substr(3 + 2 * i, 2)) {
      if (c >= '0' && c <= '9') value = value * 16 + static_cast<unsigned>(c - '0');
      else if (c >= 'A' && c <= 'F') value = value * 16 + static_cast<unsigned>(c - 'A' + 10);
      else return false;
    }
    mac[i] = static_cast<uint8_t>(value);
  }
  return true;
}

const CapfNotes::Note* CapfNotes::find(const uint8_t* mac) const {
  const uint32_t i = by_mac_.find(key_hash(Bytes(mac, 6)), [&](uint32_t n) { return std::equal(mac, mac + 6, notes_[n].mac); });
  return i == HashIndex::kNone ? nullptr : &notes_[i];
}

CapfNotes::Note* CapfNotes::note_of(std::string_view device) {
  uint8_t mac[6];
  if (!mac_of_device(device, mac)) return nullptr;
  if (const Note* known = find(mac)) return const_cast<Note*>(known);
  Note n;
  std::copy(mac, mac + 6, n.mac);
  if (!notes_.reserve(notes_.size() + 1) || !by_mac_.add(key_hash(mac)) || !notes_.push(std::move(n))) return nullptr;
  return &notes_[notes_.size() - 1];
}

PhoneCapf CapfNotes::of(const cli::Mac& mac) const {
  PhoneCapf out;
  out.server = server_;
  if (const Note* n = find(mac.bytes)) {
    out.auth_mode = n->mode;
    out.certificate_hash = n->hash;
  }
  return out;
}

Bytes CapfNotes::certificate(const cli::Mac& mac) const {
  const Note* n = find(mac.bytes);
  return n == nullptr ? Bytes() : n->certificate.view();
}

bool CapfNotes::set_server(const CapfFacts& facts) {
  const bool same = facts.ip == server_.ip && facts.port == server_.port;   // the issuer stands in no file
  server_ = facts;
  return !same;
}

bool CapfNotes::set_mode(std::string_view device, uint8_t mode) {
  Note* n = note_of(device);
  if (n == nullptr || n->mode == mode) return false;
  n->mode = mode;
  return true;
}

bool CapfNotes::set_certificate(std::string_view device, Bytes certificate) {
  Note* n = note_of(device);
  if (n == nullptr || equal_bytes(n->certificate.view(), certificate)) return false;
  n->certificate.clear();
  n->hash.clear();
  if (certificate.empty() || !n->certificate.append(certificate)) return true;
  const Digest d = hash(Hash::md5, certificate);   // certHash: trust-files.md 4.2
  char hex[32];
  FixedWriter w(hex);
  for (const uint8_t b : d.view()) w.put("0123456789abcdef"[b >> 4]).put("0123456789abcdef"[b & 15]);
  n->hash = w.view();
  return true;
}

}  // namespace parley::telephony_service
