// Service PhoneBook: which phones there are, and what is wanted of their certificates. For capf-server.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "modules/telephony-service/phone_config.h"
#include "platform/base/bytes.h"
#include "platform/net/net.h"

namespace parley {

struct PhoneEntry {
  uint16_t tag = 0;              // ephone
  Text<15> device;               // "SEP001122334455"
  uint8_t mac[6] = {};
  Text<31> type;
  Text<10> string;               // PIN in force: the phone's own, else that of telephony-service; empty: none
  bool own_string = false;
  bool operation_set = false;    // `cert-oper` of the ephone
  telephony_service::CertOperation operation = telephony_service::CertOperation::upgrade;
  telephony_service::CertAuthMode auth_mode = telephony_service::CertAuthMode::auth_string;
  bool encrypted = false;        // `cnf-file encrypted` is in force for it
};

// What a phone is told about security, and where it goes.
struct PhoneTrust {
  telephony_service::DeviceMode mode = telephony_service::DeviceMode::none;
  bool server_secure = false;    // server-security-mode in force
  bool encrypted = false;        // cnf-file encrypted
  bool https = false;            // service https
  bool session_wanted = false;   // the phone is to open a CAPF session
  uint32_t ip = 0;               // ip source-address
  Text<63> file_signer;          // trustpoints; empty: none
  Text<63> signaling;
  Text<200> problem;             // why the files of today could not be made; empty: they could
  Blob certificate;              // LSC or MIC, DER; empty: none is known
};

// What phone files must say of CAPF.
struct CapfFacts {
  uint32_t ip = 0;               // 0: no CAPF server
  uint16_t port = 3804;
  Text<63> issuer;               // trustpoint or server behind the CAPF server: LSCs of another one are not accepted
};

// What a phone has shown by what it did.
enum class PhoneSign : uint8_t {
  secure_with_lsc,   // came to the secure signalling port with its LSC and sent a register: it accepted our certificate by a
                     // list it holds, and it has the key of the LSC
  secure_with_mic,   // the same with the certificate of its maker
};

class PhoneBook {
 public:
  static constexpr const char* kService = "PhoneBook";
  virtual ~PhoneBook() = default;

  virtual bool find(std::string_view device, PhoneEntry& out) const = 0;
  using Each = void (*)(void* context, const PhoneEntry& phone);
  virtual void each_phone(Each each, void* context) const = 0;
  // At most `most` of them, from number `first` on. The number to go on with; 0: these were the last ones. After phones_changed()
  // the numbers mean others: begin again.
  virtual size_t some_phones(size_t first, size_t most, Each each, void* context) const = 0;
  // Fault missing: no such ephone, or it has no mac-address; full.
  virtual Status trust_of(uint16_t tag, PhoneTrust& out) const = 0;
  // Phones may sign with less than RSA 2048: telephony-service has `tls-minimum 1.0`.
  virtual bool legacy_signalling() const = 0;
  // Where phones get their files: `ip source-address`, 0: not configured.
  virtual uint32_t file_server() const { return 0; }

  // These change the running-config as if it had been typed; not to be called while a line is run by apply().
  virtual Status set_string(uint16_t tag, std::string_view digits) = 0;   // empty: no capf-auth-str. Fault missing
  virtual Status operation_done(uint16_t tag) = 0;                        // no cert-oper

  // What capf-server knows: address, the number of capfAuthMode that a phone shall read (0: no session wanted), and the
  // certificate of the phone (DER; empty: none), to which its file is encrypted. Files are made again when one changes.
  virtual void set_capf(const CapfFacts& facts) = 0;
  virtual void set_session_wanted(std::string_view device, uint8_t auth_mode) = 0;
  virtual void set_certificate(std::string_view device, Bytes certificate) = 0;
  // It came in a CAPF session just now: a phone with an encrypted file has to boot once that is made.
  virtual void certificate_given(std::string_view device) { (void)device; }

  // `test phone`: the built-in phone stands in for a real one. It says with which certificate (DER) and from which local
  // addresses it comes, so that the servers can see that nothing it does may change what is known of the real phone. An empty
  // certificate ends the trial.
  virtual void set_trial(Bytes certificate) { (void)certificate; }
  virtual void add_trial_connection(Endpoint local) { (void)local; }
  virtual bool is_trial(Endpoint peer) const { return (void)peer, false; }

  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void phones_changed() = 0;       // phones, or what is wanted of them
    // A real phone gave a sign of life; never for the built-in one of `test phone`.
    virtual void phone_seen(std::string_view device, PhoneSign sign) { (void)device, (void)sign; }
  };
  virtual void subscribe(Listener& l) = 0;
  virtual void unsubscribe(Listener& l) = 0;
};

}  // namespace parley
