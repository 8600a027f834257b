// Where built-in phones live: their store, keys and TLS, apart from those of the router; and what they remember between tests.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/module.h"
#include "modules/telephony-service/phone_book.h"
#include "modules/test-phone/phone_parts.h"
#include "modules/test-phone/phone_store.h"

namespace parley::test_phone {

class PhoneBench final : public Instance {
 public:
  explicit PhoneBench(Env& env) : env_(env) {}
  ~PhoneBench() override { stop(); }
  void* config() override { return &nothing_; }
  void apply() override {}
  Status start() override;
  void stop() override;

  Env& env() { return env_; }
  PhoneBook* book() { return book_; }
  bool take();                     // false: another phone is being tested
  void give_back() { taken_ = false; }

  // [job] Opens the key store and makes the phones' key, once.
  Status prepare();
  bool prepared() const { return prepared_; }
  PhoneParts parts();
  KeyStore& keys() { return *keys_; }
  KeyRef key() const { return key_; }
  // Lists that the built-in phone with this name and profile keeps from one test to the next, until the router stops.
  PhoneFlash& flash_of(std::string_view device, bool old);

 private:
  struct Kept {
    Text<15> device;
    bool old = false;
    std::unique_ptr<PhoneFlash> flash;
  };
  static constexpr size_t kMostKept = 16;
  Env& env_;
  PhoneBook* book_ = nullptr;
  uint8_t nothing_ = 0;
  bool taken_ = false, prepared_ = false;
  PhoneStore store_;
  std::unique_ptr<KeyStore> keys_;
  std::unique_ptr<Tls> tls_;
  KeyRef key_;
  List<Kept> kept_{general_arena()};
};

}  // namespace parley::test_phone
