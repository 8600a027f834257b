// `debug X` and `undebug X`.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/log/debug_subjects.h"

namespace parley {

void switch_debug(Log& log, std::span<const DebugSubject> subjects, bool on, Writer& out) {
  for (const DebugSubject& s : subjects) {
    const Status set = log.set_debug(s.subject, on);
    if (!set) out.put("% ").put(set.error().what).put('\n');
    else out.put(s.title).put(on ? " debugging is on\n" : " debugging is off\n");
  }
}

}  // namespace parley
