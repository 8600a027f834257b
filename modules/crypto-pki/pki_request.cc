// Requests by hand: crypto pki server L request pkcs10, and the one-time password of enrolments.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/csr.h"
#include "modules/crypto-pki/name.h"
#include "modules/crypto-pki/pki_ask.h"
#include "modules/crypto-pki/pki_commands.h"
#include "modules/crypto-pki/pki_show.h"

namespace parley::crypto_pki {
namespace {

// The request as it came, proof of possession checked.
class Pkcs10Job final : public Job {
 public:
  explicit Pkcs10Job(Store& store) : store_(store) {}
  void run() override { status = work(); }
  Path file;                               // empty: `der` is the request
  Blob der;
  bool pem = false;                        // out: the file had BEGIN and END lines
  Request request;                         // out
  Status status = Fault{Code::cancelled, "not run", 0};

 private:
  Status work() {
    if (!file.empty()) TRY(read());
    TRY_ASSIGN(const Csr csr, parse_csr(der));
    TRY(judge_request(csr));
    request.fingerprint = hash(Hash::md5, csr.der);
    char id[40];
    FixedWriter w(id);
    w.hex_bytes(request.fingerprint.data, request.fingerprint.size);
    (void)request.transaction.set(w.view());
    request.profile = requested_profile(csr);
    request.by_hand = true;
    TRY_ASSIGN(request.csr, Blob::copy_of(csr.der));
    TRY_ASSIGN(request.spki, Blob::copy_of(csr.spki));
    TRY_ASSIGN(request.key, Blob::copy_of(csr.spki));
    TRY_ASSIGN(request.subject, Blob::copy_of(csr.subject));
    return {};
  }
  Status read() {
    TRY_ASSIGN(der, store_.read(file, 32 * 1024));
    if (!der.empty() && der.data()[0] == 0x30) return {};
    PemText text;
    std::string_view rest = der.text();
    while (!rest.empty()) {
      const size_t end = rest.find('\n');
      if (text.feed(rest.substr(0, end)) == PemText::State::done) break;
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    pem = text.ended_by_end_line();
    TRY_ASSIGN(der, text.decode(kMaxCertificate));
    return {};
  }
  Store& store_;
};

class WriteFileJob final : public Job {
 public:
  WriteFileJob(Store& store, Path path) : store_(store), path_(path) {}
  void run() override { result = store_.write(path_, text); }
  Blob text;
  Status result = Fault{Code::cancelled, "not run", 0};

 private:
  Store& store_;
  Path path_;
};

class Pkcs10Dialogue final : public PkiDialogue {
 public:
  Pkcs10Dialogue(Pki& pki, const Pkcs10Arguments& a) : PkiDialogue(pki), a_(a) {}
  ~Pkcs10Dialogue() override {
    if (Request* r = request()) r->issuing = false;
  }

 private:
  enum class At : uint8_t { begin, paste, check, issue, write };
  Next run(cli::Console& console) override {
    switch (at_) {
      case At::begin: return begin(console);
      case At::paste: return paste(console);
      case At::check: return check(console);
      case At::issue: return issue(console);
      case At::write: return write(console);
    }
    return Next::end;
  }
  Next go(At at) {
    at_ = at;
    return Next::go;
  }
  Request* request() {
    Authority* a = pki_.server(a_.label);
    return a == nullptr || id_ == 0 ? nullptr : a->requests().by_id(id_);
  }

  Next begin(cli::Console& console) {
    Authority* a = pki_.server(a_.label);
    if (a == nullptr) return Next::end;
    if (!a->serving()) return say(console, "% Certificate Server is not enabled");
    if (a_.from == 1) return begin_check(console, Blob(), Path(a_.url.view()));
    console.put("% Enter Base64 encoded or PEM formatted PKCS10 enrollment request.\n"
                "% End with a blank line or \"quit\" on a line by itself.\n");
    return go(At::paste);
  }

  Next paste(cli::Console& console) {
    if (!ask_lines(console, text_)) return Next::wait;
    pem_ = text_.ended_by_end_line();
    Result<Blob> der = text_.decode(kMaxCertificate);
    if (!der) return say(console, "% Failed to parse PKCS10 enrollment request");
    return begin_check(console, std::move(*der), Path());
  }

  Next begin_check(cli::Console& console, Blob der, Path file) {
    auto job = std::make_unique<Pkcs10Job>(context().store);
    job->der = std::move(der);
    job->file = file;
    if (!check_.start(context().jobs, console.task(), std::move(job))) return busy(console);
    return go(At::check);
  }

