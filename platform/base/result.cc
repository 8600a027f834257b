// Names of fault codes, and the end of the program on our own mistakes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/base/result.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "platform/base/text.h"

namespace parley {
namespace {

constinit std::atomic<PanicHook> g_hook{nullptr};

}  // namespace

const char* code_name(Code code) {
  static constexpr const char* kNames[] = {"ok",   "busy",    "cancelled", "closed",  "denied",      "exists",   "full",
                                           "invalid", "io", "missing",   "timeout", "unsupported", "untrusted"};
  const auto i = static_cast<size_t>(code);
  return i < sizeof kNames / sizeof kNames[0] ? kNames[i] : "unknown";
}

void set_panic_hook(PanicHook hook) { g_hook = hook; }

void panic(const char* what, const char* file, int line) {
  // A panic inside the hook must not come back here for ever.
  if (const PanicHook hook = g_hook.exchange(nullptr)) hook();
  char text[256];
  FixedWriter out(text);
  out.put("\nPANIC: ").put(what).put(" at ").put(file).put(':').dec(line).put('\n');
  (void)std::fwrite(text, 1, out.view().size(), stderr);
  (void)std::fflush(stderr);
  std::abort();
}

}  // namespace parley
