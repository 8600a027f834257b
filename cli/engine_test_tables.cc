// Small tables for the tests of the engine.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/adding.h"
#include "cli/engine_test_tables.h"

namespace parley::cli::test {
namespace {

constexpr Row kCapfRows[] = {
    always(value("port <2000-9999>", "TCP port phones connect to", &Capf::port)),
    value("auth-mode {auth-string|LSC|MIC|none|null-string}", "How phones prove themselves", &Capf::auth),
    value("trustpoint-label WORD", "Certificate shown to phones", &Capf::trustpoint),
    value("source-addr [~addr] A.B.C.D", "Listen address", &Capf::source),
};
constexpr Mode kCapfMode = mode("capf-server", "(config-capf-server)", "CAPF server", kCapfRows);
bool check_capf(Owner&, const Capf& old, const Capf& now, Writer& text) {
  if (now.port != 6666) return true;
  text.put("port was ").dec(old.port);
  return false;
}
constexpr Block kCapfBlock = verified<&check_capf>(single<Capf>(kCapfMode));

constexpr Row kPhoneRows[] = {
    value("description LINE", "Text for the operator", &Phone::description),
    value("mac-address H.H.H", "MAC address of the phone", &Phone::mac),
    value("type WORD", "Model", &Phone::type),
    adding(value("button  BUTTON...", "Buttons and lines", &Phone::buttons)),
    flag("password PW6", "Password", &Phone::has_password, &Phone::password),
    store("codec {g711ulaw|g729r8} [dspfarm-assist]", "Codec"),
    store("ephone-template <1-20>", "Template"),
    stores("speed-dial <1-99> -> WORD [label LINE]", "Speed dial"),
};
constexpr Mode kPhoneMode = mode("ephone", "(config-ephone)", "Ephone", kPhoneRows);
// 66 is never taken; over 100 no new ones.
bool check_phone(Owner&, const Phone& old, const Phone& now, Writer& text) {
  if (now.tag != 66 && (old.id != 0 || now.tag <= 100)) return true;
  text.put("No phone ").dec(now.tag);
  return false;
}
constexpr Block kPhoneBlock = verified<&check_phone>(entries<Phone>(kPhoneMode, Sorted::by_key));

constexpr Row kPeerRows[] = {
    value("destination-pattern WORD", "Numbers", &Peer::pattern),
    store_on("digit-strip", "Strip digits"),
    store("voice-class codec <1-10000>", "Codec list"),
};
constexpr Mode kPeerMode = mode("dial-peer", "(config-dial-peer)", "Dial-peer", kPeerRows);
constexpr Block kPeerBlock = entries<Peer>(kPeerMode, Sorted::by_key);

constexpr Row kH323Rows[] = {flag("emptycapability", "Without codec lists", &H323::empty_capability)};
constexpr Mode kH323Mode = mode("serv-h323", "(conf-serv-h323)", "H323", kH323Rows);
constexpr Block kH323Block = single<H323>(kH323Mode);
constexpr Row kVoiceRows[] = {
    flag("srtp [fallback|pass-thru=passthru]", "Media encryption", &Voice::srtp_on, &Voice::srtp),
    flag("supplementary-service h450.2", "Transfer", &Voice::h450),
    sorted_list("codec preference <1-14> -> {g711alaw|g711ulaw|g729r8}", "Codecs", &Voice::codecs, &Codec::number, &Codec::codec),
    if_content(block("h323", "H.323", kH323Block, &Voice::h323)),
};
constexpr Mode kVoiceMode = mode("voi-serv", "(conf-voi-serv)", "VOICE SERVICE", kVoiceRows);
constexpr Block kVoiceBlock = single<Voice>(kVoiceMode);

constexpr Row kChainRows[] = {
    list("certificate [ca|self-signed|rollover] HEX -> CERT-HEX", "Certificate", &Chain::certificates, &Certificate::kind,
         &Certificate::serial, &Certificate::der),
};
constexpr Mode kChainMode = mode("cert-chain", "(config-cert-chain)", "Certificate chain", kChainRows);
constexpr Block kChainBlock = entries<Chain>(kChainMode, Sorted::defined);

void fresh_line(Line& l) { l.login = l.kind == 2; }
constexpr Row kLineRows[] = {
    flag("login", "Ask for a password", &Line::login),
    value("exec-timeout <0-35791>", "Minutes", &Line::timeout),
    store("transport input {telnet|none}", "Protocols"),
};
constexpr Mode kLineMode = mode("line", "(config-line)", "Line", kLineRows);
constexpr Block kLineBlock = fresh<&fresh_line>(entries<Line>(kLineMode, Sorted::by_key));

constexpr Mode kControllerMode = mode("controller", "(config-controller)", "Controller", free_body);
constexpr Block kControllerBlock = entries<Controller>(kControllerMode, Sorted::by_key);
constexpr Mode kCpMode = mode("control-plane", "(config-cp)", "Control plane", free_body);
constexpr Block kCpBlock = single<Bare>(kCpMode);

constexpr Row kPortRows[] = {
    always(flag("ip address {A.B.C.D MASK|dhcp}", "Address", &Port::addressed, &Port::mode, &Port::address, &Port::mask)),
    flag("shutdown", "Down", &Port::shutdown),
    stores("h323-gateway voip id WORD -> ipaddr A.B.C.D [<1-65535>] [priority <0-127>]", "Gatekeeper"),
};
const char* port_prompt(const Port& p) { return p.name.sub != 0 ? "(config-subif)" : "(config-if)"; }
constexpr Mode kPortMode = mode("if", "(config-if)", "Interface", kPortRows);
constexpr Block kPortBlock = prompted<&port_prompt>(entries<Port>(kPortMode, Sorted::by_key));

struct Generate { uint8_t kind = 0; Text<20> label; uint16_t modulus = 2048; bool exportable = false; };
void generate(Call& call, const Generate& a) {
  call.module<Owner>().last = std::string(a.label.view()) + "/" + std::to_string(a.modulus) + (a.exportable ? "x" : "") +
                              std::to_string(a.kind);
}
void regenerate(Call& call) {
  ++call.module<Owner>().started;
  call.module<Owner>().last = std::to_string(static_cast<Capf*>(call.record)->port);
}
void ask_phone(Call& call, bool negated);

void show_config(Call& call) { call.out().put("deleted\n"); }

constexpr Row kCapfActions[] = {action<&regenerate>("regenerate", "Again")};
constexpr Mode kActionMode = mode("capf-tools", "(config-tools)", "Tools", kCapfActions);
constexpr Block kToolsBlock = single<Capf>(kActionMode);

constexpr Row kSystem[] = {
    value("hostname WORD", "Name of this router", &Config::hostname),
    always(flag("encrypt password", "Encrypt", &Config::encrypt)),
    value("logging buffered (<4096-2147483647>) ({debugging|informational})", "Buffer", &Config::log_size, &Config::log_level),
    flag("revocation-check {crl|none|ocsp}...", "Methods", &Config::revocation, &Config::checks),
    value("enrollment [url URL [pem]|terminal [~pem]|selfsigned]", "Enrolment", &Config::enrollment, &Config::url, &Config::pem),
    value("key-options [usage [label WORD & modulus <1024-4096> & exportable]]", "Keys", &Config::key, &Config::label, &Config::modulus,
          &Config::exportable),
    pending(value("forbidden <1-20>", "Not 13", &Config::forbidden)),
    flag("service store-unknown", "Keep unknown lines", &Config::store_unknown),
    deprecated("log password WORD"),
    store("card type {e1|t1} <0-9> <0-9>", "Card"),
    stores("logging [~host] A.B.C.D", "Server"),
    store_on("network-clock-participate slot <0-9>", "Clock"),
    always(store("boot-start-marker", "Mark")),
    value("banner motd BANNER", "Banner", &Config::banner),
};
constexpr Row kBlocks[] = {
    block("capf-server", "CAPF server", kCapfBlock, &Config::capf),
    hidden(block("capf-tools", "Tools", kToolsBlock, &Config::capf)),
    action<&show_config>("no key config-key", "Delete the master key"),
    list("load WORD -> WORD", "Firmware", &Config::loads, &Load::model, &Load::file),
    block("voice service voip", "Voice service", kVoiceBlock, &Config::voice),
    confirm<&ask_phone>(block("ephone  <1-1000>", "Phone", kPhoneBlock, &Config::phones, &Phone::tag)),
    block("dial-peer voice <1-2147483647> -> {voip|pots}", "Peer", kPeerBlock, &Config::peers, &Peer::tag, &Peer::kind),
    block("crypto pki certificate chain WORD", "Chain", kChainBlock, &Config::chains, &Chain::name),
    block("interface IFNAME", "Interface", kPortBlock, &Config::ports, &Port::name),
    block("controller {E1|T1} WORD", "Controller", kControllerBlock, &Config::controllers, &Controller::kind, &Controller::unit),
    always(block("control-plane", "Control plane", kCpBlock, &Config::control_plane)),
    ranged(block("line {con|aux|vty} <0-15> [<0-15>]", "Line", kLineBlock, &Config::lines, &Line::kind, &Line::first, &Line::last)),
    action<&generate>("crypto key generate rsa [general-keys|usage-keys] [label WORD & modulus <1024-4096> & exportable]", "RSA keys",
                      &Generate::kind, &Generate::label, &Generate::modulus, &Generate::exportable),
};
constexpr Section kSections[] = {{Place::ephone, kBlocks}, {Place::service, kSystem}};

void show(Call& call) { call.out().put("shown\n"); }
constexpr Row kExec[] = {
    action<&show>("show ip", "IP"),
    action<&show>("show ip route", "Routes"),
    action<&show>("show interfaces", "Interfaces"),
    privilege(15, action<&show>("reload", "Restart")),
    action<&show>("no debug all", "Quiet"),
    pending(action("traceroute A.B.C.D", "Route of packets")),
};
constexpr Gloss kGlossary[] = {{"crypto", "Keys and certificates"}, {"ip", "Internet protocol"}, {"key", "Keys"}, {"show", "Show"}};

struct Question final : Dialogue {
  bool yes = false;
  Poll step(Console& console, const std::string_view* answer) override {
    if (answer == nullptr) { console.ask("Sure? "); return Poll::pending; }
    yes = *answer == "yes";
    return Poll::done;
  }
  bool accepted() const override { return yes; }
};
void ask_phone(Call& call, bool negated) {
  if (negated) call.start(std::make_unique<Question>());
}

}  // namespace

const Module kTestModule = {"test", "tables of the engine test", {}, {}, kSections, kExec, {}, nullptr, kGlossary};

Bench::Bench() {
  owner.engine = &engine;
  engine.add(kTestModule, owner);
  engine.set_store_unknown(&owner.values.store_unknown);
  Engine::enter_config(at);
}

Outcome Bench::run(std::string_view line) {
  if (at.collector != 0) {
    Outcome out = engine.collect(at, line, screen, options);
    if (out.verdict != Verdict::invalid) return out;
    screen.text += std::string(out.text.view()) + "\n";
  }
  return engine.run(at, line, screen, options);
}

std::string Bench::paste(std::string_view text) {
  std::string errors;
  while (!text.empty()) {
    const size_t n = text.find('\n');
    const std::string line(text.substr(0, n));
    text.remove_prefix(n == std::string_view::npos ? text.size() : n + 1);
    Outcome out = run(line);
    if (out.verdict == Verdict::left) Engine::enter_config(at);
    if (out.verdict == Verdict::ok || out.verdict == Verdict::empty || out.verdict == Verdict::collecting || out.verdict == Verdict::left) continue;
    errors += line + " -> " + std::to_string(static_cast<int>(out.verdict)) + "@" + std::to_string(out.offset) + " " + std::string(out.text.view()) + "\n";
  }
  return errors;
}

std::string Bench::print(PrintScope scope) {
  Blob b;
  engine.print(b, scope);
  return std::string(b.text());
}

}  // namespace parley::cli::test
