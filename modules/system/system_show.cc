// show version, clock, processes, memory, inventory, environment (layouts: commands.md 2.7).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/clock_text.h"
#include "modules/system/system.h"
#include "modules/system/system_actions.h"
#include "platform/base/memory.h"
#include "platform/net/link.h"
#include "platform/sched/scheduler.h"

namespace parley::system {
namespace {

void put_span(Writer& out, int64_t seconds) {
  struct Unit { int64_t seconds; const char* name; };
  constexpr Unit kUnits[] = {{31536000, "year"}, {604800, "week"}, {86400, "day"}, {3600, "hour"}, {60, "minute"}};
  bool any = false;
  for (const Unit& u : kUnits) {
    const int64_t n = seconds / u.seconds;
    seconds %= u.seconds;
    if (n == 0 && !(u.seconds == 60 && !any)) continue;
    if (any) out.put(", ");
    out.dec(n).put(' ').put(u.name).put(n == 1 ? "" : "s");
    any = true;
  }
}

void put_percent(Writer& out, uint32_t ppm, unsigned width) {
  char text[16];
  FixedWriter w(text);
  w.dec(ppm / 10000).put('.').dec(ppm / 100 % 100, 2, '0').put('%');
  out.right(w.view(), width);
}

struct Totals {
  uint64_t used = 0, peak = 0, limit = 0;
};

void put_row(Writer& out, std::string_view name, uint64_t limit, uint64_t used, uint64_t peak, uint64_t refused) {
  out.left(name, 24).dec(static_cast<int64_t>(limit), 12).dec(static_cast<int64_t>(used), 12);
  out.dec(static_cast<int64_t>(peak), 12).dec(static_cast<int64_t>(refused), 10).put('\n');
}

void add_arena(void* context, const Arena& a) {
  auto& t = *static_cast<Totals*>(context);
  t.used += a.used();
  t.peak += a.peak();
  t.limit += a.limit();
}

void show_arena(void* context, const Arena& a) {
  put_row(*static_cast<Writer*>(context), a.name(), a.limit(), a.used(), a.peak(), a.refused());
}

void show_pool(void* context, const PoolAccount& p) {
  auto& out = *static_cast<Writer*>(context);
  out.left(p.name(), 24).dec(static_cast<int64_t>(p.block_bytes()), 8).dec(static_cast<int64_t>(p.count()), 8);
  out.dec(static_cast<int64_t>(p.used()), 8).dec(static_cast<int64_t>(p.peak()), 8);
  out.dec(static_cast<int64_t>(p.refused()), 10).put('\n');
}

}  // namespace

void do_show_version(cli::Call& call) {
  System& s = call.module<System>();
  Writer& out = call.out();
  out.put("Parley Software, Version ").put(kVersion).put('\n');
  out.put("Free software under the GNU General Public License, version 3 or later\n\n");
  out.put(s.hostname()).put(" uptime is ");
  put_span(out, s.uptime_seconds());
  out.put("\nSystem returned to ROM by ").put(s.start_reason());
  out.put("\nSystem image file is \"").put(s.image_name()).put("\"\n\n");
  Totals memory;
  each_arena(add_arena, &memory);
  out.dec(static_cast<int64_t>(memory.limit / 1024)).put("K bytes of memory in accounts, ");
  out.dec(static_cast<int64_t>(memory.used / 1024)).put("K used.\n");
  unsigned gigabit = 0;
  for (const char* name : {"GigabitEthernet0/0", "GigabitEthernet0/1", "GigabitEthernet0/2", "GigabitEthernet0/3"}) {
    gigabit += s.env().links.state(name).present ? 1 : 0;
  }
  out.dec(gigabit).put(gigabit == 1 ? " Gigabit Ethernet interface\n" : " Gigabit Ethernet interfaces\n");
  out.put("\nConfiguration register is ").put("0x").hex(s.config_register(), 1, false);
  if (s.next_config_register() != s.config_register()) {
    out.put(" (will be 0x").hex(s.next_config_register(), 1, false).put(" at next reload)");
  }
  out.put('\n');
}

void do_show_clock(cli::Call& call, const OptionArgs& a) {
  System& s = call.module<System>();
  const Clock& clock = s.env().clock;
  Writer& out = call.out();
  if (s.clock_origin() == ClockOrigin::none) out.put('*');
  put_clock(out, clock.wall(), clock.wall_ms(), s.zone());
  out.put('\n');
  if (!a.on) return;   // detail
  switch (s.clock_origin()) {
    case ClockOrigin::none: out.put("No time source\n"); break;
    case ClockOrigin::user: out.put("Time source is user configuration\n"); break;
    case ClockOrigin::hardware: out.put("Time source is hardware calendar\n"); break;
    case ClockOrigin::ntp: out.put("Time source is NTP\n"); break;
  }
}

void do_show_processes_cpu(cli::Call& call, const OptionArgs& a) {
  Scheduler& scheduler = call.module<System>().env().scheduler;
  Writer& out = call.out();
  const Scheduler::Load load = scheduler.load();
  auto whole = [](uint32_t ppm) { return static_cast<int64_t>((ppm + 5000) / 10000); };
  out.put("CPU utilization for five seconds: ").dec(whole(load.five_s_ppm)).put("%/0%; one minute: ");
  out.dec(whole(load.one_min_ppm)).put("%; five minutes: ").dec(whole(load.five_min_ppm)).put("%\n");
  out.put(" PID Runtime(ms)     Invoked      uSecs   5Sec   1Min   5Min Longest(us) TTY Process\n");
  constexpr size_t kMost = 256;
  const Task* tasks[kMost];
  size_t count = 0;
  for (const Task* t = scheduler.first_task(); t != nullptr && count < kMost; t = scheduler.next_task(t)) {
    size_t at = count++;
    while (a.on && at > 0 && tasks[at - 1]->usage().five_s_ppm < t->usage().five_s_ppm) {
      tasks[at] = tasks[at - 1];
      --at;
    }
    tasks[at] = t;
  }
  for (size_t i = 0; i < count; ++i) {
    const Task::Usage& u = tasks[i]->usage();
    const uint64_t average = u.invoked == 0 ? 0 : u.runtime_us / u.invoked;
    out.dec(tasks[i]->id(), 4).dec(static_cast<int64_t>(u.runtime_us / 1000), 12).dec(static_cast<int64_t>(u.invoked), 12);
    out.dec(static_cast<int64_t>(average), 11);
    put_percent(out, u.five_s_ppm, 7);
    put_percent(out, u.one_min_ppm, 7);
    put_percent(out, u.five_min_ppm, 7);
    out.dec(u.longest_us, 12).put("   0 ").put(tasks[i]->name()).put('\n');
  }
}

void do_show_processes_memory(cli::Call& call) {
  Writer& out = call.out();
  Totals t;
  each_arena(add_arena, &t);
  out.put("Total: ").dec(static_cast<int64_t>(t.limit)).put(", Used: ").dec(static_cast<int64_t>(t.used));
  out.put(", Free: ").dec(static_cast<int64_t>(t.limit - t.used)).put('\n');
  out.left("Account", 24).right("Limit(b)", 12).right("Holding(b)", 12).right("Peak(b)", 12).right("Refused", 10).put('\n');
  each_arena(show_arena, &out);
}

void do_show_memory(cli::Call& call) {
  do_show_processes_memory(call);
  Writer& out = call.out();
  out.put('\n').left("Pool", 24).right("Block(b)", 8).right("Count", 8).right("Used", 8).right("Peak", 8);
  out.right("Refused", 10).put('\n');
  each_pool(show_pool, &out);
}

void do_show_inventory(cli::Call& call) {
  Writer& out = call.out();
  out.put("NAME: \"chassis\", DESCR: \"Parley router\"\n");
  out.put("PID: PARLEY            , VID: V01, SN: ").put(call.module<System>().serial_number()).put('\n');
}

void do_show_environment(cli::Call& call) {
  call.out().put("This board has no environmental monitors\n");
}

void do_show_users(cli::Call& call) {
  Writer& out = call.out();
  out.put("    Line       User       Host(s)              Idle       Location\n");
  const std::string_view line = call.console->line_name();   // "con0", "vty12"
  size_t digits = 0;
  while (digits < line.size() && (line[digits] < '0' || line[digits] > '9')) ++digits;
  uint64_t number = 0;
  (void)parse_dec(line.substr(digits), 9999, number);
  char text[24];
  FixedWriter name(text);
  name.put(line.substr(0, digits)).put(' ').put(line.substr(digits));
  const uint64_t before = starts_nocase(line, "vty") ? 2 : starts_nocase(line, "aux") ? 1 : 0;   // lines in front: con 0, aux 0
  out.put('*').dec(static_cast<int64_t>(before + number), 3).put(' ').left(name.view(), 11).left(call.console->user(), 11);
  out.left("idle", 21).put("00:00:00\n");
}

void do_clear_lockout(cli::Call& call, const LockoutArgs& a) {
  Accounts& accounts = call.module<System>().accounts();
  if (!accounts.unlock(a.all != 0 ? std::string_view() : a.user.view()) && a.all == 0) {
    call.out().put("% User ").put(a.user).put(" is not locked out\n");
  }
}

}  // namespace parley::system
