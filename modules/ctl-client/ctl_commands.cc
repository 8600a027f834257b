// Commands of the CTL client: regenerate, show ctl-client.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/row.h"
#include "modules/ctl-client/ctl_actions.h"
#include "modules/ctl-client/ctl_client.h"
#include "modules/ctl-client/provider_questions.h"
#include "platform/log/debug_subjects.h"

namespace parley::ctl_client {
namespace {

class Regenerate final : public cli::Dialogue {
 public:
  explicit Regenerate(CtlClient& client) : client_(client) {}
  ~Regenerate() override {
    providers_ = nullptr;
    if (task_ != nullptr) client_.forget(*task_);
  }

  Poll step(cli::Console& console, const std::string_view* answer) override {
    if (task_ == nullptr) {
      task_ = &console.task();
      client_.wait(*task_);
      if (client_.providers() != nullptr) providers_ = std::make_unique<ProviderQuestions>(*client_.providers(), *task_);
    }
    switch (at_) {
      case At::providers:
        if (providers_ == nullptr) return begin(console);
        if (providers_->step(console, answer) == Poll::pending) return Poll::pending;
        return providers_->good() ? begin(console) : Poll::done;
      case At::start: return begin(console);
      case At::asked:
        if (answer == nullptr) return Poll::pending;
        strand_ = yes(*answer);
        return strand_ ? begin(console) : Poll::done;
      case At::waiting: return client_.made() == before_ ? Poll::pending : end(console);
    }
    return Poll::done;
  }
  bool accepts(std::string_view line) const override {
    const std::string_view word = trim(line);
    if (at_ == At::providers && word.empty()) return false;
    return word.empty() || starts_nocase("yes", word) || starts_nocase("no", word);
  }

 private:
  enum class At : uint8_t { providers, start, asked, waiting };
  static bool yes(std::string_view answer) { return !trim(answer).empty() && starts_nocase("yes", trim(answer)); }

  Poll begin(cli::Console& console) {
    at_ = At::start;
    before_ = client_.made();
    const Status begun = client_.regenerate(strand_);
    if (begun) {
      at_ = At::waiting;
      return Poll::pending;
    }
    if (begun.error().code == Code::busy) return Poll::pending;   // woken when the other work is over
    if (begun.error().code == Code::denied) return ask(console);
    console.put(client_.problem()).put('\n');
    return Poll::done;
  }

  Poll ask(cli::Console& console) {
    at_ = At::asked;
    console.put("% These phones hold a list whose signers are not here any more:\n");
    print_phones(console, client_.lost(), "  ");
    console.ask("Continue and strand these phones? [no]: ");
    return Poll::pending;
  }

  Poll end(cli::Console& console) {
    if (!client_.problem().empty()) console.put(client_.problem()).put('\n');
    else console.put("CTL file made, signed by trustpoint ").put(client_.signer()).put('\n');
    return Poll::done;
  }

  CtlClient& client_;
  Task* task_ = nullptr;
  At at_ = At::providers;
  std::unique_ptr<ProviderQuestions> providers_;
  bool strand_ = false;
  uint64_t before_ = 0;
};

void show_ctl_client(cli::Call& call) { call.module<CtlClient>().show(call.out()); }
void show_rotation(cli::Call& call) { call.module<CtlClient>().show_rotation(call.out()); }

constexpr DebugSubject kSubjects[] = {{"ctl-client", "CTL client"}};
void debug_on(cli::Call& call) { switch_debug(call.module<CtlClient>().log(), kSubjects, true, call.out()); }
void debug_off(cli::Call& call) { switch_debug(call.module<CtlClient>().log(), kSubjects, false, call.out()); }

// Columns of 8 and 16; a word that fills its column still gets a blank behind it.
void show_line(Writer& out, std::string_view what, std::string_view where, std::string_view label) {
  out.pad(16).left(what, 8).put(what.size() < 8 ? "" : " ").left(where, 16).put(where.size() < 16 ? "" : " ");
  out.put(label).put('\n');
}

}  // namespace

void regenerate(cli::Call& call) { call.start(std::make_unique<Regenerate>(call.module<CtlClient>())); }

void CtlClient::show(Writer& out) const {
  out.put("\nCTL Client Information\n-----------------------------\n");
  // The second line says "1" too: 000:804, 856.
  out.put("        SAST 1 Certificate Trustpoint: ").put(config_.ctl.sast1).put('\n');
  out.put("        SAST 1 Certificate Trustpoint: ").put(config_.ctl.sast2).put('\n');
  out.put("        List of Trusted Servers in the CTL\n");
  struct Kind { Function function; const char* name; };
  for (const Kind& k : {Kind{Function::cme, "CME"}, Kind{Function::tftp, "TFTP"}, Kind{Function::cme_tftp, "CME-TFTP"},
                        Kind{Function::capf, "CAPF"}, Kind{Function::application, "APPLICATION"}})
    for (const Server& s : config_.ctl.servers) {
      if (s.function != k.function) continue;
      char address[16], owner[64];
      FixedWriter a(address), o(owner);
      a.ipv4(s.address);
      if (s.source == Source::provider) o.put("username ").put(s.user);
      else o.put(s.trustpoint);
      show_line(out, k.name, a.view(), o.view());
    }
  for (const Import& i : config_.ctl.imports) show_line(out, "IMPORT", i.description, i.file);
  if (providers_ != nullptr) providers_->show(out);
  if (itl_ != nullptr) itl_->show(out);
}

extern const cli::Row kExec[4];
constexpr cli::Row kExec[4] = {
    cli::action<show_ctl_client>("show ctl-client", "Signers and servers of the CTL file"),
    cli::action<show_rotation>("show ctl-client rotation", "Stage of a change of signers"),
    cli::privilege(15, cli::action<debug_on>("debug ctl-client", "CTL client")),
    cli::privilege(15, cli::action<debug_off>("undebug ctl-client", "CTL client")),
};

}  // namespace parley::ctl_client
