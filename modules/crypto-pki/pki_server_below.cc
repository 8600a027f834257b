// no shutdown of a certificate server below another one: the questions before its own passphrase (cli.md 7.4, 000:1101).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/name.h"
#include "modules/crypto-pki/pki_ask.h"
#include "modules/crypto-pki/pki_key_job.h"

namespace parley::crypto_pki {
namespace {

// Request for the server's own certificate: yes or no, challenge password, key pair, SCEP.
class RequestOwnDialogue final : public PkiDialogue {
 public:
  RequestOwnDialogue(Pki& pki, const TrustpointSettings& t, const ServerSettings& server) : PkiDialogue(pki), t_(t), server_(server) {}

 private:
  enum class At : uint8_t { begin, question, password, repeat, key, make_key, send };
  Next run(cli::Console& console) override {
    switch (at_) {
      case At::begin: return begin(console);
      case At::question: return question(console);
      case At::password: return password(console);
      case At::repeat: return repeat(console);
      case At::key: return key(console);
      case At::make_key: return make_key(console);
      case At::send: return send(console);
    }
    return Next::end;
  }
  Next go(At at) {
    at_ = at;
    return Next::go;
  }
  Next stop(cli::Console& console, std::string_view why) {
    refuse();
    return say(console, why);
  }
  bool registration() const { return server_.mode == ServerMode::registration; }

  Next begin(cli::Console& console) {
    const Entry* e = pki_.store().find(t_.label);
    if (e == nullptr || e->authority() == nullptr) return stop(console, "% You must authenticate the Certificate Authority first.");
    if (!ca_.append(e->authority()->certificate.der)) return stop(console, "% The router is busy, try again");
    return go(At::question);
  }

  Next question(cli::Console& console) {
    bool yes = false;
    const char* text = registration() ? "% Request the RA certificate from the CA? [yes/no]: "
                                      : "% Request the subordinate CA certificate from the CA? [yes/no]: ";
    if (!ask_yes_no(console, text, yes)) return Next::wait;
    if (!yes) {
      refuse();
      return Next::end;
    }
    if (t_.has_password) {
      order_.challenge = t_.password;
      return go(At::key);
    }
    console.put("% Create a challenge password.\n\n");
    return go(At::password);
  }

  Next password(cli::Console& console) {
    if (!ask_text(console, "Password: ", cli::Echo::off)) return Next::wait;
    if (!order_.challenge.set(answer())) return stop(console, "% The password is too long");
    return go(At::repeat);
  }

  Next repeat(cli::Console& console) {
    if (!ask_text(console, "Re-enter password: ", cli::Echo::off)) return Next::wait;
    if (answer() == order_.challenge.view()) {
      console.put('\n');
      return go(At::key);
    }
    order_.challenge.clear();
    if (++tries_ == 3) return stop(console, "% Passwords do not match.");
    console.put("% Passwords do not match. Try again.\n");
    return go(At::password);
  }

  Next key(cli::Console& console) {
    key_ = context().keys.find(server_.key);
    if (key_) return go(At::send);
    auto job = std::make_unique<GenerateKeyJob>(context().keys);
    job->label = server_.key;
    job->bits = server_.key_bits;
    console.put("% Generating ").dec(server_.key_bits).put(" bit RSA keys, keys will be non-exportable...");
    if (!keys_.start(context().jobs, console.task(), std::move(job), JobClass::slow)) return stop(console, "[FAILED]");
    return go(At::make_key);
  }

  Next make_key(cli::Console& console) {
    const std::unique_ptr<GenerateKeyJob> job = keys_.take();
    if (job == nullptr) return Next::wait;
    if (!job->result) return stop(console, "[FAILED]");
    console.put("[OK]\n");
    key_ = *job->result;
    return go(At::send);
  }

  // `subject-name` of the trustpoint, else what tells its role: an RA is known by "ioscs RA", a CA has its issuer-name.
  Result<Blob> subject() {
    char text[300];
    FixedWriter w(text);
    if (!t_.subject.empty()) w.put(t_.subject);
    else if (registration()) w.put("CN=").put(context().fqdn()).put(", OU=ioscs RA");
    else if (!server_.issuer.empty()) w.put(server_.issuer);
    else w.put("CN=").put(server_.label);
    return parse_name(w.view());
  }

  Next send(cli::Console& console) {
    Result<Blob> name = subject();
    if (!name) return stop(console, "% The subject name cannot be used in a certificate");
    order_.subject = std::move(*name);
    order_.ext_usage = registration() ? ext_usage::kCmcRa : uint16_t{0};
    order_.authority = !registration();
    Result<Enrolment*> made = pki_.new_enrolment(t_);
    const Status begun = made ? (*made)->begin(std::move(order_), ca_) : Status(made.error());
    if (!begun) {
      console.put("% Certificate request could not be sent: ").put(begun.error().what);
      return stop(console, "");
    }
    return say(console, "% Certificate request sent to Certificate Authority");
  }

  TrustpointSettings t_;
  ServerSettings server_;
  At at_ = At::begin;
  unsigned tries_ = 0;
  CsrOrder order_;
  Blob ca_;
  KeyRef key_;
  JobSlot<GenerateKeyJob> keys_;
};

// Refuses with one line.
class RefusedDialogue final : public PkiDialogue {
 public:
  RefusedDialogue(Pki& pki, std::string_view why) : PkiDialogue(pki), why_(why) {}

 private:
  Next run(cli::Console& console) override {
    refuse();
    return say(console, why_);
  }
  std::string_view why_;             // literal
};

// One dialogue after the other; a part that is refused ends them all.
class Sequence final : public cli::Dialogue {
 public:
  void add(std::unique_ptr<cli::Dialogue> part) { parts_[count_++] = std::move(part); }
  Poll step(cli::Console& console, const std::string_view* answer) override {
    while (at_ < count_) {
      if (parts_[at_]->step(console, answer) != Poll::done) return Poll::pending;
      answer = nullptr;
      if (!parts_[at_]->accepted()) return Poll::done;
      if (at_ + 1 == count_) return Poll::done;
      ++at_;
    }
    return Poll::done;
  }
  void cancelled(cli::Console& console) override { parts_[at_]->cancelled(console); }
  bool accepts(std::string_view line) const override { return parts_[at_]->accepts(line); }
  bool accepted() const override { return parts_[at_]->accepted(); }

 private:
  std::unique_ptr<cli::Dialogue> parts_[3];
  size_t count_ = 0, at_ = 0;
};

}  // namespace

std::unique_ptr<cli::Dialogue> start_below(Pki& pki, std::string_view label, bool interactive, std::unique_ptr<cli::Dialogue> last) {
  const Result<TrustpointSettings> t = pki.trustpoint(label);
  if (!t || t->by != EnrolBy::scep) {
    return std::make_unique<RefusedDialogue>(pki, "% The trustpoint of the server needs 'enrollment url' of the authority above");
  }
  const Entry* e = pki.store().find(label);
  const Stored* own = e == nullptr ? nullptr : e->own();
  if (own != nullptr) return last;
  if (!interactive || !pki.context().clock_valid()) return last;   // it says so
  if (const Enrolment* running = pki.enrolment(label); running != nullptr && !running->ended()) return last;
  auto all = std::make_unique<Sequence>();
  if (e == nullptr || e->authority() == nullptr) all->add(authenticate_dialogue(pki, *t));
  all->add(std::make_unique<RequestOwnDialogue>(pki, *t, pki.server(label)->settings()));
  all->add(std::move(last));
  return all;
}

}  // namespace parley::crypto_pki
