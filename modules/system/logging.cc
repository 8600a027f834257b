// From `logging ...` lines to the log.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/logging.h"

#include "modules/system/log_control.h"
#include "modules/system/system.h"
#include "modules/system/system_actions.h"

namespace parley::system {
namespace {

constexpr uint16_t kSyslogPort = 514;   // RFC 3164 2
// Facility numbers of RFC 3164 4.1.1 in the order of the enumerators.
constexpr uint8_t kFacilityNumber[] = {4, 9, 3, 0, 16, 17, 18, 19, 20, 21, 22, 23, 6, 2, 7, 5, 1, 8};
constexpr const char* kLevelNames[] = {"emergencies", "alerts", "critical", "errors",
                                       "warnings", "notifications", "informational", "debugging"};

int level(bool on, Level l) { return on ? static_cast<int>(l) : LogCore::kOff; }

LogStamp stamp(bool on, uint8_t form, bool msec, bool local, bool zone, bool year) {
  LogStamp s;
  s.kind = !on ? LogStamp::Kind::none : form == 2 ? LogStamp::Kind::uptime : LogStamp::Kind::datetime;
  s.msec = form == 0 || msec;
  s.localtime = local;
  s.show_timezone = zone;
  s.year = year;
  return s;
}

void put_target(Writer& out, const LogCore& core, const LogCore::Counters& counters, const char* name, LogTarget target) {
  out.put("    ").put(name).put(" logging: ");
  const int l = core.level(target);
  if (l == LogCore::kOff) out.put("disabled\n");
  else out.put("level ").put(kLevelNames[l]).put(", ").dec(static_cast<int64_t>(counters.logged[static_cast<size_t>(target)])).put(" messages logged\n");
}

LogCore* core_of(cli::Call& call) {
  LogControl* control = call.module<System>().env().services.find<LogControl>();
  return control == nullptr ? nullptr : &control->core;
}

}  // namespace

class Logging::Owner final : public Task {
 public:
  explicit Owner(Scheduler& s) : Task(s, "Syslog") {}
  Poll step() override { return Poll::pending; }
};

SyslogSink::SyslogSink(Net& net, Task& owner, uint32_t host, Facility facility) : host_(host), facility_(facility) {
  auto socket = net.bind(owner, Endpoint{});
  if (socket) socket_ = std::move(*socket);
}

void SyslogSink::deliver(const LogLine& line) {
  if (socket_ == nullptr) return;
  char text[512];
  FixedWriter w(text);
  w.put('<').dec(kFacilityNumber[static_cast<size_t>(facility_)] * 8 + line.severity).put('>').dec(++sent_).put(": ").put(line.text);
  (void)socket_->send(Endpoint{host_, kSyslogPort}, as_bytes(w.view()));
}

Logging::Logging(System& system) : system_(system), core_(nullptr) {
  if (LogControl* control = system.env().services.find<LogControl>()) core_ = &control->core;
  owner_ = std::make_unique<Owner>(system.env().scheduler);
}

Logging::~Logging() {
  for (auto& h : hosts_) {
    if (h != nullptr && core_ != nullptr) core_->remove_sink(*h);
  }
}

void Logging::set_stamps(const SystemConfig& c) {
  core_->set_stamp(stamp(c.log_stamps_on, c.log_form, c.log_msec, c.log_localtime, c.log_zone, c.log_year),
                   stamp(c.debug_stamps_on, c.debug_form, c.debug_msec, c.debug_localtime, c.debug_zone, c.debug_year));
}

void Logging::set_hosts(const SystemConfig& c) {
  for (size_t i = 0; i < kMaxHosts; ++i) {
    const uint32_t wanted = i < c.log_hosts.size() ? c.log_hosts[i].address.host_order : 0;
    if (hosts_[i] != nullptr && hosts_[i]->host() == wanted && facility_ == c.facility) continue;
    if (hosts_[i] != nullptr) core_->remove_sink(*hosts_[i]);
    hosts_[i].reset();
    if (wanted == 0) continue;
    hosts_[i] = std::make_unique<SyslogSink>(system_.env().net, *owner_, wanted, c.facility);
    core_->add_sink(LogTarget::trap, *hosts_[i]);
  }
  facility_ = c.facility;
}

void Logging::apply(const SystemConfig& c, const Zone& zone) {
  if (core_ == nullptr) return;
  core_->set_enabled(c.logging);
  core_->set_level(LogTarget::console, level(c.console, c.console_level));
  core_->set_level(LogTarget::monitor, level(c.monitor, c.monitor_level));
  core_->set_level(LogTarget::buffer, level(c.buffered, c.buffer_level));
  core_->set_level(LogTarget::trap, level(c.trap, c.trap_level));
  core_->set_buffer_limit(c.buffered ? c.buffer_bytes : 0);
  LogRateLimit limit;
  limit.per_second = c.rate_per_s;
  limit.console_only = c.rate_scope != 1;
  limit.debug_too = c.rate_scope == 1;
  limit.except = c.rate_except == 0 ? -1 : c.rate_except - 1;
  core_->set_rate_limit(limit);
  LogZone z;
  (void)z.name.set(zone.name.view().substr(0, 7));
  z.offset_s = zone.offset_min * 60;
  core_->set_zone(z);
  core_->set_clock_mark(system_.clock_valid() ? "" : "*");
  set_stamps(c);
  set_hosts(c);
}

void do_show_logging(cli::Call& call) {
  LogCore* core = core_of(call);
  if (core == nullptr) return;
  const LogCore::Counters n = core->counters();
  Writer& out = call.out();
  const SystemConfig& c = call.module<System>().settings();
  out.put("Syslog logging: ").put(c.logging ? "enabled" : "disabled").put(" (").dec(static_cast<int64_t>(n.dropped));
  out.put(" messages dropped, ").dec(static_cast<int64_t>(n.rate_limited)).put(" messages rate-limited,\n                ");
  out.dec(static_cast<int64_t>(n.flushes)).put(" flushes, ").dec(static_cast<int64_t>(n.overruns));
  out.put(" overruns, xml disabled, filtering disabled)\n");
  put_target(out, *core, n, "Console", LogTarget::console);
  put_target(out, *core, n, "Monitor", LogTarget::monitor);
  put_target(out, *core, n, "Buffer", LogTarget::buffer);
  put_target(out, *core, n, "Trap", LogTarget::trap);
  for (const LogHost& h : c.log_hosts) out.put("        Logging to ").ipv4(h.address).put(" (udp port 514)\n");
  out.put("\nLog Buffer (").dec(static_cast<int64_t>(core->buffer_limit())).put(" bytes):\n\n");
  core->each_buffered([](void* to, std::string_view line) { static_cast<Writer*>(to)->put(line).put('\n'); }, &out);
}

void do_clear_logging(cli::Call& call) {
  if (LogCore* core = core_of(call)) core->clear_buffer();
}

void do_show_debugging(cli::Call& call) {
  LogCore* core = core_of(call);
  if (core == nullptr) return;
  core->each_debug([](void* to, std::string_view subject) {
    static_cast<Writer*>(to)->put(subject).put(" debugging is on\n");
  }, &call.out());
}

void do_undebug_all(cli::Call& call) {
  if (LogCore* core = core_of(call)) core->undebug_all();
  call.out().put("All possible debugging has been turned off\n");
}

void do_show_line(cli::Call& call) {
  Writer& out = call.out();
  out.put("   Tty Typ     Tx/Rx    A Modem  Roty AccO AccI   Uses   Noise  Overruns   Int\n");
  out.put("*    0 CTY              -    -      -    -    -      1       0     0/0       -\n");
}

void do_show_aliases(cli::Call& call) {
  const auto& aliases = call.module<System>().settings().aliases;
  if (aliases.empty()) return;
  call.out().put("Exec mode aliases:\n");
  for (const Alias& a : aliases) call.out().put("  ").left(a.name, 22).put(a.line).put('\n');
}

}  // namespace parley::system
