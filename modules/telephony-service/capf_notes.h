// What capf-server told about single phones: the mode of a wanted session, the hash of their certificate.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/telephony-service/phone_book.h"
#include "platform/base/index.h"
#include "platform/base/memory.h"

namespace parley::telephony_service {

// For one phone file. The defaults are those of a router without CAPF.
struct PhoneCapf {
  CapfFacts server;
  uint8_t auth_mode = 0;         // capfAuthMode: 0 no session wanted, 1 string, 2 null string, 3 LSC, 4 MIC
  Text<32> certificate_hash;     // hex of MD5, empty: no certificate is known
};

class CapfNotes {
 public:
  CapfNotes() : notes_(general_arena()), by_mac_(general_arena()) {}
  PhoneCapf of(const cli::Mac& mac) const;
  // True: something a file says has changed.
  bool set_server(const CapfFacts& facts);
  bool set_mode(std::string_view device, uint8_t mode);
  bool set_certificate(std::string_view device, Bytes certificate);
  Bytes certificate(const cli::Mac& mac) const;
  const CapfFacts& server() const { return server_; }

 private:
  struct Note {
    uint8_t mac[6] = {};
    uint8_t mode = 0;
    Text<32> hash;
    Blob certificate;
  };
  const Note* find(const uint8_t* mac) const;
  Note* note_of(std::string_view device);   // makes it; nullptr: no such name, or no memory
  List<Note> notes_;
  HashIndex by_mac_;             // of notes_
  CapfFacts server_;
};

// "SEP" and twelve hex digits -> six bytes. False: another kind of name.
bool mac_of_device(std::string_view device, uint8_t* mac);

}  // namespace parley::telephony_service
