// Tests of interfaces and routes, each in a child process with a network namespace of its own.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/posix/links.h"

#include <cstdio>
#include <functional>
#include <string>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CppUTest/TestHarness.h>

#include "platform/posix/netns.h"

using namespace parley;
using namespace parley::posix;

namespace {

constexpr const char* kPorts[] = {"GigabitEthernet0/0", "GigabitEthernet0/1"};
constexpr int kSkipped = 77;

#define MUST(cond) do { if (!(cond)) { std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond); ::_exit(1); } } while (0)

// Children are not allowed namespaces everywhere (containers, emulators): then there is nothing to test.
void isolated(const std::function<void(KernelLinks&)>& f) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto mode = enter_network("");
    if (!mode || *mode != NetMode::isolated) ::_exit(kSkipped);
    auto links = KernelLinks::make(kPorts);
    if (!links) ::_exit(kSkipped);
    f(**links);
    ::_exit(0);
  }
  int status = 0;
  (void)::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  if (WEXITSTATUS(status) == kSkipped) UT_PRINT("no network namespaces here: skipped");
  else CHECK_EQUAL(0, WEXITSTATUS(status));
}

// Is the address ours, as seen by the kernel's routing?
bool reachable(uint32_t ip) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(9);
  a.sin_addr.s_addr = htonl(ip);
  const bool ok = ::connect(fd, reinterpret_cast<sockaddr*>(&a), sizeof a) == 0;
  ::close(fd);
  return ok;
}

}  // namespace

TEST_GROUP(Links){};

TEST(Links, KernelNames) {
  CHECK(kernel_name("GigabitEthernet0/0").view() == "gi0-0");
  CHECK(kernel_name("GigabitEthernet0/0.4094").view() == "gi0-0.4094");
  CHECK(kernel_name("Loopback2147483647").view() == "lo2147483647");
  CHECK(kernel_name("Vlan10").view() == "vl10");
  for (const char* bad : {"", "0/0", "Gi", "G0", "Gi 0", "Gi0/0/0/0/0/0/0/0/0", "lo;x", "Gi0:1"}) CHECK(kernel_name(bad).empty());
}

TEST(Links, PortsAddressesAndShutdown) {
  isolated([](KernelLinks& l) {
    MUST(l.state("GigabitEthernet0/0").present && !l.state("GigabitEthernet0/0").up);
    MUST(!l.state("GigabitEthernet0/2").present);
    const Links::Address first[] = {{0x0a0d200b, 24}, {0x0a0d200c, 24}};
    MUST(l.set_addresses("GigabitEthernet0/0", first, 2));
    MUST(!reachable(0x0a0d200b));
    MUST(l.set_up("GigabitEthernet0/0", true));
    MUST(l.set_up("GigabitEthernet0/0", true));
    const LinkState s = l.state("GigabitEthernet0/0");
    MUST(s.up && s.carrier && s.mtu == 1500 && (s.mac[0] | s.mac[5]) != 0);
    MUST(reachable(0x0a0d200b) && reachable(0x0a0d200c) && reachable(0x0a0d2001) && !reachable(0x0a0d2101));
    const Links::Address second[] = {{0x0a0d200c, 24}, {0xc0a80101, 30}};
    MUST(l.set_addresses("GigabitEthernet0/0", second, 2));
    MUST(l.set_addresses("GigabitEthernet0/0", second, 2));
    MUST(reachable(0xc0a80102) && reachable(0x0a0d200c));
    // Shut down: the addresses do not answer, and come back.
    MUST(l.set_up("GigabitEthernet0/0", false));
    MUST(!reachable(0x0a0d200c) && !reachable(0xc0a80101));
    MUST(l.set_up("GigabitEthernet0/0", true));
    MUST(reachable(0xc0a80102) && reachable(0x0a0d200c));
    MUST(l.set_addresses("GigabitEthernet0/0", nullptr, 0));
    MUST(!reachable(0x0a0d200c));
    MUST(l.set_mtu("GigabitEthernet0/0", 1400) && l.state("GigabitEthernet0/0").mtu == 1400);
    MUST(l.set_up("GigabitEthernet0/0", false) && !l.state("GigabitEthernet0/0").up);
    MUST(l.set_up("GigabitEthernet0/7", true).error().code == Code::missing);
    MUST(l.set_addresses("Nonsense", second, 1).error().code == Code::invalid);
  });
}

TEST(Links, SubInterfacesAndLoopbacks) {
  isolated([](KernelLinks& l) {
    MUST(l.set_up("GigabitEthernet0/0", true));
    for (int i = 0; i < 2; ++i) MUST(l.add_vlan("GigabitEthernet0/0", "GigabitEthernet0/0.10", 10));
    MUST(l.add_vlan("GigabitEthernet0/0", "GigabitEthernet0/0.10", 11));
    for (int i = 0; i < 2; ++i) MUST(l.add_loopback("Loopback0"));
    const Links::Address a{0x01020304, 32};
    MUST(l.set_addresses("Loopback0", &a, 1));
    MUST(l.set_up("Loopback0", true));
    MUST(l.set_up("GigabitEthernet0/0.10", true));
    MUST(reachable(a.ip));
    MUST(l.add_vlan("GigabitEthernet0/9", "GigabitEthernet0/9.1", 1).error().code == Code::missing);
    for (int i = 0; i < 2; ++i) MUST(l.remove("GigabitEthernet0/0.10"));
    MUST(!l.state("GigabitEthernet0/0.10").present);
    // The next run finds the ports, without addresses, and nothing else.
    auto again = KernelLinks::make(kPorts);
    MUST(again && !(*again)->state("Loopback0").present);
    MUST((*again)->state("GigabitEthernet0/0").present && !(*again)->state("GigabitEthernet0/0").up);
  });
}

TEST(Links, StaticRoutes) {
  isolated([](KernelLinks& l) {
    Links::Route r{0, 0, 0x0a000001, {}, 1};
    MUST(l.add_route(r).error().code == Code::missing);
    const Links::Address a{0x0a000002, 24};
    MUST(l.set_addresses("GigabitEthernet0/1", &a, 1) && l.set_up("GigabitEthernet0/1", true));
    for (int i = 0; i < 2; ++i) MUST(l.add_route(r));
    MUST(reachable(0x08080808));
    for (int i = 0; i < 2; ++i) MUST(l.remove_route(r));
    MUST(!reachable(0x08080808));
    Links::Route connected{0x0b000000, 8, 0, std::string_view("GigabitEthernet0/1"), 5};
    MUST(l.add_route(connected) && reachable(0x0b000001) && l.remove_route(connected) && !reachable(0x0b000001));
    Links::Route hole{0x0a000000, 8, 0, std::string_view("Null0"), 254};
    MUST(l.add_route(hole) && !reachable(0x0a010101) && reachable(0x0a000001) && l.remove_route(hole));
  });
}

TEST(Links, HostModeRemembersAddresses) {
  HostLinks l;
  const Links::Address a[] = {{0x0a000001, 24}, {0x0b000001, 24}};
  CHECK(l.set_addresses("GigabitEthernet0/0", a, 2).error().code == Code::unsupported);
  CHECK(l.is_own(0x0b000001));
  CHECK(l.set_addresses("GigabitEthernet0/0", a, 1).error().code == Code::unsupported);
  CHECK_FALSE(l.is_own(0x0b000001));
  CHECK(l.remove("gigabitethernet0/0").error().code == Code::unsupported);
  CHECK_FALSE(l.is_own(0x0a000001));
  CHECK_FALSE(l.available());
  CHECK(l.state("GigabitEthernet0/0").present);
}
