// What phones stand on, and what one phone is.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/test-phone/judge.h"
#include "platform/crypto/key_store.h"
#include "platform/net/net.h"
#include "platform/sched/job.h"
#include "platform/sched/scheduler.h"
#include "platform/tls/tls.h"

namespace parley::test_phone {

// Shared by all phones of a process; outlives them. The key store is the phones' own, not a router's.
struct PhoneParts {
  Scheduler& scheduler;
  Net& net;
  Jobs& jobs;
  Tls& tls;
  KeyStore& keys;
  const Clock& clock;
};

// What a phone is and what its user says.
struct PhonePlan {
  Text<15> device;                 // "SEP001122334455"
  Text<24> model{"CP-7975G"};
  uint32_t server = 0;             // of its files: option 150
  uint32_t from_ip = 0;            // 0: as the routes say
  bool old = false;                // CTL only, TLS 1.0, SHA-1, TFTP
  Text<10> auth_string;            // typed by the user; empty: nobody is there
  bool stays = false;              // keeps its connection to the call manager, and obeys a reset there
  bool trial = false;              // stands in for a real phone: gets no LSC of the router, shows one of its own making
  KeyRef mic_key;
  Blob mic;                        // certificate of the maker, DER; empty: none
  // Called for each connection a trial makes, before a byte is sent.
  void (*connecting)(void* context, Endpoint local) = nullptr;
  void* context = nullptr;
};

// What survives in its 'flash'.
struct PhoneFlash {
  TrustMemory trust;
  Blob lsc;                        // DER; empty: none
  KeyRef key;                      // of the LSC
  uint8_t slot = 0;                // which of its two key labels is in use
};

}  // namespace parley::test_phone
