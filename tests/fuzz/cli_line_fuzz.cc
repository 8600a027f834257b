// Fuzz: any bytes as lines of a session, in EXEC and configuration, with `?` and TAB on each line.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/properties/all_rows.h"

using namespace parley;
using namespace parley::cli;
using namespace parley::cli::test;

namespace {
struct Count final : HelpSink {
  size_t items = 0;
  void item(const HelpItem&) override { ++items; }
  void complete() override {}
};
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Router r;
  Position at;
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (size != 0 && (data[0] & 1) != 0) Engine::enter_config(at);
  for (size_t from = 0; from < text.size();) {
    const size_t end = text.find('\n', from) == std::string::npos ? text.size() : text.find('\n', from);
    const std::string line = text.substr(from, end - from);
    from = end + 1;
    if (at.collector != 0) {
      if (r.engine.collect(at, line, r.paper, r.options).verdict != Verdict::invalid) continue;
    }
    Count help;
    (void)r.engine.help(at, line, r.options, help);
    (void)r.engine.complete(at, line, r.options);
    const Outcome out = r.engine.run(at, line, r.paper, r.options);
    if (out.offset > line.size()) PARLEY_PANIC("the caret is behind the line");
    if (out.verdict == Verdict::refused && out.text.empty()) PARLEY_PANIC("refused without a reason");
    (void)r.engine.prompt(at);
    (void)r.engine.title(at);
  }
  r.engine.cancel_collect(at);
  return 0;
}