  Next check(cli::Console& console) {
    const std::unique_ptr<Pkcs10Job> job = check_.take();
    if (job == nullptr) return Next::wait;
    Authority* a = pki_.server(a_.label);
    if (a == nullptr) return Next::end;
    if (!job->status) {
      console.put("% PKCS10 enrollment request refused: ").put(job->status.error().what);
      return say(console, "");
    }
    if (a_.from == 1) pem_ = job->pem;
    Request* known = a->requests().by_transaction(job->request.transaction, job->request.spki);
    if (known == nullptr) {
      char name[160];
      FixedWriter w(name);
      (void)print_name(job->request.subject, NameStyle::ios, w);
      const Result<Request*> added = a->receive(std::move(job->request), w.view());
      if (!added) {
        console.put("% PKCS10 enrollment request refused: ").put(added.error().what);
        return say(console, "");
      }
      known = *added;
      known->kept = true;                      // nobody polls for it: it must not get lost
      a->changed(*known);
    }
    return answer_for(console, *a, *known);
  }

  Next answer_for(cli::Console& console, Authority& a, Request& r) {
    switch (r.state) {
      case RequestState::pending:
        console.put("% Enrollment request pending, reqId=").dec(r.id);
        return say(console, "");
      case RequestState::rejected: return say(console, "% Enrollment request rejected");
      case RequestState::issued: return show(console, r.certificate);
      case RequestState::granted: break;
    }
    if (a.settings().mode == ServerMode::registration) {   // passed on; asked for again, the command shows the certificate
      a.wake();
      console.put("% Enrollment request forwarded to the CA, reqId=").dec(r.id);
      return say(console, "");
    }
    Result<IssueOrder> order = a.order(r);
    auto job = a.issue_job();
    if (order) job->order = std::move(*order);
    job->ca = a.identity();
    const Status begun = order ? issue_.start(context().jobs, console.task(), std::move(job)) : Status(order.error());
    if (!begun) {
      console.put("% Request ").dec(r.id).put(" could not be granted: ").put(begun.error().what);
      return say(console, "");
    }
    id_ = r.id;
    r.issuing = true;
    return go(At::issue);
  }

  Next issue(cli::Console& console) {
    const std::unique_ptr<IssueJob> job = issue_.take();
    if (job == nullptr) return Next::wait;
    Request* r = request();
    if (r != nullptr) r->issuing = false;
    if (!job->result) {
      console.put("% Request ").dec(id_).put(" could not be granted: ").put(job->result.error().what);
      return say(console, "");
    }
    if (Authority* a = pki_.server(a_.label); a != nullptr && r != nullptr) a->issued(*r, *job->result);
    return show(console, *job->result);
  }

  // The file of a URL: X.req -> X.crt, else X.crt beside X.
  Next show(cli::Console& console, Bytes certificate) {
    const bool pem = a_.form == 2 || (a_.form == 0 && pem_);
    print_granted(certificate, pem, console);
    if (a_.from == 0) return Next::end;
    std::string_view base = a_.url;
    if (base.size() > 4 && base.substr(base.size() - 4) == ".req") base.remove_suffix(4);
    char path[Path::kCapacity];
    FixedWriter w(path);
    w.put(base).put(".crt");
    auto job = std::make_unique<WriteFileJob>(context().store, Path(w.view()));
    if (!write_pem(certificate, "CERTIFICATE", pem, job->text) || !write_.start(context().jobs, console.task(), std::move(job))) {
      return busy(console);
    }
    return go(At::write);
  }

  Next write(cli::Console& console) {
    const std::unique_ptr<WriteFileJob> job = write_.take();
    if (job == nullptr) return Next::wait;
    if (!job->result) {
      console.put("% The certificate could not be written: ").put(job->result.error().what);
      return say(console, "");
    }
    return Next::end;
  }

  Pkcs10Arguments a_;
  At at_ = At::begin;
  bool pem_ = false;
  uint32_t id_ = 0;
  PemText text_;
  JobSlot<Pkcs10Job> check_;
  JobSlot<IssueJob> issue_;
  JobSlot<WriteFileJob> write_;
};

}  // namespace

void print_granted(Bytes certificate, bool pem, Writer& out) {
  out.put("% Granted certificate:\n");
  (void)write_pem(certificate, "CERTIFICATE", pem, out);
  out.put('\n');
}

void server_pkcs10(cli::Call& call, const Pkcs10Arguments& a) {
  if (server_of(call, a.label) != nullptr) call.start(std::make_unique<Pkcs10Dialogue>(call.module<Pki>(), a));
}

void server_password(cli::Call& call, const PasswordRequest& a) {
  Authority* server = server_of(call, a.label);
  if (server == nullptr) return;
  Context& context = call.module<Pki>().context();
  if (!server->serving()) return (void)call.out().put("% Certificate Server is not enabled\n");
  const Result<Text<16>> made = server->password().generate(context.random, context.now(), a.minutes);
  if (!made) return (void)call.out().put("% A password could not be made: ").put(made.error().what).put('\n');
  call.out().put("% New password is ").put(*made).put(", valid for ").dec(a.minutes).put(" minutes\n");
}

}  // namespace parley::crypto_pki
