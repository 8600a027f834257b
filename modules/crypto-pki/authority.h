// A certificate server: its state, requests, revocation list; what SCEP and the operator ask of it.
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   initial --no shutdown--> starting --key, certificate, CRL--> enabled --shutdown--> disabled --no shutdown--> starting
//                               |                                    ^
//                               +--> failed (logged)                 +-- at boot, when it was enabled before
#pragma once

#include <memory>

#include "modules/crypto-pki/ca_jobs.h"
#include "modules/crypto-pki/database_uploads.h"
#include "modules/crypto-pki/enrolment.h"
#include "modules/crypto-pki/one_time_password.h"
#include "modules/crypto-pki/pki_context.h"
#include "modules/crypto-pki/request_file.h"
#include "modules/crypto-pki/trust_store.h"

namespace parley::crypto_pki {

enum class Granting : uint8_t { manual, automatic, none, ra_only };
enum class WeakDialect : uint8_t { none, triple_des, des };

struct ServerSettings {            // of the configuration, in plain units
  Text<63> label;
  KeyLabel key;                    // key pair of the trustpoint with the same label, else the label
  Database database;
  Text<255> issuer;                // empty: CN=<label>
  Granting granting = Granting::manual;
  Hash hash = Hash::sha256;
  uint16_t key_bits = 2048;
  Seconds lifetime{365 * 86400};
  uint16_t ca_lifetime_days = 1095;
  uint16_t crl_lifetime_hours = 168;
  uint16_t request_lifetime_hours = 168;
  Text<127> cdp_url;
  Text<127> ocsp_url;              // authority information access in issued certificates
  uint64_t first_serial = 1;
  bool archived = false;           // `database archive`; the passphrase comes with start()
  bool archive_pem = false;        // else PKCS#12
  bool auto_rollover = false;
  uint16_t rollover_days = 30;     // before the end
  WeakDialect weak = WeakDialect::none;
  ServerMode mode = ServerMode::root;
  bool transparent = false;        // RA in front of any authority: its certificate needs no mark
  TrustpointSettings upper;        // not root: the trustpoint of the same label, enrolled with the authority above
  bool stopped = false;
};

enum class ServerState : uint8_t { initial, starting, enabled, disabled, failed };

class Authority final : public Task {
 public:
  Authority(Context& context, TrustStore& store, std::string_view label);

  void configure(const ServerSettings& settings) {
    settings_ = settings;
    uploads_.configure(settings.database);
    if (has_remote_place(settings.database)) uploads_.kick();
    wake();
  }
  const ServerSettings& settings() const { return settings_; }

  // Begins to start; `waiter` (may be nullptr) is woken when state() is enabled or failed.
  // Faults: denied (clock not set, certificate of another authority in the trustpoint), busy, invalid (issuer-name).
  // `passphrase` protects the archive of a new authority's key, when there is one.
  Status start(Task* waiter, std::string_view passphrase = {});
  // Its certificate is there: nothing is made new by start().
  bool has_certificate() const { return choose().current != nullptr; }
  // Boot: starts if it was enabled before (its certificate and key are there), as soon as the clock is valid.
  void start_again();
  // Not root: as soon as the certificate comes that the trustpoint has asked for.
  void start_when_enrolled();
  void stop();                     // `shutdown`
  void forget_waiter(Task* waiter) {
    if (waiter_ == waiter) waiter_ = nullptr;
    if (crl_waiter_ == waiter) crl_waiter_ = nullptr;
  }

  ServerState state() const { return state_; }
  bool waits_for_clock() const { return again_ && !context_.clock_valid(); }   // was enabled before the boot
  const Status& failure() const { return failure_; }
  bool key_was_made() const { return key_made_; }
  bool http_on() const { return context_.http != nullptr && context_.http->http_enabled(); }
  // Answers requests now: enabled, clock right, HTTP server on.
  bool serving() const { return state_ == ServerState::enabled && context_.clock_valid(); }
  const IdentityPtr& identity() const { return identity_; }   // nullptr: not enabled
  const Successor& successor() const { return successor_; }   // of `auto-rollover`, when it is made
  uint64_t last_serial() const { return serials_->last_serial(); }
  UnixTime crl_next_update() const { return crl_next_; }
  const std::shared_ptr<const Blob>& crl() const { return crl_; }

  OneTimePassword& password() { return password_; }

  RequestList& requests() { return requests_; }
  const RequestList& requests() const { return requests_; }
  // A new request (its signature was checked): granted or pending by `grant`. Fault full.
  Result<Request*> receive(Request&& r, std::string_view subject_text);
  // Everything a job needs to issue for it; takes a serial number. Faults: denied, full.
  Result<IssueOrder> order(const Request& r);
  // The same for the certificate of a phone (LSC) with this key. Faults: denied, invalid (name), full.
  // Whatever is issued now ends by then. Fault denied: nothing can be issued, `what` says why.
  Result<UnixTime> latest_end() const;
  Result<IssueOrder> order_phone(std::string_view device, Bytes spki);
  // Who signs for phones: the successor as soon as there is one, so that no phone's certificate ends with the authority's.
  const IdentityPtr& phone_identity() const { return successor_.identity != nullptr ? successor_.identity : identity_; }
  // Issued here, and revoked.
  bool has_revoked(const Certificate& leaf) const;
  // The certificate was made.
  void issued(Request& r, Bytes certificate);
  void tell_issued(Bytes certificate);
  // Its state was changed by the operator: kept over a reload.
  void changed(const Request& r);
  // A request that waits is kept in nvram: before its client is told so.
  Result<RequestFile> file_of(const Request& r) const;

