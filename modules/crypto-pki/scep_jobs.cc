// Slow work of the SCEP server: opening requests, making answers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/scep_jobs.h"

#include "modules/crypto-pki/name.h"

namespace parley::crypto_pki {
namespace {

bool allowed(EnvelopeCipher cipher, WeakDialect weak) {
  if (cipher == EnvelopeCipher::des_cbc) return weak == WeakDialect::des;
  if (cipher == EnvelopeCipher::des3_cbc) return weak != WeakDialect::none;
  return true;
}

}  // namespace

void ScepOpenJob::run() { status = open(); }

Status ScepOpenJob::open() {
  Result<SignedMessage> read = read_signed(input);
  if (!read) {
    const Code code = read.error().code;
    refusal = code == Code::full ? Refusal::too_large : code == Code::denied ? Refusal::weak_key : Refusal::damaged;
    fail = ScepFail::bad_message_check;
    return read.error();
  }
  message = std::move(*read);
  message_digest = hash(Hash::sha256, input);
  if (message.scep.transaction_id.empty()) return refuse(Refusal::damaged, ScepFail::bad_request, "no transaction id");
  TRY(open_envelope());
  TRY(check_algorithms());
  switch (message.scep.type) {
    case ScepMessage::pkcs_req:
    case ScepMessage::renewal_req: return check_request();
    case ScepMessage::cert_poll:
    case ScepMessage::get_cert:
    case ScepMessage::get_crl: return {};
    default: return refuse(Refusal::damaged, ScepFail::bad_request, "unknown message type");
  }
}

Status ScepOpenJob::check_algorithms() {
  const WeakDialect weak = servers[server].weak;
  const auto bad = [&](const char* what) { return refuse(Refusal::algorithm, ScepFail::bad_alg, what); };
  if (!allowed(cipher, weak)) {
    return bad(cipher == EnvelopeCipher::des_cbc ? "the DES cipher needs scep-legacy des" : "the 3DES cipher needs scep-legacy 3des");
  }
  if (message.hash == Hash::md5 && weak != WeakDialect::des) return bad("the MD5 digest needs scep-legacy des");
  if (message.hash == Hash::sha1 && weak == WeakDialect::none) return bad("the SHA-1 digest needs scep-legacy 3des");
  return {};
}

// The key that opens the envelope tells which server is meant.
Status ScepOpenJob::open_envelope() {
  Status last = Fault{Code::missing, "no certificate server is enabled", 0};
  for (size_t i = 0; i < server_count; ++i) {
    const Identity& ca = *servers[i].identity;
    Result<Opened> opened = read_enveloped(message.content, ca.certificate.der, keys_, ca.key);
    if (opened) {
      server = i;
      content = std::move(opened->plain);
      cipher = opened->cipher;
      return {};
    }
    last = opened.error();
    if (opened.error().code != Code::missing) break;
  }
  const Code code = last.error().code;
  refusal = code == Code::unsupported ? Refusal::algorithm : code == Code::missing ? Refusal::unknown_ca : Refusal::damaged;
  fail = code == Code::unsupported ? ScepFail::bad_alg : ScepFail::bad_message_check;
  return last;
}

Status ScepOpenJob::check_request() {
  TRY(check_csr());
  TRY_ASSIGN(const Certificate signer, parse_certificate(message.signer));
  TRY_ASSIGN(sender_key, Blob::copy_of(signer.spki));
  TRY(check_signer(signer));
  if (csr.unsigned_key && !from_ra) {
    return refuse(Refusal::proof, ScepFail::bad_message_check,
                  "no proof of possession, and the signer is no registration authority of this server");
  }
  if (from_ra && profile != Profile::router) {
    return refuse(Refusal::signer, ScepFail::bad_request, "a registration authority cannot ask for an authority");
  }
  return {};
}

Status ScepOpenJob::check_csr() {
  Result<Csr> read = parse_csr(content, CsrProof::vouched);
  if (!read) {
    const Code code = read.error().code;
    refusal = code == Code::untrusted     ? Refusal::proof
              : code == Code::unsupported ? Refusal::algorithm
              : code == Code::denied      ? Refusal::weak_key
                                          : Refusal::damaged;
    fail = code == Code::untrusted ? ScepFail::bad_message_check : code == Code::unsupported ? ScepFail::bad_alg : ScepFail::bad_request;
    return read.error();
  }
  csr = std::move(*read);
  fingerprint = hash(Hash::md5, csr.der);
  fail = ScepFail::bad_request;
  refusal = csr.subject.size() <= 2 && csr.alt_names.empty() ? Refusal::name : Refusal::weak_key;
  TRY(judge_request(csr));
  profile = requested_profile(csr);
  if (profile == Profile::subordinate && servers[server].identity->certificate.path_length == 0) {
    return refuse(Refusal::other, ScepFail::bad_request, "the path length of the CA certificate allows no subordinate");
  }
  return {};
}

Status ScepOpenJob::check_signer(const Certificate& signer) {
  const bool own_key = equal_bytes(signer.spki, csr.spki);
  if (message.scep.type == ScepMessage::pkcs_req && own_key && signer.self_issued()) {   // RFC 8894 2.3
    if (signer.not_after >= now_) return {};
    return refuse(Refusal::signer, ScepFail::bad_time, "the signer's certificate has ended");
  }
  return check_issued_signer(signer);
}

// A client that renews, or a registration authority.
Status ScepOpenJob::check_issued_signer(const Certificate& signer) {
  const ScepServer& s = servers[server];
  const bool ra = s.identity->mode == ServerMode::registration;   // its clients have certificates of the authority behind it
  if (!verify_issued(signer, ra ? s.identity->issuer : s.identity->certificate)) {
    return refuse(Refusal::unknown_ca, ScepFail::bad_message_check, "the signer has no certificate of this authority");
  }
  if (signer.not_before > now_ || signer.not_after < now_) {
    return refuse(Refusal::signer, ScepFail::bad_time, "the signer's certificate has ended or has not begun");
  }
  UnixTime when = 0;
  uint8_t reason = 0;
  if (!ra && s.index->state(serial_number(signer.serial), when, reason) == IssuedState::revoked) {
    return refuse(Refusal::signer, ScepFail::bad_message_check, "the signer's certificate is revoked");
  }
  from_ra = !ra && (signer.ext_usage & ext_usage::kCmcRa) != 0 && !equal_names(signer.subject, csr.subject);
  if (from_ra) return {};
  if (!equal_names(signer.subject, csr.subject)) return refuse(Refusal::name, ScepFail::bad_request, "renewal under another name");
  renewal = true;
  return {};
}

Result<Blob> ScepAnswerJob::bag() {
  if (crl != nullptr) {
    const Bytes lists[] = {crl->view()};
    return write_certificates({}, lists);
  }
  if (issue) {
    TRY_ASSIGN(certificate, issue_certificate(order, *ca, keys_, store_));
    issued = true;
  } else if (!certificate_file.empty()) {
    TRY_ASSIGN(certificate, store_.read(certificate_file, kMaxCertificate));
  }
  Bytes chain[kMaxUpper + 1], all[kMaxUpper + 2];
  const size_t count = chain_of(*ca, chain);
  size_t n = 0;
  all[n++] = certificate.view();
  for (size_t i = ca->mode == ServerMode::registration ? 1 : 0; i < count; ++i) all[n++] = chain[i];   // an RA issued nothing
  return write_certificates(std::span<const Bytes>(all, n), {});
}

Result<Blob> ScepAnswerJob::work() {
  if (!keep.bytes.empty()) {
    TRY(save_request(store_, keep));
    kept = true;
  }
  Blob envelope;
  if (status == ScepStatus::success) {
    Result<Blob> content = bag();
    if (content) content = write_enveloped(*content, recipient, cipher, random_);
    if (content) {
      envelope = std::move(*content);
    } else if (issued) {
      return content.error();   // a certificate exists: the client must ask again, not give up
    } else {
      status = ScepStatus::failure;
      fail = content.error().code == Code::missing ? ScepFail::bad_cert_id : ScepFail::bad_request;
    }
  }
  SignSpec spec;
  spec.content = envelope;
  spec.certificate = ca->certificate.der;
  spec.hash = hash;
  spec.scep.transaction_id = request.transaction_id;
  spec.scep.type = ScepMessage::cert_rep;
  spec.scep.status = status;
  if (status == ScepStatus::failure) spec.scep.fail = fail;
  spec.scep.recipient = request.sender;
  spec.scep.sender.size = 16;
  TRY(random_.fill(MutBytes(spec.scep.sender.data, 16)));
  return write_signed(spec, keys_, ca->key);
}

}  // namespace parley::crypto_pki
