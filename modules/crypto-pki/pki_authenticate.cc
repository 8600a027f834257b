// crypto pki authenticate: the CA certificate of a trustpoint, by SCEP, from a file or pasted (cli.md 7.1, R-6.6).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/pki_ask.h"
#include "modules/crypto-pki/pki_commands.h"
#include "modules/crypto-pki/pki_debug.h"
#include "modules/crypto-pki/pki_transfer.h"

namespace parley::crypto_pki {
namespace {

class AuthenticateDialogue final : public PkiDialogue {
 public:
  AuthenticateDialogue(Pki& pki, const TrustpointSettings& t) : PkiDialogue(pki), t_(t) {}

 private:
  enum class At : uint8_t { start, fetch, file, paste, show, question, save };
  Next run(cli::Console& console) override {
    switch (at_) {
      case At::start: return start(console);
      case At::fetch: return fetch(console);
      case At::file: return file(console);
      case At::paste: return paste(console);
      case At::show: return show(console);
      case At::question: return question(console);
      case At::save: return save(console);
    }
    return Next::end;
  }

  Next start(cli::Console& console) {
    const Entry* e = pki_.store().find(t_.label);
    if (e != nullptr && e->authority() != nullptr) {
      console.put("% Please delete your existing CA certificate first.\n% You must use 'no crypto pki trustpoint ");
      console.put(t_.label).put("' to delete the CA certificate.\n");
      return Next::end;
    }
    switch (t_.by) {
      case EnrolBy::scep: return start_fetch(console);
      case EnrolBy::file: return start_file(console);
      case EnrolBy::terminal:
        console.put("\nEnter the base 64 encoded CA certificate.\n");
        console.put("End with a blank line or the word \"quit\" on a line by itself\n\n");
        at_ = At::paste;
        return Next::go;
      case EnrolBy::self_signed: return say(console, "% A self-signed trustpoint has no Certificate Authority");
      case EnrolBy::nothing: break;
    }
    return say(console, "% Please configure the enrollment method of the trustpoint first");
  }

  Next failed(cli::Console& console) {
    return say(console, "% Error in receiving Certificate Authority certificate: status = FAIL, cert length = 0");
  }

  Next start_fetch(cli::Console& console) {
    if (!context().clock_valid()) return no_clock(console, "certificates cannot be checked");
    Result<http_server::Url> url = scep_url(t_);
    if (!url) return failed(console);
    if (url->ip == 0 && (context().interfaces == nullptr || !context().interfaces->resolve(url->host, url->ip))) {
      console.put("% The name ").put(url->host).put(" cannot be resolved\n");
      return failed(console);
    }
    if (t_.source_down) {
      console.put("% The source interface of the trustpoint has no address\n");
      return failed(console);
    }
    char target[640];
    FixedWriter w(target);
    w.put(url->path).put("?operation=GetCACert&message=");
    http_server::encode_percent(t_.label, w);
    http_ = std::make_unique<http_server::Client>(console.task(), context().net);
    http_server::ClientRequest r;
    r.target = w.view();
    r.host = url->host;
    r.to = Endpoint{url->ip, url->port};
    r.from_ip = t_.from_ip;
    debug_request(context().log, t_.label, r);
    if (!w.ok() || !http_->start(r)) return failed(console);
    at_ = At::fetch;
    return Next::go;
  }

  Next fetch(cli::Console& console) {
    const Poll p = http_->step();
    if (p == Poll::again) console.task().wake();
    if (p != Poll::done) return Next::wait;
    debug_answer(context().log, t_.label, *http_);
    if (!http_->result() || http_->status() != 200) return failed(console);
    Result<CaAnswer> answer = read_ca_answer(http_->body());
    if (!answer) return failed(console);
    ca_ = std::move(answer->ca);
    at_ = At::show;
    return Next::go;
  }

  Next start_file(cli::Console& console) {
    char path[Path::kCapacity];
    FixedWriter w(path);
    w.put(t_.url).put(".ca");
    auto job = std::make_unique<ReadFileJob>(context().store, Path(w.view()), kMaxCertificate * 2);
    if (!file_.start(context().jobs, console.task(), std::move(job))) return busy(console);
    at_ = At::file;
    return Next::go;
  }

  Next file(cli::Console& console) {
    const std::unique_ptr<ReadFileJob> job = file_.take();
    if (job == nullptr) return Next::wait;
    if (!job->result) return failed(console);
    if (parse_certificate(*job->result)) {
      ca_ = std::move(*job->result);
    } else if (!decode_text(job->result->text())) {
      return failed(console);
    }
    at_ = At::show;
    return Next::go;
  }

