// One enrolment over SCEP: capabilities, CA certificate, request, polls, certificate.
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   (key ->) caps -> recipient -> build -> send -> reply -+-> save -> done
//                          ^                     +-> waiting (pending: every retry period) -> build a poll
//                          +---------------------+-> failed (logged)
//
// key: a pair that has to be made first. With `regenerate` it is made under the shadow label while the old one is in use, and
// takes its place after the certificate is saved (rename); a power cut in between does no harm: TrustStore::key_of knows both.
// A router that has a valid certificate renews it: RenewalReq signed by the old key, where the authority offers Renewal.
#pragma once

#include "modules/crypto-pki/pki_key_job.h"
#include "modules/crypto-pki/scep_client_jobs.h"
#include "modules/crypto-pki/trust_store.h"
#include "modules/crypto-pki/trustpoint_settings.h"
#include "modules/http-server/http_client.h"

namespace parley::crypto_pki {

class Enrolment final : public Task {
 public:
  enum class At : uint8_t { key, caps, recipient, build, send, reply, waiting, save, rename, done, failed };

  Enrolment(Context& context, TrustStore& store, const TrustpointSettings& settings);
  // `order` as the dialogue asked for it; `ca`: CA certificate of the trustpoint. The key pair is made if there is none.
  // Faults: invalid (URL), missing (host, source address), unsupported (EC key), full.
  Status begin(CsrOrder order, Bytes ca);
  // For somebody else: a registration authority passes a request on. `prepared` has everything but the recipient; nothing is
  // saved, `waiter` is woken at the end. Faults: invalid (URL), missing (host).
  Status begin_for(EnrollingPtr prepared, Task& waiter);
  const Blob& certificate() const { return certificate_; }   // begin_for, after done
  const char* failure() const { return failure_; }           // after failed
  bool refused() const { return refused_; }                  // ... by the authority, not by the network
  Poll step() override;

  At at() const { return at_; }
  bool ended() const { return at_ == At::done || at_ == At::failed; }
  bool pending() const { return at_ == At::waiting; }
  const TrustpointSettings& settings() const { return settings_; }
  const Blob& csr() const { return state_->csr; }      // empty until it was made
  const Digest& fingerprint_md5() const { return md5_; }
  const Digest& fingerprint_sha1() const { return sha1_; }

 private:
  enum class Next : uint8_t { go, wait };
  Next run();
  Next key();
  Next rename();
  Next end_round();                 // of a usage pair the encryption key is next
  Next caps();
  bool begin_renewal();             // the old certificate signs
  uint16_t usage_of_key() const;
  Next recipient();
  Next build();
  Next send();
  Next reply();
  Next waiting();
  Next save();
  Status get(std::string_view operation);
  Status post();
  Next http_ended(bool& ended);
  void step_done(const char* what) const;   // debug crypto pki transactions
  Next fail(const char* why);
  Next retry(const char* why);      // transport trouble: again later, `enrollment retry count` times
  void read_caps(std::string_view text);

  Context& context_;
  TrustStore& store_;
  TrustpointSettings settings_;
  http_server::Url url_;
  http_server::Client http_;
  Timer timer_{*this};
  EnrollingPtr state_ = std::make_shared<Enrolling>();
  CsrOrder order_;
  At at_ = At::caps;
  bool started_ = false;            // HTTP request or job of this state is under way
  bool post_ = false, aes_ = false, renewal_ = false;
  bool shadow_ = false;             // the new key waits under the shadow label
  bool second_ = false;             // usage pair: now the encryption key
  KeyRef key_;                      // the certificate is for this one
  bool asked_ = false;              // the request was answered "pending": polls from now on
  uint16_t tries_ = 0;
  Nonce nonce_;
  Blob message_;
  Blob certificate_;
  Digest md5_, sha1_;
  Task* waiter_ = nullptr;          // begin_for
  const char* failure_ = "";
  bool refused_ = false;
  JobSlot<ScepRequestJob> build_;
  JobSlot<ScepReplyJob> reply_;
  JobSlot<SaveChainJob> save_;
  JobSlot<GenerateKeyJob> make_;
  JobSlot<RenameKeyJob> rename_;
};

}  // namespace parley::crypto_pki
