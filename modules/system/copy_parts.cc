// What the kinds of `copy` share.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/copy_parts.h"

namespace parley::system {

void ask_destination(cli::Console& console, const CopyEnds& ends, std::string_view proposal) {
  char text[256];
  FixedWriter w(text);
  w.put("Destination filename [");
  if (ends.to_running) w.put("running-config");
  else if (name_of(ends.to).empty()) w.put(proposal);
  else w.put(name_of(ends.to));
  w.put("]? ");
  console.ask(w.view());
}

bool take_destination(cli::Console& console, CopyEnds& ends, std::string_view proposal, std::string_view answer) {
  std::string_view name = trim(answer);
  if (ends.to_running) {
    if (name.empty() || name == "running-config") return true;
    console.put("% The configuration can only be copied to running-config\n");
    return false;
  }
  if (name.empty() && !name_of(ends.to).empty()) return true;
  if (name.empty()) name = proposal;
  auto p = resolve(name, fs_of(ends.to));
  if (!p) {
    console.put("% Invalid file name\n");
    return false;
  }
  ends.to = *p;
  return true;
}

void ask_overwrite(cli::Console& console) {
  console.put("%Warning:There is a file already existing with this name\n");
  console.confirm("Do you want to over write? [confirm]");
}

void put_copied(Writer& out, const Clock& clock, Monotonic began, uint64_t bytes) {
  const int64_t ms = std::chrono::duration_cast<Millis>(clock.now() - began).count() + 1;
  out.dec(static_cast<int64_t>(bytes)).put(" bytes copied in ").dec(ms / 1000).put('.').dec(ms % 1000, 3, '0');
  out.put(" secs (").dec(static_cast<int64_t>(bytes) * 1000 / ms).put(" bytes/sec)\n");
}

}  // namespace parley::system
