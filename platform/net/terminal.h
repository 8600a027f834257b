// The console: a byte stream to whoever sits at (or pipes into) the router.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "platform/base/bytes.h"
#include "platform/sched/task.h"

namespace parley {

class Terminal {
 public:
  virtual ~Terminal() = default;
  virtual void set_owner(Task& owner) = 0;           // who is woken from now on
  virtual Result<size_t> read(MutBytes to) = 0;      // Faults: busy, closed (end of input)
  virtual Result<size_t> write(Bytes from) = 0;      // may take a part; Faults: busy, closed
  virtual bool is_tty() const = 0;                   // a person with a screen; false: a pipe or file
  // Raw: every key as it is pressed, no echo, Ctrl-C is a byte. "\n" still goes out as CR LF. No effect without a tty.
  virtual void set_raw(bool raw) = 0;
  struct Size { uint16_t columns = 80, rows = 24; };
  virtual Size size() const = 0;
};

}  // namespace parley
