// What an operator can set for the system: names, users, lines, messages, time; initialisers are the defaults.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "cli/row.h"

namespace parley::system {

// In the order of the syntax: debugging is the default of console and buffer.
enum class Level : uint8_t { emergencies, alerts, critical, errors, warnings, notifications, informational, debugging };
enum class Facility : uint8_t {
  auth, cron, daemon, kern, local0, local1, local2, local3, local4, local5, local6, local7, lpr, mail, news, syslog, user, uucp,
};
enum class UserSecret : uint8_t { password, secret, none };
enum class SummerTime : uint8_t { recurring, date };
enum class LineType : uint8_t { console, aux, vty };
enum class Transport : uint8_t { all, none, ssh, telnet };

struct User {
  uint32_t id = 0;
  Text<63> name;
  uint8_t privilege = 1;
  UserSecret kind = UserSecret::password;
  cli::Password password;
  cli::Password secret;
};
struct LogHost {
  uint32_t id = 0;
  cli::Ipv4 address;
};
struct MethodList {                    // aaa authentication login, aaa authorization exec
  uint32_t id = 0;
  Text<63> name;
  Text<63> methods;                    // "local none"
};
struct Alias {
  uint32_t id = 0;
  Text<31> name;
  Text<127> line;
};
struct BootImage {
  uint32_t id = 0;
  Text<127> url;
};
struct StoredBlock {                   // block whose body is kept as text
  uint32_t id = 0;
};
struct NamedBlock {
  uint32_t id = 0;
  Text<63> name;
};
struct ArchiveSettings {
  uint32_t id = 0;
  Text<127> path;
  uint8_t maximum = 10;                // copies
  bool write_memory = false;
  uint32_t period_min = 0;             // 0: never by time
};

struct LineConfig {
  uint32_t id = 0;
  LineType type = LineType::console;
  uint8_t first = 0;
  uint8_t last = 0;
  Text<63> access_class;
  uint8_t access_direction = 0;        // 0 in, 1 out
  uint32_t timeout_min = 10;           // exec-timeout
  uint32_t timeout_s = 0;
  uint8_t privilege = 1;
  cli::Password password;
  bool synchronous = false;
  uint8_t synchronous_level_kind = 0;  // 0 number, 1 all
  uint8_t synchronous_level = 2;
  uint32_t synchronous_limit = 20;     // messages
  bool login = false;
  uint8_t login_kind = 0;              // 0 password of the line, 1 local users, 2 the list below
  Text<63> login_list;
  uint16_t length = 24;                // rows of the terminal
  uint16_t width = 80;
  uint16_t history = 10;               // lines
  cli::Several<Transport, 4> transport;
};

struct SystemConfig {
  uint32_t id = 0;
  Text<63> version;                    // typed version: read and forgotten
  bool debug_stamps_on = true;
  uint8_t debug_form = 0;              // service timestamps: 0 usual (datetime msec), 1 datetime, 2 uptime
  bool debug_msec = false;
  bool debug_localtime = false;
  bool debug_zone = false;
  bool debug_year = false;
  bool log_stamps_on = true;
  uint8_t log_form = 0;
  bool log_msec = false;
  bool log_localtime = false;
  bool log_zone = false;
  bool log_year = false;
  bool password_encryption = false;
  bool store_unknown = false;
  Text<63> hostname{"Router"};
  cli::Table<BootImage> boot_images;
  bool buffered = true;
  uint32_t buffer_bytes = 4096;
  Level buffer_level = Level::debugging;
  uint8_t rate_scope = 0;              // 0 console by default, 1 all, 2 console
  uint16_t rate_per_s = 10;
  uint8_t rate_except = 0;             // 0 nothing, else Level + 1: these and worse are not limited
  bool console = true;
  Level console_level = Level::debugging;
  bool monitor = true;
  Level monitor_level = Level::debugging;
  bool trap = true;
  Level trap_level = Level::informational;
  bool logging = true;
  Facility facility = Facility::local7;
  cli::Interface log_source;
  cli::Table<LogHost> log_hosts;
  cli::Password enable_secret;
  uint8_t enable_password_level = 15;
  cli::Password enable_password;
  uint8_t min_length = 0;              // of local passwords
  uint32_t block_s = 0;                // login block-for
  uint32_t block_attempts = 0;
  uint32_t block_within_s = 0;
  uint8_t login_delay_s = 0;
  bool log_failures = false;
  bool log_logins = false;
  Text<63> quiet_access;
  bool aaa = false;                    // aaa new-model
  cli::Table<MethodList> login_methods;
  cli::Table<MethodList> exec_methods;
  uint16_t max_fail = 0;
  bool session_id_set = false;
  uint8_t session_id = 0;              // 0 common, 1 unique
  StoredBlock resource_policy;
  Text<32> zone{"UTC"};
  int8_t zone_hours = 0;
  uint8_t zone_minutes = 0;
  bool summer_set = false;
  Text<31> summer_zone;
  SummerTime summer_kind = SummerTime::recurring;
  Text<95> summer_rule;                // empty: rule of the United States
  bool aes = false;                    // password encryption aes
  cli::Table<User> users;
  ArchiveSettings archive;
  StoredBlock redundancy;
  StoredBlock control_plane;
  cli::Table<NamedBlock> webvpn_contexts;
  cli::Table<Alias> aliases;
  cli::Kept banner_motd;
  cli::Kept banner_login;
  cli::Kept banner_exec;
  cli::Kept banner_incoming;
  cli::Table<LineConfig> lines;
};

bool check_archive(Instance&, const ArchiveSettings& old, const ArchiveSettings& now, Writer& text);

// The rows of each file of this module.
extern const cli::Row kLoggingRows[5];
extern const cli::Row kLogHostRows[6];
extern const cli::Row kEnableRows[4];
extern const cli::Row kAaaRows[5];
extern const cli::Row kAccountingRows[1];
extern const cli::Row kSessionRows[1];
extern const cli::Row kLoginRows[5];
extern const cli::Row kUserRows[1];
extern const cli::Row kGatewayAccountingRows[1];
extern const cli::Row kRadiusRows[6];
extern const cli::Row kLineRows[1];
extern const cli::Section kSections[31];
extern const cli::Gloss kGloss[130];

}  // namespace parley::system
