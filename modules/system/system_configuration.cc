// write, copy, erase, reload, show running-config: the commands; their questions are in config_dialogues.cc.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/engine.h"
#include "cli/show_running.h"
#include "modules/system/config_dialogues.h"
#include "modules/system/running_copy.h"
#include "modules/system/system.h"
#include "modules/system/system_actions.h"
#include "platform/net/tftp_client.h"

namespace parley::system {
namespace {

// show startup-config: head line and content.
class StartupJob final : public cli::TextJob {
 public:
  explicit StartupJob(Store& store) : store_(store) {}
  void run() override {
    auto content = store_.read(kStartup, kMaxConfiguration);
    const std::string_view lines = content ? content->text() : std::string_view();
    cli::show_startup(content ? &lines : nullptr, text);
  }

 private:
  Store& store_;
};

// show running-config: made in pieces, then printed in pieces.
class ShowRunning final : public cli::Dialogue {
 public:
  ShowRunning(System& system, cli::PrintScope scope, std::string_view block) : system_(system), scope_(scope), block_(block) {}
  Poll step(cli::Console& console, const std::string_view*) override {
    if (copy_ == nullptr) copy_ = std::make_unique<RunningCopy>(system_, console.task(), scope_);
    if (!complete_) {
      if (copy_->step() != Poll::done) return Poll::pending;
      complete_ = true;
      if (!copy_->ok()) {
        console.put("% The configuration is too large\n");
        return Poll::done;
      }
      if (!block_.empty()) {
        if (!cli::show_block(copy_->text.text(), block_, console)) console.put("% Interface is not configured\n");
        return Poll::done;
      }
      cli::show_size(console, copy_->text.size());
    }
    const std::string_view piece = copy_->text.text().substr(printed_, kPiece);
    console.put(piece);
    printed_ += piece.size();
    if (printed_ == copy_->text.size()) return Poll::done;
    console.task().wake();
    return Poll::pending;
  }

 private:
  static constexpr size_t kPiece = 16 * 1024;
  System& system_;
  cli::PrintScope scope_;
  Text<80> block_;
  std::unique_ptr<RunningCopy> copy_;
  bool complete_ = false;
  size_t printed_ = 0;
};

enum EndKind : uint8_t { kRunning, kStartupFile, kFile };

struct End {
  bool running = false;
  bool tftp = false;
  Path path;
};

bool end_of(cli::Call& call, uint8_t kind, std::string_view typed, End& end, CopyEnds& ends) {
  end.running = kind == kRunning;
  if (end.running) return true;
  if (kind == kStartupFile) return end.path.set(kStartup);
  tftp::Url url;
  end.tftp = tftp::parse_url(typed, url);
  if (end.tftp && ends.host.set(url.host) && ends.name.set(url.name)) return true;
  auto p = end.tftp ? Result<Path>(Fault{Code::invalid, "bad address", 0}) : resolve(typed, call.module<System>().folder());
  if (!p) {
    call.out().put("%Error opening ").put(typed).put(" (").put(error_text(p.error().code)).put(")\n");
    return false;
  }
  end.path = *p;
  return true;
}

}  // namespace

void do_write(cli::Call& call, const OptionArgs&) { call.start(write_memory(call.module<System>())); }
void do_write_terminal(cli::Call& call) { do_show_running(call, {}); }
void do_erase(cli::Call& call) { call.start(erase_startup(call.module<System>())); }
void do_erase_one(cli::Call& call, const ChoiceArgs&) { do_erase(call); }

void do_copy(cli::Call& call, const CopyArgs& a) {
  CopyEnds ends;
  End from, to;
  if (!end_of(call, a.from_kind, a.from, from, ends) || !end_of(call, a.to_kind, a.to, to, ends)) return;
  ends.from_running = from.running;
  ends.from_tftp = from.tftp;
  ends.from = from.path;
  ends.to_running = to.running;
  ends.to_tftp = to.tftp;
  ends.to = to.path;
  if ((from.running && to.running) || (from.tftp && to.tftp)) {
    call.out().put("% Source and destination are the same\n");
    return;
  }
  call.start(copy_files(call.module<System>(), ends));
}

void do_configure_memory(cli::Call& call) {
  CopyEnds ends;
  ends.to_running = true;
  (void)ends.from.set(kStartup);
  call.start(copy_files(call.module<System>(), ends));
}

void do_reload(cli::Call& call, const ReloadArgs& a) {
  System& s = call.module<System>();
  constexpr uint8_t kIn = 1, kAt = 2, kCancel = 3;
  if (a.when == kCancel) {
    if (!s.cancel_reload()) {
      call.out().put("%No reload is scheduled.\n");
      return;
    }
    call.out().put("\n***\n*** --- SHUTDOWN ABORTED ---\n***\n\n");
  } else if (a.when == kIn || a.when == kAt) {
    if (!s.schedule_reload(a.when == kAt, a.time, a.at)) call.out().put("% Invalid time\n");
  } else {
    call.start(reload_now(s));
  }
}

void do_show_running(cli::Call& call, const ShowRunArgs& a) {
  System& s = call.module<System>();
  if (a.what == 2) {
    char text[80];
    FixedWriter header(text);
    header.put("interface ");
    cli::print_interface(header, a.interface);
    call.start(std::make_unique<ShowRunning>(s, cli::PrintScope::running, header.view()));
    return;
  }
  call.start(std::make_unique<ShowRunning>(s, a.what == 1 ? cli::PrintScope::all : cli::PrintScope::running, std::string_view()));
}

void do_show_startup(cli::Call& call) {
  Env& env = call.module<System>().env();
  call.start(cli::run_job(env.jobs, std::make_unique<StartupJob>(env.store)));
}

}  // namespace parley::system
