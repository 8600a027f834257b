// Commands of the certificate server: shutdown and no shutdown (cli.md 7.4), requests, removal (7.6).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/database_files.h"
#include "modules/crypto-pki/name.h"
#include "modules/crypto-pki/pki_actions.h"
#include "modules/crypto-pki/pki_ask.h"
#include "modules/crypto-pki/pki_commands.h"
#include "modules/crypto-pki/pki_messages.h"
#include "modules/crypto-pki/pki_show.h"
#include "modules/system/password_codec.h"

namespace parley::crypto_pki {
namespace {

constexpr size_t kShortestPassphrase = 7;

bool clear_password(const cli::Password& kept, Text<127>& out) {
  system::PasswordText clear;
  if (kept.type != 7) return out.set(kept.text.view().substr(0, out.kCapacity));
  const bool good = system::type7_decode(kept.text, clear) && out.set(clear.view().substr(0, out.kCapacity));
  wipe(&clear, sizeof clear);
  return good;
}

// no shutdown; the questions of cli.md 7.4
class StartDialogue final : public PkiDialogue {
 public:
  StartDialogue(Pki& pki, const CaServer& record) : PkiDialogue(pki), label_(record.label),
    archived_(record.archive_set) {
    if (archived_ && record.archive_password.set != 0) (void)clear_password(record.archive_password, typed_);
  }
  ~StartDialogue() override {
    wipe(&typed_, sizeof typed_);
    if (Authority* a = pki_.server(label_)) a->forget_waiter(task_);
  }

