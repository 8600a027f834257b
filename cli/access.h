// What a session asks of the rest of the router: who may come in, how the line is set, who we are. Implemented by system.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "cli/command.h"
#include "platform/base/bytes.h"
#include "platform/base/time.h"

namespace parley::cli {

class Session;

// `line con 0`, `line vty 0 4`. length, width, history and privilege count when a session begins (`terminal ...` changes them for
// the session), the others at once.
struct LineSettings {
  uint16_t length = 24;           // 0: no paging
  uint16_t width = 80;            // 0: lines are never cut
  uint16_t history = 10;
  uint8_t privilege = 1;          // `privilege level` of the line
  bool logging_synchronous = false;
  Seconds exec_timeout{0};        // 0: never
};

enum class LoginKind : uint8_t {
  none,            // `no login`
  password,        // `login` and `password P`
  local,           // `login local`: user and password
  aaa,             // the same with `aaa new-model`: other text when it fails
  aaa_password,    // a list of `aaa new-model` whose method asks for no user: enable, line
  no_password,     // `login` without a password: refused on a vty, let in on the console
};

enum class EnableKind : uint8_t { none, secret, password };   // none: nothing configured

// One check of a password. Hashes take their time: it runs as a job of the session's task, which is woken at the end.
class AccessCheck {
 public:
  enum class Answer : uint8_t { pending, granted, refused };
  virtual ~AccessCheck() = default;                            // cancels the job
  virtual Answer poll() = 0;
  virtual uint8_t privilege() const = 0;                       // after granted
};

class AccessRules {
 public:
  virtual ~AccessRules() = default;
  virtual LineSettings line(std::string_view line_name) const = 0;        // "con0", "vty3"
  virtual LoginKind login(std::string_view line_name) const = 0;
  virtual EnableKind enable(uint8_t level) const = 0;
  // user is empty for LoginKind::password. nullptr: too busy to check, counts as refused.
  virtual std::unique_ptr<AccessCheck> check_login(Task& owner, std::string_view line_name, std::string_view user, std::string_view password) = 0;
  virtual std::unique_ptr<AccessCheck> check_enable(Task& owner, uint8_t level, std::string_view password) = 0;
};

enum class Banner : uint8_t { motd, login, exec, incoming };

class SessionHost {
 public:
  virtual ~SessionHost() = default;
  virtual std::string_view hostname() const = 0;
  virtual bool domain_lookup() const = 0;
  virtual std::string_view alias(std::string_view word) const { (void)word; return {}; }   // `alias exec`; empty: none
  virtual void banner(Banner which, Writer& out) { (void)which; (void)out; }   // complete lines; nothing when not configured
  virtual void configured(const Console& by) { (void)by; }                 // left configuration mode: %SYS-5-CONFIG_I
  // `| redirect`, `| tee`, `| append`: writes the text to a file, prints what went wrong. nullptr: no such file system.
  virtual std::unique_ptr<Dialogue> save_output(std::string_view url, bool append, Blob text) = 0;
  // TAB behind `copy`, `more`, `delete`, `dir`: the rest of the one file name that begins so. False: none or several.
  virtual bool complete_file(std::string_view beginning, Writer& rest) { (void)beginning; (void)rest; return false; }
  virtual void closed(Session& session) { (void)session; }                 // a vty session ended; not called on the console
};

}  // namespace parley::cli
