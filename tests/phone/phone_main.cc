// Phones as a program of their own: boots one phone, or a swarm, against any router, and prints one line a step.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// usage: phone --server A.B.C.D --mac 001122334455 [--home DIR] [--from A.B.C.D] [--legacy] [--auth-string DIGITS] [--mic FILE]
//              [--stay SECONDS] [--time SECONDS]
//        phone --server A.B.C.D --swarm N --at-once M [--mac FIRST] [--from FIRST] [--legacy] [--rounds R]
//
// --mic: certificate of the maker and its key, PEM. --stay: keeps the connection to the call manager so long, and obeys resets.
// --home keeps key, certificate and lists between calls; without it the phone comes from the factory each time. --time: what the
// time is for the phone (since 1970, UTC). A swarm counts MAC and address upwards from the first, boots all phones R times, and
// prints one line for each round. Exit status 0: no step failed.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "modules/test-phone/phone.h"
#include "modules/test-phone/phone_store.h"
#include "platform/posix/clock.h"
#include "platform/posix/jobs.h"
#include "platform/posix/net.h"
#include "platform/posix/random.h"
#include "platform/posix/store.h"
#include "platform/tls/make_tls.h"

using namespace parley;
using namespace parley::test_phone;

namespace {

struct Options {
  uint32_t server = 0, from = 0;
  uint64_t mac = 0x001122334455;
  const char* home = nullptr;
  const char* mic = nullptr;
  bool legacy = false;
  UnixTime time = 0;             // 0: the machine's own
  std::string auth_string;
  unsigned stay_s = 0;
  size_t swarm = 0, at_once = 64, rounds = 1;
};

bool parse(int argc, char** argv, Options& o) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--legacy") {
      o.legacy = true;
      continue;
    }
    if (i + 1 == argc) return false;
    const char* value = argv[++i];
    if (word == "--server") { if (!parse_ipv4(value, o.server)) return false; }
    else if (word == "--from") { if (!parse_ipv4(value, o.from)) return false; }
    else if (word == "--mac") o.mac = std::strtoull(value, nullptr, 16);
    else if (word == "--home") o.home = value;
    else if (word == "--mic") o.mic = value;
    else if (word == "--time") o.time = std::strtoll(value, nullptr, 10);
    else if (word == "--auth-string") o.auth_string = value;
    else if (word == "--stay") o.stay_s = static_cast<unsigned>(std::strtoul(value, nullptr, 10));
    else if (word == "--swarm") o.swarm = std::strtoul(value, nullptr, 10);
    else if (word == "--at-once") o.at_once = std::strtoul(value, nullptr, 10);
    else if (word == "--rounds") o.rounds = std::strtoul(value, nullptr, 10);
    else return false;
  }
  return o.server != 0 && o.at_once > 0;
}

std::string device_name(uint64_t mac) {
  char text[24];
  std::snprintf(text, sizeof text, "SEP%012llX", static_cast<unsigned long long>(mac));
  return text;
}

PhonePlan plan_of(const Options& o, size_t n) {
  PhonePlan p;
  p.device = std::string_view(device_name(o.mac + n));
  p.server = o.server;
  p.from_ip = o.from == 0 ? 0 : o.from + static_cast<uint32_t>(n);
  p.old = o.legacy;
  p.stays = o.stay_s > 0;
  p.auth_string = std::string_view(o.auth_string);
  return p;
}

// What phones stand on: the sockets of this network namespace as they are, and threads.
struct Host {
  posix::PosixClock clock;
  posix::PosixRandom random;
  std::unique_ptr<posix::Poller> poller;
  std::unique_ptr<posix::FolderStore> store;   // with --home
  std::unique_ptr<posix::PosixNet> net;
  std::unique_ptr<posix::ThreadJobs> jobs;
  Status open(const Options& o) {
    if (o.time != 0) clock.set_wall(o.time);
    TRY_ASSIGN(poller, posix::Poller::make());
    if (o.home != nullptr) {
      TRY_ASSIGN(store, posix::FolderStore::open_at(o.home));
    }
    net = std::make_unique<posix::PosixNet>(*poller, size_t{4096});
    TRY_ASSIGN(jobs, posix::ThreadJobs::make(2, 4096));
    return {};
  }
};

// ---- one phone

constexpr std::chrono::minutes kLongestBoot{10};   // each step has a limit of its own

