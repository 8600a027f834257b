// Distinguished names: text of the operator to DER, DER to the texts that IOS and the phones use.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "platform/base/bytes.h"
#include "platform/base/text.h"

namespace parley::crypto_pki {

enum class NameStyle : uint8_t {
  ios,     // "cn=x,o=y": last RDN first, '+' inside an RDN, no escapes (commands.md 2.3)
  cisco,   // "CN=x;OU=y": CN OU O L ST C in this order, others left out (trust-files.md 1.2)
  comma,   // "CN=x,OU=y": certificate order, RFC 4514 escapes (trust-files.md 1.2)
};

// `name` is a whole Name (SEQUENCE). Fault invalid: not a Name; full: the writer has no room is the writer's own ok().
Status print_name(Bytes name, NameStyle style, Writer& out);

// "CN=a, OU=b+serialNumber=1, O=\"x, y\", C=PL" -> Name. First attribute in the text = last RDN (RFC 4514 2.1), so
// that print_name(ios) shows what was typed. Keys in any case: CN O OU L ST S C SN serialNumber hostname
// unstructuredName unstructuredAddress ipaddress E email emailAddress DC UID T street GN dnQualifier, or dotted OID.
// Fault invalid, detail = offset in the text. An empty text gives the empty Name.
Result<Blob> parse_name(std::string_view text);

// Value of the first (in certificate order) attribute of this kind, UTF-8 bytes as in the certificate; empty: none.
enum class NameKey : uint8_t { common_name, organization, organizational_unit, country, locality, state, serial_number,
                               unstructured_name, unstructured_address, email };
Bytes name_value(Bytes name, NameKey key);

// The name IOS puts into its own requests: `base` (whole Name, may be empty) plus one more RDN, in front of it in IOS
// order, of serialNumber + unstructuredName + unstructuredAddress; an empty text leaves its attribute out.
Result<Blob> device_name(Bytes base, std::string_view serial_number, std::string_view host_name, std::string_view address);

// Same attributes in the same order; PrintableString and UTF8String compare without case and with runs of blanks as one
// (RFC 5280 7.1); other types by bytes.
bool equal_names(Bytes a, Bytes b);
// The first RDNs of `name` are those of `beginning`, compared in the same way (RFC 5280 7.1, 4.2.1.10).
bool name_starts_with(Bytes name, Bytes beginning);

// What lists call the holder of a certificate: its common name, printable; else its address.
Text<64> holder_name(Bytes subject, uint32_t peer_ip);

}  // namespace parley::crypto_pki
