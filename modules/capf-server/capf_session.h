// One phone at the CAPF server (spec: capf.md 3, 7). The server speaks first.
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   handshake -> await_auth -> [proving] -+-> await_keygen -> checking -> await_ca -> saving -> await_store -+
//                                         +-> await_fetch  -> judging ---------------------------------------+-> committing -> ended
//                                         +-> await_delete --------------------------------------------------+
//
// Any refusal: END_SESSION with its reason, then closed. What is committed is durable before the phone hears "done".
#pragma once

#include <memory>

#include "modules/capf-server/capf_device.h"
#include "modules/capf-server/capf_proof.h"
#include "modules/crypto-pki/phone_issuer.h"
#include "platform/sched/scheduler.h"
#include "platform/tls/tls.h"

namespace parley {
struct PhoneEntry;
}

namespace parley::capf_server {

class CapfService;

// Slow checks of what a phone sent.
class KeyJob final : public Job {
 public:
  Blob spki;
  KeyOrder order;
  Status result;
  void run() override { result = check_new_key(spki.view(), order); }
};
class FetchJob final : public Job {
 public:
  Blob certificate;
  std::unique_ptr<PeerJob> lsc, mic;
  CertificateKind kind = CertificateKind::lsc;
  Status result;
  void run() override;
};

class CapfSession final : public Task {
 public:
  CapfSession(Scheduler& scheduler, CapfService& service);
  ~CapfSession() override;
  void begin(std::unique_ptr<TlsSession> tls);
  bool closed() const { return at_ == At::closed; }
  uint32_t peer_ip() const { return peer_; }
  bool trial() const { return trial_; }
  std::string_view device() const { return device_ == nullptr ? std::string_view() : device_->name.view(); }
  const char* state_name() const;   // of `show capf-server sessions`
  Poll step() override;

 private:
  enum class At : uint8_t { handshake, await_auth, proving, await_keygen, checking, await_ca, saving, await_store, await_fetch,
                            judging, await_delete, committing, ended, closed };
  bool waits_for_phone() const;
  bool run();                               // false: nothing more to do now
  bool read_message();                      // false: not there yet, or ended
  void on_message();
  void on_auth(const Elements& e);
  void on_trial(const PhoneEntry& phone, Device& device, std::string_view typed);
  void authenticated();
  void ask_key();
  void on_key(const Elements& e);
  void issue();
  void got_certificate(Bytes der);
  void wait_for_authority();
  bool offline_turn();                      // true: an offline authority decides how the session goes on
  void ask_store();
  void on_store(const Elements& e);
  void on_fetch(const Elements& e);
  void on_delete(const Elements& e);
  void commit(Reason end);
  void send(Message&& m);
  void end(Reason reason, const char* why);
  void close();
  void enter(At at, Millis limit);
  bool flush();

  CapfService& service_;
  std::unique_ptr<TlsSession> tls_;
  uint32_t peer_ = 0;
  uint32_t id_ = 0;
  At at_ = At::handshake;
  Device* device_ = nullptr;                // in_session is set while it is here
  uint16_t tag_ = 0;
  Operation operation_ = Operation::upgrade;
  Proof proof_ = Proof::null_string;
  bool trial_ = false;                      // the built-in phone of `test phone`: nothing of the real one may change
  bool self_started_ = false;               // a fetch that nobody asked for: proof by certificate in any case
  uint8_t version_ = 3;
  bool failed_keygen_ = false;
  KeyOrder order_;
  Reason end_reason_ = Reason::done;
  Blob key_;                                // SubjectPublicKeyInfo of the new key
  Timer timer_{*this}, whole_{*this}, retry_{*this};
  JobSlot<ProofJob> proof_job_;
  JobSlot<KeyJob> key_job_;
  JobSlot<FetchJob> fetch_job_;
  std::unique_ptr<PhoneIssue> issue_;
  uint8_t head_bytes_[kHeaderSize] = {};
  FrameHead head_;
  bool have_head_ = false;
  size_t have_ = 0;
  Blob body_;
  Blob out_;
  size_t out_at_ = 0;
};

}  // namespace parley::capf_server
