// One router, from boot to stop.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DOC: Boot, in this order: log, keys, TLS, command engine; every module is created (no work) in the order of the generated
// list, so that a service is there before it is looked for; every module starts; the factory lines and the startup-config are
// bound line by line; then each module verifies and applies once (cli/feed.h). The console opens last.
// A startup line that fails is printed and boot goes on. stop() runs in reverse order.
#include "board/router.h"

#include "cli/builtin.h"
#include "cli/feed.h"
#include "config.h"
#include "modules/crypto-pki/startup_notices.h"
#include "modules/system/boot_register.h"
#include "modules/system/console_services.h"
#include "modules/system/factory_lines.h"
#include "modules/system/log_control.h"
#include "modules/system/rollback.h"
#include "modules/system/system.h"
#include "modules/system/system_messages.h"
#include "platform/crypto/file_set.h"
#include "platform/net/link.h"
#include "platform/tls/make_tls.h"

namespace parley {
namespace {

constexpr size_t kMaxStartup = size_t{16} << 20;
constexpr size_t kLinesPerStep = 2000;

// Owner of what the startup-config waits for.
class BootTask final : public Task {
 public:
  explicit BootTask(Scheduler& s) : Task(s, "Boot") {}
  Poll step() override { return Poll::pending; }
};

class ConsoleSink final : public LogSink {
 public:
  explicit ConsoleSink(cli::Session& session) : session_(session) {}
  void deliver(const LogLine& line) override { session_.message(line.text); }

