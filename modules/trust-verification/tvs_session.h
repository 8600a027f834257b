// One phone at the trust verification service: reads requests, answers each with one write.
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   handshake -> head -> body -> (answer) -> head ... -> closed
#pragma once

#include <memory>

#include "modules/trust-verification/tvs_wire.h"
#include "platform/base/memory.h"
#include "platform/sched/scheduler.h"
#include "platform/tls/tls.h"

namespace parley::trust_verification {

// What a session asks its service.
class Answers {
 public:
  virtual ~Answers() = default;
  virtual Verdict answer(const VerifyRequest& request, uint32_t peer_ip) = 0;
  virtual void refused(uint32_t peer_ip, const Fault& why) = 0;      // closed without an answer
  virtual void unknown_command(uint32_t peer_ip, Bytes head, Bytes body) = 0;
  virtual void connected(const TlsInfo& info, uint32_t peer_ip) = 0;
  virtual void session_closed() = 0;
  virtual Arena& arena() = 0;      // of what peers make us hold
};

class TvsSession final : public Task {
 public:
  TvsSession(Scheduler& scheduler, Answers& answers)
      : Task(scheduler, "TVS session"), answers_(answers), body_(answers.arena()) {}
  void begin(std::unique_ptr<TlsSession> tls);
  bool closed() const { return at_ == At::closed; }
  uint32_t peer_ip() const { return peer_; }
  Poll step() override;

 private:
  enum class At : uint8_t { handshake, head, body, writing, closed };
  Poll close(const Fault* why);
  bool read(MutBytes to);          // false: not there yet, or closed
  void on_head();
  void on_body();
  bool flush();

  Answers& answers_;
  std::unique_ptr<TlsSession> tls_;
  uint32_t peer_ = 0;
  At at_ = At::handshake;
  FrameHead head_;
  uint16_t have_ = 0;
  uint16_t out_size_ = 0, out_at_ = 0;
  Timer timer_{*this};
  uint8_t out_[kMaxResponse] = {};
  uint8_t head_bytes_[kHeaderSize] = {};
  Blob body_;
};

}  // namespace parley::trust_verification
