// Fuzz: configuration text. What was accepted is printed, and reading the print gives the same print.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/feed.h"
#include "cli/session_test_bench.h"
#include "cli/show_running.h"

using namespace parley;
using namespace parley::cli;

namespace {

struct Idle final : Task {
  using Task::Task;
  Poll step() override { return Poll::pending; }
};

struct Router {
  bench::Bench b;
  Idle task{b.world.scheduler, "idle"};
  Blob report;
  void read(std::string_view text, bool startup) {
    FeedOptions options;
    options.startup = startup;
    Feed feed(b.engine, task, text, report, options);
    while (feed.run(100) == Poll::again) {}
  }
  std::string text() {
    Blob to;
    if (!render_running(b.engine, RunningHead{}, PrintScope::running, to)) PARLEY_PANIC("no memory");
    return std::string(to.text());
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Router first, second;
  first.b.worker.worked = second.b.worker.worked = true;
  first.read(as_text(Bytes(data, size)), size % 2 == 0);
  const std::string once = first.text();
  second.read(once, true);
  if (second.text() != once) PARLEY_PANIC("the printed configuration is not read back");
  return 0;
}
