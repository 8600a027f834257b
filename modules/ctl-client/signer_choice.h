// Who may sign the next list, so that no phone is lost.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every list is signed by a key that all lists which phones may hold know as signer, and that the list itself names again: so there is
// always such a key. The wanted signer signs when it is one; until then another one does, and the list names the wanted one.
#pragma once

#include "modules/crypto-pki/trustpoints.h"
#include "modules/ctl-client/phone_lists.h"

namespace parley::ctl_client {

struct Signer {
  std::string_view label;
  Bytes certificate;
  KeyRef key;
};

struct SignerFacts {
  ListKind kind = ListKind::ctl;
  Bytes stored;                        // the list that phones fetch now; empty: none
  Bytes ctl;                           // for an ITL: the CTL that vouches for signers
  const PhoneLists* phones = nullptr;  // nullptr: nothing is known of them
  bool anybody = false;                // there are phones
  Bytes tvs;                           // certificate of the TVS that answers for the wanted signer; empty: none does
  bool force = false;                  // the operator gave up who would be lost
};

struct SignerChoice {
  Text<63> label;                      // of the signer if it is a wanted one, else empty
  Blob signer, second;                 // certificates of the SAST records; second may be empty
  KeyRef key;
  bool staged = false;                 // the wanted signer is only introduced
  bool vouched = false;                // known through CTL or TVS only
  bool strands = false;                // no key would do: `lost` are the phones
  List<PhoneMac> lost{general_arena()};
};

// wanted signs, second stands beside it (blank: none). Fault full, invalid (the stored list).
Result<SignerChoice> choose_signer(const SignerFacts& facts, const Keys& keys, const Signer& wanted, const Signer& second);

}  // namespace parley::ctl_client
