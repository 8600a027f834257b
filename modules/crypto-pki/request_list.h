// Requests of a certificate server: waiting ones, and the answers of the last ones for clients that ask again.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "modules/crypto-pki/ca_issue.h"
#include "platform/base/bytes.h"
#include "platform/base/memory.h"
#include "platform/base/time.h"
#include "platform/crypto/engine.h"

namespace parley::crypto_pki {

enum class RequestState : uint8_t {
  pending,      // waits for the operator
  granted,      // a certificate may be issued
  rejected,
  issued,       // `certificate` holds it
};
const char* request_state_text(RequestState s);   // as `show crypto pki server requests`

struct Request {
  uint32_t id = 0;
  Text<128> transaction;
  RequestState state = RequestState::pending;
  Profile profile = Profile::router;
  UnixTime received = 0;
  uint32_t peer_ip = 0;
  Digest fingerprint;       // MD5 of the request, as the client's operator sees it
  Blob csr;                 // DER
  Blob key;                 // SubjectPublicKeyInfo of the request
  bool vouched = false;     // without proof of possession: the registration authority that signed it answers for the key
  bool from_ra = false;     // sent by a registration authority of this server
  bool one_time = false;    // carried the one-time password
  bool by_hand = false;     // `request pkcs10`: `grant` shows the certificate
  Digest message;           // SHA-256 of the last message that asked for it
  bool answered = false;    // finally: the same message once more is a replay
  Blob spki;                // key of the sender (the subject, its old key, or an RA): only its owner may poll
  Blob subject;             // whole Name
  Blob certificate;         // DER, when issued
  bool issuing = false;     // a job makes the certificate
  bool kept = false;        // has, or may have, a file in nvram:
  bool saved = false;       // that file is durable
};

// Bounded; when it is full, finished requests make room, oldest first. Waiting ones never do.
class RequestList {
 public:
  explicit RequestList(size_t limit) : limit_(limit) {}

  Request* by_transaction(std::string_view transaction, Bytes spki);
  Request* by_id(uint32_t id);
  // Fault full: only waiting requests are left. The request is moved in and gets its number.
  Result<Request*> add(Request&& r);
  // As it was before a reload, with its number.
  Status restore(Request&& r);
  void remove(uint32_t id);
  // Forgets what came before `oldest`, but none whose certificate is being made; answers how many.
  size_t expire(UnixTime oldest);
  // Numbers of requests that had a file and are gone; each is told once. 0: none.
  uint32_t take_gone();

  size_t size() const { return items_.size(); }
  const Request& operator[](size_t i) const { return items_[i]; }
  Request& operator[](size_t i) { return items_[i]; }
  size_t pending() const;

 private:
  bool make_room();
  void drop(size_t i);
  size_t limit_;
  uint32_t last_id_ = 0;
  List<Request> items_{general_arena()};
  List<uint32_t> gone_{general_arena()};
};

}  // namespace parley::crypto_pki
