// EXEC and show rows of the system module; included by system.cc only.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/row.h"
#include "modules/system/system_actions.h"

namespace parley::system {

using cli::action;
using cli::pending;
using cli::privilege;

inline constexpr cli::Row kExecRows[] = {
    action<&do_dir>("dir [/all] [URL]", "List files on a file system", &UrlArgs::option, &UrlArgs::url),
    action<&do_show_flash>("show flash:", "Files of flash:"),
    action<&do_show_file_systems>("show file systems", "File systems and their room"),
    action<&do_pwd>("pwd", "Current folder"),
    action<&do_cd>("cd [URL]", "Change the current folder", &UrlArgs::url),
    privilege(15, action<&do_more>("more URL", "Show the content of a file", &UrlArgs::url)),
    privilege(15, action<&do_verify>("verify [/md5] URL", "Hashes of a file", &UrlArgs::option, &UrlArgs::url)),
    privilege(15, action<&do_delete>("delete [/force] URL", "Delete a file", &UrlArgs::option, &UrlArgs::url)),
    privilege(15, action<&do_mkdir>("mkdir URL", "Create a folder", &UrlArgs::url)),
    privilege(15, action<&do_rmdir>("rmdir URL", "Remove an empty folder", &UrlArgs::url)),
    privilege(15, action<&do_rename>("rename URL URL", "Rename a file", &TwoUrlArgs::from, &TwoUrlArgs::to)),
    privilege(15, action<&do_squeeze>("squeeze URL", "Remove deleted files for good", &UrlArgs::url)),

    privilege(15, action<&do_write>("write [memory]", "Save the running configuration", &OptionArgs::on)),
    privilege(15, action<&do_erase>("write erase", "Erase the startup configuration")),
    privilege(15, action<&do_write_terminal>("write terminal", "Show the running configuration")),
    privilege(15, action<&do_erase_one>("erase {startup-config|nvram:}", "Erase the startup configuration", &ChoiceArgs::what)),
    privilege(15, action<&do_copy>("copy {running-config|startup-config|URL} {running-config|startup-config|URL}",
                                   "Copy a file or the configuration", &CopyArgs::from_kind, &CopyArgs::from,
                                   &CopyArgs::to_kind, &CopyArgs::to)),
    privilege(15, action<&do_reload>("reload [in WORD|at hh:mm|cancel]", "Halt and boot again", &ReloadArgs::when,
                                     &ReloadArgs::time, &ReloadArgs::at)),
    privilege(15, action<&do_show_running>("show running-config [all|interface IFNAME]", "Present configuration",
                                           &ShowRunArgs::what, &ShowRunArgs::interface)),
    privilege(15, action<&do_show_startup>("show startup-config", "Content of the startup configuration")),
    privilege(15, action<&do_configure_memory>("configure memory", "Add the startup configuration to the present one")),
    privilege(15, pending(action("clear line {<0-999>|con <0-0>|aux <0-0>|vty <0-999>}", "End the session of a line"))),
    privilege(15, action<&do_configure_check>("configure check URL", "Dry run of a configuration file", &UrlArgs::url)),
    privilege(15, action<&do_configure_replace>("configure replace URL [revert timer <1-120>]", "Replace the running configuration",
                                                &ReplaceArgs::url, &ReplaceArgs::minutes)),
    privilege(15, action<&do_configure_confirm>("configure confirm", "Keep a replaced configuration")),
    privilege(15, action<&do_configure_revert>("configure revert now", "Undo a replaced configuration")),
    privilege(15, action<&do_configure_exclusive>("configure exclusive", "Configure without other sessions")),
    privilege(15, action<&do_archive_config>("archive config", "Copy the configuration into the archive")),
    privilege(15, pending(action("archive download-sw [/overwrite] [/reload] URL", "Load a signed image"))),
    privilege(15, action<&do_show_archive>("show archive", "Copies in the configuration archive")),
    privilege(15, action<&do_show_differences>("show archive config differences [URL [URL]]", "What differs in two configurations",
                                               &TwoUrlArgs::from, &TwoUrlArgs::to)),
    privilege(15, action<&do_show_tech>("show tech-support", "All about this router for support")),
    privilege(15, pending(action("show stacks", "Report of the last crash"))),
    privilege(15, action<&do_clear_lockout>("clear aaa local user lockout {username WORD|all}", "Let a locked out user in again",
                                            &LockoutArgs::all, &LockoutArgs::user)),

    privilege(15, action<&do_clock_set>("clock set hh:mm:ss {<1-31> MONTH|MONTH <1-31>} <1993-2035>", "Set the clock",
                                        &ClockArgs::time, &ClockArgs::order, &ClockArgs::day1, &ClockArgs::month1,
                                        &ClockArgs::month2, &ClockArgs::day2, &ClockArgs::year)),
    action<&do_show_clock>("show clock [detail]", "Time of day", &OptionArgs::on),
    action<&do_show_version>("show version", "Software, hardware and uptime"),
    action<&do_show_processes_cpu>("show processes cpu [sorted]", "Work of each task", &OptionArgs::on),
    action<&do_show_processes_memory>("show processes memory", "Memory of each account"),
    action<&do_show_memory>("show memory", "Memory accounts and pools"),
    action<&do_show_inventory>("show inventory", "Physical parts"),
    action<&do_show_environment>("show environment", "Temperature and voltage"),
    action<&do_show_users>("show users", "Who is on which line"),
    action<&do_show_line>("show line", "Terminal lines"),
    action<&do_show_aliases>("show aliases", "Abbreviated commands"),
    action<&do_show_logging>("show logging", "Log settings and buffer"),
    privilege(15, action<&do_clear_logging>("clear logging", "Empty the log buffer")),
    action<&do_show_debugging>("show debugging", "Subjects being debugged"),
    privilege(15, action<&do_undebug_all>("undebug all", "Switch all debugging off")),
    privilege(15, action<&do_undebug_all>("no debug all", "Switch all debugging off")),
};

}  // namespace parley::system
