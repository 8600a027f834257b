// Service TrustList: what telephony-service must know of the CTL and ITL files.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "platform/base/bytes.h"
#include "platform/crypto/engine.h"
#include "platform/sched/task.h"

namespace parley {

struct PhoneMac { uint8_t bytes[6] = {}; };

class TrustList {
 public:
  static constexpr const char* kService = "TrustList";
  virtual ~TrustList() = default;
  virtual bool ctl_exists() const = 0;      // a CTL file was made: server-security-mode has an effect
  // telephony-service tells which phones get their own CTLSEP<MAC>.tlv. Copied.
  virtual void set_phones(std::span<const PhoneMac> phones) = 0;
  // server-security-mode of telephony-service: false makes the CTL non-secure at the next regenerate.
  virtual void set_secure(bool secure) = 0;
  virtual void set_digest(Hash digest) = 0; // `cnf-file signature`: sha1 or sha512, from the next regenerate on
  virtual bool https_paused() const = 0;    // `prepare-rollback`: phone files name no HTTPS services
  virtual void erase() = 0;                 // `server-security-mode erase`
  // Begins to make a CTL file. ok: under way, made() will count. Fault denied: phones would be stranded (strand: all the
  // same); busy: something else is under way, wait for it and try again; others: problem() says why.
  virtual Status regenerate(bool strand) = 0;
  virtual uint64_t made() const = 0;        // files that were made, or failed
  virtual std::string_view problem() const = 0;   // line for the operator; empty: it was made
  virtual void wait(Task& waiter) = 0;      // woken each time when something ended, until forget()
  virtual void forget(Task& waiter) = 0;
  // A phone did what it does only after it has judged the lists that it fetched (CAPF, TLS registration).
  virtual void phone_went_on(const PhoneMac& phone) = 0;
  // Would it take the lists of today after those that it holds? A phone that holds none, or is not known, takes any.
  virtual bool phone_follows(const PhoneMac& phone) const = 0;
  // The built-in phone of `test phone` comes from this address: what it fetches counts for no phone. 0: it is done.
  virtual void set_trial(uint32_t ip) = 0;

  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void ctl_changed() = 0;         // regenerate finished, the file was erased, or https_paused changed
    virtual void credentials_changed() {}   // TrustRoles::in_use() answers differently
  };
  virtual void subscribe(Listener& l) = 0;
  virtual void unsubscribe(Listener& l) = 0;
};

}  // namespace parley
