// Issuing one certificate: what the request asks for, what its role allows, serial number, signature, files.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/crypto-pki/ca_identity.h"
#include "modules/crypto-pki/issued_index.h"
#include "modules/crypto-pki/serial_file.h"
#include "platform/sched/job.h"

namespace parley::crypto_pki {

// What a certificate is for: decides its extensions.
enum class Profile : uint8_t {
  router,          // by request: names and usages of the request as far as they are allowed
  registration,    // by request: registration authority (EKU cmcRA)
  subordinate,     // by request: another certificate server
  phone,           // LSC (capf.md 6): by name and key, without a request
};

struct IssueOrder {
  Profile profile = Profile::router;
  Blob csr;                        // DER, its signature was checked; not for `phone`
  Blob subject, spki;              // `phone` only: whole Name, SubjectPublicKeyInfo
  uint64_t serial = 0;
  UnixTime not_before = 0, not_after = 0;
  Text<127> crl_url, ocsp_url;     // of this authority, empty: none
  Database database;
  std::shared_ptr<SerialFile> serials;
  std::shared_ptr<IssuedIndex> index;
};
// [job] Serial made durable, certificate signed, database files and index written. Faults: invalid (request), io, full, missing (key).
Result<Blob> issue_certificate(const IssueOrder& order, const Identity& ca, Keys& keys, Store& store);

class IssueJob final : public Job {
 public:
  IssueJob(Keys& keys, Store& store) : keys_(keys), store_(store) {}
  void run() override { result = issue_certificate(order, *ca, keys_, store_); }
  IssueOrder order;
  IdentityPtr ca;
  uint32_t request_id = 0;
  Result<Blob> result = Fault{Code::cancelled, "not run", 0};

 private:
  Keys& keys_;
  Store& store_;
};

// Is what a request asks for acceptable at all? Fault invalid with the reason.
struct Csr;
Status judge_request(const Csr& csr);
// Marked as a registration authority by EKU cmcRA or, as IOS does, by "ioscs RA" in its name?
bool marked_as_ra(Bytes subject, uint16_t ext_usage);
// Which kind of certificate it asks for: a CA by its basicConstraints, an RA by its marks.
Profile requested_profile(const Csr& csr);
// Name of a phone: that of its issuer without CN, and CN=<device>. Fault invalid: no name of a device.
Result<Blob> phone_subject(Bytes issuer, std::string_view device);

// 000:534: issued certificates end one (calendar) month before the CA's own.
UnixTime month_before(UnixTime t);

uint64_t serial_number(Bytes serial);   // of a certificate; 0: none of ours, larger than 64 bits
Bytes serial_bytes(uint64_t serial, uint8_t (&buffer)[8]);   // magnitude, at least one byte

}  // namespace parley::crypto_pki
