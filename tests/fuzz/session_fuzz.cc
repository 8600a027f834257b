// Fuzz: keys and lines at a terminal. First byte: kind of session and screen; the rest is typed.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/session_test_bench.h"

using namespace parley;
using namespace parley::cli;

namespace {

// Whatever is typed, a terminal is only sent text, line ends, backspaces and bells.
void check_shown(std::string_view shown) {
  for (const char c : shown) {
    const bool control = static_cast<uint8_t>(c) < 0x20 || c == 0x7F;
    if (control && c != '\n' && c != '\b' && c != '\a') PARLEY_PANIC("a control character went to the terminal");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const uint8_t kind = data[0];
  std::string_view keys = as_text(Bytes(data + 1, size - 1));
  {
    bench::Bench b;
    b.worker.worked = true;
    b.rules.settings.privilege = (kind & 2) != 0 ? 15 : 1;
    b.rules.settings.width = (kind & 4) != 0 ? 20 : 80;
    b.rules.settings.length = (kind & 8) != 0 ? 3 : 0;
    b.rules.settings.logging_synchronous = (kind & 16) != 0;
    b.rules.kind = (kind & 32) != 0 ? LoginKind::local : LoginKind::none;
    b.begin((kind & 1) != 0);
    b.terminal.chunk = 7;
    while (!keys.empty()) {                        // in bursts: 0xFE ends one
      const size_t end = keys.find('\xFE');
      check_shown(b.type(keys.substr(0, end)));
      b.session->message("%TEST-6-NOTE: a message");
      keys.remove_prefix(end == std::string_view::npos ? keys.size() : end + 1);
    }
    b.terminal.close();
    b.world.run_for(Seconds(1));
    if (!b.session->ended()) PARLEY_PANIC("the session goes on after the end of input");
  }
  if (session_arena().used() != 0) PARLEY_PANIC("the session kept memory");
  return 0;
}
