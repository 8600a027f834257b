// Putting the host together, in the order that namespaces and threads demand.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/posix/system.h"

#include <csignal>
#include <new>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/posix/durable.h"
#include "platform/posix/links.h"

namespace parley::posix {
namespace {

constexpr const char* kPorts[] = {"GigabitEthernet0/0", "GigabitEthernet0/1"};

// For signal handlers and panics, which know no objects.
constinit Poller* g_poller = nullptr;
constinit PosixTerminal* g_terminal = nullptr;
volatile std::sig_atomic_t g_stop = 0;

void on_stop_signal(int) {
  g_stop = 1;
  if (g_poller != nullptr) g_poller->interrupt();
}

void give_terminal_back() {
  if (g_terminal != nullptr) g_terminal->restore();
}

void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

// Can a network of its own, with these interfaces, be made here?
bool child_succeeds(std::span<const char* const> ports) {
  const pid_t child = ::fork();
  if (child < 0) return false;
  if (child == 0) {
    const auto mode = enter_network("");
    ::_exit(mode && *mode == NetMode::isolated && KernelLinks::make(ports) ? 0 : 1);
  }
  int status = 0;
  const pid_t ended = retry([&] { return ::waitpid(child, &status, 0); });
  return ended == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

Result<std::unique_ptr<System>> System::make(const SystemOptions& options) {
  std::unique_ptr<System> s(new (std::nothrow) System);
  if (s == nullptr) return Fault{Code::full, "no memory", 0};
  PARLEY_CHECK(g_poller == nullptr);  // signals and the console exist once
  durable::read_cut_setting();
  raise_file_limit();
  TRY_ASSIGN(s->poller_, Poller::make());
  TRY_ASSIGN(s->terminal_, PosixTerminal::open(*s->poller_, 0, 1));
  if (options.batch) s->terminal_->never_a_tty();
  TRY(s->catch_signals());
  TRY_ASSIGN(s->store_, FolderStore::open_at(options.data_dir, options.limits));
  TRY(s->make_network(options));
  TRY_ASSIGN(s->jobs_, ThreadJobs::make(options.workers, options.queued_jobs));
  return s;
}

System::~System() {
  g_poller = nullptr;
  g_terminal = nullptr;
}

Status System::catch_signals() {
  g_poller = poller_.get();
  g_terminal = terminal_.get();
  set_panic_hook(give_terminal_back);
  struct sigaction action {};
  action.sa_handler = on_stop_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // a second signal ends the program
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    struct sigaction before {};
    if (::sigaction(signal, nullptr, &before) != 0) return last_fault("signals");
    if (before.sa_handler == SIG_IGN) continue;      // nohup means it
    if (::sigaction(signal, &action, nullptr) != 0) return last_fault("signals");
  }
  action.sa_handler = SIG_IGN;
  action.sa_flags = 0;
  if (::sigaction(SIGPIPE, &action, nullptr) != 0) return last_fault("signals");
  return {};
}

bool System::stop_requested() { return g_stop != 0; }

Status System::make_network(const SystemOptions& options) {
  const std::span<const char* const> ports = options.ports.empty() ? std::span(kPorts) : options.ports;
  std::string_view name = options.net_name;
  // One cannot leave a user namespace again, so a child tries first.
  if (name.empty() && !child_succeeds(ports)) name = "host";
  TRY_ASSIGN(mode_, enter_network(name));
  HostMode host;
  if (mode_ != NetMode::host) {
    TRY_ASSIGN(links_, KernelLinks::make(ports));
  } else {
    auto* own = new (std::nothrow) HostLinks;
    if (own == nullptr) return Fault{Code::full, "no memory", 0};
    links_.reset(own);
    TRY_ASSIGN(host.port_offset, find_port_offset());
    host.is_own_address = [](void* links, uint32_t ip) { return static_cast<HostLinks*>(links)->is_own(ip); };
    host.context = own;
  }
  port_offset_ = host.port_offset;
  net_.reset(new (std::nothrow) PosixNet(*poller_, options.max_sockets, host));
  if (net_ == nullptr) return Fault{Code::full, "no memory", 0};
  describe(options);
  return {};
}

void System::describe(const SystemOptions& options) {
  char text[128];
  FixedWriter w(text);
  switch (mode_) {
    case NetMode::named: w.put("network namespace ").put(options.net_name); break;
    case NetMode::isolated: w.put("own network namespace, ends with the program"); break;
    case NetMode::host: w.put("host network (127.0.0.1), ports shifted by ").dec(port_offset_); break;
  }
  (void)note_.set(w.view());
}

}  // namespace parley::posix
