// Command rows of users, passwords, AAA and lines.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/system_config.h"

namespace parley::system {

using namespace parley::cli;
using S = SystemConfig;
using L = LineConfig;

constexpr Row kEnableRows[] = {
    value("security passwords min-length <0-16>", "Least length of local passwords", &S::min_length),
    value("enable secret PWS", "Password of the privileged level, hashed", &S::enable_secret),
    value("enable password [level <1-15>] PW07", "Password of the privileged level", &S::enable_password_level,
          &S::enable_password),
    stores("security authentication LINE", "Rules about wrong passwords"),
};
constexpr Row kAaaRows[] = {
    flag("aaa new-model", "Logins use the AAA lists", &S::aaa),                                         // 000:2038
    list("aaa authentication login WORD -> LINE", "How logins are checked", &S::login_methods, &MethodList::name,
         &MethodList::methods),
    pending(list("aaa authorization exec WORD -> LINE", "How levels are given", &S::exec_methods, &MethodList::name,
                 &MethodList::methods)),
    stores("aaa {authorization|group} LINE", "Other AAA settings"),
    value("aaa local authentication attempts max-fail <1-65535>", "Wrong passwords until a user is locked out",
          &S::max_fail),                                                                                // 001:187
};
constexpr Row kAccountingRows[] = {
    stores("aaa accounting LINE", "What is reported to servers"),                                       // 000:2041
};
constexpr Row kSessionRows[] = {
    flag("aaa session-id {common|unique}", "Identifiers in reports", &S::session_id_set, &S::session_id),  // 000:2043
};
constexpr Row kLoginRows[] = {
    pending(value("login block-for <1-65535> attempts <1-65535> within <1-65535>", "Lock logins after failures", &S::block_s,
                  &S::block_attempts, &S::block_within_s)),                                             // 001:187, 199
    value("login delay <1-10>", "Seconds between two logins", &S::login_delay_s),
    pending(value("login quiet-mode access-class WORD", "Addresses that may log in while locked", &S::quiet_access)),
    flag("login on-failure log", "Failed logins go to the log", &S::log_failures),
    flag("login on-success log", "Logins go to the log", &S::log_logins),
};
constexpr Row kUserRows[] = {
    list("username WORD -> [privilege <0-15>] {password PW07|secret PWS|nopassword}", "Local user", &S::users, &User::name,
         &User::privilege, &User::kind, &User::password, &User::secret),                                // 000:2238
};
constexpr Row kGatewayAccountingRows[] = {
    stores("gw-accounting LINE", "Calls are reported to servers"),                                      // 000:2247
};
constexpr Row kRadiusRows[] = {
    stores("radius-server host A.B.C.D -> [auth-port <0-65535> & acct-port <0-65535> & timeout <1-1000> & key WORD]",
           "RADIUS server"),                                                                            // 000:2316-2320
    store("radius-server timeout <1-1000>", "Seconds until a server is asked again"),
    store("radius-server deadtime <0-1440>", "Minutes a silent server is left alone"),
    store("radius-server key WORD", "Key shared with the servers"),
    stores("radius-server vsa send [accounting|authentication]", "Vendor attributes"),
    stores("radius-server {attribute|retransmit|domain-stripping|directed-request} [LINE]", "Other RADIUS settings"),
};

constexpr Row kRows[] = {
    pending(value("access-class WORD {in|out}", "Access list of sessions", &L::access_class, &L::access_direction)),
    value("exec-timeout <0-35791> [<0-2147483>]", "Idle time until a session ends", &L::timeout_min, &L::timeout_s),
    value("privilege level <0-15>", "Level after login", &L::privilege),
    value("password PW07", "Password of the line", &L::password),
    pending(flag("logging synchronous [level {<0-7>|all}] [limit <0-2147483647>]", "Typed line again after messages",
                 &L::synchronous, &L::synchronous_level_kind, &L::synchronous_level, &L::synchronous_limit)),  // 000:2500
    flag("login [local|authentication WORD]", "Ask who it is", &L::login, &L::login_kind, &L::login_list),
    value("length <0-512>", "Rows of the terminal", &L::length),
    value("width <0-512>", "Columns of the terminal", &L::width),
    value("history size <0-256>", "Lines kept for editing", &L::history),
    store("session-timeout LINE", "Idle time of outgoing sessions"),
    store("autocommand LINE", "Command after login"),
    store("stopbits WORD", "Stop bits of the serial port"),
    store("speed <50-4000000>", "Bits per second of the serial port"),
    pending(value("transport input {all|none|ssh|telnet}...", "Protocols that may come in", &L::transport)),
    stores("transport {output|preferred} -> LINE", "Protocols that may go out"),
    store("flowcontrol LINE", "Flow control of the serial port"),
    store("databits <5-8>", "Data bits of the serial port"),
    store("parity WORD", "Parity of the serial port"),
    store_on("exec", "Sessions on this line"),
    store("escape-character WORD", "Key that interrupts"),
    store("notify", "Tell about output of other sessions"),
    store("location LINE", "Where the terminal stands"),
    store("modem LINE", "Modem of the line"),
};
constexpr Mode kMode = mode("line", "(config-line)", "Line", kRows);

// Network lines ask for a password unless `no login` is said.
void fresh_line(L& line) { line.login = line.type == LineType::vty; }
constexpr Block kBlock = fresh<&fresh_line>(entries<L>(kMode, Sorted::by_key));

constexpr Row kLineRows[] = {
    always(ranged(block("line {con|aux|vty} <0-15> [<0-15>]", "Console and terminals", kBlock, &S::lines, &L::type, &L::first,
                        &L::last))),                                                                    // 000:2499-2502
};

}  // namespace parley::system