constexpr std::string_view kCtl = "flash:CTLFile.tlv", kItl = "flash:ITLFile.tlv", kLsc = "flash:LSC.der", kSlot = "flash:slot";

void load(Store& store, KeyStore& keys, std::string_view device, PhoneFlash& flash) {
  auto read = [&store](std::string_view name, Blob& to) {
    if (auto file = store.read(name, kMaxFile)) to = std::move(*file);
  };
  Blob slot;
  read(kCtl, flash.trust.ctl);
  read(kItl, flash.trust.itl);
  read(kLsc, flash.lsc);
  read(kSlot, slot);
  flash.slot = slot.text() == "b" ? 1 : 0;
  char label[64];
  FixedWriter name(label);
  name.put(device).put(flash.slot == 0 ? " LSC a" : " LSC b");
  flash.key = keys.find(name.view());
  if (!flash.key) flash.lsc.clear();
}

bool save(Store& store, const PhoneFlash& flash) {
  bool good = true;
  const auto put = [&](std::string_view name, Bytes content) {
    if (content.empty()) (void)store.remove(name);
    else good = store.write(name, content).has_value() && good;
  };
  put(kCtl, flash.trust.ctl.view());
  put(kItl, flash.trust.itl.view());
  put(kLsc, flash.lsc.view());
  put(kSlot, as_bytes(flash.slot == 0 ? "a" : "b"));
  return good;
}

// What the phone holds is kept after each step: a phone may be switched off at any time.
struct Printer final : PhoneWatcher {
  Printer(Store& s, const PhoneFlash& f) : store(s), flash(f) {}
  Store& store;
  const PhoneFlash& flash;
  bool saved = true;
  void step_ended(Step step, const Status& result, std::string_view note) override {
    std::printf("%s  %s%s", step_name(step), result ? "ok" : "FAILED: ", result ? "" : result.error().what);
    if (!note.empty()) std::printf(" (%.*s)", static_cast<int>(note.size()), note.data());
    std::printf("\n");
    std::fflush(stdout);
    saved = save(store, flash);
  }
};

// Fault: no file, or no certificate and key in it.
Status load_mic(const char* file, KeyStore& keys, PhonePlan& plan) {
  std::string pem;
  if (std::FILE* f = std::fopen(file, "rb")) {
    char chunk[4096];
    for (size_t n; (n = std::fread(chunk, 1, sizeof chunk, f)) > 0;) pem.append(chunk, n);
    std::fclose(f);
  }
  const std::string begin = "-----BEGIN CERTIFICATE-----", end = "-----END CERTIFICATE-----";
  const size_t from = pem.find(begin), to = pem.find(end), key = pem.find("-----BEGIN PRIVATE KEY-----");
  if (from == std::string::npos || to == std::string::npos || key == std::string::npos) return Fault{Code::invalid, "no certificate and key in the file", 0};
  TRY_ASSIGN(plan.mic, base64_decode(std::string_view(pem).substr(from + begin.size(), to - from - begin.size()), 16384));
  plan.mic_key = keys.find("MIC");
  if (plan.mic_key) return {};
  TRY_ASSIGN(plan.mic_key, keys.import_key("MIC", as_bytes(std::string_view(pem).substr(key)), {}, false));
  return {};
}

int one_phone(Host& host, const Options& o) {
  PhoneStore memory;
  Store& store = o.home != nullptr ? *host.store : static_cast<Store&>(memory);
  Scheduler scheduler(host.clock, *host.poller);
  const std::unique_ptr<KeyStore> keys = make_key_store(store, host.random, host.clock);
  if (const Status s = keys->load(); !s) {
    std::fprintf(stderr, "phone: %s\n", s.error().what);
    return 2;
  }
  const std::unique_ptr<Tls> tls = make_tls(scheduler, *host.jobs, *keys, host.clock);
  PhonePlan plan = plan_of(o, 0);
  if (const Status mic = o.mic == nullptr ? Status{} : load_mic(o.mic, *keys, plan); !mic) {
    std::fprintf(stderr, "phone: %s\n", mic.error().what);
    return 2;
  }
  PhoneFlash flash;
  load(store, *keys, plan.device, flash);
  crypto_thread_allowed(false);
  Printer printer(store, flash);
  Phone phone({scheduler, *host.net, *host.jobs, *tls, *keys, host.clock}, plan, flash, printer);
  phone.boot();
  const Monotonic end = host.clock.now() + std::chrono::seconds(o.stay_s);
  const Monotonic longest = host.clock.now() + kLongestBoot;
  while (!phone.over() && (o.stay_s == 0 || host.clock.now() < end)) {
    (void)scheduler.run_once(Millis(1000));
    if (o.stay_s != 0 || host.clock.now() < longest) continue;
    std::fprintf(stderr, "phone: the boot does not come to an end\n");
    return 2;
  }
  if (!printer.saved) return 2;
  return (phone.over() || o.stay_s > 0) && phone.failures() == 0 ? 0 : 1;
}

