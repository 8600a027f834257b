// Small tables for the tests of the engine: one module with every row kind.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "cli/engine.h"
#include "cli/row.h"
#include "modules/module.h"

namespace parley::cli::test {

enum class Auth : uint8_t { auth_string, lsc, mic, none, null_string };
enum class Check : uint8_t { crl, none, ocsp };

struct Capf {
  uint32_t id = 0;
  Text<32> trustpoint;
  Auth auth = Auth::none;
  uint16_t port = 3804;
  Ipv4 source;
};
struct Load { uint32_t id = 0; Text<16> model; Text<32> file; };
struct Phone {
  uint32_t id = 0;
  uint16_t tag = 0;
  Mac mac;
  Several<Button, 4> buttons;
  Text<20> type;
  Text<60> description;
  Password password;
  bool has_password = false;
};
struct Peer { uint32_t id = 0; uint32_t tag = 0; uint8_t kind = 0; Text<24> pattern; bool digit = false; };
struct Codec { uint32_t id = 0; uint8_t number = 0; uint8_t codec = 0; };
struct H323 { uint32_t id = 0; bool empty_capability = false; };
struct Voice { uint32_t id = 0; bool h450 = true; uint8_t srtp = 0; bool srtp_on = false; H323 h323; Table<Codec> codecs; };
struct Certificate { uint32_t id = 0; uint8_t kind = 0; Text<40> serial; Kept der; };
struct Chain { uint32_t id = 0; Text<32> name; Table<Certificate> certificates; };
struct Line { uint32_t id = 0; uint8_t kind = 0; uint8_t first = 0; uint8_t last = 0; bool login = true; uint16_t timeout = 10; };
struct Controller { uint32_t id = 0; uint8_t kind = 0; Text<8> unit; };
struct Port { uint32_t id = 0; Interface name; uint8_t mode = 0; Ipv4 address, mask; bool addressed = false; bool shutdown = false; };
struct Bare { uint32_t id = 0; };

struct Config {
  Capf capf;
  Table<Load> loads;
  Table<Phone> phones;
  Table<Peer> peers;
  Voice voice;
  Table<Chain> chains;
  Table<Line> lines;
  Table<Controller> controllers;
  Table<Port> ports;
  Bare control_plane;
  Text<63> hostname{"Router"};
  bool encrypt = true;
  uint32_t log_size = 4096;
  uint8_t log_level = 0;
  bool revocation = false;
  Several<Check, 3> checks;
  uint8_t enrollment = 0;
  Text<80> url;
  bool pem = false;
  bool store_unknown = false;
  Kept banner;
  bool key = false;
  Text<20> label;
  uint16_t modulus = 2048;
  bool exportable = false;
  uint32_t forbidden = 0;
};

struct Owner final : Instance {
  Config values;
  int applied = 0, started = 0;
  Engine* engine = nullptr;
  std::string last;
  void* config() override { return &values; }
  const char* verify() override { return values.forbidden == 13 ? "13 is forbidden" : nullptr; }
  void apply() override { ++applied; }
  Status start() override { return {}; }
  void stop() override {}
};
extern const Module kTestModule;

// A terminal that only keeps what was written.
struct Screen final : Console {
  std::string text;
  bool is_interactive = true;
  void write(std::string_view s) override { text += s; }
  void ask(std::string_view prompt, Echo) override { text += prompt; }
  void ask_lines() override {}
  void confirm(std::string_view prompt) override { text += prompt; }
  Task& task() override { PARLEY_PANIC("no task in this test"); }
  uint8_t privilege() const override { return 15; }
  std::string_view user() const override { return {}; }
  std::string_view line_name() const override { return "con0"; }
  bool interactive() const override { return is_interactive; }
};

struct HelpList final : HelpSink {
  std::vector<std::string> words;
  std::string texts;
  bool cr = false;
  void item(const HelpItem& i) override {
    words.emplace_back(i.word);
    texts += std::string(i.word) + "=" + std::string(i.text) + ";";
  }
  void complete() override { cr = true; }
};

// A router with the test module.
struct Bench {
  Engine engine;
  Owner owner;
  Screen screen;
  Position at;
  RunOptions options;
  Bench();
  Outcome run(std::string_view line);
  std::string paste(std::string_view text);      // errors, one per line
  std::string print(PrintScope scope = PrintScope::running);
  std::string prompt() { return std::string(engine.prompt(at)); }
};

}  // namespace parley::cli::test
