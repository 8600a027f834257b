// The module telephony-service: phones and their files.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/ctl-client/trust_list.h"
#include "modules/ctl-client/trust_roles.h"
#include "modules/telephony-service/cfg_files.h"
#include "modules/telephony-service/cnf_builder.h"
#include "modules/telephony-service/phone_book.h"
#include "modules/telephony-service/phone_links.h"
#include "modules/telephony-service/plain_port.h"
#include "modules/telephony-service/signalling_port.h"
#include "modules/telephony-service/telephony_config.h"
#include "platform/base/index.h"

namespace parley::telephony_service {

class TelephonyService final : public Instance, public CnfOwner, public PhoneBook, private TrustList::Listener,
                               private Trustpoints::Listener, private TrustRoles::Listener {
 public:
  explicit TelephonyService(Env& env);
  ~TelephonyService() override;

  void* config() override { return &config_; }
  const char* verify() override;
  void apply() override;
  Status start() override;
  void stop() override;

  const Config& settings() const override { return config_; }
  bool server_secure() const override;
  bool https_paused() const override { return trust_list_ != nullptr && trust_list_->https_paused(); }
  CnfBuilder* builder() { return builder_.get(); }
  // `create cnf-files`: the files are wanted from now on. The number of the build that makes them.
  uint64_t create_files(Task& waiter);
  void erase_ctl();
  // security-mode mixed (mixed_mode.cc). False: problems were written, one line each.
  bool ready_for_mixed(Writer& problems) const;
  TrustList* trust_list() { return trust_list_; }
  void set_mode(bool mixed);      // types the lines that follow from it

  // PhoneBook (phone_book.cc)
  bool find(std::string_view device, PhoneEntry& out) const override;
  void each_phone(Each each, void* context) const override;
  size_t some_phones(size_t first, size_t most, Each each, void* context) const override;
  Status trust_of(uint16_t tag, PhoneTrust& out) const override;
  bool legacy_signalling() const override { return config_.telephony.tls_minimum == TlsMinimum::v1_0; }
  uint32_t file_server() const override { return config_.telephony.id == 0 ? 0 : uint32_t{config_.telephony.source}; }
  Status set_string(uint16_t tag, std::string_view digits) override;
  Status operation_done(uint16_t tag) override;
  void set_capf(const CapfFacts& facts) override;
  void set_session_wanted(std::string_view device, uint8_t auth_mode) override;
  void set_certificate(std::string_view device, Bytes certificate) override;
  void certificate_given(std::string_view device) override;
  void subscribe(PhoneBook::Listener& l) override { (void)book_listeners_.push(&l); }
  void unsubscribe(PhoneBook::Listener& l) override;
  void set_trial(Bytes certificate) override;
  void add_trial_connection(Endpoint local) override;
  bool is_trial(Endpoint peer) const override;

  // What PhoneLinks asks.
  PhoneLinks* links() { return links_.get(); }
  const Ephone* phone_of(const cli::Mac& mac) const;   // nullptr: no ephone has it
  bool secure_phone(std::string_view device, SecurePhone& out) const;
  void phone_seen(std::string_view device, PhoneSign sign);
  bool trial_from(uint32_t ip) const;                  // the built-in phone comes from there

  void show_security(Writer& out) const;
  void show_bindings(Writer& out) const;
  void show_settings(Writer& out) const;
  void show_phone(Writer& out, const Ephone& phone) const;
  void put_phone_line(Writer& out, const Ephone& phone) const;

 private:
  const char* taken_twice();
  PhoneCapf capf_of(const Ephone& phone) const override { return notes_.of(phone.mac); }
  Bytes certificate_of(const Ephone& phone) const override { return notes_.certificate(phone.mac); }
  void show_credentials();
  std::string_view in_use(TrustRole role, std::string_view configured) const;
  void set_up_signalling();
  PhoneEntry entry_of(const Ephone& phone) const;
  void rebuild();
  bool ctl_exists() const override;
  void files_made(bool changed) override;
  void ctl_changed() override;
  void tvs_of(uint32_t& ip, uint16_t& port) const override;
  void trust_roles_changed() override;
  void credentials_changed() override;
  std::string_view file_signer() const override;
  void trustpoints_changed(std::string_view label) override;
  bool wanted() const { return config_.telephony.id != 0 && (wanted_ || !config_.telephony.cnf_stamp.empty()); }
  void tell_phones();
  void tell_uses();
  void warn_of_secrets();

  Env& env_;
  Config config_;
  TrustList* trust_list_ = nullptr;
  TrustRoles* trust_roles_ = nullptr;
  Trustpoints* trustpoints_ = nullptr;
  Publisher* publisher_ = nullptr;
  std::unique_ptr<CnfBuilder> builder_;
  std::unique_ptr<CfgFiles> cfg_files_;
  std::unique_ptr<PhoneLinks> links_;
  std::unique_ptr<PlainPort> plain_;
  std::unique_ptr<SignallingPort> signalling_;
  List<Endpoint> trial_connections_{general_arena()};
  CapfNotes notes_;
  mutable HashIndex by_mac_{general_arena()};   // of the phones, made when somebody asks
  mutable bool by_mac_old_ = true;
  List<PhoneBook::Listener*> book_listeners_{general_arena()};
  bool wanted_ = false;       // create cnf-files was typed
  bool stamp_wanted_ = false; // and the running-config shall say when
  bool had_ctl_ = false;
  uint32_t tvs_ip_ = 0;       // as the files say it
  uint16_t tvs_port_ = 0;
  bool warned_ = false, sip_warned_ = false;
  Text<100> refusal_;
};

}  // namespace parley::telephony_service
