// Lines of `debug crypto pki` that more than one part prints.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/pki_debug.h"

#include <algorithm>

namespace parley::crypto_pki {
namespace {

const char* digest_name(Hash h) {
  switch (h) {
    case Hash::md5: return "MD5";
    case Hash::sha1: return "SHA-1";
    case Hash::sha256: return "SHA-256";
    case Hash::sha384: return "SHA-384";
    case Hash::sha512: return "SHA-512";
  }
  return "unknown";
}

constexpr size_t kShownTarget = 120;   // a message in a GET is base 64 of kilobytes

const char* status_name(ScepStatus s) {
  switch (s) {
    case ScepStatus::success: return "success";
    case ScepStatus::failure: return "failure";
    case ScepStatus::pending: return "pending";
    case ScepStatus::none: break;
  }
  return nullptr;
}

const char* fail_name(ScepFail f) {
  switch (f) {
    case ScepFail::bad_alg: return "badAlg";
    case ScepFail::bad_message_check: return "badMessageCheck";
    case ScepFail::bad_request: return "badRequest";
    case ScepFail::bad_time: return "badTime";
    case ScepFail::bad_cert_id: return "badCertId";
    case ScepFail::none: break;
  }
  return nullptr;
}

}  // namespace

const char* scep_message_name(ScepMessage m) {
  switch (m) {
    case ScepMessage::cert_rep: return "CertRep";
    case ScepMessage::renewal_req: return "RenewalReq";
    case ScepMessage::pkcs_req: return "PKCSReq";
    case ScepMessage::cert_poll: return "CertPoll";
    case ScepMessage::get_cert: return "GetCert";
    case ScepMessage::get_crl: return "GetCRL";
    case ScepMessage::none: break;
  }
  return "unknown message";
}

void debug_request(Log& log, std::string_view label, const http_server::ClientRequest& r) {
  if (DebugLine line(log, debug_of::kTransactions); line) {
    line.out().put("CRYPTO_PKI: Trustpoint ").put(label).put(": sending ").put(r.method).put(" to ").ipv4(r.to.ip).put(':').dec(r.to.port);
  }
  if (DebugLine line(log, debug_of::kMessages); line) {
    const std::string_view target = r.target;
    line.out().put("CRYPTO_PKI: > ").put(r.method).put(' ').put(target.substr(0, std::min(target.size(), kShownTarget)));
    if (target.size() > kShownTarget) line.out().put("... (").dec(static_cast<int64_t>(target.size())).put(" characters)");
    if (!r.body.empty()) line.out().put(", ").dec(static_cast<int64_t>(r.body.size())).put(" bytes of ").put(r.content_type);
  }
}

void debug_answer(Log& log, std::string_view label, const http_server::Client& client) {
  const Status& s = client.result();
  if (DebugLine line(log, debug_of::kTransactions); line && !s) {
    line.out().put("CRYPTO_PKI: Trustpoint ").put(label).put(": no answer: ").put(s.error().what);
  }
  if (DebugLine line(log, debug_of::kMessages); line && s) {
    line.out().put("CRYPTO_PKI: < HTTP ").dec(client.status()).put(", ").dec(static_cast<int64_t>(client.body().size())).put(" bytes");
  }
}

void debug_message(Log& log, const char* direction, const ScepAttributes& s, Hash hash, size_t bytes) {
  DebugLine line(log, debug_of::kMessages);
  if (!line) return;
  Writer& w = line.out();
  w.put("CRYPTO_PKI: ").put(direction).put(' ').put(scep_message_name(s.type)).put(", transaction ").put(s.transaction_id);
  if (const char* name = status_name(s.status)) w.put(", status ").put(name);
  if (const char* name = fail_name(s.fail)) w.put(" (").put(name).put(')');
  if (s.sender.size != 0) w.put(", nonce ").hex_bytes(s.sender.data, s.sender.size);
  w.put(", digest ").put(digest_name(hash)).put(", ").dec(static_cast<int64_t>(bytes)).put(" bytes");
}

}  // namespace parley::crypto_pki
