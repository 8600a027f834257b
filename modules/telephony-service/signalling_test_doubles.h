// What tests of the signalling ports share: recorded messages, and a module that knows some phones.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

#include "modules/telephony-service/signalling_owner.h"
#include "tests/support/vectors.h"

namespace parley::test {

using namespace parley::telephony_service;

inline constexpr const char* kDevice = "SEP0011AABB0001";

// One whole message of the recorded registration.
inline std::string message(const std::string& name) {
  const std::string all = vector_file("sccp/registration-v17.hex");
  const size_t at = all.find("\t" + name + "\t");
  CHECK(at != std::string::npos);
  const size_t begin = at + name.size() + 2;
  return unhex(all.substr(begin, all.find('\n', begin) - begin));
}
inline std::string reject(const std::string& text) {
  std::string m = unhex("24000000000000009d000000") + text;
  m.resize(12 + 32);
  return m;
}

struct PhoneOwner final : SignallingOwner {
  std::map<std::string, SecurePhone> phones;
  std::vector<std::string> seen;
  bool trial = false;
  bool secure_phone(std::string_view device, SecurePhone& out) const override {
    const auto found = phones.find(std::string(device));
    if (found != phones.end()) out = found->second;
    return found != phones.end();
  }
  UnknownPhone unknown_phone(const SccpPeer& peer, const RegisterRequest&) override {
    if (adopt) phones[std::string(peer.device.view())] = {};
    return adopt ? UnknownPhone{} : UnknownPhone{"no ephone", "No Entry in Database"};
  }
  bool adopt = false;
  bool is_trial(Endpoint) const override { return trial; }
  RegisterAnswer link_up(std::string_view, PhoneLink& l) override {
    link = &l;
    RegisterAnswer a{RejectText(kNoCalls)};
    a.reset = first;
    a.hold = first == ResetKind::none;
    return a;
  }
  void link_down(PhoneLink& l) override {
    if (link == &l) link = nullptr;
  }
  Millis idle_limit() const override { return Millis(90'000); }
  uint16_t next_number() override { return 1; }
  void message_received(const SccpPeer&, const SccpMessage&) override {}
  void message_sent(const SccpPeer&, SccpId) override {}
  void refused(const SccpPeer&, const char* why) override { refusals.push_back(why); }
  std::vector<std::string> refusals;
  PhoneLink* link = nullptr;
  ResetKind first = ResetKind::none;
  void phone_seen(std::string_view device, PhoneSign sign) override {
    seen.push_back(std::string(device) + (sign == PhoneSign::secure_with_lsc ? " lsc" : " mic"));
  }
};

}  // namespace parley::test
