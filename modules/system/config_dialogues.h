// The questions around the configuration files: write, erase, copy, reload (cli.md 7.8).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "cli/command.h"
#include "modules/system/file_jobs.h"

namespace parley::system {

class System;

inline constexpr const char* kStartup = "nvram:startup-config";
inline constexpr size_t kMaxConfiguration = size_t{16} << 20;   // bytes of one configuration file

// Writes bytes it was given to one file.
class SaveJob final : public Job {
 public:
  SaveJob(Store& store, Path path, Blob text) : store_(store), path_(path), text_(std::move(text)) {}
  void run() override { result = store_.write(path_, text_); }
  size_t size() const { return text_.size(); }
  Status result;

 private:
  Store& store_;
  Path path_;
  Blob text_;
};

class LoadJob final : public Job {
 public:
  LoadJob(Store& store, Path path) : store_(store), path_(path) {}
  void run() override;
  Blob content;
  Status result;

 private:
  Store& store_;
  Path path_;
};

// write memory; also the first half of reload and of `copy running-config startup-config`.
std::unique_ptr<cli::Dialogue> write_memory(System& system);
std::unique_ptr<cli::Dialogue> erase_startup(System& system);
std::unique_ptr<cli::Dialogue> reload_now(System& system);

// copy SRC DST with its questions. At most one end is on a TFTP server.
struct CopyEnds {
  bool from_running = false;
  bool to_running = false;
  bool from_tftp = false;
  bool to_tftp = false;
  Path from;
  Path to;
  Text<63> host;                       // of the tftp end; empty: asked
  Text<128> name;                      // the same
};
std::unique_ptr<cli::Dialogue> copy_files(System& system, const CopyEnds& ends);

}  // namespace parley::system