// ---- swarm

struct Member final : PhoneWatcher {
  PhoneFlash flash;
  std::unique_ptr<Phone> phone;
  std::string trouble;
  void step_ended(Step step, const Status& result, std::string_view note) override {
    if (result || !trouble.empty()) return;
    trouble = std::string(step_name(step)) + ": " + result.error().what + " " + std::string(note);
  }
};

// Boots all phones once, `at_once` at the same time; true: all came up.
bool round(Scheduler& scheduler, const PhoneParts& parts, const Options& o, std::vector<std::unique_ptr<Member>>& members, size_t number) {
  const Monotonic begin = parts.clock.now();
  const std::clock_t cpu = std::clock();   // of all threads
  size_t started = 0, running = 0, good = 0;
  std::string first_trouble;
  std::vector<size_t> active;
  for (auto& m : members) m->trouble.clear();
  while (started < members.size() || running > 0) {
    for (; running < o.at_once && started < members.size(); ++started, ++running) {
      Member& m = *members[started];
      m.phone = std::make_unique<Phone>(parts, plan_of(o, started), m.flash, m);
      m.phone->boot();
      active.push_back(started);
    }
    (void)scheduler.run_once(Millis(100));
    for (size_t i = active.size(); i-- > 0;) {
      Member& m = *members[active[i]];
      if (!m.phone->over()) continue;
      good += m.trouble.empty();
      if (!m.trouble.empty() && first_trouble.empty()) first_trouble = device_name(o.mac + active[i]) + " " + m.trouble;
      m.phone.reset();
      active[i] = active.back();
      active.pop_back();
      --running;
    }
  }
  const double wall = static_cast<double>((parts.clock.now() - begin).count()) / 1e6;
  std::printf("round %zu: %zu phones, %zu came up, %.3f s, %.3f s of CPU\n", number, members.size(), good, wall,
              static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC);
  if (!first_trouble.empty()) std::printf("first trouble: %s\n", first_trouble.c_str());
  std::fflush(stdout);
  return good == members.size();
}

int swarm(Host& host, const Options& o) {
  PhoneStore store;
  Scheduler scheduler(host.clock, *host.poller);
  const std::unique_ptr<KeyStore> keys = make_key_store(store, host.random, host.clock);
  if (!keys->load()) return 2;
  TlsLimits limits;
  limits.handshakes = o.at_once + 8;
  const std::unique_ptr<Tls> tls = make_tls(scheduler, *host.jobs, *keys, host.clock, limits);
  crypto_thread_allowed(false);
  const PhoneParts parts{scheduler, *host.net, *host.jobs, *tls, *keys, host.clock};
  std::vector<std::unique_ptr<Member>> members;
  for (size_t i = 0; i < o.swarm; ++i) members.push_back(std::make_unique<Member>());
  bool good = true;
  for (size_t r = 1; r <= o.rounds; ++r) good = round(scheduler, parts, o, members, r) && good;
  members.clear();
  return good ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options o;
  if (!parse(argc, argv, o)) {
    std::fprintf(stderr, "usage: phone --server A.B.C.D --mac HEX [--home DIR] [--from A.B.C.D] [--legacy] [--auth-string DIGITS] [--mic FILE]\n"
                         "             [--stay SECONDS] [--time SECONDS]\n"
                         "       phone --server A.B.C.D --swarm N [--at-once M] [--rounds R] [--mac FIRST] [--from FIRST] [--legacy]\n");
    return 2;
  }
  Host host;
  if (const Status s = host.open(o); !s) {
    std::fprintf(stderr, "phone: %s\n", s.error().what);
    return 2;
  }
  return o.swarm > 0 ? swarm(host, o) : one_phone(host, o);
}
