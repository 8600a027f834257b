// One router: scheduler, log, keys, command engine and all modules of the image, from boot to stop.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "cli/engine.h"
#include "cli/session.h"
#include "modules/module.h"
#include "modules/system/power.h"
#include "platform/crypto/kernel/kernel_engine.h"
#include "platform/crypto/key_store.h"
#include "platform/log/log_core.h"
#include "platform/net/terminal.h"
#include "platform/sched/scheduler.h"
#include "platform/tls/tls.h"

namespace parley {

struct LogControl;

// What the machine gives; platform/posix on a host and on a board, platform/fake in tests.
struct Machine {
  Clock& clock;
  Waiter& waiter;
  Jobs& jobs;
  Net& net;
  Links& links;
  Store& store;
  Random& random;
  Terminal& terminal;
  crypto::KernelCrypto* kernel_crypto = nullptr;   // nullptr: no kernel with crypto drivers below us
};

struct BootOptions {
  Blob* startup = nullptr;         // text used instead of nvram:startup-config
  bool batch = false;
  const char* reason = "power-on";
  std::string_view note{};         // one line for the console, e.g. about the network namespace
  bool (*stop_requested)() = nullptr;
};

enum class RouterEnd : uint8_t { stopped, reload, failed };

class Router final : public Power {
 public:
  explicit Router(Machine machine);
  ~Router() override;

  // Reads keys and configuration, starts all modules. Fault: something the router cannot do without.
  Status boot(const BootOptions& options);
  // Serves until end of input, `reload` or a signal.
  RouterEnd run();

  cli::Engine& engine() { return engine_; }

  // Power
  void reload(const char* reason) override;
  const char* start_reason() const override { return options_.reason; }

 private:
  struct Console;
  Status make_modules();
  void start_modules(Writer& report);
  void feed(std::string_view text, bool startup, Writer& report);
  void load_startup(Writer& report);
  static void on_hog(void* context, const Task& task, uint32_t step_us);

  Machine machine_;
  BootOptions options_;
  Scheduler scheduler_;
  std::unique_ptr<LogCore> log_;
  std::unique_ptr<KeyStore> keys_;
  std::unique_ptr<Tls> tls_;
  Services services_;
  cli::Engine engine_;
  std::unique_ptr<Env> env_;
  List<std::unique_ptr<Instance>> instances_;
  std::unique_ptr<Instance> session_commands_;
  std::unique_ptr<LogControl> log_control_;
  std::unique_ptr<Console> console_;
  bool reload_asked_ = false;
};

}  // namespace parley
