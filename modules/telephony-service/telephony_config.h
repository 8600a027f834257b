// What an operator can set for telephones and the call agent; initialisers are the defaults.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "cli/row.h"
#include "modules/telephony-service/phone_config.h"

namespace parley::telephony_service {

enum class ServerMode : uint8_t { non_secure, secure };
enum class CnfLocation : uint8_t { flash, slot0, system, tftp };
enum class CnfFiles : uint8_t { per_phone, per_phone_type };
enum class Digest : uint8_t { sha1, sha512 };
enum class TlsMinimum : uint8_t { v1_0, v1_2 };
enum class UrlKind : uint8_t { services, information, directories, messages, idle, proxy_server, ssh };
enum class Transfer : uint8_t { full_consult, full_blind, blind, local_consult };
enum class Gain : uint8_t { minus_6, zero, plus_3, plus_6 };        // dB
enum class WebLevel : uint8_t { system, customer };
enum class WebPassword : uint8_t { password, secret };
enum class SecretType : uint8_t { plain, hash };                    // typed as 0 or 5
enum class DateFormat : uint8_t { mm_dd_yy, dd_mm_yy, yy_dd_mm, yy_mm_dd };
enum class TimeFormat : uint8_t { hours_12, hours_24 };
enum class FarmUse : uint8_t { transcode, conference };

struct Load {                          // firmware of a phone type
  uint32_t id = 0;
  Text<31> type;
  Text<63> file;
};
struct AutoAssign {
  uint32_t id = 0;
  uint16_t from = 0;                   // ephone-dn tags
  uint16_t to = 0;
  Text<31> type;
  Text<31> busy_number;
  uint32_t busy_after_s = 0;
};
struct ServiceUrl {
  uint32_t id = 0;
  UrlKind kind = UrlKind::services;
  Text<127> url;
  Text<31> name;
};
struct PhoneSetting {                  // `service phone NAME VALUE`: goes into the phone files
  uint32_t id = 0;
  Text<63> name;
  Text<63> value;
};
struct Locale {                        // tag 0: the one without a tag
  uint32_t id = 0;
  uint8_t tag = 0;
  Text<31> code;
};
struct Pattern {
  uint32_t id = 0;
  Text<31> pattern;
  bool blind = false;                  // transfer-pattern
};
struct DialplanPattern {
  uint32_t id = 0;
  uint8_t tag = 0;
  Text<31> pattern;
  uint8_t extension_length = 0;        // digits
  Text<31> extension;
  uint8_t registration = 0;            // 0 yes, 1 no-reg, 2 demote
};
struct WebAdmin {
  uint32_t id = 0;
  WebLevel level = WebLevel::system;
  Text<31> name;
  WebPassword kind = WebPassword::password;
  Text<63> password;
  SecretType type = SecretType::plain;
  Text<63> secret;
};
struct CfgFile {                       // load-cfg-file
  uint32_t id = 0;
  Text<96> path;
  Text<63> alias;
  bool sign = false;
};
struct FarmUnit {                      // sdspfarm tag
  uint32_t id = 0;
  uint8_t tag = 0;
  Text<31> name;
};
struct BlockPattern {                  // after-hours
  uint32_t id = 0;
  uint8_t tag = 0;
  Text<31> pattern;
  bool always = false;                 // 7-24
};
enum class Weekday : uint8_t { sun, mon, tue, wed, thu, fri, sat };
enum class Month : uint8_t { jan, feb, mar, apr, may, jun, jul, aug, sep, oct, nov, dec };
struct BlockDay {
  uint32_t id = 0;
  Weekday day = Weekday::sun;
  uint16_t from_min = 0;               // minutes of the day
  uint16_t to_min = 0;
};
struct BlockDate {
  uint32_t id = 0;
  Month month = Month::jan;
  uint8_t day = 1;
  uint16_t from_min = 0;
  uint16_t to_min = 0;
};

struct Telephony {
  uint32_t id = 0;
  bool auto_reg_ephone = true;
  cli::Table<Load> loads;
  uint16_t max_ephones = 0;
  uint16_t max_dn = 0;
  uint8_t max_dn_preference = 0;
  uint8_t max_dn_no_reg = 0;           // 0 registers, 1 both, 2 primary
  cli::Ipv4 source;
  uint16_t port = 2000;                // TCP
  cli::Ipv4 secondary;
  uint8_t match = 0;                   // 1 any-match, 2 strict-match
  cli::Table<AutoAssign> auto_assign;
  bool service_https = false;
  Text<31> directory_user;
  cli::Password directory_password;
  cli::Table<PhoneSetting> phone_settings;
  bool encrypt_password = true;
  Text<63> secure_signaling;           // trustpoint labels
  Text<63> tftp_credentials;
  bool mixed = false;                  // security-mode mixed
  TlsMinimum tls_minimum = TlsMinimum::v1_2;
  cli::Table<ServiceUrl> urls;
  Text<127> authentication_url;
  Text<31> authentication_application;
  cli::Password authentication_password;
  Text<31> credential_application;
  cli::Password credential_password;
  CnfLocation cnf_location = CnfLocation::system;
  Text<127> cnf_tftp;
  bool cnf_set = false;
  CnfFiles cnf_files = CnfFiles::per_phone;
  bool cnf_encrypted = false;
  Digest cnf_digest = Digest::sha1;
  cli::Table<DialplanPattern> dialplan_patterns;
  Text<31> voicemail;
  uint8_t max_conferences = 0;         // 0: limit of the platform
  Gain conference_gain = Gain::minus_6;
  cli::Table<Pattern> forward_patterns;
  Text<96> moh;
  cli::Table<WebAdmin> web_admins;
  Text<96> web_customize;
  Text<31> xml_user;
  cli::Password xml_password;
  uint8_t xml_level = 0;
  Text<31> standby_user;
  cli::Password standby_password;
  Text<31> ssh_user;
  cli::Password ssh_password;
  bool dn_webedit = false;
  bool time_webedit = false;
  uint8_t time_zone = 5;
  TimeFormat time_format = TimeFormat::hours_12;
  DateFormat date_format = DateFormat::mm_dd_yy;
  cli::Table<Locale> user_locales;
  cli::Table<Locale> network_locales;
  Text<31> system_message;
  uint8_t directory_order = 0;         // 1 last-name-first
  uint16_t keepalive_s = 30;
  uint16_t interdigit_s = 10;
  uint16_t ringing_s = 180;
  uint16_t busy_s = 10;
  bool transfer_set = false;
  Transfer transfer = Transfer::full_consult;
  bool transfer_dss = false;
  cli::Table<Pattern> transfer_patterns;
  Text<10> capf_auth_str;
  uint8_t farm_units = 0;
  cli::Table<FarmUnit> farm_tags;
  uint16_t farm_transcode = 0;         // sessions
  uint16_t farm_conference = 0;
  bool conference_hardware = false;
  cli::Table<BlockPattern> block_patterns;
  cli::Table<BlockDay> block_days;
  cli::Table<BlockDate> block_dates;
  bool server_mode_set = false;
  ServerMode server_mode = ServerMode::non_secure;
  DeviceMode device_mode = DeviceMode::none;
  cli::Table<CfgFile> cfg_files;
  uint8_t cnf_made = 0;
  Text<63> cnf_stamp;                  // "7960 Oct 25 2006 07:19:39"
};

struct StoredBlock {                   // block whose body is kept as text
  uint32_t id = 0;
};

struct RegisterGlobal {
  uint32_t id = 0;
  bool https = false;
  cli::Password password;
};
struct RegisterPool {
  uint32_t id = 0;
  uint16_t tag = 0;
  cli::Mac mac;
  Text<31> type;
  uint8_t pool_template = 0;           // 0: none
  Text<31> user;
  cli::Password password;
  cli::Password ata_password;
  cli::Password pin;
};
struct RegisterTemplate {
  uint32_t id = 0;
  uint8_t tag = 0;
  bool https = false;
};
struct RegisterDn {
  uint32_t id = 0;
  uint16_t tag = 0;
};
struct UserProfile {
  uint32_t id = 0;
  uint16_t tag = 0;
  Text<31> user;
  cli::Password password;
  cli::Password pin;
};

struct Config {
  uint32_t id = 0;
  Telephony telephony;
  StoredBlock fallback;
  RegisterGlobal register_global;
  cli::Table<RegisterPool> register_pools;
  cli::Table<RegisterTemplate> register_templates;
  cli::Table<RegisterDn> register_dns;
  cli::Table<UserProfile> user_profiles;
  cli::Table<UserProfile> logout_profiles;
  cli::Table<EphoneTemplate> templates;
  cli::Table<EphoneDn> dns;
  cli::Table<Ephone> phones;
};

extern const cli::Block kTelephonyBlock;
extern const cli::Block kTemplateBlock;
extern const cli::Block kDnBlock;
extern const cli::Block kPhoneBlock;
extern const cli::Row kRegisterRows[4];
extern const cli::Row kProfileRows[2];
extern const cli::Section kSections[7];
extern const cli::Gloss kGloss[174];

}  // namespace parley::telephony_service
