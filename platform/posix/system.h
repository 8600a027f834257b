// The host as the router needs it, made from the command line: clock, sockets, threads, files, console.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "platform/net/link.h"
#include "platform/posix/alg_socket.h"
#include "platform/posix/clock.h"
#include "platform/posix/jobs.h"
#include "platform/posix/net.h"
#include "platform/posix/netns.h"
#include "platform/posix/random.h"
#include "platform/posix/store.h"
#include "platform/posix/terminal.h"

namespace parley::posix {

struct SystemOptions {
  const char* data_dir = "build/native/data";
  const char* net_name = "";            // "" = own namespace if permitted, "host", or the name of a namespace
  bool batch = false;                   // the console is never a person, even on a tty
  size_t workers = 2;
  size_t queued_jobs = 64;
  size_t max_sockets = 1200;
  std::span<const char* const> ports{}; // interfaces; empty: GigabitEthernet0/0 and 0/1
  StoreLimits limits{};
};

// Make it first and before any thread; make the Scheduler from clock() and waiter(). All tasks and sockets go before it.
class System {
 public:
  // The fault's text is for the operator (namespace denied, data folder in use, ...).
  static Result<std::unique_ptr<System>> make(const SystemOptions& options);
  ~System();

  Clock& clock() { return clock_; }
  Waiter& waiter() { return *poller_; }
  Jobs& jobs() { return *jobs_; }
  Net& net() { return *net_; }
  Links& links() { return *links_; }
  Store& store() { return *store_; }
  Random& random() { return random_; }
  Terminal& terminal() { return *terminal_; }
  crypto::KernelCrypto& kernel_crypto() { return kernel_crypto_; }

  NetMode net_mode() const { return mode_; }
  // One line for the start-up output, e.g. "network namespace r1" or "host network, ports shifted by 10000".
  std::string_view net_note() const { return note_; }
  // SIGTERM, SIGINT or SIGHUP came; run_once() returns early then. A second one ends the program at once.
  static bool stop_requested();

 private:
  System() = default;
  Status make_network(const SystemOptions& options);
  Status catch_signals();
  void describe(const SystemOptions& options);

  PosixClock clock_;
  PosixRandom random_;
  AlgSocket kernel_crypto_;
  std::unique_ptr<Poller> poller_;
  std::unique_ptr<PosixTerminal> terminal_;
  std::unique_ptr<FolderStore> store_;
  std::unique_ptr<Links> links_;
  std::unique_ptr<PosixNet> net_;
  std::unique_ptr<ThreadJobs> jobs_;
  NetMode mode_ = NetMode::host;
  uint16_t port_offset_ = 0;
  Text<128> note_;
};

}  // namespace parley::posix
