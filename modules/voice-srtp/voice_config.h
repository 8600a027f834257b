// What an operator can set for media, calls between routers and DSPs; initialisers are the defaults.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "cli/row.h"

namespace parley::voice_srtp {

enum class Codec : uint8_t {
  g711alaw, g711ulaw, g722_64, g723ar53, g723ar63, g723r53, g723r63, g726r16, g726r24, g726r32, g728, g729br8, g729r8,
  gsmfr, ilbc, clear_channel, transparent,
};
enum class Protocol : uint8_t { h323, sip };
enum class Suite : uint8_t { aes_256_gcm, aes_128_gcm, aes_cm_128_sha1_80, aes_cm_128_sha1_32 };
enum class SrtpMode : uint8_t { only, fallback, pass_thru };
enum class PeerSrtp : uint8_t { only, fallback, pass_thru, system };
enum class SrtpAuth : uint8_t { sha1_32, sha1_80 };
enum class PeerKind : uint8_t { voip, pots, mmoip, vofr };
enum class Transport : uint8_t { any, udp, tcp, system };             // of [..]: 0 = not configured
enum class Dtmf : uint8_t { h245_alphanumeric, h245_signal, rtp_nte, sip_notify, sip_kpml, cisco_rtp };
enum class FarmKind : uint8_t { transcode, conference, mtp };
enum class FarmUser : uint8_t { sccp, cube };
enum class SignalingPeer : uint8_t { remote_address, others };
enum class SignalingTls : uint8_t { trustpoint, profile };
enum class Bound : uint8_t { control, media, all };

struct VoiceCard {
  uint32_t id = 0;
  uint8_t slot = 0;
  bool dspfarm = false;
  bool dsp_services = false;
};
struct NumberedBlock {                 // block whose body is kept as text
  uint32_t id = 0;
  uint32_t number = 0;
};
struct NamedBlock {
  uint32_t id = 0;
  Text<63> name;
};
struct StoredBlock {
  uint32_t id = 0;
};
struct UriClass {
  uint32_t id = 0;
  Text<63> name;
  uint8_t kind = 0;                    // 1 sip, 2 tel
};

struct CodecPreference {
  uint32_t id = 0;
  uint8_t value = 0;
  Codec codec = Codec::g711alaw;
  uint8_t bytes = 0;                   // payload; 0: usual size
};
struct CodecClass {
  uint32_t id = 0;
  uint16_t tag = 0;
  cli::Table<CodecPreference> preferences;
};
struct SuitePreference {
  uint32_t id = 0;
  uint8_t value = 0;
  Suite suite = Suite::aes_256_gcm;
};
struct SuiteClass {
  uint32_t id = 0;
  uint16_t tag = 0;
  cli::Table<SuitePreference> suites;
};

struct Bridge {                        // allow-connections
  uint32_t id = 0;
  Protocol from = Protocol::h323;
  Protocol to = Protocol::h323;
};
struct TrustedAddress {
  uint32_t id = 0;
  cli::Ipv4 address;
  cli::Ipv4 mask{0xffffffff};
};
struct TrustedList {
  uint32_t id = 0;
  cli::Table<TrustedAddress> addresses;
};
struct ServiceH323 {
  uint32_t id = 0;
  bool empty_capability = false;
};
struct SipBind {
  uint32_t id = 0;
  Bound what = Bound::control;
  cli::Interface interface;
};
struct ServiceSip {
  uint32_t id = 0;
  uint16_t suite_class = 0;            // voice class srtp-crypto; 0: none
  cli::Several<SrtpAuth, 2> srtp_auth;
  uint8_t transport = 0;               // 1 udp, 2 tcp
  bool transport_tls = false;
  cli::Table<SipBind> binds;
};
struct VoiceService {
  uint32_t id = 0;
  bool srtp_set = false;
  uint8_t srtp = 0;                    // 0 only SRTP, 1 fallback, 2 pass-thru
  cli::Table<Bridge> bridges;
  bool h450_2 = true;
  bool h450_3 = true;
  bool h450_7 = true;
  bool h450_12 = false;
  bool media_renegotiate = false;
  bool sip_refer = true;
  bool sip_moved = true;
  bool sip_replaces = true;
  bool trusted_authenticate = true;
  TrustedList trusted;
  ServiceH323 h323;
  ServiceSip sip;
};

enum class DspCodec : uint8_t { g711ulaw, g711alaw, g722_64, g729ar8, g729abr8, g729r8, g729br8, ilbc, pass_through };
struct FarmCodec {
  uint32_t id = 0;
  DspCodec codec = DspCodec::g711ulaw;
};
struct DspProfile {
  uint32_t id = 0;
  uint16_t number = 0;
  FarmKind kind = FarmKind::transcode;
  bool universal = false;
  bool security = false;               // registers over TLS
  Text<63> description;
  Text<63> trustpoint;
  cli::Table<FarmCodec> codecs;
  uint16_t max_sessions = 0;
  bool associated = false;
  FarmUser application = FarmUser::sccp;
  bool shutdown = true;
};
struct CcmMember {                     // `associate ccm`
  uint32_t id = 0;
  uint16_t ccm = 0;
  uint8_t priority = 0;
};
struct CcmProfile {                    // `associate profile`
  uint32_t id = 0;
  uint16_t profile = 0;
  Text<15> name;
};
struct CcmGroup {
  uint32_t id = 0;
  uint16_t number = 0;
  cli::Interface bind;
  cli::Table<CcmMember> members;
  cli::Table<CcmProfile> profiles;
};
struct Ccm {
  uint32_t id = 0;
  cli::Ipv4 address;
  uint16_t identifier = 0;
  uint8_t priority = 0;
  uint16_t port = 2000;
  Text<15> version;
};

struct DialPeer {
  uint32_t id = 0;
  uint32_t tag = 0;
  PeerKind kind = PeerKind::voip;
  Text<63> description;
  uint8_t preference = 0;
  bool huntstop = false;
  bool shutdown = false;
  Text<63> destination;
  uint16_t codec_class = 0;            // voice class codec; 0: none
  bool codec_offer_all = false;
  uint16_t suite_class = 0;            // voice class srtp-crypto; 0: that of the service
  uint8_t protocol = 0;                // 1 sipv2, 2 cisco; 0: cisco
  Text<127> target;
  uint8_t transport = 0;               // 1 udp, 2 tcp, 3 system; 0: system
  bool transport_tls = false;
  bool srtp_set = false;               // off: that of the service
  uint8_t srtp = 0;                    // 0 only SRTP, 1 fallback, 2 pass-thru, 3 system
  Text<63> incoming_called;
  Text<63> answer_address;
  cli::Several<Dtmf, 6> dtmf;
  Codec codec = Codec::g729r8;
  uint8_t codec_bytes = 0;
};

struct Signaling {                     // crypto signaling
  uint32_t id = 0;
  SignalingPeer peer = SignalingPeer::remote_address;
  cli::Ipv4 address;
  cli::Ipv4 mask;
  SignalingTls kind = SignalingTls::trustpoint;
  Text<63> trustpoint;
  bool strict_cipher = false;
  bool check_name = false;
  uint16_t profile = 0;
};
struct SipUa {
  uint32_t id = 0;
  cli::Table<Signaling> signaling;
  bool transport_udp = true;
  bool transport_tcp = true;
  bool transport_tls = false;
  uint8_t tls_version = 0;             // 1 v1.0, 2 v1.1, 3 v1.2; 0: modern profile
};

struct Config {
  uint32_t id = 0;
  cli::Table<VoiceCard> cards;
  VoiceService service;
  cli::Table<CodecClass> codec_classes;
  cli::Table<SuiteClass> suite_classes;
  cli::Table<NumberedBlock> h323_classes;
  cli::Table<UriClass> uri_classes;
  cli::Table<NumberedBlock> sip_profiles;
  cli::Table<NumberedBlock> server_groups;
  cli::Table<NumberedBlock> tls_ciphers;
  cli::Table<NumberedBlock> tls_profiles;
  cli::Table<NumberedBlock> translation_rules;
  cli::Table<NamedBlock> translation_profiles;
  cli::Table<NamedBlock> trunk_groups;
  cli::Table<NamedBlock> ports;
  StoredBlock gatekeeper;
  bool sccp = false;
  cli::Interface sccp_local;
  uint16_t sccp_port = 2000;
  cli::Table<Ccm> ccms;
  cli::Table<CcmGroup> ccm_groups;
  cli::Table<DspProfile> dsp_profiles;
  cli::Table<DialPeer> peers;
  StoredBlock gateway;
  SipUa sip_ua;
};

// The rows of each file of this module.
extern const cli::Row kServiceConfigRows[1];
extern const cli::Row kCodecClassRows[1];
extern const cli::Row kSuiteClassRows[1];
extern const cli::Row kClassRows[6];
extern const cli::Row kSccpRows[4];
extern const cli::Row kDspRows[1];
extern const cli::Row kPeerConfigRows[1];
extern const cli::Row kSipUaConfigRows[1];
extern const cli::Section kSections[14];
extern const cli::Row kExec[16];             // voice_show.cc
extern const cli::Gloss kGloss[151];

}  // namespace parley::voice_srtp
