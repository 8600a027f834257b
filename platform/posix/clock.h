// The clocks of the host: monotonic, and wall time with an offset of our own.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mutex>

#include "platform/base/time.h"

namespace parley::posix {

class PosixClock final : public Clock {
 public:
  PosixClock();
  Monotonic now() const override;
  UnixTime wall() const override { return wall_us() / 1'000'000; }
  uint32_t wall_ms() const override { return static_cast<uint32_t>(wall_us() / 1000 % 1000); }
  uint64_t cpu_us() const override;
  void set_wall(UnixTime t) override;

 private:
  int64_t wall_us() const;
  mutable std::mutex lock_;     // certificates are dated on worker threads
  int64_t offset_us_ = 0;
};

}  // namespace parley::posix
