// Names of peers: name constraints of authorities (RFC 5280 4.2.1.10) and the identity rule (RFC 6125). Pure.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/certificate.h"

namespace parley::crypto_pki {

// `constraints`: value of the extension. Every name of `c` (subject and alternative names) must be inside the permitted and
// outside the excluded subtrees. `leaf`: a common name that looks like a host name counts when there is no alternative name.
// Fault untrusted with the reason.
Status check_name_constraints(Bytes constraints, const Certificate& c, bool leaf);

// The peer must be called `name`: an address, or a host name (whole, without regard to case, no wildcards). Alternative names
// count; the common name only when there is no alternative name of that kind.
bool has_host_name(const Certificate& c, std::string_view name);

// Phones: common name "SEP001122334455" or "CP-7960G-SEP001122334455" is the phone `name` "SEP001122334455".
bool has_phone_name(const Certificate& c, std::string_view name);

}  // namespace parley::crypto_pki
