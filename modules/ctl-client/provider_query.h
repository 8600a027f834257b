// One exchange with the CTL provider of another router (TCP 2444): connect, judge its certificate, prove, take its records.
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   idle -> context -> handshake -> challenge -> key -> welcome -> records -> idle; failed() or the records tell how it ended
#pragma once

#include <memory>

#include "modules/crypto-pki/peer_trust.h"
#include "modules/ctl-client/ctl_proof.h"
#include "modules/ctl-client/provider_book.h"
#include "platform/net/net.h"
#include "platform/sched/job.h"
#include "platform/sched/scheduler.h"
#include "platform/tls/context_job.h"

namespace parley {
struct Env;
}

namespace parley::ctl_client {

class ProviderQuery final : public Task {
 public:
  struct Parts {
    Env& env;
    Trustpoints& trustpoints;
    PeerTrust& peers;
    Task& owner;              // woken when it ends
  };
  struct Order {
    Endpoint to;
    Text<32> user;
    Text<64> secret;
    bool confirmed = false;   // the provider may show the certificate with this SHA-256, whoever issued it
    Digest certificate;
    Text<63> trustpoint;      // prove with the certificate of this trustpoint as well; empty: not
  };
  explicit ProviderQuery(const Parts& parts);
  ~ProviderQuery() override;

  void start(const Order& order);   // an older one is given up
  void cancel() { leave(); }
  bool busy() const { return at_ != At::idle; }
  Poll step() override;

  // How it ended. Fault untrusted with shown(): the certificate must be confirmed at the console first.
  const Status& result() const { return result_; }
  bool transient() const { return transient_; }          // nobody answered, or not in time: records of before still count
  Bytes shown() const { return shown_.view(); }          // the certificate that nobody vouches for; empty: none
  std::string_view issuer() const { return issuer_; }    // trustpoint whose authority issued it; empty: it was confirmed
  List<RemoteRecord>& records() { return records_; }

 private:
  enum class At : uint8_t { idle, context, handshake, challenge, key, welcome, records };
  class Policy;
  struct KeyJob;
  void end(const Status& result, bool transient = false);
  void leave();
  void make_context();
  void anew();
  void connect();
  void on_established();
  bool read_frame();                // true: message_ is there
  bool fill(Blob& to, size_t size); // false: not there yet, or ended
  void on_message();
  void on_challenge(const ctl_protocol::Message& m);
  void on_record(const ctl_protocol::Message& m);
  bool send(const ctl_protocol::Message& m, Blob* kept = nullptr);
  void prove();
  void broken(const Fault& why);    // of the session
  bool again_without_certificate();

  Parts parts_;
  Order order_;
  At at_ = At::idle;
  Status result_;
  bool transient_ = false;
  bool with_certificate_ = false;
  Text<63> own_;                    // trustpoint whose certificate is shown to the provider
  std::unique_ptr<Policy> policy_;
  JobSlot<TlsContextJob> context_job_;
  std::unique_ptr<JobSlot<KeyJob>> key_job_;
  std::shared_ptr<TlsContext> context_;
  std::unique_ptr<TlsSession> tls_;
  Timer timer_{*this};
  Blob in_, hello_, challenge_, shown_;
  ctl_protocol::Head head_;
  bool have_head_ = false;
  size_t have_ = 0;
  std::unique_ptr<ctl_protocol::ProofKey> key_;
  Digest transcript_;
  size_t expected_ = 0;
  Text<63> issuer_;
  List<RemoteRecord> records_{general_arena()};
};

}  // namespace parley::ctl_client
