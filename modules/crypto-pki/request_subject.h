// The subject of this router's certificate requests, from what is configured and what was answered.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/name.h"
#include "modules/crypto-pki/pki_context.h"
#include "modules/crypto-pki/trustpoint_settings.h"

namespace parley::crypto_pki {

inline Text<127> requested_host(const Context& context, const TrustpointSettings& t) {
  return t.fqdn == Ask::none ? Text<127>() : t.fqdn == Ask::value ? t.fqdn_name : context.fqdn();
}

// Fault invalid: `subject-name` is no name.
inline Result<Blob> request_subject(const Context& context, const TrustpointSettings& t, bool with_serial, uint32_t ip) {
  TRY_ASSIGN(const Blob base, parse_name(t.subject));
  char text[20];
  FixedWriter address(text);
  if (ip != 0) address.ipv4(ip);
  const std::string_view number = with_serial && context.host != nullptr ? context.host->serial_number() : std::string_view();
  return device_name(base, number, requested_host(context, t), address.view());
}

}  // namespace parley::crypto_pki
