// From `logging ...` lines to the log: levels, stamps, limits, syslog hosts.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/system/clock_text.h"
#include "modules/system/system_config.h"
#include "platform/log/log_core.h"
#include "platform/net/net.h"

namespace parley::system {

class System;

// One syslog host (RFC 3164 over UDP 514). What cannot be sent is lost, as syslog is.
class SyslogSink final : public LogSink {
 public:
  SyslogSink(Net& net, Task& owner, uint32_t host, Facility facility);
  void deliver(const LogLine& line) override;
  uint32_t host() const { return host_; }

 private:
  std::unique_ptr<Datagram> socket_;
  uint32_t host_;
  Facility facility_;
  uint32_t sent_ = 0;
};

class Logging final {
 public:
  explicit Logging(System& system);
  ~Logging();
  void apply(const SystemConfig& config, const Zone& zone);
  LogCore* core() { return core_; }

 private:
  static constexpr size_t kMaxHosts = 8;
  class Owner;
  void set_stamps(const SystemConfig& c);
  void set_hosts(const SystemConfig& c);
  System& system_;
  LogCore* core_;
  std::unique_ptr<Owner> owner_;                       // of the sockets
  std::unique_ptr<SyslogSink> hosts_[kMaxHosts];
  Facility facility_ = Facility::local7;
};

}  // namespace parley::system
