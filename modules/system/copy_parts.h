// What the kinds of `copy` share: the question for the destination, the last line.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/system/config_dialogues.h"
#include "platform/base/time.h"

namespace parley::system {

class InfoJob final : public Job {
 public:
  InfoJob(Store& store, Path path) : store_(store), path_(path) {}
  void run() override { exists = store_.info(path_).has_value(); }
  bool exists = false;

 private:
  Store& store_;
  Path path_;
};

// `Destination filename [name]? `; proposal: the name when the operator gave none.
void ask_destination(cli::Console& console, const CopyEnds& ends, std::string_view proposal);
// Completes ends.to. False: said why not.
bool take_destination(cli::Console& console, CopyEnds& ends, std::string_view proposal, std::string_view answer);
void ask_overwrite(cli::Console& console);
// `n bytes copied in t secs (r bytes/sec)`
void put_copied(Writer& out, const Clock& clock, Monotonic began, uint64_t bytes);

// tftp_copy.cc: one end is on a TFTP server.
std::unique_ptr<cli::Dialogue> fetch_file(System& system, const CopyEnds& ends);
std::unique_ptr<cli::Dialogue> send_file(System& system, const CopyEnds& ends);

}  // namespace parley::system