  const IssuedIndex& index() const { return *index_; }
  std::shared_ptr<const IssuedIndex> issued_index() const { return index_; }
  // Revoked here, if `issuer` is a certificate of this authority (the one before a roll-over too). Faults: missing (it is of
  // another authority, or this one was never started), busy (starts).
  Result<bool> revoked(const Certificate& issuer, Bytes serial) const;
  // Faults: denied (not enabled, never issued, the authority's own).
  Result<std::unique_ptr<RevokeJob>> revoke_job(uint64_t serial, uint8_t reason) const;
  // The list of revoked certificates has changed: a new one is made at once. `waiter` is woken when crl_number() has grown
  // or it failed.
  void publish_now(Task* waiter);
  uint64_t crl_count() const { return crl_count_; }   // lists made since the boot; a failed one counts too
  // Registration authority: asks the authority behind it for a phone's certificate and answers for the phone's key; `waiter` is
  // woken at the end. Faults: denied (not enabled), unsupported (that authority wants the phone's own signature), invalid, full.
  Result<std::unique_ptr<Enrolment>> forward_phone(std::string_view device, std::string_view challenge, Bytes spki, Task& waiter);
  std::unique_ptr<IssueJob> issue_job() const { return std::make_unique<IssueJob>(context_.keys, context_.store); }

  Poll step() override;

 private:
  RequestState first_state(const Request& r) const;
  void started();
  void try_again();
  void publish_crl();
  void keep_requests();
  struct Choice {
    const Stored* current = nullptr;   // own certificate that is valid by its begin, the last one
    const Stored* next = nullptr;      // own certificate that begins later
  };
  Choice choose() const;
  Status describe_old(StartAuthorityJob& job) const;
  KeyLabel key_label_of(const Certificate& c) const;   // empty: no key pair of this server
  KeyLabel other_key_label() const;
  void look_at_clock();
  void roll_over();
  void rollover_made();
  void tidy_chain();
  void enabled();
  Status start_enrolled(Task* waiter);
  void try_enrolled();
  bool renewed() const;            // not root: the trustpoint has a newer certificate
  void begin_again();
  void run_forwards();
  void end_forwards();
  Status begin_forward(Request& r);
  bool listed_as_revoked(Bytes serial) const;
  void forward_ended(Request& r, const Enrolment& e);
  Result<EnrollingPtr> passed_on(Bytes csr, Bytes subject, Bytes key) const;
  void crl_done();
  void fail(const Fault& f);
  void tell();
  void debug(std::string_view what, std::string_view detail = {}) const;
  Result<IssueOrder> new_order(UnixTime not_before, UnixTime last);

  Context& context_;
  TrustStore& store_;
  ServerSettings settings_;
  ServerState state_ = ServerState::initial;
  Status failure_;
  bool key_made_ = false;
  bool again_ = false;             // boot: to be started
  bool awaited_ = false;           // start_when_enrolled
  Task* waiter_ = nullptr;
  IdentityPtr identity_;
  std::shared_ptr<SerialFile> serials_;
  std::shared_ptr<IssuedIndex> index_;
  RequestList requests_{256};
  OneTimePassword password_;
  struct Forward {                 // a granted request under way to the authority behind this RA
    uint32_t request_id = 0;
    std::unique_ptr<Enrolment> enrolment;
  };
  List<Forward> forwards_{general_arena()};
  JobSlot<StartAuthorityJob> start_job_;
  JobSlot<CrlJob> crl_job_;
  bool crl_again_ = false;         // something was revoked while a list was being made
  bool crl_due_ = false;           // the last attempt to make one failed
  uint64_t crl_count_ = 0;
  Task* crl_waiter_ = nullptr;
  JobSlot<SaveRequestsJob> keep_job_;
  List<uint32_t> to_keep_{general_arena()};
  bool requests_loaded_ = false;
  Timer keep_timer_{*this};
  DatabaseUploads uploads_;
  Successor successor_, made_;
  JobSlot<RolloverJob> rollover_job_;
  JobSlot<SaveChainJob> chain_job_;
  Timer clock_timer_{*this};       // `clock set` tells nobody
  Timer rollover_retry_{*this};
  bool untidy_ = false;            // the chain has certificates of before a roll-over
  Timer crl_timer_{*this};
  Timer again_timer_{*this};
  UnixTime crl_next_ = 0;
  std::shared_ptr<const Blob> crl_;
};

}  // namespace parley::crypto_pki
