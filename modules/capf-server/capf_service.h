// The CAPF server: its phones, its sessions, its settings.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/capf-server/capf_config.h"
#include "modules/capf-server/capf_device.h"
#include "modules/capf-server/capf_offline.h"
#include "modules/capf-server/capf_session.h"
#include "modules/capf-server/capf_state.h"
#include "modules/crypto-pki/peer_trust.h"
#include "modules/crypto-pki/secure_listener.h"
#include "modules/ctl-client/trust_list.h"
#include "modules/ctl-client/trust_roles.h"
#include "modules/module.h"
#include "modules/telephony-service/phone_book.h"
#include "modules/trust_files.h"

namespace parley {
class LegacyFence;
class PasswordPolicy;
}

namespace parley::capf_server {

struct CapfCounters {
  uint64_t sessions = 0, done = 0, refused = 0, unknown = 0, failed = 0;
};

class CapfService final : public Instance, public CapfState, private PhoneBook::Listener, private TrustRoles::Listener,
                          private TrustFiles::Owner {
 public:
  explicit CapfService(Env& env);
  ~CapfService() override;

  void* config() override { return &config_; }
  void apply() override;
  Status start() override;
  void stop() override;

  // What a phone is to do now. False: nothing is scheduled.
  struct Plan {
    PhoneEntry phone;
    Operation operation = Operation::upgrade;
    Proof proof = Proof::null_string;
    bool self_started = false;
    bool renewal = false;        // started by the end of its certificate
  };
  bool find(std::string_view device, PhoneEntry& out) const { return book_->find(device, out); }
  bool plan(const PhoneEntry& phone, const Device& device, Plan& out) const;
  bool string_is(const PhoneEntry& phone, const Device& device, std::string_view typed) const;
  bool is_trial(Endpoint peer) const { return book_->is_trial(peer); }
  bool string_matches(const PhoneEntry& phone, Device& device, std::string_view typed);   // counts wrong ones
  bool locked(const Device& device) const;

  // Sessions
  Env& env() { return env_; }
  const Capf& settings() const { return config_.capf; }
  DeviceTable& devices() { return devices_; }
  Status can_issue() const override;
  PhoneIssuer& issuer() { return *issuer_; }
  std::unique_ptr<PeerJob> validation(PeerUse use, std::string_view device) const;
  KeyOrder key_order(uint8_t version) const;
  bool own_key(Bytes spki) const;
  Text<64> enroll_password() const;
  bool mic_known() const;                     // some trustpoint holds a CA that is none of ours
  void save(Device& device);                  // durable soon; sessions are woken when it is
  void finished(Device& device, uint16_t tag, Operation operation, Proof proof);
  void keygen_failed(Device& device, uint16_t tag);
  void ended(CapfSession& session, Reason reason, const char* why);
  void handshake(const TlsInfo& info, std::string_view device, uint32_t peer_ip);
  void session_closed() { if (port_ != nullptr) port_->wake(); }
  void debug_message(const char* direction, std::string_view device, Command command, size_t size) const;
  void debug_event(std::string_view device, std::string_view what) const;
  Arena& arena() { return arena_; }
  uint32_t new_session_id();

  // Offline authority
  Status list_requests(Writer& out, size_t& count);
  Status list_waiting(List<ImportJob::Wait>& out);
  Status take_certificate(std::string_view device, Bytes spki, Bytes certificate);

  // Commands
  Text<100> start_bulk(Operation operation, size_t& count);   // text: why not
  Status change_strings(bool generate, uint16_t tag, std::string_view digits, size_t& count);   // tag 0: all
  void show_summary(Writer& out) const;
  void show_strings(Writer& out) const;
  void show_sessions(Writer& out) const;

 private:
  class Keeper;
  class SaveJob;
  using Port = SecureService<CapfSession, CapfService>;
  void phones_changed() override;
  void trust_roles_changed() override { phones_changed(); }
  void set_up_port();
  TrustList* list_ = nullptr;           // hears who has come as far as CAPF; nullptr: not in this image
  void trust_files(TrustFiles::Sink& sink) const override { sink.folder(kFolder); }
  bool keep();
  void write_some();
  void group_written(SaveJob& job);
  void tell_phones();
  bool tell_some();
  void tell_phone(const PhoneEntry& phone);
  void end_bulk_after_deadline();
  bool any_bulk() const;
  bool any_renewal() const;
  bool renewal_due(const Device& device) const;
  bool in_window(std::string_view device) const;
  uint32_t address() const;
  Status load_devices();

  Env& env_;
  Config config_;
  Trustpoints* trustpoints_ = nullptr;
  TrustRoles* roles_ = nullptr;
  PhoneBook* book_ = nullptr;
  PeerTrust* peers_ = nullptr;
  PhoneIssuer* issuer_ = nullptr;
  LegacyFence* fence_ = nullptr;
  PasswordPolicy* passwords_ = nullptr;
  Arena arena_{"capf-server", 8 * 1024 * 1024};
  DeviceTable devices_;
  CapfCounters counters_;
  std::unique_ptr<Keeper> keeper_;
  std::unique_ptr<Port> port_;
  bool key_size_told_ = false;
  bool renewals_ = false;               // some phone was told to renew its certificate
  bool telling_ = false;                // the phones are being told, from this one on
  size_t tell_next_ = 0;
};

}  // namespace parley::capf_server
