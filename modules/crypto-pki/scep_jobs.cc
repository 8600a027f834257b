// Slow work of the SCEP server: opening requests, making answers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/scep_jobs.h"

#include "modules/crypto-pki/crl.h"
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
    fail = ScepFail::bad_message_check;
    return read.error();
  }
  message = std::move(*read);
  if (message.scep.transaction_id.empty()) return refuse(ScepFail::bad_request, "no transaction id", Code::invalid);
  TRY(open_envelope());
  const ScepServer& s = servers[server];
  if (!allowed(cipher, s.weak)) {
    return refuse(ScepFail::bad_alg, cipher == EnvelopeCipher::des_cbc ? "the DES cipher needs scep-legacy des"
                                                                       : "the 3DES cipher needs scep-legacy 3des");
  }
  if (message.hash == Hash::md5 && s.weak != WeakDialect::des) return refuse(ScepFail::bad_alg, "the MD5 digest needs scep-legacy des");
  if (message.hash == Hash::sha1 && s.weak == WeakDialect::none) return refuse(ScepFail::bad_alg, "the SHA-1 digest needs scep-legacy 3des");
  switch (message.scep.type) {
    case ScepMessage::pkcs_req:
    case ScepMessage::renewal_req: return check_request();
    case ScepMessage::cert_poll:
    case ScepMessage::get_cert:
    case ScepMessage::get_crl: return {};
    default: return refuse(ScepFail::bad_request, "unknown message type", Code::unsupported);
  }
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
  fail = last.error().code == Code::unsupported ? ScepFail::bad_alg : ScepFail::bad_message_check;
  return last;
}

Status ScepOpenJob::check_request() {
  Result<Csr> read = parse_csr(content);
  if (!read) {
    fail = read.error().code == Code::untrusted ? ScepFail::bad_message_check : ScepFail::bad_request;
    return read.error();
  }
  csr = std::move(*read);
  fingerprint = hash(Hash::md5, csr.der);
  fail = ScepFail::bad_request;
  TRY(judge_request(csr));
  TRY_ASSIGN(const Certificate signer, parse_certificate(message.signer));
  const bool own_key = equal_bytes(signer.spki, csr.spki);
  if (message.scep.type == ScepMessage::pkcs_req && own_key) return {};   // RFC 8894 2.3: self-signed with the new key
  return check_renewal(signer);
}

Status ScepOpenJob::check_renewal(const Certificate& signer) {
  const Certificate& ca = servers[server].identity->certificate;
  if (!verify_issued(signer, ca)) return refuse(ScepFail::bad_message_check, "the signer has no certificate of this authority", Code::untrusted);
  if (signer.not_before > now_ || signer.not_after < now_) return refuse(ScepFail::bad_message_check, "the signer's certificate is not valid now", Code::untrusted);
  if (!equal_names(signer.subject, csr.subject)) return refuse(ScepFail::bad_request, "renewal under another name");
  if (servers[server].crl != nullptr) {
    Revoked entry;
    TRY_ASSIGN(const Crl list, parse_crl(*servers[server].crl));
    if (find_revoked(list, signer.serial, entry)) return refuse(ScepFail::bad_message_check, "the signer's certificate is revoked", Code::untrusted);
  }
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
  const Bytes both[] = {certificate.view(), ca->certificate.der.view()};
  return write_certificates(both, {});
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
