// The questions around the configuration files: write, erase, reload.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/config_dialogues.h"

#include "modules/system/file_dialogues.h"
#include "modules/system/running_copy.h"
#include "modules/system/system.h"
#include "modules/system/system_messages.h"
#include "platform/log/log.h"

namespace parley::system {
namespace {

// Makes the text, stores it, answers [OK].
class Saver {
 public:
  explicit Saver(System& system) : system_(system) {}
  // False: nothing started (said why).
  bool start(cli::Console& console) {
    console.put("Building configuration...\n");
    copy_ = std::make_unique<RunningCopy>(system_, console.task());
    return begin(console);
  }
  // True when finished; good says how.
  bool finish(cli::Console& console, bool& good) {
    if (!slot_.busy()) {
      return !begin(console);
    }
    auto job = slot_.take();
    if (job == nullptr) return false;
    good = job->result.has_value();
    if (good) {
      console.put("[OK]\n");
      system_.saved();
    } else {
      console.put("%Error opening nvram:/startup-config (").put(error_text(job->result.error().code)).put(")\n[FAILED]\n");
    }
    return true;
  }

 private:
  bool begin(cli::Console& console) {
    if (copy_->step() != Poll::done) return true;
    if (!copy_->ok()) {
      console.put("% The configuration is too large\n");
      return false;
    }
    Env& env = system_.env();
    if (!slot_.start(env.jobs, console.task(), std::make_unique<SaveJob>(env.store, Path(kStartup), std::move(copy_->text)))) {
      console.put("% System is busy, try again later\n");
      return false;
    }
    return true;
  }
  System& system_;
  std::unique_ptr<RunningCopy> copy_;
  JobSlot<SaveJob> slot_;
};

class WriteDialogue final : public cli::Dialogue {
 public:
  explicit WriteDialogue(System& system) : saver_(system) {}
  Poll step(cli::Console& console, const std::string_view*) override {
    if (!started_) {
      started_ = true;
      if (!saver_.start(console)) return Poll::done;
    }
    bool good = false;
    return saver_.finish(console, good) ? Poll::done : Poll::pending;
  }

 private:
  Saver saver_;
  bool started_ = false;
};

class EraseDialogue final : public cli::Dialogue {
 public:
  explicit EraseDialogue(System& system) : system_(system) {}
  Poll step(cli::Console& console, const std::string_view* answer) override {
    if (!asked_) {
      asked_ = true;
      console.confirm("Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]");
      return Poll::pending;
    }
    if (!slot_.busy()) {
      if (answer == nullptr) return Poll::pending;
      if (!confirmed(*answer)) return Poll::done;
      Env& env = system_.env();
      if (!slot_.start(env.jobs, console.task(),
                       std::make_unique<ChangeJob>(env.store, ChangeJob::What::remove, Path(kStartup)))) {
        console.put("% System is busy, try again later\n");
        return Poll::done;
      }
    }
    if (slot_.take() == nullptr) return Poll::pending;
    console.put("[OK]\nErase of nvram: complete\n");
    return Poll::done;
  }

 private:
  System& system_;
  bool asked_ = false;
  JobSlot<ChangeJob> slot_;
};

class ReloadDialogue final : public cli::Dialogue {
 public:
  explicit ReloadDialogue(System& system) : system_(system), saver_(system) {}

  Poll step(cli::Console& console, const std::string_view* answer) override {
    switch (at_) {
      case At::begin:
        if (!system_.modified()) return ask_proceed(console);
        return ask_save(console);
      case At::save:
        if (answer == nullptr) return Poll::pending;
        return take_save(console, trim(*answer));
      case At::saving: {
        bool good = false;
        if (!saver_.finish(console, good)) return Poll::pending;
        return good ? ask_proceed(console) : Poll::done;
      }
      case At::proceed:
        if (answer == nullptr) return Poll::pending;
        if (!confirmed(*answer)) return Poll::done;
        system_.env().log(kMsgReload, console.line_name());
        if (Power* power = system_.env().services.find<Power>()) power->reload("reload");
        return Poll::done;
    }
    return Poll::done;
  }
  bool accepts(std::string_view line) const override {
    if (at_ != At::save) return true;
    const std::string_view a = trim(line);
    return !a.empty() && (starts_nocase("yes", a) || starts_nocase("no", a));
  }

 private:
  enum class At : uint8_t { begin, save, saving, proceed };
  Poll ask_save(cli::Console& console) {
    at_ = At::save;
    console.ask("System configuration has been modified. Save? [yes/no]: ");
    return Poll::pending;
  }
  Poll take_save(cli::Console& console, std::string_view a) {
    if (!a.empty() && starts_nocase("no", a)) return ask_proceed(console);
    if (a.empty() || !starts_nocase("yes", a)) {
      console.put("% Please answer 'yes' or 'no'.\n");
      return ask_save(console);
    }
    if (!saver_.start(console)) return Poll::done;
    at_ = At::saving;
    return Poll::pending;
  }
  Poll ask_proceed(cli::Console& console) {
    at_ = At::proceed;
    console.confirm("Proceed with reload? [confirm]");
    return Poll::pending;
  }

  System& system_;
  Saver saver_;
  At at_ = At::begin;
};

}  // namespace

void LoadJob::run() {
  auto r = store_.read(path_, kMaxConfiguration);
  if (r) content = std::move(*r);
  else result = r.error();
}

std::unique_ptr<cli::Dialogue> write_memory(System& system) { return std::make_unique<WriteDialogue>(system); }
std::unique_ptr<cli::Dialogue> erase_startup(System& system) { return std::make_unique<EraseDialogue>(system); }
std::unique_ptr<cli::Dialogue> reload_now(System& system) { return std::make_unique<ReloadDialogue>(system); }

}  // namespace parley::system
