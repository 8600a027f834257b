// Command rows of DSP farms and SCCP.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/module.h"
#include "modules/voice-srtp/voice_config.h"

namespace parley::voice_srtp {

using namespace parley::cli;

constexpr Row kProfileRows[] = {
    pending(value("description LINE", "Text for the operator", &DspProfile::description)),
    pending(value("trustpoint WORD", "Certificate shown to the call agent", &DspProfile::trustpoint)),
    pending(list("codec {g711ulaw|g711alaw|g722-64|g729ar8|g729abr8|g729r8|g729br8|ilbc|pass-through}", "Codec of the farm",
                 &DspProfile::codecs, &FarmCodec::codec)),
    pending(value("maximum sessions <1-1000>", "Calls at the same time", &DspProfile::max_sessions)),
    pending(flag("associate application {sccp|cube}", "Who uses the farm", &DspProfile::associated,
                 &DspProfile::application)),
    pending(flag("shutdown", "Take the farm out of service", &DspProfile::shutdown)),
};
constexpr Mode kProfileMode = mode("dspfarm-profile", "(config-dspfarm-profile)", "DSP farm profile", kProfileRows);

bool check_profile(Instance&, const DspProfile&, const DspProfile& now, Writer& text) {
  if (now.shutdown || !now.security || !now.trustpoint.empty()) return true;
  text.put("A secure profile needs a trustpoint");
  return false;
}
constexpr Block kProfileBlock = verified<&check_profile>(entries<DspProfile>(kProfileMode, Sorted::by_key));

constexpr Row kGroupRows[] = {
    pending(value("bind interface IFNAME", "Address that the farm uses", &CcmGroup::bind)),
    pending(sorted_list("associate ccm <1-65535> -> priority <1-4>", "Call agent of the group", &CcmGroup::members,
                        &CcmMember::ccm, &CcmMember::priority)),
    pending(sorted_list("associate profile <1-65535> -> register WORD", "Farm of the group and its name",
                        &CcmGroup::profiles, &CcmProfile::profile, &CcmProfile::name)),
};
constexpr Mode kGroupMode = mode("sccp-ccm", "(config-sccp-ccm)", "SCCP call agent group", kGroupRows, free_body);
constexpr Block kGroupBlock = entries<CcmGroup>(kGroupMode, Sorted::by_key);

constexpr Row kSccpRows[] = {
    pending(value("sccp local IFNAME [port <1025-65535>]", "Address of the DSP farm", &Config::sccp_local,
                  &Config::sccp_port)),                                                                 // 000:444
    pending(list("sccp ccm A.B.C.D identifier <1-65535> -> [priority <1-4>] [port <1025-65535>] [version WORD]",
                 "Call agent of the DSP farm", &Config::ccms, &Ccm::address, &Ccm::identifier, &Ccm::priority, &Ccm::port,
                 &Ccm::version)),
    pending(flag("sccp", "DSP farm registers with a call agent", &Config::sccp)),
    pending(block("sccp ccm group <1-50>", "Group of call agents", kGroupBlock, &Config::ccm_groups, &CcmGroup::number)),
};
constexpr Row kDspRows[] = {
    pending(block("dspfarm profile <1-65535> -> {transcode|conference|mtp} [universal] [security]", "One use of DSPs",
                  kProfileBlock, &Config::dsp_profiles, &DspProfile::number, &DspProfile::kind,
                  &DspProfile::universal, &DspProfile::security)),                                      // 000:444
};

}  // namespace parley::voice_srtp
