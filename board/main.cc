// The program: command line, machine, and a router that boots again after `reload`.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "board/options.h"
#include "board/router.h"
#include "cli/row.h"
#include "config.h"
#include "platform/posix/system.h"

namespace {

using namespace parley;

int fail(const char* what) {
  std::fprintf(stderr, "parley: %s\n", what);
  return 1;
}

int list_pending() {
  struct Out final : Writer {
    void write(std::string_view s) override { std::fwrite(s.data(), 1, s.size(), stdout); }
  } out;
  for (size_t i = 0; i < kModuleCount; ++i) cli::print_pending(out, *kModules[i]);
  return 0;
}

RouterEnd one_life(posix::System& system, const Options& options, Blob* startup, const char* reason) {
  Machine machine{system.clock(), system.waiter(), system.jobs(), system.net(),
                  system.links(), system.store(), system.random(), system.terminal(), &system.kernel_crypto()};
  Router router(machine);
  BootOptions boot;
  boot.startup = startup;
  boot.batch = options.batch || !system.terminal().is_tty();
  boot.reason = reason;
  boot.note = system.net_note();
  boot.stop_requested = &posix::System::stop_requested;
  const Status s = router.boot(boot);
  if (!s) {
    std::fprintf(stderr, "parley: %s\n", s.error().what);
    return RouterEnd::failed;
  }
  return router.run();
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!parse_options(argc, argv, options)) return 2;
  if (options.list_pending) return list_pending();
  if (options.row_size) {
    std::printf("sizeof(Row) %zu\n", sizeof(cli::Row));
    return 0;
  }
  posix::SystemOptions host;
  host.data_dir = options.data_dir;
  host.net_name = options.net_name;
  host.batch = options.batch;
  host.workers = CONFIG_JOB_THREADS;
  host.queued_jobs = CONFIG_MAX_JOBS;
  host.max_sockets = CONFIG_MAX_SESSIONS + 100;
  Blob startup;
  if (options.startup_file != nullptr) {
    auto text = read_host_file(options.startup_file);
    if (!text) return fail("the startup file cannot be read");
    startup = std::move(*text);
  }
  auto system = posix::System::make(host);
  if (!system) return fail(system.error().what);
  const char* reason = "power-on";
  for (;;) {
    const RouterEnd end = one_life(**system, options, options.startup_file != nullptr ? &startup : nullptr, reason);
    if (end == RouterEnd::reload) {
      reason = "reload";
      continue;
    }
    return end == RouterEnd::failed ? 1 : 0;
  }
}
