// The console on standard input and output.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/posix/terminal.h"

#include <cerrno>
#include <new>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace parley::posix {

Result<std::unique_ptr<PosixTerminal>> PosixTerminal::open(Poller& poller, int in, int out) {
  std::unique_ptr<PosixTerminal> t(new (std::nothrow) PosixTerminal(poller));
  if (t == nullptr) return Fault{Code::full, "no memory for the console", 0};
  TRY(t->open_side(t->in_, in, O_RDONLY));
  TRY(t->open_side(t->out_, out, O_WRONLY));
  t->tty_ = ::isatty(in) == 1 && ::isatty(out) == 1 && ::tcgetattr(t->in_.fd, &t->before_) == 0;
  return t;
}

Status PosixTerminal::open_side(Side& side, int fd, int access) {
  struct stat st {};
  if (::fstat(fd, &st) != 0) return last_fault("no standard input or output");
  side.fd = fd;
  // O_NONBLOCK belongs to the open file, which the shell and other programs share: take one of our own.
  if (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)) {
    char name[32];
    FixedWriter w(name);
    w.put("/proc/self/fd/").dec(fd).put(std::string_view("\0", 1));
    side.own = Fd(::open(name, access | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
    if (side.own) side.fd = side.own.get();
  }
  const Status watched = poller_.add(side.fd, side);
  side.always_ready = !watched && watched.error().code == Code::denied;  // a regular file
  if (!watched && !side.always_ready) return watched.error();
  if (!side.own && !side.always_ready) {
    side.flags_before = ::fcntl(side.fd, F_GETFL);
    (void)::fcntl(side.fd, F_SETFL, side.flags_before | O_NONBLOCK);
  }
  return {};
}

void PosixTerminal::close_side(Side& side) {
  if (side.fd >= 0 && !side.always_ready) poller_.remove(side.fd);
  if (side.flags_before >= 0) (void)::fcntl(side.fd, F_SETFL, side.flags_before);
}

PosixTerminal::~PosixTerminal() {
  restore();
  close_side(in_);
  close_side(out_);
}

void PosixTerminal::set_owner(Task& owner) {
  in_.owner = out_.owner = &owner;
  owner.wake();
}

Result<size_t> PosixTerminal::read(MutBytes to) {
  const ssize_t n = retry([&] { return ::read(in_.fd, to.data(), to.size()); });
  if (n < 0 && errno == EIO) return Fault{Code::closed, "the terminal went away", 0};
  if (n < 0) return last_fault("cannot read from the console");
  if (n == 0) return Fault{Code::closed, "end of input", 0};
  if ((in_.always_ready || static_cast<size_t>(n) == to.size()) && in_.owner != nullptr) in_.owner->wake();
  return static_cast<size_t>(n);
}

Result<size_t> PosixTerminal::write(Bytes from) {
  const ssize_t n = retry([&] { return ::write(out_.fd, from.data(), from.size()); });
  if (n < 0 && errno == EIO) return Fault{Code::closed, "the terminal went away", 0};
  if (n < 0) return last_fault("cannot write to the console");
  return static_cast<size_t>(n);
}

void PosixTerminal::set_raw(bool raw) {
  if (!tty_ || raw == raw_) return;
  if (!raw) return restore();
  termios t = before_;
  t.c_iflag &= ~static_cast<tcflag_t>(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
  t.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
  t.c_cflag = (t.c_cflag & ~static_cast<tcflag_t>(CSIZE | PARENB)) | CS8;
  t.c_oflag |= OPOST | ONLCR;
  t.c_cc[VMIN] = 1;
  t.c_cc[VTIME] = 0;
  raw_ = ::tcsetattr(in_.fd, TCSADRAIN, &t) == 0;
}

void PosixTerminal::restore() {
  if (raw_) (void)::tcsetattr(in_.fd, TCSANOW, &before_);
  raw_ = false;
}

Terminal::Size PosixTerminal::size() const {
  winsize w{};
  if (::ioctl(out_.fd, TIOCGWINSZ, &w) != 0 || w.ws_col == 0 || w.ws_row == 0) return {};
  return {w.ws_col, w.ws_row};
}

}  // namespace parley::posix
