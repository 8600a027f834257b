// System calls that change files, with the power switch for tests.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/posix/durable.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace parley::posix::durable {
namespace {

constinit std::atomic<uint32_t> g_steps{0};
constinit std::atomic<uint32_t> g_cut{0};
constinit std::atomic<void (*)(const char*)> g_observer{nullptr};

[[noreturn]] void cut_power() {
  (void)::kill(::getpid(), SIGKILL);
  for (;;) (void)::pause();
}

// True: this step is the one to be cut.
bool begin(const char* step) {
  const uint32_t n = ++g_steps;
  if (const auto observer = g_observer.load()) observer(step);
  const uint32_t cut = g_cut;
  return cut != 0 && n >= cut;
}

void step(const char* name) {
  if (begin(name)) cut_power();
}

Status done(int result, const char* what) {
  if (result != 0) return last_fault(what);
  return {};
}

}  // namespace

void read_cut_setting() {
  const char* text = std::getenv("PARLEY_TEST_CUT_AT");
  uint64_t n = 0;
  if (text != nullptr && parse_dec(text, UINT32_MAX, n)) cut_at(static_cast<uint32_t>(n));
}

void cut_at(uint32_t n) { g_cut = n == 0 ? 0 : g_steps + n; }
uint32_t steps() { return g_steps; }
void observe(void (*each)(const char* step)) { g_observer = each; }

Result<Fd> create(int folder, const char* name) {
  step("create");
  Fd fd(::openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return last_fault("cannot create a file");
  return fd;
}

Status write_all(int fd, Bytes data) {
  if (begin("write")) {
    (void)!::write(fd, data.data(), data.size() / 2);
    cut_power();
  }
  while (!data.empty()) {
    const ssize_t n = retry([&] { return ::write(fd, data.data(), data.size()); });
    if (n < 0) return last_fault("cannot write");
    data = data.subspan(static_cast<size_t>(n));
  }
  return {};
}

Status sync(int fd) {
  step("sync");
  return done(::fsync(fd), "cannot bring data to the disk");
}

Status sync_folder(int fd) {
  step("sync-folder");
  // Some file systems know no fsync of a folder; then there is nothing to wait for.
  if (::fsync(fd) != 0 && errno != EINVAL) return last_fault("cannot bring a folder to the disk");
  return {};
}

Status rename(int from_folder, const char* from, int to_folder, const char* to) {
  step("rename");
  return done(::renameat(from_folder, from, to_folder, to), "cannot rename");
}

Status unlink(int folder, const char* name) {
  step("unlink");
  return done(::unlinkat(folder, name, 0), "cannot remove");
}

Status make_folder(int folder, const char* name) {
  step("mkdir");
  return done(::mkdirat(folder, name, 0700), "cannot make a folder");
}

Status remove_folder(int folder, const char* name) {
  step("rmdir");
  return done(::unlinkat(folder, name, AT_REMOVEDIR), "cannot remove a folder");
}

}  // namespace parley::posix::durable
