// What the audit of one phone looks at: collected from the services, then completed by a job.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/ctl-client/trust_roles.h"
#include "modules/telephony-service/phone_book.h"
#include "platform/base/memory.h"

namespace parley {
class Services;
}

namespace parley::trust_audit {

// A trust list as this phone would get it.
struct ListFacts {
  Blob file;                       // empty: not served
  Status verdict;                  // [job] of verify_ctl
  uint32_t signed_at = 0;          // [job]
};

// A file behind a signature.
struct SignedFacts {
  Blob file;                       // empty: not served
  Status verdict;                  // [job] found a signer in the lists, signature, name
};

// A certificate that the phone meets, and the port where it meets it.
struct ShownFacts {
  bool used = false;               // some module shows it
  Text<63> trustpoint;
  Status usable;                   // why the trustpoint cannot be used
  Blob certificate;
  bool has_port = false, listening = false;
  Status trouble;                  // why the port is closed
  bool listed = false;             // [job] in a list that passed, in its role
};

struct Signer {
  Text<63> label;
  Blob certificate;
  bool listed = false;             // [job] a SAST of the CTL file
};
constexpr size_t kMaxSigners = 3;  // sast1, sast2, recovery

struct Facts {
  Text<15> device;
  uint8_t mac[6] = {};
  uint16_t tag = 0;
  PhoneTrust phone;
  bool address_up = false;         // an interface has the server address
  bool clock = false;
  bool tftp = false, https = false;
  ListFacts ctl, itl;
  bool follows = true;             // the phone takes these lists after those that it holds
  Signer signers[kMaxSigners];
  size_t signer_count = 0;
  ShownFacts files, capf, tvs, calls, services;
  bool services_vouched = false;   // [job] a list names a server of phone services, or a TVS
  Status issuing;                  // can CAPF issue?
  Blob plain;                      // SEP<MAC>.cnf.xml
  SignedFacts sgn, enc;
  bool hash_matches = false;       // [job] certHash of the file is that of the certificate
  UnixTime now = 0, not_before = 0, not_after = 0;   // [job] dates of the phone's certificate
  Status certificate_read;         // [job]
  Status certificate_trust;        // [job] path validation as on the signalling port
};

// Everything but what is marked [job]. Fault missing: no such phone; full.
Status collect(const Services& services, UnixTime now, uint16_t tag, Facts& facts);

}  // namespace parley::trust_audit
