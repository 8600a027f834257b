// Command rows of dial peers and sip-ua.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/voice-srtp/codec_syntax.h"
#include "modules/voice-srtp/voice_config.h"

namespace parley::voice_srtp {

using namespace parley::cli;
using P = DialPeer;

constexpr Row kPeerRows[] = {
    pending(value("description LINE", "Text for the operator", &P::description)),
    stores("translation-profile {incoming|outgoing} -> WORD", "Changes of numbers"),
    pending(value("preference <0-10>", "Rank among equal patterns", &P::preference)),
    pending(flag("huntstop", "Do not try equal patterns after this one", &P::huntstop)),
    pending(flag("shutdown", "Take this peer out of service", &P::shutdown)),                           // 000:2361
    pending(value("destination-pattern WORD", "Numbers that are called here", &P::destination)),        // 000:2339
    pending(value("voice-class codec <1-10000> [offer-all]", "List of codecs", &P::codec_class, &P::codec_offer_all)),
    pending(value("voice-class sip srtp-crypto <1-10000>", "List of SRTP suites", &P::suite_class)),
    stores("voice-class sip LINE", "SIP settings of this peer"),
    store("voice-class h323 <1-10000>", "H.323 settings of this peer"),
    stores("voice-class uri LINE", "Addresses of this peer"),
    stores("voice-class tone-signal LINE", "Tones of this peer"),
    pending(value("session protocol [sipv2|cisco]", "Signalling with the peer", &P::protocol)),         // 001:1309
    pending(value("session target WORD", "Address of the peer", &P::target)),                           // 000:2341, 2358
    pending(value("session transport [udp|tcp [tls]|system]", "Transport of signalling", &P::transport,
                  &P::transport_tls)),                                                                  // 001:1310
    pending(flag("srtp [fallback|pass-thru=passthru|system]", "Encrypted media", &P::srtp_set, &P::srtp)),  // 000:1290
    pending(value("incoming called-number WORD", "Called numbers of incoming calls", &P::incoming_called)),  // 000:2342
    store("incoming uri LINE", "Addresses of incoming calls"),
    pending(value("answer-address WORD", "Calling numbers of incoming calls", &P::answer_address)),
    pending(value("dtmf-relay {h245-alphanumeric|h245-signal|rtp-nte|sip-notify|sip-kpml|cisco-rtp}...",
                  "How keypad tones travel", &P::dtmf)),                                                // 000:2343
    pending(value("codec " CODEC_SYNTAX " [bytes <10-240>]", "Codec of the peer", &P::codec, &P::codec_bytes)),
    stores("req-qos {best-effort|controlled-load|guaranteed-delay} [LINE]", "Quality that is asked for"),  // 000:2344
    stores("acc-qos LINE", "Quality that is accepted"),
    store("max-conn <1-2147483647>", "Calls at the same time"),
    store_on("vad", "Silence is not sent"),
    stores("fax LINE", "Fax over IP"),
    stores("modem LINE", "Modems over IP"),
    stores("clid LINE", "Number of the caller"),
    stores("ip qos dscp LINE", "Marks of packets"),
    store_on("digit-strip", "Digits that match the pattern are taken away"),                            // 000:2389-2392
    store("direct-inward-dial", "The called number is taken from signalling"),
    store("forward-digits LINE", "Digits that are sent"),
    store("prefix WORD", "Digits in front of the number"),
    store("port WORD", "Voice port"),
    store("trunkgroup WORD [<1-64>]", "Group of lines"),
    store("tech-prefix WORD", "Prefix at the gatekeeper"),
    store("permission LINE", "Directions that are allowed"),
    store("numbering-type LINE", "Kind of the number"),
    stores("corlist {incoming|outgoing} -> WORD", "Class of restriction"),
    stores("service LINE", "Application of the peer"),
    stores("application LINE", "Application of the peer"),
    stores("playout-delay LINE", "Jitter buffer"),
    stores("progress_ind LINE", "Progress indicators"),
    stores("supplementary-service LINE", "Transfer and forward of this peer"),
    stores("authentication LINE", "Login at the peer"),
    stores("media LINE", "Path of media"),
    stores("no-answer LINE", "What follows when nobody answers"),
};
constexpr Mode kPeerMode = mode("dial-peer", "(config-dial-peer)", "Dial-peer", kPeerRows);
constexpr Block kPeerBlock = entries<DialPeer>(kPeerMode, Sorted::by_key);

constexpr Row kPeerConfigRows[] = {
    pending(block("dial-peer voice <1-2147483647> -> {voip|pots|mmoip|vofr}", "Where calls go and come from", kPeerBlock,
                  &Config::peers, &DialPeer::tag, &DialPeer::kind)),                                    // 000:1276
};

constexpr Row kSipUaRows[] = {
    pending(list("crypto signaling {remote-addr A.B.C.D MASK|default} -> {trustpoint WORD [strict-cipher] "
                 "[cn-san-validate server]|tls-profile <1-10000>}",
                 "Certificate of SIP over TLS", &SipUa::signaling, &Signaling::peer, &Signaling::address, &Signaling::mask,
                 &Signaling::kind, &Signaling::trustpoint, &Signaling::strict_cipher, &Signaling::check_name,
                 &Signaling::profile)),                                                                 // 001:1297, 1319
    pending(flag("transport udp", "SIP by UDP", &SipUa::transport_udp)),
    pending(flag("transport tcp", "SIP by TCP", &SipUa::transport_tcp)),
    pending(flag("transport tcp tls [v1.0|v1.1|v1.2]", "SIP by TLS", &SipUa::transport_tls, &SipUa::tls_version)),
    stores("retry {bye|cancel|info|invite|notify|options|prack|refer|register|rel1xx|response|subscribe} -> <1-10>",
           "How often a message is sent again"),
    stores("timers {buffer-invite|connect|connection|disconnect|expires|hold|notify|options|prack|refer|register|trying} "
           "-> LINE",
           "Times of signalling"),
    stores("authentication username WORD -> LINE", "Login at other servers"),
    stores("registrar LINE", "Server that this router registers with"),
    store("sip-server LINE", "Server of outgoing calls"),
    stores("credentials LINE", "Login at the registrar"),
    stores("mwi-server LINE", "Server of message lamps"),
    stores("connection-reuse [LINE]", "Use one connection for both directions"),
    stores("host-registrar", "Name of the registrar in messages"),
};
constexpr Mode kSipUaMode = mode("sip-ua", "(config-sip-ua)", "SIP UA", kSipUaRows);
constexpr Block kSipUaBlock = single<SipUa>(kSipUaMode);

constexpr Row kSipUaConfigRows[] = {
    pending(block("sip-ua", "SIP user agent", kSipUaBlock, &Config::sip_ua)),
};

}  // namespace parley::voice_srtp
