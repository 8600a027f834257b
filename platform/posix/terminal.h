// Standard input and output as the console.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <termios.h>

#include "platform/net/terminal.h"
#include "platform/posix/poller.h"

namespace parley::posix {

class PosixTerminal final : public Terminal {
 public:
  // in, out: open descriptors, usually 0 and 1. Opened again where possible, so that O_NONBLOCK stays ours.
  static Result<std::unique_ptr<PosixTerminal>> open(Poller& poller, int in, int out);
  ~PosixTerminal() override;
  void set_owner(Task& owner) override;
  Result<size_t> read(MutBytes to) override;
  Result<size_t> write(Bytes from) override;
  bool is_tty() const override { return tty_; }
  void set_raw(bool raw) override;
  Size size() const override;
  void never_a_tty() { tty_ = false; }   // before the first set_raw(): somebody only pastes into it
  // Gives the terminal back as it was; for panics and signals.
  void restore();

 private:
  struct Side final : Poller::Watch {
    void ready(uint32_t) override { if (owner != nullptr) owner->wake(); }
    Fd own;                   // opened by us; else `fd` belongs to the caller
    int fd = -1;
    bool always_ready = false;
    int flags_before = -1;    // of a descriptor that we share with others
    Task* owner = nullptr;
  };
  explicit PosixTerminal(Poller& poller) : poller_(poller) {}
  Status open_side(Side& side, int fd, int access);
  void close_side(Side& side);
  Poller& poller_;
  Side in_;
  Side out_;
  bool tty_ = false;
  bool raw_ = false;
  termios before_{};
};

}  // namespace parley::posix
