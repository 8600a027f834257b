// show tech-support: the output of many show commands, without any secret.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <iterator>

#include "cli/engine.h"
#include "cli/row.h"
#include "cli/show_running.h"
#include "modules/system/running_copy.h"
#include "modules/system/system_actions.h"
#include "modules/system/tech_support.h"

namespace parley::system {
namespace {

constexpr std::string_view kRunningConfig = "show running-config";
constexpr const char* kCommands[] = {
    "show version", "show clock detail", kRunningConfig.data(), "show processes cpu", "show processes memory", "show memory",
    "show file systems", "dir flash:", "dir nvram:", "show interfaces", "show ip interface brief", "show ip route",
    "show users", "show logging", "show crypto key mypubkey rsa", "show crypto pki trustpoints", "show crypto pki certificates",
    "show crypto pki server", "show crypto legacy", "show capf-server summary", "show ctl-client", "show credentials",
    "show telephony-service", "show ephone", "show debugging",
};

// Words before a secret, in lines that are kept as text.
constexpr std::string_view kSecretWords[] = {
    "password", "secret", "key", "key-string", "community", "pin", "passphrase", "pre-shared-key", "psk", "auth-string",
    "capf-auth-str", "challenge", "md5",
};

class TechSupport final : public cli::Dialogue {
 public:
  explicit TechSupport(System& system) : system_(system) {}
  Poll step(cli::Console& console, const std::string_view*) override {
    if (copy_ != nullptr) {
      if (!show_running(console)) return Poll::pending;
    } else if (inner_ != nullptr) {
      if (inner_->step(console, nullptr) != Poll::done) return Poll::pending;
      inner_.reset();
    }
    if (next_ == std::size(kCommands)) return Poll::done;
    begin(console, kCommands[next_++]);
    console.task().wake();
    return Poll::pending;
  }

 private:
  // Commands that this image does not have are left out.
  void begin(cli::Console& console, std::string_view command) {
    cli::Engine& engine = system_.env().cli;
    cli::RunOptions options;
    options.privilege = console.privilege();
    cli::Position exec;
    size_t count = 0;
    const cli::Row* row = engine.accepting(exec, command, options, count);
    if (row == nullptr || row->is(cli::kPending)) return;
    console.put("\n------------------ ").put(command).put(" ------------------\n\n");
    if (command == kRunningConfig) {
      copy_ = std::make_unique<RunningCopy>(system_, console.task(), cli::PrintScope::concealed);
      return;
    }
    cli::Outcome outcome = engine.run(exec, command, console, options);
    if (!outcome.text.empty()) console.put(outcome.text).put('\n');
    inner_ = std::move(outcome.dialogue);
  }
  // True: all of it was printed.
  bool show_running(cli::Console& console) {
    if (!complete_) {
      if (copy_->step() != Poll::done) return false;
      complete_ = true;
    }
    std::string_view rest = copy_->text.text().substr(printed_);
    const size_t end = rest.size() <= kPiece ? rest.size() : rest.rfind('\n', kPiece) + 1;
    rest = rest.substr(0, end == 0 ? rest.size() : end);
    put_concealed(console, rest);
    printed_ += rest.size();
    if (printed_ < copy_->text.size()) {
      console.task().wake();
      return false;
    }
    if (!copy_->ok()) console.put("% The configuration is too large\n");
    copy_.reset();
    return true;
  }

  static constexpr size_t kPiece = 16 * 1024;
  System& system_;
  size_t next_ = 0;
  std::unique_ptr<cli::Dialogue> inner_;
  std::unique_ptr<RunningCopy> copy_;
  bool complete_ = false;
  size_t printed_ = 0;
};

}  // namespace

void put_concealed(Writer& out, std::string_view lines) {
  while (!lines.empty()) {
    const size_t end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    size_t keep = line.size();
    for (const std::string_view word : kSecretWords) {
      for (size_t at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
        const size_t behind = at + word.size();
        if ((at == 0 || line[at - 1] == ' ') && behind < line.size() && line[behind] == ' ') keep = std::min(keep, behind);
      }
    }
    out.put(line.substr(0, keep)).put(keep == line.size() ? "" : " <removed>").put('\n');
  }
}

void do_show_tech(cli::Call& call) { call.start(std::make_unique<TechSupport>(call.module<System>())); }

}  // namespace parley::system
