// A phone's connection, with TLS as a rule: the server must show a certificate that the phone's lists name in the right role.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/test-phone/phone_parts.h"

namespace parley::test_phone {

struct LinkPlan {
  Endpoint to;
  uint16_t roles[2] = {};          // either is right
  size_t role_count = 1;
  bool prove = false;              // show the phone's certificate
  TlsOffer offer = TlsOffer::by_profile;
  bool old = false;
  bool plain = false;              // no TLS: nobody is judged
};

class SecureLink {
 public:
  SecureLink(Task& owner, const PhoneParts& parts) : owner_(owner), parts_(parts), timer_(owner) {}
  Status open(const PhonePlan& phone, const PhoneFlash& flash, const LinkPlan& plan);
  // Fault busy: not yet. ok: read() and write() may be used. Else why not; `untrusted` with unknown(): ask TVS about it.
  Status poll();
  Bytes unknown() const;           // certificate that no list names; empty: that was not the reason
  const TlsInfo& info() const { return session_->info(); }
  // A whole message with one TLS write; what the socket does not take goes with flush().
  Status write(Bytes message);
  Status flush();                  // Fault busy: more to send
  Result<size_t> read(MutBytes to) { return stream_->read(to); }
  void close();

 private:
  Status open_plain();
  class RolePolicy;
  class ContextJob;
  enum class At : uint8_t { idle, connecting, context, handshake, open };
  Task& owner_;
  const PhoneParts& parts_;
  Timer timer_;
  At at_ = At::idle;
  std::shared_ptr<RolePolicy> policy_;
  JobSlot<ContextJob> job_;
  LinkPlan plan_;
  uint32_t from_ip_ = 0;
  void (*connecting_)(void*, Endpoint) = nullptr;
  void* context_ = nullptr;
  std::unique_ptr<Stream> stream_;
  TlsSession* session_ = nullptr;  // the same, with TLS
  Blob out_;
  size_t out_at_ = 0;
};

}  // namespace parley::test_phone
