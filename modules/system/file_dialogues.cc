// The questions of the file commands.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/file_dialogues.h"

namespace parley::system {

using What = ChangeJob::What;

bool confirmed(std::string_view answer) {
  const std::string_view a = trim(answer);
  return a.empty() || a[0] == 'y' || a[0] == 'Y';
}

void ChangeDialogue::ask_name(cli::Console& console) {
  char text[320];
  FixedWriter w(text);
  switch (what_) {
    case What::remove: w.put("Delete filename ["); break;
    case What::rename: w.put("Destination filename ["); break;
    case What::make_folder: w.put("Create directory filename ["); break;
    case What::remove_folder: w.put("Remove directory filename ["); break;
  }
  w.put(name_of(what_ == What::rename ? to_ : path_)).put("]? ");
  console.ask(w.view());
}

bool ChangeDialogue::take_name(cli::Console& console, std::string_view answer) {
  const std::string_view name = trim(answer);
  if (name.empty()) return true;
  Path& target = what_ == What::rename ? to_ : path_;
  auto p = resolve(name, fs_of(target));
  if (!p) {
    console.put("% Invalid file name\n");
    return false;
  }
  target = *p;
  return true;
}

void ChangeDialogue::ask_confirm(cli::Console& console) {
  char text[320];
  FixedWriter w(text);
  w.put("Delete ");
  put_display(w, path_);
  w.put("? [confirm]");
  console.confirm(w.view());
}

Poll ChangeDialogue::run(cli::Console& console) {
  if (!slot_.start(jobs_, console.task(), std::make_unique<ChangeJob>(store_, what_, path_, to_))) {
    console.put("% System is busy, try again later\n");
    return Poll::done;
  }
  at_ = At::wait_run;
  return Poll::pending;
}

Poll ChangeDialogue::step(cli::Console& console, const std::string_view* answer) {
  const bool removes = what_ == What::remove || what_ == What::remove_folder;
  switch (at_) {
    case At::name:
      ask_name(console);
      at_ = At::wait_name;
      return Poll::pending;
    case At::wait_name:
      if (answer == nullptr) return Poll::pending;
      if (!take_name(console, *answer)) return Poll::done;
      if (!removes) return run(console);
      [[fallthrough]];
    case At::confirm:
      ask_confirm(console);
      at_ = At::wait_confirm;
      return Poll::pending;
    case At::wait_confirm:
      if (answer == nullptr) return Poll::pending;
      if (!confirmed(*answer)) {
        console.put("Delete of ");
        put_display(console, path_);
        console.put(" aborted!\n");
        return Poll::done;
      }
      [[fallthrough]];
    case At::run:
      return run(console);
    case At::wait_run:
      if (auto job = slot_.take()) {
        job->report(console);
        return Poll::done;
      }
      return Poll::pending;
  }
  return Poll::done;
}

}  // namespace parley::system
