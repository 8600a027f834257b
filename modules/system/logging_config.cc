// Command rows of messages: where they go and how many.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/system_config.h"

namespace parley::system {

using namespace parley::cli;
using S = SystemConfig;

// A level may be typed as a number; it is written by its name.
#define LEVELS "emergencies=0|alerts=1|critical=2|errors=3|warnings=4|notifications=5|informational=6|debugging=7"
#define EXCEPT_LEVELS                                                                                                  \
  "except emergencies=0|except alerts=1|except critical=2|except errors=3|except warnings=4|except notifications=5|" \
  "except informational=6|except debugging=7"

constexpr Row kLoggingRows[] = {
    store("logging queue-limit <0-65535>", "Messages that may wait"),                                   // 000:2033
    flag("logging buffered (<4096-2147483647>) ({" LEVELS "})", "Messages in memory", &S::buffered, &S::buffer_bytes,
         &S::buffer_level),                                                                             // 000:2034
    value("logging rate-limit [all|console] <1-10000> [" EXCEPT_LEVELS "]", "Messages per second", &S::rate_scope,
          &S::rate_per_s, &S::rate_except),                                                             // 000:2035
    flag("logging console ({" LEVELS "})", "Messages on the console", &S::console, &S::console_level),  // 000:2036
    flag("logging monitor ({" LEVELS "})", "Messages on terminals", &S::monitor, &S::monitor_level),
};

constexpr Row kLogHostRows[] = {
    flag("logging on", "Messages at all", &S::logging),
    flag("logging trap ({" LEVELS "})", "Messages to servers", &S::trap, &S::trap_level),
    value("logging facility {auth|cron|daemon|kern|local0|local1|local2|local3|local4|local5|local6|local7|lpr|mail|news|"
          "syslog|user|uucp}",
          "Facility of messages to servers", &S::facility),
    value("logging source-interface IFNAME", "Address that messages come from", &S::log_source),
    list("logging [~host] A.B.C.D", "Server that takes messages", &S::log_hosts, &LogHost::address),
    stores("logging {origin-id|history|userinfo|count|discriminator|exception|snmp-authfail} [LINE]", "Form of messages"),
};

}  // namespace parley::system
