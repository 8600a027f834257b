// Command rows of voice classes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/module.h"
#include "modules/voice-srtp/codec_syntax.h"
#include "modules/voice-srtp/voice_config.h"

namespace parley::voice_srtp {

using namespace parley::cli;

constexpr Row kCodecRows[] = {
    pending(sorted_list("codec preference <1-14> -> " CODEC_SYNTAX " [bytes <10-240>]", "Codec and its rank",
                        &CodecClass::preferences, &CodecPreference::value, &CodecPreference::codec,
                        &CodecPreference::bytes)),                                                      // 000:1274, 2097
};
constexpr Mode kCodecMode = mode("voice-class", "(config-class)", "Voice class codec", kCodecRows);
constexpr Block kCodecBlock = entries<CodecClass>(kCodecMode, Sorted::defined);

constexpr Row kSuiteRows[] = {
    pending(sorted_list("crypto <1-4> -> {AEAD_AES_256_GCM|AEAD_AES_128_GCM|AES_CM_128_HMAC_SHA1_80|AES_CM_128_HMAC_SHA1_32}",
                        "SRTP suite and its rank", &SuiteClass::suites, &SuitePreference::value,
                        &SuitePreference::suite)),
};
constexpr Mode kSuiteMode = mode("srtp-crypto", "(config-class)", "Voice class srtp-crypto", kSuiteRows);

// A suite stands in one place only.
bool check_suites(Instance&, const SuiteClass&, const SuiteClass& now, Writer& text) {
  for (const SuitePreference& a : now.suites)
    for (const SuitePreference& b : now.suites)
      if (a.suite == b.suite && a.value < b.value) {
        text.put("Suite already used with preference ").dec(a.value);
        return false;
      }
  return true;
}
constexpr Block kSuiteBlock = verified<&check_suites>(entries<SuiteClass>(kSuiteMode, Sorted::defined));

constexpr Mode kTextMode = mode("voice-class-text", "(config-class)", "Voice class", free_body);
constexpr Block kNumberedBlock = entries<NumberedBlock>(kTextMode, Sorted::defined);
constexpr Block kUriBlock = entries<UriClass>(kTextMode, Sorted::defined);

constexpr Row kCodecClassRows[] = {
    pending(block("voice class codec <1-10000>", "List of codecs", kCodecBlock, &Config::codec_classes,
                  &CodecClass::tag)),                                                                   // 000:1273
};
constexpr Row kSuiteClassRows[] = {
    pending(block("voice class srtp-crypto <1-10000>", "List of SRTP suites", kSuiteBlock, &Config::suite_classes,
                  &SuiteClass::tag)),
};
constexpr Row kClassRows[] = {
    block("voice class h323 <1-10000>", "H.323 settings, kept as text", kNumberedBlock, &Config::h323_classes,
          &NumberedBlock::number),
    block("voice class uri WORD [sip|tel]", "Addresses, kept as text", kUriBlock, &Config::uri_classes, &UriClass::name,
          &UriClass::kind),
    block("voice class sip-profiles <1-10000>", "Changes of SIP messages, kept as text", kNumberedBlock,
          &Config::sip_profiles, &NumberedBlock::number),
    block("voice class server-group <1-10000>", "Group of servers, kept as text", kNumberedBlock, &Config::server_groups,
          &NumberedBlock::number),
    block("voice class tls-cipher <1-10000>", "TLS ciphers, kept as text", kNumberedBlock, &Config::tls_ciphers,
          &NumberedBlock::number),
    block("voice class tls-profile <1-10000>", "TLS settings, kept as text", kNumberedBlock, &Config::tls_profiles,
          &NumberedBlock::number),
};

}  // namespace parley::voice_srtp
