// What the handshake job and the session share: the wolfSSL object between two byte queues. Only for platform/tls.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mutex>

#include "platform/base/memory.h"
#include "platform/tls/context.h"

namespace parley::tls {

// Bytes that wait; memory goes when it is empty.
class Queue {
 public:
  Queue();
  Status add(Bytes b) { return bytes_.append(b); }
  size_t take(MutBytes to);
  Bytes view() const { return bytes_.view().subspan(at_); }
  void drop(size_t n);
  bool empty() const { return at_ == bytes_.size(); }
  size_t size() const { return bytes_.size() - at_; }

 private:
  Blob bytes_;
  size_t at_ = 0;
};

// Used by one thread at a time: the job while a handshake step runs, else the scheduler.
struct Core {
  std::shared_ptr<Context> context;
  WOLFSSL* ssl = nullptr;
  Queue in, out;
  bool peer_closed = false;      // end of stream reached
  Stream* direct = nullptr;      // after the handshake: read from here when `in` is empty

  enum class Step : uint8_t { want_bytes, done, failed };
  Step step = Step::want_bytes;
  Fault why;
  Fault policy_why;              // what the policy said
  bool policy_refused = false;
  bool policy_asked = false;     // its answer counts for the whole chain
  List<Blob> peer_chain;         // what the policy accepted, for its watch

  // The policy is asked from a job; a session that goes away meanwhile waits for the answer and takes it off.
  std::mutex policy_lock;
  PeerPolicy* policy = nullptr;

  Core();
  ~Core();
  static Result<std::shared_ptr<Core>> make(std::shared_ptr<Context> context, std::string_view server_name);
  void handshake();              // one step, on a worker thread
  Result<size_t> read(MutBytes to);
  Result<size_t> write(Bytes from);    // all goes to `out`
  void close_notify();
  void fill_info(TlsInfo& info) const;
  Status ask_policy(const Bytes* chain, size_t count);   // once
};

Arena& tls_arena();

}  // namespace parley::tls
