// Command rows of the telephony-service mode.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/telephony_config.h"

#include "modules/module.h"
#include "modules/telephony-service/telephony_actions.h"
#include "modules/telephony-service/telephony_limits.h"

namespace parley::telephony_service {

using namespace parley::cli;
using T = Telephony;

// Written order: cli.md. `create cnf-files` makes the files (action); the form with a stamp is what is written: its
// choice of one keeps `no create cnf-files` short.
constexpr Row kRows[] = {
    flag("auto-reg-ephone", "Unknown phones may register", &T::auto_reg_ephone),                    // 000:1907
    list("load WORD -> WORD", "Firmware file of a phone type", &T::loads, &Load::type, &Load::file),         // 000:1908, 2407
    value("max-ephones <0-" LIMIT_PHONES ">", "How many phones may be configured", &T::max_ephones),         // 000:2408
    value("max-dn <0-" LIMIT_DNS "> [preference <0-10>] [no-reg both|no-reg primary]",
          "How many directory numbers may be configured", &T::max_dn, &T::max_dn_preference, &T::max_dn_no_reg),  // 000:2409
    value("ip source-address A.B.C.D (port <2000-9999>) [secondary A.B.C.D] [any-match|strict-match]",
          "Address that phones register with", &T::source, &T::port, &T::secondary, &T::match),              // 000:1914, 2410
    confirm<&note_forward>(list("auto assign <1-" LIMIT_DNS "> to <1-" LIMIT_DNS "> -> [type WORD] [cfw WORD timeout <5-60000>]",
                                "Give numbers to phones that have none", &T::auto_assign, &AutoAssign::from, &AutoAssign::to,
                                &AutoAssign::type, &AutoAssign::busy_number, &AutoAssign::busy_after_s)),                   // 000:2411
    flag("service https", "HTTPS addresses in the phone files", &T::service_https),                          // 000:2565
    value("service local-directory authenticate WORD PW6", "Login of the local directory", &T::directory_user,
          &T::directory_password),                                                                           // 000:99
    store_on("service local-directory", "Directory of the phones of this router"),
    list("service phone WORD -> LINE", "Setting that goes into the phone files", &T::phone_settings, &PhoneSetting::name,
         &PhoneSetting::value),
    store("service dss", "Status of lines at speed-dial buttons"),
    store("service directed-pickup [gpickup]", "Pick up calls of other phones"),
    stores("service dnis LINE", "Show the name of the called number"),
    flag("encrypt password", "Keep passwords encrypted (type 6)", &T::encrypt_password),                     // 000:115, 1581
    value("secure-signaling trustpoint WORD", "Trustpoint for encrypted phone signalling", &T::secure_signaling),  // 000:685
    confirm<&confirm_mixed>(flag("security-mode mixed", "Switch the whole system to secure phones", &T::mixed)),   // design.md 6
    value("tls-minimum {1.0|1.2}", "Oldest TLS version that phones may use", &T::tls_minimum),
    list("url {services|information|directories|messages|idle|proxy-server|ssh} -> URL [WORD]",
         "Web pages behind the buttons of phones", &T::urls, &ServiceUrl::kind, &ServiceUrl::url, &ServiceUrl::name),
    value("url authentication URL [WORD password PW6]", "Page that judges requests to phones", &T::authentication_url,
          &T::authentication_application, &T::authentication_password),                                      // 000:103
    value("authentication credential WORD password PW6", "Login of an application at phones", &T::credential_application,
          &T::credential_password),                                                                          // 000:104
    value("cnf-file location {flash:|slot0:|system:|tftp URL}", "Where phone files are kept", &T::cnf_location,
          &T::cnf_tftp),                                                                                     // 000:2413
    flag("cnf-file {perphone|perphonetype}", "Files of their own for phones", &T::cnf_set, &T::cnf_files),   // 000:688, 2414
    flag("cnf-file encrypted", "Encrypt the files of phones", &T::cnf_encrypted),                            // 003:29-149
    value("cnf-file signature {sha1|sha512}", "Digest of signed files", &T::cnf_digest),                     // 004:314
    pending(sorted_list("dialplan-pattern <1-10> -> WORD extension-length <1-32> [extension-pattern WORD] [no-reg|demote]",
                        "Long numbers of the short ones", &T::dialplan_patterns, &DialplanPattern::tag,
                        &DialplanPattern::pattern, &DialplanPattern::extension_length, &DialplanPattern::extension,
                        &DialplanPattern::registration)),                                                    // 000:1918
    pending(value("voicemail WORD", "Number behind the messages button", &T::voicemail)),                    // 000:2415
    pending(value("max-conferences <1-32> (gain {-6|0|3|6})", "Conferences of three at the same time",
                  &T::max_conferences, &T::conference_gain)),                                                // 000:1919, 2416
    pending(list("call-forward pattern WORD", "Callers that are told of a forward (H.450.3)", &T::forward_patterns,
                 &Pattern::pattern)),                                                                        // 000:2417
    pending(value("moh STRING", "File with music on hold", &T::moh)),                                        // 000:2418
    store("multicast moh A.B.C.D port <2000-65535> [route LINE]", "Music on hold to many phones at once"),
    pending(sorted_list("web admin {system|customer} -> name WORD {password WORD|secret {0|5} WORD}",
                        "Login of the web pages", &T::web_admins, &WebAdmin::level, &WebAdmin::name, &WebAdmin::kind,
                        &WebAdmin::password, &WebAdmin::type, &WebAdmin::secret)),                           // 000:2419
    pending(value("web customize load WORD", "File that changes the web pages", &T::web_customize)),
    value("xml user WORD password PW6 <0-15>", "Login of the XML interface", &T::xml_user, &T::xml_password,
          &T::xml_level),                                                                                    // 000:100
    value("standby user WORD password PW6", "Login of the second router", &T::standby_user, &T::standby_password),  // 000:101
    value("ssh userid WORD password PW6", "Login of phones by SSH", &T::ssh_user, &T::ssh_password),         // 000:98
    pending(flag("dn-webedit", "Directory numbers may be changed on the web pages", &T::dn_webedit)),        // 000:2420
    pending(flag("time-webedit", "Time may be changed on the web pages", &T::time_webedit)),                 // 000:2424
    value("time-zone <1-60>", "Time zone of the phones", &T::time_zone),
    value("time-format {12|24}", "Hours as phones show them", &T::time_format),
    value("date-format {mm-dd-yy|dd-mm-yy|yy-dd-mm|yy-mm-dd}", "Date as phones show it", &T::date_format),
    store("olsontimezone LINE", "Time zone by name"),
    sorted_list("user-locale [<1-4>] -> WORD", "Language of the phones", &T::user_locales, &Locale::tag, &Locale::code),
    sorted_list("network-locale [<1-4>] -> WORD", "Tones of the country", &T::network_locales, &Locale::tag,
                &Locale::code),
    pending(value("system message LINE", "Text on the display of idle phones", &T::system_message)),
    pending(value("directory [first-name-first|last-name-first]", "Order of names", &T::directory_order)),
    pending(stores("directory entry <1-250> -> WORD name LINE", "Entry of the local directory")),
    value("keepalive <10-65535>", "Seconds between signs of life of phones", &T::keepalive_s),
    pending(value("timeouts interdigit <2-120>", "Seconds between two digits", &T::interdigit_s)),
    pending(value("timeouts ringing <5-60000>", "Seconds a phone rings", &T::ringing_s)),
    pending(value("timeouts busy <0-30>", "Seconds of busy tone", &T::busy_s)),
    store("secondary-dialtone WORD", "Digit that gives the outside dial tone"),
    store("calling-number LINE", "Which number is shown to others"),
    stores("fac LINE", "Feature access codes"),
    stores("ip qos dscp LINE", "Marks of packets"),
    store("video", "Video calls"),
    pending(flag("transfer-system {full-consult [dss]|full-blind|blind|local-consult}", "How calls are transferred",
                 &T::transfer_set, &T::transfer, &T::transfer_dss)),                                         // 000:2425
    pending(list("transfer-pattern WORD -> [blind]", "Numbers that calls may be transferred to", &T::transfer_patterns,
                 &Pattern::pattern, &Pattern::blind)),                                                       // 000:1920, 2426
    value("capf-auth-str DIGITS", "PIN of phones that have none", &T::capf_auth_str),               // 000:965
    pending(value("sdspfarm units <0-10>", "DSP farms that may register", &T::farm_units)),                  // 000:444
    pending(sorted_list("sdspfarm tag <1-10> -> WORD", "Name of a DSP farm", &T::farm_tags, &FarmUnit::tag,
                        &FarmUnit::name)),
    pending(value("sdspfarm transcode sessions <0-1000>", "Transcoded calls at the same time", &T::farm_transcode)),
    pending(value("sdspfarm conference sessions <0-1000>", "Conferences at the same time", &T::farm_conference)),
    pending(flag("conference hardware", "Conferences of more than three", &T::conference_hardware)),
    pending(action("sdspfarm unregister force", "Send all DSP farms away")),
    pending(sorted_list("after-hours block pattern <1-32> -> WORD [7-24]", "Numbers that are refused",
                        &T::block_patterns, &BlockPattern::tag, &BlockPattern::pattern, &BlockPattern::always)),  // 001:201
    pending(sorted_list("after-hours day {sun|mon|tue|wed|thu|fri|sat} -> hh:mm hh:mm", "Closed hours of a weekday",
                        &T::block_days, &BlockDay::day, &BlockDay::from_min, &BlockDay::to_min)),
    pending(sorted_list("after-hours date {jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec} <1-31> -> hh:mm hh:mm",
                        "Closed hours of a day of the year", &T::block_dates, &BlockDate::month, &BlockDate::day,
                        &BlockDate::from_min, &BlockDate::to_min)),
    stores("after-hours pstn-prefix <1-4> -> WORD", "Digits of the outside line"),
    value("tftp-server-credentials trustpoint WORD", "Trustpoint that signs phone files", &T::tftp_credentials),  // 000:686
    flag("server-security-mode {non-secure|secure}", "Security of the whole system", &T::server_mode_set,
         &T::server_mode),                                                                                   // 000:690, 707
    action<&erase_ctl>("server-security-mode erase", "Delete the CTL file"),                                   // 000:707
    value("device-security-mode {authenticated|none|encrypted}", "Security of phones without their own",
          &T::device_mode),                                                                                  // 000:687, 701
    list("load-cfg-file WORD alias WORD -> [sign] [~create]", "File that phones may fetch", &T::cfg_files,
         &CfgFile::path, &CfgFile::alias, &CfgFile::sign),                                                   // 000:689, 706
    action<&create_cnf_files>("create cnf-files", "Make the files of all phones new"),                         // 000:1944, 2430
    value("create cnf-files {version-stamp LINE}", "When the files were made", &T::cnf_made, &T::cnf_stamp),
    action<&reset_phones>("reset {all [<0-60>]|cancel|sequence-all|H.H.H}", "Full restart of phones", &ResetArguments::which,
                          &ResetArguments::interval_s, &ResetArguments::mac),
    action<&restart_phones>("restart {all|H.H.H}", "Quick restart of phones", &ResetArguments::which, &ResetArguments::mac),
    deprecated("log password WORD"),                                                                         // 000:157
    deprecated("xmltest"),                                                                                   // 000:158
    deprecated("xmlschema WORD"),                                                                            // 000:159
    deprecated("xmlthread WORD"),                                                                            // 000:160
};

constexpr Mode kMode = mode("telephony", "(config-telephony)", "Cisco Unified CallManager Express", kRows);

bool check(Instance&, const T&, const T& now, Writer& text) {
  if (now.cnf_location == CnfLocation::tftp && now.server_mode_set && now.server_mode == ServerMode::secure) {  // 000:251
    text.put("External TFTP is not supported in secure mode");
    return false;
  }
  return true;
}
constexpr Block kTelephonyBlock = verified<&check>(single<Telephony>(kMode));

}  // namespace parley::telephony_service
