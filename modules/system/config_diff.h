// Differences of two configuration texts, grouped by mode: '+' and '-' per line.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/bytes.h"
#include "platform/sched/job.h"

namespace parley::system {

// Comments, marks and the frame of a running-config are no difference. Nothing is written when there is none.
void write_differences(std::string_view from, std::string_view to, Writer& out);

class DiffJob final : public Job {
 public:
  DiffJob(Blob before, Blob after) : from(std::move(before)), to(std::move(after)) {}
  void run() override { write_differences(from.text(), to.text(), text); }
  Blob from, to;
  Blob text;
};

}  // namespace parley::system
