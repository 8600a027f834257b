// crypto pki notice: certificates that come to their end are told to the log, and by mail (PKI-22).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/smtp_client.h"
#include "modules/crypto-pki/trust_store.h"

namespace parley::crypto_pki {

class Pki;

class ExpiryNotices final : public Task {
 public:
  explicit ExpiryNotices(Pki& pki);
  void look_again() { wake(); }
  void stop();
  Poll step() override;

 private:
  struct Told {
    Text<63> label;
    SerialText serial;
    ChainKind kind = ChainKind::own;
    UnixTime when = 0;
    bool ended = false;
  };
  Told* told_of(const Entry& e, const Stored& s);
  void judge(const Entry& e, const Stored& s, UnixTime now);
  void tell(const Entry& e, const Stored& s, bool ended);
  void mail(UnixTime now);
  Status send(UnixTime now);

  Pki& pki_;
  Timer timer_{*this};
  List<Told> told_{general_arena()};
  Blob text_;                    // of the next mail
  UnixTime not_before_ = 0;      // next attempt to mail
  SmtpClient smtp_;
};

}  // namespace parley::crypto_pki
