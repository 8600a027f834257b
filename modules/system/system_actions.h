// EXEC commands of the system module: arguments and functions. The rows are in system_exec.cc.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/row.h"
#include "platform/base/text.h"

namespace parley::system {

using Url = Text<160>;

struct UrlArgs {
  bool option = false;   // dir /all, delete /force, verify /md5
  Url url;
};
struct TwoUrlArgs {
  Url from;
  Url to;
};

// system_files.cc
void do_dir(cli::Call& call, const UrlArgs& a);
void do_show_flash(cli::Call& call);
void do_show_file_systems(cli::Call& call);
void do_pwd(cli::Call& call);
void do_cd(cli::Call& call, const UrlArgs& a);
void do_more(cli::Call& call, const UrlArgs& a);
void do_verify(cli::Call& call, const UrlArgs& a);
void do_delete(cli::Call& call, const UrlArgs& a);
void do_mkdir(cli::Call& call, const UrlArgs& a);
void do_rmdir(cli::Call& call, const UrlArgs& a);
void do_rename(cli::Call& call, const TwoUrlArgs& a);
void do_squeeze(cli::Call& call, const UrlArgs& a);

struct OptionArgs {
  bool on = false;         // show clock detail, processes cpu sorted, write memory
};
struct ChoiceArgs {
  uint8_t what = 0;
};

// system_configuration.cc: copies of the configuration
struct CopyArgs {
  uint8_t from_kind = 0;   // 0 running-config, 1 startup-config, 2 URL
  Url from;
  uint8_t to_kind = 0;
  Url to;
};
struct ShowRunArgs {
  uint8_t what = 0;        // 0 whole, 1 all, 2 interface
  cli::Interface interface;
};
struct ReloadArgs {
  uint8_t when = 0;        // 0 now, 1 in, 2 at, 3 cancel
  Text<16> time;
  uint16_t at = 0;         // minute of the day
};
void do_write(cli::Call& call, const OptionArgs& a);
void do_write_terminal(cli::Call& call);
void do_erase(cli::Call& call);
void do_erase_one(cli::Call& call, const ChoiceArgs& a);
void do_show_running(cli::Call& call, const ShowRunArgs& a);
void do_show_startup(cli::Call& call);
void do_copy(cli::Call& call, const CopyArgs& a);
void do_configure_memory(cli::Call& call);
void do_reload(cli::Call& call, const ReloadArgs& a);

// replace_dialogues.cc
struct ReplaceArgs {
  Url url;
  uint8_t minutes = 0;     // 0: for good
};
void do_configure_check(cli::Call& call, const UrlArgs& a);
void do_configure_replace(cli::Call& call, const ReplaceArgs& a);
void do_configure_confirm(cli::Call& call);
void do_configure_revert(cli::Call& call);
void do_configure_exclusive(cli::Call& call);

// archive.cc, archive_diff.cc
void do_archive_config(cli::Call& call);
void do_show_archive(cli::Call& call);
void do_show_differences(cli::Call& call, const TwoUrlArgs& a);

// tech_support.cc
void do_show_tech(cli::Call& call);

// system_show.cc
struct LockoutArgs {
  uint8_t all = 0;
  Text<63> user;
};
void do_clear_lockout(cli::Call& call, const LockoutArgs& a);
void do_show_version(cli::Call& call);
void do_show_clock(cli::Call& call, const OptionArgs& a);
void do_show_processes_cpu(cli::Call& call, const OptionArgs& a);
void do_show_processes_memory(cli::Call& call);
void do_show_memory(cli::Call& call);
void do_show_logging(cli::Call& call);
void do_clear_logging(cli::Call& call);
void do_show_inventory(cli::Call& call);
void do_show_environment(cli::Call& call);
void do_show_users(cli::Call& call);
void do_show_line(cli::Call& call);
void do_show_aliases(cli::Call& call);
void do_show_debugging(cli::Call& call);
void do_undebug_all(cli::Call& call);

// master_key.cc
struct KeyArgs {
  Text<127> key;
};
void do_config_key(cli::Call& call, const KeyArgs& a);
void do_no_config_key(cli::Call& call);

// boot_register.cc
struct RegisterArgs {
  Text<10> value;
};
void do_config_register(cli::Call& call, const RegisterArgs& a);
void do_no_config_register(cli::Call& call, const RegisterArgs& a);

// system_clock.cc
struct ClockArgs {
  uint32_t time = 0;       // seconds of the day
  uint8_t order = 0;       // 0: day month, 1: month day
  uint8_t day1 = 1;
  uint8_t month1 = 1;
  uint8_t month2 = 1;
  uint8_t day2 = 1;
  uint16_t year = 1993;
};
void do_clock_set(cli::Call& call, const ClockArgs& a);

}  // namespace parley::system