 private:
  enum class At : uint8_t { begin, passphrase, repeat, start, wait };
  Next run(cli::Console& console) override {
    switch (at_) {
      case At::begin: return begin(console);
      case At::passphrase: return passphrase(console);
      case At::repeat: return repeat(console);
      case At::start: return start(console);
      case At::wait: return wait(console);
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

  Next begin(cli::Console& console) {
    Authority* a = pki_.server(label_);
    if (a == nullptr || a->state() == ServerState::enabled || a->state() == ServerState::starting) return Next::end;
    if (!context().clock_valid()) return stop(console, "% The clock is not set; the certificate server cannot be enabled");
    if (a->has_certificate()) return go(At::start);
    const Entry* e = pki_.store().find(label_);
    if (a->settings().mode != ServerMode::root) {
      if (e != nullptr && e->own() != nullptr) return go(At::start);
    } else if (e != nullptr && e->authority() != nullptr) {
      console.put("% Trustpoint ").put(label_).put(" has the CA certificate of another authority.\n");
      return stop(console, "% Please delete your existing CA certificate first.");
    }
    made_new_ = true;
    if (typed_.empty() && !console.interactive()) return stop(console, "% The certificate server asks for a passphrase: enter 'no shutdown' at the console");
    console.put("%Some server settings cannot be changed after CA certificate generation.\n");
    if (!typed_.empty()) return go(At::start);   // `database archive ... password`
    console.put("% Please enter a passphrase to protect the private key\n% or type Return to exit\n");
    return go(At::passphrase);
  }

  Next passphrase(cli::Console& console) {
    if (!ask_text(console, "Password: ", cli::Echo::off)) return Next::wait;
    if (answer().empty()) {
      refuse();
      return Next::end;
    }
    // A paste that goes on without answers: too short for a passphrase, so nobody meant one.
    if (answer() == "end" || answer() == "exit" || answer() == "quit") return stop(console, "% Command cancelled");
    if (answer().size() < kShortestPassphrase || !typed_.set(answer())) {
      console.put("% Password must be at least 7 characters. Try again\n");
      return Next::go;
    }
    console.put('\n');
    return go(At::repeat);
  }

  Next repeat(cli::Console& console) {
    if (!ask_text(console, "Re-enter password: ", cli::Echo::off)) return Next::wait;
    if (answer() == typed_.view()) return go(At::start);
    forget_passphrase();
    if (++tries_ == 3) return stop(console, "% Passwords do not match.");
    console.put("% Passwords do not match. Try again.\n");
    return go(At::passphrase);
  }

  void forget_passphrase() {
    wipe(&typed_, sizeof typed_);
    typed_.clear();
  }

  Next start(cli::Console& console) {
    Authority* a = pki_.server(label_);
    if (a == nullptr) return Next::end;
    pki_.make_trustpoint(label_);
    if (const CaServer* record = pki_.server_record(label_); record != nullptr && !is_local_place(record->url) && !is_remote_place(record->url)) {
      context().log(kUrlNotLocal, label_, record->url);
    }
    if (const Entry* e = pki_.store().find(label_); a->settings().mode != ServerMode::root && (e == nullptr || e->own() == nullptr)) {
      a->start_when_enrolled();
      return say(console, "% The certificate server is enabled as soon as its certificate comes from the CA.");
    }
    const bool new_key = !context().keys.find(a->settings().key);
    task_ = &console.task();
    const Status s = a->start(task_, typed_);
    forget_passphrase();
    if (!s) {
      console.put("% ").put(s.error().what);
      return stop(console, "");
    }
    if (new_key) {
      console.put("% Generating ").dec(a->settings().key_bits).put(" bit RSA keys, keys will be non-exportable...");
      said_generating_ = true;
    }
    return go(At::wait);
  }

  Next wait(cli::Console& console) {
    Authority* a = pki_.server(label_);
    if (a != nullptr && a->state() == ServerState::starting) return Next::wait;
    const bool good = a != nullptr && a->state() == ServerState::enabled;
    if (said_generating_) console.put(good || (a != nullptr && a->key_was_made()) ? "[OK]\n" : "[FAILED]\n");
    if (good && made_new_ && archived_) console.put("% Exporting Certificate Server signing certificate and keys...\n");
    if (good) {
      console.put("\n% Certificate Server enabled.\n");
      const Database& db = a->settings().database;
      if (made_new_ && db.level == Level::complete && db.folder.view() == "nvram:") context().log(kAllInNvram, label_);
      return Next::end;
    }
    if (a != nullptr && !a->failure()) console.put("% ").put(a->failure().error().what);
    return stop(console, "");
  }

  Label label_;
  bool archived_;
  bool made_new_ = false;
  bool said_generating_ = false;
  At at_ = At::begin;
  unsigned tries_ = 0;
  Text<127> typed_;
  Task* task_ = nullptr;
};

// Refuses the line without a word.
class SilentRefusal final : public PkiDialogue {
 public:
  using PkiDialogue::PkiDialogue;

 private:
  Next run(cli::Console&) override {
    refuse();
    return Next::end;
  }
};

enum class Remove : uint8_t { trustpoint, server, certificate };

class RemoveDialogue final : public PkiDialogue {
 public:
  RemoveDialogue(Pki& pki, Remove what, std::string_view label) : PkiDialogue(pki), what_(what), label_(label) {}

 private:
  Next run(cli::Console& console) override {
    if (!told_) {
      told_ = true;
      if (what_ == Remove::trustpoint) {
        console.put("% Removing an enrolled trustpoint will destroy all certificates\n"
                    " received from the related Certificate Authority.\n\n");
      } else if (what_ == Remove::server) {
        console.put("% This will stop the Certificate Server process and delete the server configuration\n");
      }
    }
    bool yes = false;
    if (!ask_yes_no(console, "Are you sure you want to do this? [yes/no]: ", yes)) return Next::wait;
    if (!yes) {
      refuse();
      return Next::end;
    }
    if (what_ == Remove::server) {
      if (Authority* a = pki_.server(label_)) a->stop();
      return say(console, "% Certificate Server Process stopped");
    }
    if (what_ == Remove::trustpoint) pki_.store().forget(label_);
    return say(console, "% Be sure to ask the CA administrator to revoke your certificates.");
  }

  Remove what_;
  Label label_;
  bool told_ = false;
};

// grant: one request after the other, each a job.
class GrantDialogue final : public PkiDialogue {
 public:
  GrantDialogue(Pki& pki, const ServerRequest& which) : PkiDialogue(pki), which_(which) {}
  ~GrantDialogue() override {
    if (Request* r = current()) r->issuing = false;
  }

 private:
  Request* current() {
    Authority* a = pki_.server(which_.label);
    return a == nullptr || current_ == 0 ? nullptr : a->requests().by_id(current_);
  }

  Next run(cli::Console& console) override {
    Authority* a = pki_.server(which_.label);
    if (a == nullptr) return Next::end;
    if (slot_.busy()) {
      const std::unique_ptr<IssueJob> job = slot_.take();
      if (job == nullptr) return Next::wait;
      Request* r = current();
      current_ = 0;
      if (r != nullptr) r->issuing = false;
      if (!job->result) {
        console.put("% Request ").dec(job->request_id).put(" could not be granted: ").put(job->result.error().what).put('\n');
      } else if (r != nullptr) {
        a->issued(*r, *job->result);
        if (r->by_hand) print_granted(*job->result, true, console);
      }
    }
    return next(console, *a);
  }

  Next next(cli::Console& console, Authority& a) {
    for (size_t i = 0; i < a.requests().size(); ++i) {
      Request& r = a.requests()[i];
      if (r.id <= last_ || r.issuing || (which_.which == 1 && r.id != which_.id)) continue;
      if (r.state != RequestState::pending && r.state != RequestState::granted) continue;
      if (a.settings().mode == ServerMode::registration) {
        last_ = r.id;
        r.state = RequestState::granted;
        a.changed(r);                                    // it passes the request on
        continue;
      }
      last_ = current_ = r.id;
      Result<IssueOrder> order = a.order(r);
      auto job = a.issue_job();
      if (order) job->order = std::move(*order);
      job->ca = a.identity();
      job->request_id = r.id;
      const Status begun = order ? slot_.start(context().jobs, console.task(), std::move(job)) : Status(order.error());
      if (begun) {
        r.state = RequestState::granted;
        r.issuing = true;
        return Next::wait;
      }
      current_ = 0;
      console.put("% Request ").dec(r.id).put(" could not be granted: ").put(begun.error().what).put('\n');
      return Next::end;
    }
    if (last_ == 0) console.put(which_.which == 1 ? "% There is no such pending request\n" : "% There are no pending requests\n");
    return Next::end;
  }

  ServerRequest which_;
  uint32_t last_ = 0, current_ = 0;
  JobSlot<IssueJob> slot_;
};

// The rows of blocks end with the label; the record of the call is that of the mode around them.
std::string_view last_word(std::string_view line) {
  line = trim(line);
  const size_t blank = line.find_last_of(" \t");
  return blank == std::string_view::npos ? line : line.substr(blank + 1);
}

}  // namespace

Authority* server_of(cli::Call& call, std::string_view label) {
  Authority* a = call.module<Pki>().server(label);
  if (a == nullptr) call.out().put("% Certificate Server ").put(label).put(" is not configured.\n");
  return a;
}

void confirm_shutdown(cli::Call& call, bool negated) {
  Pki& pki = call.module<Pki>();
  const CaServer& record = *static_cast<const CaServer*>(call.record);
  if (negated) {
    auto last = std::make_unique<StartDialogue>(pki, record);
    const bool root = !record.mode_set || pki.server(record.label) == nullptr;
    return call.start(root ? std::move(last) : start_below(pki, record.label, call.console->interactive(), std::move(last)));
  }
  const Authority* a = pki.server(record.label);
  if (a == nullptr || a->state() == ServerState::initial) return call.start(std::make_unique<SilentRefusal>(pki));
  call.out().put("Certificate server 'shut' event has been queued for processing.\n");
}

void confirm_trustpoint(cli::Call& call, bool negated) {
  if (!negated) return;
  Pki& pki = call.module<Pki>();
  const std::string_view label = last_word(call.line);
  const Entry* e = pki.store().find(label);
  if (e == nullptr || e->certificates.empty()) return;
  if (!call.console->interactive()) return pki.store().forget(label);
  call.start(std::make_unique<RemoveDialogue>(pki, Remove::trustpoint, label));
}

void confirm_server(cli::Call& call, bool negated) {
  if (!negated || !call.console->interactive()) return;
  Pki& pki = call.module<Pki>();
  call.start(std::make_unique<RemoveDialogue>(pki, Remove::server, last_word(call.line)));
}

void confirm_certificate(cli::Call& call, bool negated) {
  if (!negated || !call.console->interactive()) return;
  call.start(std::make_unique<RemoveDialogue>(call.module<Pki>(), Remove::certificate, std::string_view()));
}

void server_grant(cli::Call& call, const ServerRequest& a) {
  if (server_of(call, a.label) != nullptr) call.start(std::make_unique<GrantDialogue>(call.module<Pki>(), a));
}

void server_reject(cli::Call& call, const ServerRequest& a) {
  Authority* server = server_of(call, a.label);
  if (server == nullptr) return;
  bool any = false;
  for (size_t i = 0; i < server->requests().size(); ++i) {
    Request& r = server->requests()[i];
    if (r.state != RequestState::pending || (a.which == 1 && r.id != a.id)) continue;
    r.state = RequestState::rejected;
    server->changed(r);
    any = true;
  }
  if (!any) call.out().put(a.which == 1 ? "% There is no such pending request\n" : "% There are no pending requests\n");
}

void server_remove(cli::Call& call, const ServerRequest& a) {
  Authority* server = server_of(call, a.label);
  if (server == nullptr) return;
  bool any = false;
  for (size_t i = server->requests().size(); i-- > 0;) {
    const Request& r = server->requests()[i];
    if (r.issuing || (a.which == 1 && r.id != a.id)) continue;
    server->requests().remove(r.id);
    any = true;
  }
  if (any) server->wake();
  else call.out().put("% There is no such request\n");
}

void server_requests(cli::Call& call, const LabelArgument& a) {
  if (const Authority* server = server_of(call, a.label)) print_requests(*server, call.out());
}

void server_crl(cli::Call& call, const LabelArgument& a) {
  if (const Authority* server = server_of(call, a.label)) print_crl(*server, call.out());
}

}  // namespace parley::crypto_pki
