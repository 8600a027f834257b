// From certificates to the fields of signed phone files.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/trust_file_build.h"

namespace parley::ctl_client {

using crypto_pki::Certificate;
using crypto_pki::KeyAlgorithm;
using crypto_pki::NameStyle;

namespace {

struct AddressField {
  uint8_t bytes[4];
  explicit AddressField(uint32_t ip) {
    ByteWriter w(bytes);
    w.u32(ip);
  }
};

void add_server(Record& r, const ServerName& server, const AddressField& address) {
  if (server.has_dns_name) {
    r.dns_name = server.dns_name;
    r.add(kDnsName);
  }
  if (server.has_address) {
    r.address = Bytes(address.bytes);
    r.add(kAddress);
  }
}

}  // namespace

void Identity::put_into(Header& header) const {
  header.subject = subject.text();
  header.issuer = issuer.text();
  header.serial = serial.view();
  header.key_bits = key_bits;
}

Result<Identity> identity_of(const Certificate& c, NameStyle style) {
  Identity id;
  TRY(crypto_pki::print_name(c.subject, style, id.subject));
  TRY(crypto_pki::print_name(c.issuer, style, id.issuer));
  TRY(id.serial.append(crypto_pki::serial_magnitude(c.serial)));
  if (!id.subject.ok() || !id.issuer.ok()) return Fault{Code::full, "no memory for the names of a certificate", 0};
  if (c.key.algorithm == KeyAlgorithm::rsa) id.key_bits = c.key.bits;
  return id;
}

Status append_certificate_record(Blob& body, Role role, const Certificate& c, const ServerName& server, NameStyle style) {
  if (c.key.algorithm == KeyAlgorithm::other)
    return Fault{Code::unsupported, "a certificate with this kind of key cannot stand in a trust list", 0};
  TRY_ASSIGN(const Identity id, identity_of(c, style));
  const AddressField address(server.ip);
  Record r;
  r.role = role;
  r.subject = id.subject.text();
  r.issuer = id.issuer.text();
  r.serial = id.serial.view();
  r.public_key = c.key.key;
  r.signature = c.signature;
  r.certificate = c.der.view();
  for (const RecordTag tag : {kSubject, kRole, kIssuer, kSerial, kPublicKey, kSignature, kCertificate}) r.add(tag);
  add_server(r, server, address);
  return append_record(body, r);
}

Status append_nonsecure_record(Blob& body, Role role, const ServerName& server) {
  const AddressField address(server.ip);
  Record r;
  r.role = role;
  r.add(kRole);
  add_server(r, server, address);
  return append_record(body, r);
}

}  // namespace parley::ctl_client
