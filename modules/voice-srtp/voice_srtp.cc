// The module voice-srtp: media, SRTP, DSPs, calls between routers.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DOC
// Media streams, their keys, DSPs, and calls that leave this router. This image reads, checks, keeps and writes the whole
// configuration. Calls and media are not in this image: every command that will act is marked pending and says so when it is
// typed (`make pending` lists them); commands of class STORE are kept as text and written back.
//
// Configuration, by file: service_config.cc (voice service voip, h323, sip), class_config.cc (voice class ...),
// peer_config.cc (dial-peer, sip-ua), dsp_config.cc (dspfarm, sccp), voice_config.cc (the rest and the sections).
// voice_show.cc shows it, and tables of calls that are empty.
#include "modules/voice-srtp/voice_srtp.h"

#include "modules/voice-srtp/voice_config.h"
#include "modules/kept_module.h"

namespace parley {

constinit const Module kVoiceSrtp = {
    .name = "voice-srtp",
    .summary = "media, SRTP, DSPs, calls between routers",
    .needs = {},
    .provides = {},
    .sections = voice_srtp::kSections,
    .exec = voice_srtp::kExec,
    .messages = {},
    .create = &KeptModule<voice_srtp::Config>::create,
    .glossary = voice_srtp::kGloss,
};

}  // namespace parley
