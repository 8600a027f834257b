// show dial-peer voice, voice class codec, sip-ua, sccp, calls. No call is in this image: tables of calls are empty.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <string_view>

#include "modules/module.h"
#include "modules/voice-srtp/voice_config.h"

namespace parley::voice_srtp {
namespace {

struct TagArgs {
  uint32_t tag = 0;        // 0: all
};

struct ConnectionArgs {
  uint8_t transport = 0;
  bool tls = false;
  uint8_t detail = 0;
};

const Config& config_of(cli::Call& call) { return *static_cast<const Config*>(call.instance->config()); }

std::string_view codec_name(Codec c) {
  constexpr std::string_view kNames[] = {"g711alaw", "g711ulaw", "g722-64", "g723ar53", "g723ar63", "g723r53",
                                         "g723r63",  "g726r16",  "g726r24", "g726r32",  "g728",     "g729br8",
                                         "g729r8",   "gsmfr",    "ilbc",    "clear-channel", "transparent"};
  return kNames[static_cast<size_t>(c)];
}
std::string_view kind_name(PeerKind k) {
  constexpr std::string_view kNames[] = {"voip", "pots", "mmoip", "vofr"};
  return kNames[static_cast<size_t>(k)];
}
std::string_view dtmf_name(Dtmf d) {
  constexpr std::string_view kNames[] = {"h245-alphanumeric", "h245-signal", "rtp-nte", "sip-notify", "sip-kpml", "cisco-rtp"};
  return kNames[static_cast<size_t>(d)];
}
std::string_view srtp_name(const DialPeer& p) {
  constexpr std::string_view kNames[] = {"enabled", "enabled with fallback", "pass-thru", "system"};
  return p.srtp_set ? kNames[p.srtp] : kNames[3];
}
std::string_view transport_name(const DialPeer& p) {
  if (p.transport == 1) return "udp";
  if (p.transport == 2) return p.transport_tls ? "tcp tls" : "tcp";
  return "system";
}

void put_media(Writer& out, const DialPeer& p) {
  out.put("        type = ").put(kind_name(p.kind)).put(", session-target = `").put(p.target).put("',\n");
  out.put("        session-protocol = ").put(p.protocol == 1 ? "sipv2" : "cisco");
  out.put(", session-transport = ").put(transport_name(p)).put(",\n");
  if (p.codec_class != 0) out.put("        voice class codec = ").dec(p.codec_class).put(",\n");
  else out.put("        codec = ").put(codec_name(p.codec)).put(",\n");
  out.put("        dtmf-relay =");
  if (p.dtmf.begin() == p.dtmf.end()) out.put(" none");
  for (const Dtmf d : p.dtmf) out.put(' ').put(dtmf_name(d));
  out.put(",\n        SRTP = ").put(srtp_name(p));
  if (p.suite_class != 0) out.put(", voice class srtp-crypto = ").dec(p.suite_class);
  out.put('\n');
}

void put_peer(Writer& out, const DialPeer& p) {
  out.put(p.kind == PeerKind::pots ? "VoiceEncapPeer" : "VoiceOverIpPeer").dec(p.tag).put('\n');
  out.put("        peer type = voice, information type = voice,\n");
  out.put("        description = `").put(p.description).put("',\n");
  out.put("        tag = ").dec(p.tag).put(", destination-pattern = `").put(p.destination).put("',\n");
  out.put("        answer-address = `").put(p.answer_address).put("', preference=").dec(p.preference).put(",\n");
  out.put("        incoming called-number = `").put(p.incoming_called).put("', huntstop = ");
  out.put(p.huntstop ? "enabled" : "disabled").put(",\n");
  out.put("        Admin state is ").put(p.shutdown ? "down" : "up").put(", Operation state is down,\n");
  if (p.kind == PeerKind::pots) out.put("        type = pots\n");
  else put_media(out, p);
}

void show_peers(cli::Call& call, const TagArgs& a) {
  bool any = a.tag == 0;
  for (const DialPeer& p : config_of(call).peers) {
    if (a.tag != 0 && p.tag != a.tag) continue;
    any = true;
    put_peer(call.out(), p);
  }
  if (!any) call.out().put("dial-peer ").dec(a.tag).put(" is not configured\n");
}
void show_all_peers(cli::Call& call) { show_peers(call, {}); }

void show_peer_summary(cli::Call& call) {
  Writer& out = call.out();
  out.put("dial-peer hunt 0\n");
  out.put("             AD                                    PRE PASS                OUT\n");
  out.put("TAG    TYPE  MIN  OPER PREFIX    DEST-PATTERN      FER THRU SESS-TARGET    STAT PORT\n");
  for (const DialPeer& p : config_of(call).peers) {
    char number[12];
    FixedWriter tag(number);
    tag.dec(p.tag);
    out.left(tag.view(), 6).put(' ').left(kind_name(p.kind), 6).left(p.shutdown ? "down" : "up", 5).left("down", 15);
    out.left(p.destination, 18).dec(p.preference, 2).put(p.kind == PeerKind::pots ? "" : "  syst");
    if (!p.target.empty()) out.put(' ').put(p.target);
    out.put('\n');
  }
}

void show_codecs(cli::Call& call, const TagArgs& a) {
  bool any = a.tag == 0;
  for (const CodecClass& c : config_of(call).codec_classes) {
    if (a.tag != 0 && c.tag != a.tag) continue;
    any = true;
    call.out().put("voice class codec ").dec(c.tag).put('\n');
    for (const CodecPreference& p : c.preferences) {
      call.out().put(" codec preference ").dec(p.value).put(' ').put(codec_name(p.codec));
      if (p.bytes != 0) call.out().put(" bytes ").dec(p.bytes);
      call.out().put('\n');
    }
  }
  if (!any) call.out().put("voice class codec ").dec(a.tag).put(" is not configured\n");
}
void show_all_codecs(cli::Call& call) { show_codecs(call, {}); }

void show_voice_calls(cli::Call& call) {
  call.out().put("PORT           CODEC    VAD VTSP STATE            VPM STATE\n");
  call.out().put("============== ======== === ==================== ======================\n");
}

void show_active_calls(cli::Call& call) {
  for (const char* kind : {"Telephony", "SIP", "H323", "Call agent controlled", "SCCP", "Multicast", "Total"})
    call.out().put(kind).put(" call-legs: 0\n");
}

void show_sip_calls(cli::Call& call) {
  call.out().put("SIP UAC CALL INFO\nNumber of SIP User Agent Client(UAC) calls: 0\n\n");
  call.out().put("SIP UAS CALL INFO\nNumber of SIP User Agent Server(UAS) calls: 0\n");
}

// No user agent runs in this image, whatever `transport` says.
void show_sip_status(cli::Call& call) {
  call.out().put("SIP User Agent Status\nSIP User Agent for UDP : DISABLED\nSIP User Agent for TCP : DISABLED\n");
  call.out().put("SIP User Agent for TLS over TCP : DISABLED\n");
}

void show_sip_connections(cli::Call& call, const ConnectionArgs& a) {
  Writer& out = call.out();
  out.put("\nTotal active connections      : 0\nNo. of send failures          : 0\nNo. of remote closures        : 0\n");
  out.put("No. of conn. failures         : 0\nNo. of inactive conn. ageouts : 0\n");
  if (a.detail == 0) return;
  out.put("\n---------Printing Detailed Connection Report---------\nNo Active Connections Found\n");
}

void put_farm(Writer& out, const DspProfile& p) {
  constexpr std::string_view kKinds[] = {"Transcoding", "Conferencing", "Software MTP"};
  const std::string_view kind = kKinds[static_cast<size_t>(p.kind)];
  out.put('\n').put(kind).put(" Oper State: DOWN\n");
  out.put("Active Call Manager: NONE\nProfile Identifier: ").dec(p.number).put(", Service State: ");
  out.put(p.shutdown ? "shutdown" : "no shutdown").put('\n');
  out.put("Reported Max Streams: 0, Reported Max OOS Streams: 0\n");
}

void show_sccp(cli::Call& call) {
  const Config& c = config_of(call);
  Writer& out = call.out();
  out.put("SCCP Admin State: ").put(c.sccp ? "UP" : "DOWN").put("\nGateway Local Interface: ");
  if (c.sccp_local.empty()) out.put("NONE\n");
  else {
    cli::kind_of(cli::Value::interface).print(out, &c.sccp_local, sizeof c.sccp_local, {});
    out.put("\n        Port Number: ").dec(c.sccp_port).put('\n');
  }
  for (const Ccm& m : c.ccms) {
    out.put("Call Manager: ").ipv4(m.address).put(", Port Number: ").dec(m.port).put("\n                Priority: ");
    if (m.priority == 0) out.put("N/A");
    else out.dec(m.priority);
    out.put(", Version: ").put(m.version).put(", Identifier: ").dec(m.identifier).put('\n');
  }
  for (const DspProfile& p : c.dsp_profiles) put_farm(out, p);
}

void show_sccp_connections(cli::Call& call) {
  Writer& out = call.out();
  out.left("sess_id", 11).left("conn_id", 11).left("stype", 13).left("mode", 10).left("codec", 8).left("ripaddr", 16);
  out.put("rport sport\n\nTotal number of active session(s) 0, and connection(s) 0\n");
}

}  // namespace

using cli::action;
using cli::pending;
using cli::privilege;

constexpr cli::Row kExec[16] = {
    action<show_all_peers>("show dial-peer voice", "Where calls go and come from"),
    action<show_peers>("show dial-peer voice <1-2147483647>", "One dial peer", &TagArgs::tag),
    action<show_peer_summary>("show dial-peer voice summary", "One line for each dial peer"),
    action<show_all_codecs>("show voice class codec", "Lists of codecs"),
    action<show_codecs>("show voice class codec <1-10000>", "One list of codecs", &TagArgs::tag),
    action<show_voice_calls>("show voice call summary", "Calls by voice port"),
    action<show_active_calls>("show call active voice brief", "Call legs"),
    action<show_sip_calls>("show sip-ua calls", "SIP calls with their keys"),
    action<show_sip_status>("show sip-ua status", "State of the SIP user agent"),
    action<show_sip_connections>("show sip-ua connections {tcp [tls]|udp} {brief|detail}", "SIP connections",
                                 &ConnectionArgs::transport, &ConnectionArgs::tls, &ConnectionArgs::detail),
    pending(action("show sip-ua statistics", "SIP counters")),
    action<show_sccp>("show sccp", "DSP farms and their call agents"),
    action<show_sccp_connections>("show sccp connections", "Media of DSP farms"),
    pending(action("show voice dsp", "DSP slots and channels")),
    privilege(15, pending(action("debug ccsip LINE", "SIP"))),
    privilege(15, pending(action("debug voip LINE", "Calls"))),
};

}  // namespace parley::voice_srtp
