// One CTL client at the provider: hello, challenge, proof, then the certificates.
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   handshake -> hello -> (challenge) -> proof -> (welcome, records) -> closed; a refusal at any point, then closed
#pragma once

#include <memory>

#include "modules/ctl-client/ctl_proof.h"
#include "platform/sched/scheduler.h"
#include "platform/tls/tls.h"

namespace parley::credentials {

// What a session asks its service.
class Provider2444 {
 public:
  virtual ~Provider2444() = default;
  // May this peer try? none: yes.
  virtual ctl_protocol::Reason may_try(uint32_t peer_ip, std::string_view user, uint16_t& wait_s) = 0;
  virtual Result<Blob> challenge() = 0;                  // the whole frame
  // Right proof? The key, and whether the user is ours, are looked at in the same time for any user.
  virtual bool check(uint32_t peer_ip, std::string_view user, const Digest& transcript, Bytes proof, Digest& answer) = 0;
  virtual Result<Blob> records(const Digest& answer, size_t& count) = 0;   // welcome and records, ready to send
  virtual void served(uint32_t peer_ip, std::string_view user, size_t count, bool by_certificate) = 0;
  virtual void refused(uint32_t peer_ip, const char* why) = 0;
  virtual void session_closed() = 0;
  virtual Arena& arena() = 0;
};

class CredentialsSession final : public Task {
 public:
  CredentialsSession(Scheduler& scheduler, Provider2444& provider);
  void begin(std::unique_ptr<TlsSession> tls);
  bool closed() const { return at_ == At::closed; }
  uint32_t peer_ip() const { return peer_; }
  Poll step() override;

 private:
  enum class At : uint8_t { handshake, head, body, writing, leaving, closed };
  enum class Turn : uint8_t { hello, proof };
  void end(const char* why);                 // why: nullptr = nothing to complain of
  bool read(MutBytes to);
  bool flush();
  void on_head();
  void on_body();
  void on_hello(const ctl_protocol::Message& m);
  void on_proof(const ctl_protocol::Message& m);
  void refuse(ctl_protocol::Reason reason, const char* why, uint16_t wait_s = 0);
  void send(Blob bytes, At after);

  Provider2444& provider_;
  std::unique_ptr<TlsSession> tls_;
  uint32_t peer_ = 0;
  At at_ = At::handshake, after_ = At::closed;
  Turn turn_ = Turn::hello;
  ctl_protocol::Head head_;
  Text<ctl_protocol::kMaxUser> user_;
  size_t have_ = 0, sent_ = 0;
  Timer timer_{*this};
  uint8_t head_bytes_[ctl_protocol::kHeaderSize] = {};
  Blob body_, hello_, out_;
  Digest transcript_;
};

}  // namespace parley::credentials
