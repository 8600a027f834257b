// Command rows of the SIP phone and profile modes, and the global rows of telephony-service.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/place.h"
#include "modules/telephony-service/telephony_config.h"
#include "modules/telephony-service/telephony_limits.h"

namespace parley::telephony_service {

using namespace parley::cli;

constexpr Row kGlobalRows[] = {
    flag("service https", "HTTPS addresses in the phone files", &RegisterGlobal::https),                     // 000:2581
    value("password PW6", "Password of phones that register themselves", &RegisterGlobal::password),         // 000:93-94
};
constexpr Mode kGlobalMode = mode("reg-global", "(config-register-global)", "Voice register global", kGlobalRows, free_body);
constexpr Block kGlobalBlock = single<RegisterGlobal>(kGlobalMode);

constexpr Row kPoolRows[] = {
    value("id mac H.H.H", "Hardware address of the phone", &RegisterPool::mac),
    value("type WORD", "Model of the phone", &RegisterPool::type),
    value("template <1-10>", "Settings shared by SIP phones", &RegisterPool::pool_template),
    value("username WORD password PW6", "Login of the phone", &RegisterPool::user, &RegisterPool::password),  // 000:89
    value("ata-ivr-pwd ATA-PW", "Password of the telephone adapter (4 digits)", &RegisterPool::ata_password),   // 000:92
    value("pin PIN", "PIN of the user", &RegisterPool::pin),                                                  // 000:91
};
constexpr Mode kPoolMode = mode("reg-pool", "(config-register-pool)", "Voice register pool", kPoolRows, free_body);
constexpr Block kPoolBlock = entries<RegisterPool>(kPoolMode, Sorted::by_key);

constexpr Row kRegisterTemplateRows[] = {
    flag("service https", "HTTPS addresses in the phone files", &RegisterTemplate::https),                   // 000:2589
};
constexpr Mode kRegisterTemplateMode =
    mode("reg-template", "(config-register-temp)", "Voice register template", kRegisterTemplateRows, free_body);
constexpr Block kRegisterTemplateBlock = entries<RegisterTemplate>(kRegisterTemplateMode, Sorted::by_key);

constexpr Mode kRegisterDnMode = mode("reg-dn", "(config-register-dn)", "Voice register DN", free_body);
constexpr Block kRegisterDnBlock = entries<RegisterDn>(kRegisterDnMode, Sorted::by_key);

constexpr Row kUserProfileRows[] = {
    value("username WORD password PW6", "Login of the user", &UserProfile::user, &UserProfile::password),    // 000:107
    value("pin PIN", "PIN of the user", &UserProfile::pin),                                                   // 000:110
};
constexpr Mode kUserProfileMode =
    mode("user-profile", "(config-user-profile)", "User profile", kUserProfileRows, free_body);
constexpr Block kUserProfileBlock = entries<UserProfile>(kUserProfileMode, Sorted::by_key);

constexpr Row kLogoutProfileRows[] = {
    value("user WORD password PW6", "Login of the phone without a user", &UserProfile::user, &UserProfile::password),  // 000:105
    value("pin PIN", "PIN of the phone", &UserProfile::pin),                                                  // 000:108
};
constexpr Mode kLogoutProfileMode =
    mode("logout-profile", "(config-logout-profile)", "Logout profile", kLogoutProfileRows, free_body);
constexpr Block kLogoutProfileBlock = entries<UserProfile>(kLogoutProfileMode, Sorted::by_key);

constexpr Mode kFallbackMode = mode("cm-fallback", "(config-cm-fallback)", "Fallback", free_body);
constexpr Block kFallbackBlock = single<StoredBlock>(kFallbackMode);

constexpr Row kRegisterRows[] = {
    block("voice register global", "Settings of all SIP phones", kGlobalBlock, &Config::register_global),
    block("voice register dn <1-" LIMIT_DNS ">", "Directory number of a SIP phone", kRegisterDnBlock, &Config::register_dns,
          &RegisterDn::tag),
    block("voice register template <1-10>", "Settings shared by SIP phones", kRegisterTemplateBlock,
          &Config::register_templates, &RegisterTemplate::tag),
    block("voice register pool <1-" LIMIT_PHONES ">", "One SIP phone", kPoolBlock, &Config::register_pools,
          &RegisterPool::tag),
};
constexpr Row kProfileRows[] = {
    block("voice user-profile <1-65535>", "Settings of a user at any phone", kUserProfileBlock, &Config::user_profiles,
          &UserProfile::tag),
    block("voice logout-profile <1-65535>", "Settings of a phone without a user", kLogoutProfileBlock,
          &Config::logout_profiles, &UserProfile::tag),
};
constexpr Row kTelephonyRows[] = {
    block("telephony-service", "Telephones and the call agent", kTelephonyBlock, &Config::telephony),        // 000:684
};
constexpr Row kFallbackRows[] = {
    block("call-manager-fallback", "Call agent of a branch, kept as text", kFallbackBlock, &Config::fallback),  // 001:478
};
constexpr Row kTemplateRows[] = {
    block("ephone-template  <1-20>", "Settings shared by phones", kTemplateBlock, &Config::templates,
          &EphoneTemplate::tag),                                                                              // 000:2572
};
constexpr Row kDnRows[] = {
    block("ephone-dn  <1-" LIMIT_DNS "> ->  [dual-line|  octo-line]", "Directory number", kDnBlock, &Config::dns,
          &EphoneDn::tag, &EphoneDn::kind),                                                                   // 000:2433
};
constexpr Row kPhoneRows[] = {
    block("ephone  <1-" LIMIT_PHONES ">", "One telephone", kPhoneBlock, &Config::phones, &Ephone::tag),      // 000:945
};

constexpr Section kSections[7] = {
    {Place::voice_register, kRegisterRows, false},  {Place::voice_profile, kProfileRows, false},
    {Place::telephony_service, kTelephonyRows},     {Place::cm_fallback, kFallbackRows, false},
    {Place::ephone_template, kTemplateRows, false}, {Place::ephone_dn, kDnRows, false},
    {Place::ephone, kPhoneRows, false},
};

}  // namespace parley::telephony_service
