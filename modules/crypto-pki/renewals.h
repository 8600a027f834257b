// auto-enroll: certificates are asked for and renewed without an operator (commands.md 4.2).
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A trustpoint with auto-enroll and an authenticated authority enrols at once when it has no certificate, and renews when the
// configured part of the certificate's life is over. Nothing happens before the clock may be believed; then it starts by itself.
#pragma once

#include "modules/crypto-pki/pki_config.h"
#include "modules/crypto-pki/pki_key_job.h"
#include "modules/crypto-pki/trust_store.h"

namespace parley::crypto_pki {

class Pki;

// Moment of the next renewal; 0: none planned (no auto-enroll, no SCEP, no authority).
UnixTime renewal_due(const Trustpoint& t, const Entry& e);

class Renewals final : public Task {
 public:
  explicit Renewals(Pki& pki);
  void look_again() { wake(); }
  void stop();
  Poll step() override;

 private:
  struct Try {
    Text<63> label;
    UnixTime next = 0;
  };
  UnixTime look(const Trustpoint& t, UnixTime now);   // when to look again
  Status begin(const Trustpoint& t, const Entry& e);
  void finish_rename();
  Try* try_of(std::string_view label);

  Pki& pki_;
  Timer timer_{*this};
  List<Try> tries_{general_arena()};
  JobSlot<RenameKeyJob> rename_;
};

}  // namespace parley::crypto_pki