  bool decode_text(std::string_view text) {
    PemText pem;
    while (!text.empty()) {
      const size_t end = text.find('\n');
      if (pem.feed(text.substr(0, end)) == PemText::State::done) break;
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    Result<Blob> der = pem.decode(kMaxCertificate);
    if (!der || !parse_certificate(*der)) return false;
    ca_ = std::move(*der);
    return true;
  }

  Next paste(cli::Console& console) {
    if (!ask_lines(console, pem_)) return Next::wait;
    Result<Blob> der = pem_.decode(kMaxCertificate);
    if (!der || !parse_certificate(*der)) return say(console, "% Error in saving certificate: status = FAIL");
    ca_ = std::move(*der);
    console.put('\n');   // 000:1637
    at_ = At::show;
    return Next::go;
  }

  Next show(cli::Console& console) {
    if (!t_.fingerprint.empty()) return compare(console);
    console.put("Certificate has the following attributes:\n");
    print_fingerprints(ca_, console);
    console.put('\n');
    at_ = At::question;
    return Next::go;
  }

  Next compare(cli::Console& console) {
    const Hash h = t_.fingerprint.size() == 32 ? Hash::md5 : t_.fingerprint.size() == 40 ? Hash::sha1 : Hash::sha256;
    const Digest d = hash(h, ca_);
    char text[80];
    FixedWriter w(text);
    w.hex_bytes(d.data, d.size);
    console.put("Trustpoint Fingerprint: ").put(t_.fingerprint).put('\n');
    if (w.view() != t_.fingerprint.view()) {
      return say(console, "Certificate validation failed - fingerprints did not match.");
    }
    console.put("Certificate validated - fingerprints matched.\n");
    return begin_save(console);
  }

  Next question(cli::Console& console) {
    bool yes = false;
    if (!ask_yes_no(console, "% Do you accept this certificate? [yes/no]: ", yes)) return Next::wait;
    return yes ? begin_save(console) : say(console, "% Certificate not accepted");
  }

  Next begin_save(cli::Console& console) {
    Result<std::unique_ptr<SaveChainJob>> job = pki_.store().save(t_.label, ChainKind::ca, ca_);
    if (!job || !save_.start(context().jobs, console.task(), std::move(*job))) return busy(console);
    at_ = At::save;
    return Next::go;
  }

  Next save(cli::Console& console) {
    const std::unique_ptr<SaveChainJob> job = save_.take();
    if (job == nullptr) return Next::wait;
    if (!pki_.store().saved(*job)) return say(console, "% Error in saving certificate: status = FAIL");
    console.put("Trustpoint CA certificate accepted.\n");
    if (t_.by == EnrolBy::terminal) console.put("% Certificate successfully imported\n");
    return Next::end;
  }

  TrustpointSettings t_;
  At at_ = At::start;
  Blob ca_;
  PemText pem_;
  std::unique_ptr<http_server::Client> http_;
  JobSlot<ReadFileJob> file_;
  JobSlot<SaveChainJob> save_;
};

// crypto pki import L certificate (cli.md 7.3)
class ImportDialogue final : public PkiDialogue {
 public:
  ImportDialogue(Pki& pki, const TrustpointSettings& t) : PkiDialogue(pki), t_(t) {}

 private:
  enum class At : uint8_t { start, paste, save };
  Next run(cli::Console& console) override {
    switch (at_) {
      case At::start: return start(console);
      case At::paste: return paste(console);
      case At::save: return save(console);
    }
    return Next::end;
  }

  Next start(cli::Console& console) {
    const Entry* e = pki_.store().find(t_.label);
    if (e == nullptr || e->authority() == nullptr) return say(console, "% You must authenticate the Certificate Authority first.");
    console.put("\nEnter the base 64 encoded certificate.\n");
    console.put("End with a blank line or the word \"quit\" on a line by itself\n\n");
    at_ = At::paste;
    return Next::go;
  }

  bool fits(const Certificate& c) {
    const Entry* e = pki_.store().find(t_.label);
    if (e == nullptr || !pki_.store().matches_key(*e, c)) return false;
    for (const Stored& s : e->certificates) {
      if (s.kind == ChainKind::ca && verify_issued(c, s.certificate)) return true;
    }
    return false;
  }

  Next paste(cli::Console& console) {
    if (!ask_lines(console, pem_)) return Next::wait;
    Result<Blob> der = pem_.decode(kMaxCertificate);
    Result<Certificate> c = der ? parse_certificate(*der) : Result<Certificate>(der.error());
    if (!c || !fits(*c)) return say(console, "% Failed to parse or verify imported certificate");
    Result<std::unique_ptr<SaveChainJob>> job = pki_.store().save(t_.label, ChainKind::own, *der);
    if (!job || !save_.start(context().jobs, console.task(), std::move(*job))) return busy(console);
    at_ = At::save;
    return Next::go;
  }

  Next save(cli::Console& console) {
    const std::unique_ptr<SaveChainJob> job = save_.take();
    if (job == nullptr) return Next::wait;
    if (!pki_.store().saved(*job)) return say(console, "% Error in saving certificate: status = FAIL");
    return say(console, "% Router Certificate successfully imported");
  }

  TrustpointSettings t_;
  At at_ = At::start;
  PemText pem_;
  JobSlot<SaveChainJob> save_;
};

}  // namespace

std::unique_ptr<cli::Dialogue> authenticate_dialogue(Pki& pki, const TrustpointSettings& t) {
  return std::make_unique<AuthenticateDialogue>(pki, t);
}

void authenticate(cli::Call& call, const LabelArgument& a) {
  Pki& pki = call.module<Pki>();
  const Result<TrustpointSettings> t = pki.trustpoint(a.label);
  if (!t) return unknown_trustpoint(call, a.label);
  call.start(std::make_unique<AuthenticateDialogue>(pki, *t));
}

void import_certificate(cli::Call& call, const LabelArgument& a) {
  Pki& pki = call.module<Pki>();
  const Result<TrustpointSettings> t = pki.trustpoint(a.label);
  if (!t) return unknown_trustpoint(call, a.label);
  call.start(std::make_unique<ImportDialogue>(pki, *t));
}

}  // namespace parley::crypto_pki