 private:
  cli::Session& session_;
};

}  // namespace

struct Router::Console {
  Console(Scheduler& s, cli::Engine& e, Terminal& t, Consoles& c, const cli::SessionOptions& o)
      : session(s, e, t, c.session_host(), c.access(), o), sink(session) {}
  cli::Session session;
  ConsoleSink sink;
};

Router::Router(Machine machine)
    : machine_(machine), scheduler_(machine.clock, machine.waiter), instances_(general_arena()) {
  log_ = std::make_unique<LogCore>(scheduler_, size_t{CONFIG_LOG_BUFFER_KIB} * 1024);
  scheduler_.on_hog(&Router::on_hog, this);
  log_control_ = std::make_unique<LogControl>(LogControl{*log_});
  services_.provide<LogControl>(log_control_.get());
  services_.provide<Power>(this);
}

Router::~Router() {
  if (console_ != nullptr) log_->remove_sink(console_->sink);
  console_.reset();
  for (size_t i = instances_.size(); i > 0; --i) instances_[i - 1]->stop();
  while (!instances_.empty()) instances_.remove(instances_.size() - 1);
}

void Router::on_hog(void* context, const Task& task, uint32_t step_us) {
  static_cast<Router*>(context)->log_->emit(system::kMsgCpuHog, {LogArg(step_us), LogArg(task.name())});
}

Status Router::make_modules() {
  env_ = std::make_unique<Env>(Env{scheduler_, machine_.jobs, machine_.clock, machine_.net, machine_.links, *tls_, *keys_,
                                   machine_.store, *log_, machine_.random, services_, engine_});
  session_commands_ = cli::make_session_commands();
  engine_.add(cli::kSessionCommands, *session_commands_);
  for (size_t i = 0; i < kModuleCount; ++i) {
    TRY(instances_.push(kModules[i]->create(*env_)));
    engine_.add(*kModules[i], *instances_[i]);
  }
  return {};
}

// A module that cannot start is left out with a notice: the operator needs the console to mend it.
void Router::start_modules(Writer& report) {
  for (size_t i = 0; i < instances_.size(); ++i) {
    const Status s = instances_[i]->start();
    if (!s) report.put("% ").put(kModules[i]->name).put(": ").put(s.error().what).put('\n');
  }
}

// Runs a text to its end; what it waits for is served by the scheduler meanwhile.
void Router::feed(std::string_view text, bool startup, Writer& report) {
  BootTask task(scheduler_);
  cli::FeedOptions options;
  options.startup = startup;
  cli::Feed feed(engine_, task, text, report, options);
  for (;;) {
    const Poll p = feed.run(kLinesPerStep);
    if (p == Poll::done) return;
    if (p == Poll::pending) (void)scheduler_.run_once(Millis(100));
  }
}

void Router::load_startup(Writer& report) {
  Blob stored;
  std::string_view text;
  const Consoles* system = services_.find<Consoles>();
  const bool ignored = system != nullptr && (static_cast<const system::System*>(system)->config_register() & system::kIgnoreStartup) != 0;
  // A replacement nobody has confirmed before the power went.
  auto unconfirmed = ignored ? Result<Blob>(Fault{Code::missing, "not asked for", 0}) : machine_.store.read(system::kRollback, kMaxStartup);
  if (ignored) {
    // nothing is read
  } else if (unconfirmed) {
    report.put("Rollback Confirmed Change: not confirmed before the restart, the previous configuration is loaded\n");
    stored = std::move(*unconfirmed);
    text = stored.text();
  } else if (options_.startup != nullptr) {
    text = options_.startup->text();
  } else {
    auto file = machine_.store.read("nvram:startup-config", kMaxStartup);
    if (file) {
      stored = std::move(*file);
      text = stored.text();
    } else if (file.error().code != Code::missing) {
      report.put("% startup-config cannot be read\n");
    }
  }
  Blob all;
  system::put_factory_lines(machine_.links, all);
  Blob quiet;
  feed(all.text(), true, quiet);
  feed(text, true, report);
  if (unconfirmed) (void)machine_.store.remove(system::kRollback);
  if (StartupNotices* notices = services_.find<StartupNotices>()) notices->startup_loaded(report);
  if (Consoles* consoles = services_.find<Consoles>()) static_cast<system::System&>(*consoles).loaded();
}

Status Router::boot(const BootOptions& options) {
  options_ = options;
  crypto_thread_allowed(true);
  const auto restored = finish_replacement(machine_.store);   // before anybody reads keys
  keys_ = make_key_store(machine_.store, machine_.random, machine_.clock);
  TRY(keys_->load());
  if (machine_.kernel_crypto != nullptr) {
    auto engine = crypto::make_kernel_engine(*machine_.kernel_crypto, machine_.clock, crypto::KernelUse::when_faster);
    if (engine != nullptr) keys_->add_engine(std::move(engine));
  }
  tls_ = make_tls(scheduler_, machine_.jobs, *keys_, machine_.clock);
  TRY(make_modules());
  Blob notices;
  start_modules(notices);
  if (!options_.note.empty()) notices.put(options_.note).put('\n');
  load_startup(notices);
  crypto_thread_allowed(false);
  Consoles* consoles = services_.find<Consoles>();
  if (consoles == nullptr) return Fault{Code::missing, "the module `system` is not in this image", 0};
  cli::SessionOptions session;
  session.batch = options_.batch;
  session.stop_key = !options_.batch;   // in a pipe Ctrl-\ is a byte like others
  console_ = std::make_unique<Console>(scheduler_, engine_, machine_.terminal, *consoles, session);
  log_->add_sink(LogTarget::console, console_->sink);
  if (!options_.batch) notices.put("\n\nPress RETURN to get started!\n\n");
  console_->session.notice(notices.text());
  (*log_)(system::kMsgRestart, system::kVersion);
  if (restored && *restored) (*log_)(system::kMsgTrustRestored);
  if (!restored) (*log_)(system::kMsgTrustNotRestored, restored.error().what);
  log_->flush();   // before the first prompt
  return {};
}

RouterEnd Router::run() {
  while (!reload_asked_ && !console_->session.ended()) {
    if (options_.stop_requested != nullptr && options_.stop_requested()) break;
    if (!scheduler_.run_once(Millis(1000))) break;
  }
  log_->flush();
  return reload_asked_ ? RouterEnd::reload : RouterEnd::stopped;
}

void Router::reload(const char*) {
  reload_asked_ = true;
  scheduler_.stop();
}

}  // namespace parley
