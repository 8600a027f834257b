// Global command rows of system, and its sections.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/system_actions.h"
#include "modules/system/system_config.h"

#include "cli/place.h"

namespace parley::system {

using namespace parley::cli;
using S = SystemConfig;

#define STAMPS "[datetime [msec] [localtime] [show-timezone] [year]|uptime]"

constexpr Row kServiceRows[] = {
    hidden(value("version WORD", "Version that wrote this text", &S::version)),   // ours is written    // 000:2021
    store_on("service pad", "X.25 terminals"),
    store("service tcp-keepalives-in", "Signs of life of incoming sessions"),
    store("service tcp-keepalives-out", "Signs of life of outgoing sessions"),
    flag("service timestamps debug " STAMPS, "Time in debug messages", &S::debug_stamps_on, &S::debug_form, &S::debug_msec,
         &S::debug_localtime, &S::debug_zone, &S::debug_year),                                          // 000:2022
    flag("service timestamps log " STAMPS, "Time in log messages", &S::log_stamps_on, &S::log_form, &S::log_msec,
         &S::log_localtime, &S::log_zone, &S::log_year),
    always(flag("service password-encryption", "Passwords are written encoded", &S::password_encryption)),  // 000:2024
    store("service internal", "Hidden commands"),                                                       // 000:2025
    store("service sequence-numbers", "Numbers in messages"),
    store("service linenumber", "Name of the line at login"),
    flag("service store-unknown", "Keep lines that are not understood", &S::store_unknown),
};
constexpr Row kHostnameRows[] = {
    always(value("hostname WORD", "Name of this router", &S::hostname)),                                // 000:2027
    action<&do_config_register>("config-register WORD", "What the next start does (0x and hex digits)", &RegisterArgs::value),
    action<&do_no_config_register>("no config-register [WORD]", "The next start is as from the factory", &RegisterArgs::value),
};
constexpr Row kBootRows[] = {
    always(store("boot-start-marker", "Begin of the boot images")),                                     // 000:2029-2030
    pending(list("boot system [~flash] WORD", "Image that is started first", &S::boot_images, &BootImage::url)),
    always(store("boot-end-marker", "End of the boot images")),
};
constexpr Row kCardRows[] = {
    stores("card type {e1|t1} <0-15> <0-15>", "Kind of a line card"),                                   // 000:2032
};
constexpr Mode kResourceMode = mode("erm", "(config-erm)", "Resource policy", free_body);
constexpr Block kResourceBlock = single<StoredBlock>(kResourceMode);
constexpr Row kResourceRows[] = {
    block("resource policy", "Limits of resources, kept as text", kResourceBlock, &S::resource_policy),  // 000:2045
};
constexpr Row kClockRows[] = {
    value("clock timezone WORD <-23-23> [<0-59>]", "Time zone, hours east of UTC", &S::zone, &S::zone_hours,
          &S::zone_minutes),                                                                            // 000:2047
    flag("clock summer-time WORD {recurring|date} [LINE]", "Summer time", &S::summer_set, &S::summer_zone, &S::summer_kind,
         &S::summer_rule),
    store("clock calendar-valid", "The hardware clock may be believed"),
};
constexpr Row kNetworkClockRows[] = {
    store_on("network-clock-participate {slot|wic|aim} <0-9>", "Clock of a line card"),                 // 000:2048
    stores("network-clock-select LINE", "Source of the line clock"),
};
constexpr Row kEncryptionRows[] = {
    action<&do_config_key>("key config-key password-encrypt [WORD]", "Master key of encrypted passwords", &KeyArgs::key),  // 000:116
    action<&do_no_config_key>("no key config-key password-encrypt", "Master key of encrypted passwords"),
    flag("password encryption aes", "Encrypt passwords with the master key", &S::aes),                  // 000:116, 1579
};
constexpr Row kMultilinkRows[] = {
    store("multilink bundle-name authenticated", "Names of bundles"),
};
constexpr Row kLicenseRows[] = {
    stores("license LINE", "Licences"),
};

constexpr Row kArchiveModeRows[] = {
    value("path WORD", "Where copies are kept", &ArchiveSettings::path),
    value("maximum <1-14>", "How many copies are kept", &ArchiveSettings::maximum),
    flag("write-memory", "A copy at each write memory", &ArchiveSettings::write_memory),
    value("time-period <1-525600>", "Minutes between copies", &ArchiveSettings::period_min),
};
constexpr Mode kArchiveMode = mode("archive", "(config-archive)", "Archive", kArchiveModeRows, free_body);
constexpr Block kArchiveBlock = verified<&check_archive>(single<ArchiveSettings>(kArchiveMode));
constexpr Row kArchiveRows[] = {
    block("archive", "Copies of the configuration", kArchiveBlock, &S::archive),
};
constexpr Mode kRedundancyMode = mode("redundancy", "(config-red)", "Redundancy", free_body);
constexpr Block kRedundancyBlock = single<StoredBlock>(kRedundancyMode);
constexpr Row kRedundancyRows[] = {
    block("redundancy", "Second processor, kept as text", kRedundancyBlock, &S::redundancy),
};
constexpr Row kSnmpRows[] = {
    stores("snmp-server LINE", "SNMP"),
};
constexpr Mode kControlMode = mode("control-plane", "(config-cp)", "Control Plane", free_body);
constexpr Block kControlBlock = single<StoredBlock>(kControlMode);
constexpr Row kControlRows[] = {
    always(block("control-plane", "Protection of the router, kept as text", kControlBlock, &S::control_plane)),  // 000:2322
};
constexpr Row kRsvpRows[] = {
    store_on("call rsvp-sync", "Calls wait for reserved bandwidth"),                                    // 000:2324
};
constexpr Row kAliasRows[] = {
    list("alias exec WORD -> LINE", "Short name of a command", &S::aliases, &Alias::name, &Alias::line),
    stores("alias {configure|interface|line} WORD -> LINE", "Short name in a configuration mode"),
};
constexpr Row kPrivilegeRows[] = {
    stores("privilege WORD {level|all level|reset} LINE", "Level of a command"),
};
constexpr Row kBannerRows[] = {
    value("banner exec BANNER", "Text when a session starts", &S::banner_exec),
    value("banner incoming BANNER", "Text of incoming sessions", &S::banner_incoming),
    value("banner login BANNER", "Text before the user name is asked", &S::banner_login),
    value("banner motd BANNER", "Message of the day", &S::banner_motd),
};
constexpr Row kSchedulerRows[] = {
    store("scheduler allocate <400-60000> <100-4000>", "Shares of the processor"),                      // 000:2504
    store("scheduler interval <500-100000>", "Longest time without the processor"),
    store("scheduler max-task-time <1-100000>", "Longest step of a task"),
};
constexpr Mode kWebvpnMode = mode("webvpn-context", "(config-webvpn-context)", "WebVPN context", free_body);
constexpr Block kWebvpnBlock = entries<NamedBlock>(kWebvpnMode, Sorted::defined);
constexpr Row kWebvpnRows[] = {
    block("webvpn context WORD", "Web gateway, kept as text", kWebvpnBlock, &S::webvpn_contexts, &NamedBlock::name),
};

constexpr Section kSections[31] = {
    {Place::service, kServiceRows},
    {Place::hostname, kHostnameRows},
    {Place::boot, kBootRows},
    {Place::card_type, kCardRows, false},
    {Place::logging_local, kLoggingRows, false},
    {Place::enable, kEnableRows},
    {Place::aaa, kAaaRows},
    {Place::aaa_accounting, kAccountingRows},
    {Place::aaa_session, kSessionRows},
    {Place::resource, kResourceRows, false},
    {Place::clock, kClockRows, false},
    {Place::network_clock, kNetworkClockRows},
    {Place::password_encryption, kEncryptionRows},
    {Place::login, kLoginRows},
    {Place::multilink, kMultilinkRows},
    {Place::license, kLicenseRows},
    {Place::username, kUserRows},
    {Place::archive, kArchiveRows, false},
    {Place::redundancy, kRedundancyRows, false},
    {Place::gw_accounting, kGatewayAccountingRows},
    {Place::logging_host, kLogHostRows, false},
    {Place::radius, kRadiusRows, false},
    {Place::snmp, kSnmpRows, false},
    {Place::control_plane, kControlRows, false},
    {Place::call_rsvp, kRsvpRows},
    {Place::alias, kAliasRows},
    {Place::privilege, kPrivilegeRows},
    {Place::banner, kBannerRows},
    {Place::line, kLineRows, false},
    {Place::scheduler, kSchedulerRows, false},
    {Place::webvpn, kWebvpnRows, false},
};

}  // namespace parley::system
