// The questions of the file commands (cli.md 7.8): delete, mkdir, rmdir, rename, erase.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/system/file_jobs.h"

namespace parley::system {

// Asks for the name (its own proposal in brackets), perhaps for a confirmation, then runs one ChangeJob.
class ChangeDialogue final : public cli::Dialogue {
 public:
  // For rename, `to` is asked; `force` asks nothing.
  ChangeDialogue(Jobs& jobs, Store& store, ChangeJob::What what, Path path, Path to, bool force)
      : jobs_(jobs), store_(store), what_(what), path_(path), to_(to), at_(force ? At::run : At::name) {}
  Poll step(cli::Console& console, const std::string_view* answer) override;

 private:
  enum class At : uint8_t { name, wait_name, confirm, wait_confirm, run, wait_run };
  void ask_name(cli::Console& console);
  bool take_name(cli::Console& console, std::string_view answer);
  void ask_confirm(cli::Console& console);
  Poll run(cli::Console& console);

  Jobs& jobs_;
  Store& store_;
  ChangeJob::What what_;
  Path path_;
  Path to_;
  At at_;
  JobSlot<ChangeJob> slot_;
};

bool confirmed(std::string_view answer);   // Enter or y

}  // namespace parley::system
