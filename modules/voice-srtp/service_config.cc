// Command rows of voice service voip and its sub-modes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/voice-srtp/voice_config.h"

namespace parley::voice_srtp {

using namespace parley::cli;
using V = VoiceService;

constexpr Row kTrustedRows[] = {
    pending(list("ipv4 A.B.C.D [MASK]", "Trusted address or network", &TrustedList::addresses, &TrustedAddress::address,
                 &TrustedAddress::mask)),                                                               // 001:235
    stores("ipv6 WORD", "Trusted IPv6 network"),
};
constexpr Mode kTrustedMode = mode("iptrust-list", "(cfg-iptrust-list)", "Trusted list", kTrustedRows);
constexpr Block kTrustedBlock = single<TrustedList>(kTrustedMode);

constexpr Row kH323Rows[] = {
    pending(flag("emptycapability", "New media without equal codec lists", &ServiceH323::empty_capability)),  // 000:1255
    store("ras rrq ttl <60-4294967> [margin <1-60>]", "Seconds a registration holds"),                  // 000:2093
    stores("h225 LINE", "Call signalling"),
    stores("h245 LINE", "Media signalling"),
    store("call service stop", "Take no H.323 calls"),
    store("session transport {tcp|udp}", "Transport of call signalling"),
};
constexpr Mode kH323Mode = mode("serv-h323", "(conf-serv-h323)", "H.323 service", kH323Rows);
constexpr Block kH323Block = single<ServiceH323>(kH323Mode);

constexpr Row kSipRows[] = {
    pending(list("bind {control|media|all} -> source-interface IFNAME", "Address that SIP uses", &ServiceSip::binds,
                 &SipBind::what, &SipBind::interface)),                                                 // 001:243
    pending(value("session transport [udp|tcp [tls]]", "Transport of SIP", &ServiceSip::transport,
                  &ServiceSip::transport_tls)),
    pending(value("srtp-crypto <1-10000>", "List of SRTP suites", &ServiceSip::suite_class)),
    pending(value("srtp-auth {sha1-32|sha1-80}...", "SRTP authentication in offers", &ServiceSip::srtp_auth)),  // 001:1330
    store("srtp negotiate [cisco]", "Offer RTP and SRTP in one line"),                                  // 001:727
    store("registrar server [LINE]", "Phones may register by SIP"),
    store("url {sip|sips}", "Kind of SIP addresses"),
    store("early-offer forced", "Media offer in the first message"),
    store("midcall-signaling LINE", "What is passed on during a call"),
    stores("header-passing [LINE]", "Headers that are passed on"),
    stores("error-passthru", "Errors are passed on"),
    stores("asserted-id LINE", "Identity of callers"),
    stores("privacy-policy LINE", "Privacy of callers"),
    stores("options-ping LINE", "Signs of life"),
    stores("pass-thru LINE", "What is passed on unchanged"),
    stores("rel1xx LINE", "Reliable provisional answers"),
    stores("sip-profiles LINE", "Changes of messages"),
    stores("outbound-proxy LINE", "Proxy of outgoing calls"),
    stores("localhost LINE", "Name of this router in messages"),
};
constexpr Mode kSipMode = mode("serv-sip", "(conf-serv-sip)", "SIP service", kSipRows);
constexpr Block kSipBlock = single<ServiceSip>(kSipMode);

constexpr Row kServiceRows[] = {
    pending(flag("ip address trusted authenticate", "Answer only trusted addresses", &V::trusted_authenticate)),  // 000:381
    pending(if_content(block("ip address trusted list", "Trusted addresses", kTrustedBlock, &V::trusted))),  // 001:235
    store("ip address trusted call-block cause WORD", "Cause told to callers that are not trusted"),
    pending(flag("srtp [fallback|pass-thru=passthru]", "Encrypted media", &V::srtp_set, &V::srtp)),     // 000:382, 1252
    store("srtp negotiate [cisco]", "Offer RTP and SRTP in one line"),
    pending(list("allow-connections {h323|sip} to {h323|sip}", "Calls that are passed on", &V::bridges, &Bridge::from,
                 &Bridge::to)),                                                                         // 000:383, 2082
    pending(flag("supplementary-service h450.2", "Transfer of H.323 calls", &V::h450_2)),               // 000:2083-2089
    pending(flag("supplementary-service h450.3", "Forward of H.323 calls", &V::h450_3)),
    pending(flag("supplementary-service h450.7", "Message lamps by H.323", &V::h450_7)),
    pending(flag("supplementary-service h450.12", "Ask for the supplementary services", &V::h450_12)),
    pending(flag("supplementary-service media-renegotiate", "New keys in the middle of a call", &V::media_renegotiate)),
    pending(flag("supplementary-service sip refer", "Transfer by REFER", &V::sip_refer)),               // 000:384
    pending(flag("supplementary-service sip moved-temporarily", "Forward by 302", &V::sip_moved)),
    pending(flag("supplementary-service sip handle-replaces", "Calls that replace others", &V::sip_replaces)),
    stores("fax LINE", "Fax over IP"),
    stores("modem LINE", "Modems over IP"),
    store("redirect ip2ip", "Pass redirected calls on"),
    store("callmonitor", "Report calls"),
    store("dtmf-interworking LINE", "Conversion of keypad tones"),
    store("mode border-element [LINE]", "Work between two networks"),
    stores("media LINE", "Path of media"),
    store("address-hiding", "Hide addresses of the other side"),
    store("rtp-port LINE", "UDP ports of media"),
    if_content(block("h323", "H.323 settings", kH323Block, &V::h323)),                                  // 000:1254
    if_content(block("sip", "SIP settings", kSipBlock, &V::sip)),                                       // 001:1329
};
constexpr Mode kServiceMode = mode("voi-serv", "(conf-voi-serv)", "VOICE SERVICE", kServiceRows);
constexpr Block kServiceBlock = single<VoiceService>(kServiceMode);

constexpr Row kServiceConfigRows[] = {
    block("voice service voip", "Calls over IP", kServiceBlock, &Config::service),                     // 000:1237
};

}  // namespace parley::voice_srtp
