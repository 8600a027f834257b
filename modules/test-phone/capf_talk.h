// A phone at its CAPF server: proves who it is, makes a key, stores its certificate (spec: capf.md).
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   connecting -> listening -+-> proving -> listening          AUTH_REQUEST
//                            +-> making  -> listening          KEY_GENERATE_REQUEST
//                            +-> listening                     STORE, FETCH, DELETE
//                            +-> over                          END_SESSION
#pragma once

#include "modules/test-phone/frame.h"
#include "modules/test-phone/phone_settings.h"

namespace parley::test_phone {

class CapfTalk {
 public:
  enum class Outcome : uint8_t { nothing, stored, handed_in, deleted, key_accepted, looked };

  CapfTalk(Task& owner, const PhoneParts& parts, const PhonePlan& plan, PhoneFlash& flash, SecureLink& link);
  ~CapfTalk();
  // look_only: is it the right server? Nothing is said to it.
  Status open(const PhoneSettings& settings, bool look_only);
  // Fault busy: under way. ok: see outcome(). Faults: untrusted with link.unknown(): ask TVS; denied: the server refused.
  Status poll();
  Outcome outcome() const { return outcome_; }
  void cancel();

 private:
  class ProofJob;
  class KeyJob;
  enum class At : uint8_t { connecting, listening, proving, making, over };
  Status on_message();
  Status on_auth();
  Status answer_auth();
  Status on_key(Bytes body);
  Status answer_key();
  Status on_store(Bytes body);
  Status on_fetch();
  Status on_delete();
  Status on_end(Bytes body);
  Status say(uint8_t command, ElementWriter&& body);
  bool shows_certificate() const;

  Task& owner_;
  const PhoneParts& parts_;
  const PhonePlan& plan_;
  PhoneFlash& flash_;
  SecureLink& link_;
  FrameReader frames_;
  Timer timer_;
  At at_ = At::over;
  bool look_only_ = false;
  uint8_t mode_ = 0;
  uint32_t session_ = 0;
  Outcome outcome_ = Outcome::nothing;
  JobSlot<ProofJob> proof_job_;
  JobSlot<KeyJob> key_job_;
  std::unique_ptr<ProofJob> proof_;
  Blob new_spki_;
  KeyRef new_key_;
};

}  // namespace parley::test_phone
