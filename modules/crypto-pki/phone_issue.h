// PhoneIssuer for the certificate servers of this router.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/phone_issuer.h"
#include "modules/crypto-pki/scep_server.h"

namespace parley::crypto_pki {

class LocalPhoneIssuer final : public PhoneIssuer {
 public:
  LocalPhoneIssuer(Context& context, TrustStore& store, Authorities& servers)
      : context_(context), store_(store), servers_(servers) {}
  Notice notice() const override { return notice_; }
  void set_notice(const Notice& n) { notice_ = n; }
  Status ready(std::string_view trustpoint) override;
  Result<std::unique_ptr<PhoneIssue>> issue(const PhoneRequest& request, Task& owner) override;
  bool revoked(Bytes certificate) const override;
  Authority* server(std::string_view label);   // nullptr: not configured (any more)

 private:
  Result<Authority*> find(std::string_view trustpoint);
  Context& context_;
  TrustStore& store_;
  Authorities& servers_;
  Notice notice_;
};

}  // namespace parley::crypto_pki
