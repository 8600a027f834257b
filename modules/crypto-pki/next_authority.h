// The authority's next certificate: fetched before the old one ends, taken when it begins (RFC 8894 4.6, GetNextCACert).
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   idle -> caps -> fetch -> check -> save -> idle        one trustpoint with auto-enroll after the other
// It is kept as `certificate rollover`. When it begins it becomes the CA certificate; auto-enroll then asks it for a new
// certificate, because the one at hand was issued by the old key (renewals.cc).
#pragma once

#include "modules/crypto-pki/pki_config.h"
#include "modules/crypto-pki/trust_store.h"
#include "modules/crypto-pki/trustpoint_settings.h"
#include "modules/http-server/http_client.h"

namespace parley::crypto_pki {

class Pki;

// The answer: signed by the CA certificate at hand, holds the next one. Faults: untrusted, invalid, missing.
class NextAuthorityJob final : public Job {
 public:
  void run() override { result = work(); }
  Blob answer, ca;
  Result<Blob> result = Fault{Code::cancelled, "not run", 0};

 private:
  Result<Blob> work();
};

class NextAuthority final : public Task {
 public:
  explicit NextAuthority(Pki& pki);
  void look_again() { wake(); }
  void stop();
  Poll step() override;

 private:
  enum class At : uint8_t { idle, caps, fetch, check, save };
  enum class Next : uint8_t { go, wait };
  struct Try {
    Text<63> label;
    UnixTime next = 0;
  };
  Next run();
  Next idle();
  Next caps();
  Next fetch();
  Next check();
  Next save();
  bool wanted(const Trustpoint& t, const Entry& e, UnixTime now);
  bool promote(const Entry& e, UnixTime now);
  bool tried(std::string_view label, UnixTime now);
  Status ask(const TrustpointSettings& s, std::string_view operation);
  Next leave(const char* why);         // nullptr: nothing to say

  Pki& pki_;
  Timer timer_{*this};
  http_server::Client http_;
  At at_ = At::idle;
  TrustpointSettings settings_;
  ChainKind kind_ = ChainKind::rollover;
  Blob found_;
  List<Try> tries_{general_arena()};
  JobSlot<NextAuthorityJob> check_;
  JobSlot<SaveChainJob> save_;
};

}  // namespace parley::crypto_pki
