// Global command rows of voice-srtp, and its sections.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/voice-srtp/voice_config.h"

#include "cli/place.h"

namespace parley::voice_srtp {

using namespace parley::cli;

constexpr Row kCardRows[] = {
    pending(always(flag("dspfarm", "DSPs of the slot serve the DSP farm", &VoiceCard::dspfarm))),       // 000:2056-2060
    pending(flag("dsp services dspfarm", "DSPs of the slot serve the DSP farm", &VoiceCard::dsp_services)),
    store("codec complexity LINE", "Which codecs the DSPs can run"),
    store("codec sub-sample", "Less work for DSPs"),
    store("local-bypass", "Calls inside the slot need no DSP"),
};
constexpr Mode kCardMode = mode("voicecard", "(config-voicecard)", "Voice-card", kCardRows);
constexpr Block kCardBlock = entries<VoiceCard>(kCardMode, Sorted::by_key);

constexpr Mode kPortMode = mode("voiceport", "(config-voiceport)", "Voice-port", free_body);
constexpr Block kPortBlock = entries<NamedBlock>(kPortMode, Sorted::defined);
constexpr Mode kRuleMode = mode("translation-rule", "(cfg-translation-rule)", "Translation rule", free_body);
constexpr Block kRuleBlock = entries<NumberedBlock>(kRuleMode, Sorted::defined);
constexpr Mode kRuleProfileMode = mode("translation-profile", "(cfg-translation-profile)", "Translation profile", free_body);
constexpr Block kRuleProfileBlock = entries<NamedBlock>(kRuleProfileMode, Sorted::defined);
constexpr Mode kTrunkMode = mode("trunk-group", "(config-trunk-group)", "Trunk group", free_body);
constexpr Block kTrunkBlock = entries<NamedBlock>(kTrunkMode, Sorted::defined);
constexpr Mode kGatekeeperMode = mode("gatekeeper", "(config-gk)", "Gatekeeper", free_body);
constexpr Block kGatekeeperBlock = single<StoredBlock>(kGatekeeperMode);
constexpr Row kGatewayRows[] = {
    store("timer receive-rtp <180-86400>", "Seconds without media until a call ends"),                  // 000:2402
    store("timer receive-rtcp <2-1000>", "Missing reports until a call ends"),
    store("timer media-inactive <1-65535>", "Idle time until a call ends"),
    store("media-inactivity-criteria LINE", "What counts as idle"),
    stores("emulate LINE", "Behave like other gateways"),
    stores("security LINE", "Proof towards the gatekeeper"),
};
constexpr Mode kGatewayMode = mode("gateway", "(config-gateway)", "Gateway", kGatewayRows);
constexpr Block kGatewayBlock = single<StoredBlock>(kGatewayMode);

constexpr Row kCardConfigRows[] = {
    pending(block("voice-card <0-5>", "DSPs of a slot", kCardBlock, &Config::cards, &VoiceCard::slot)),
};
constexpr Row kCallRows[] = {
    store("voice call debug {full-guid|short-header}", "Form of call identifiers in debugs"),           // 000:2078
    stores("voice call LINE", "Limits of calls"),
    stores("voice rtp LINE", "Media of calls"),
    stores("call threshold LINE", "Limits at which calls are refused"),                                 // 001:189
    store("call spike <1-2147483647> [steps <3-10> size <100-250>]", "Limit of calls in a short time"),
    stores("call treatment LINE", "What refused calls hear"),
};
constexpr Row kStatisticsRows[] = {
    block("voice translation-rule <1-2147483647>", "Changes of numbers, kept as text", kRuleBlock,
          &Config::translation_rules, &NumberedBlock::number),
    block("voice translation-profile WORD", "Sets of rules, kept as text", kRuleProfileBlock,
          &Config::translation_profiles, &NamedBlock::name),
    store("voice iec syslog", "Internal error codes go to the log"),                                    // 000:2112-2114
    stores("voice statistics type {iec|csr}", "Which statistics are kept"),
    stores("voice statistics time-range {since-reset|periodic|start} [LINE]", "Time of the statistics"),
    stores("voice statistics {accounting-list|buffer|display-format|field-params|iec|push} [LINE]", "Form of the statistics"),
};
constexpr Row kPortRows[] = {
    block("trunk group WORD", "Group of lines, kept as text", kTrunkBlock, &Config::trunk_groups, &NamedBlock::name),
    always(block("voice-port WORD", "Voice port, kept as text", kPortBlock, &Config::ports, &NamedBlock::name)),  // 000:2327
};
constexpr Row kMgcpRows[] = {
    store("mgcp", "Media gateway control"),
    stores("mgcp LINE", "Media gateway control"),
    stores("ccm-manager LINE", "Call agent of the media gateway"),
};
constexpr Row kGatewayConfigRows[] = {
    block("gateway", "H.323 gateway", kGatewayBlock, &Config::gateway),
    block("gatekeeper", "H.323 gatekeeper, kept as text", kGatekeeperBlock, &Config::gatekeeper),
};

constexpr Section kSections[14] = {
    {Place::voice_card, kCardConfigRows, false},
    {Place::voice_call, kCallRows},
    {Place::voice_service, kServiceConfigRows, false},
    {Place::voice_class_codec, kCodecClassRows, false},
    {Place::voice_class_srtp, kSuiteClassRows, false},
    {Place::voice_class_other, kClassRows, false},
    {Place::voice_statistics, kStatisticsRows},
    {Place::voice_port, kPortRows, false},
    {Place::mgcp, kMgcpRows},
    {Place::sccp, kSccpRows},
    {Place::dspfarm, kDspRows, false},
    {Place::dial_peer, kPeerConfigRows, false},
    {Place::gateway, kGatewayConfigRows, false},
    {Place::sip_ua, kSipUaConfigRows, false},
};

}  // namespace parley::voice_srtp
