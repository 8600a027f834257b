// A session on a fake terminal, with the engine and small tables: for tests and the fuzzer.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "cli/builtin.h"
#include "cli/engine_test_tables.h"
#include "cli/session.h"
#include "platform/fake/fake_time.h"

namespace parley::cli::bench {

// Bytes typed ahead, bytes shown. "\n" stays "\n".
class FakeTerminal final : public Terminal {
 public:
  void set_owner(Task& owner) override { owner_ = &owner; }
  Result<size_t> read(MutBytes to) override;
  Result<size_t> write(Bytes from) override;
  bool is_tty() const override { return true; }
  void set_raw(bool raw) override { raw_ = raw; }
  Size size() const override { return {132, 50}; }

  void type(std::string_view keys) { in_ += keys; owner_->wake(); }
  void close() { closed_ = true; owner_->wake(); }
  bool raw() const { return raw_; }
  std::string take() { return std::exchange(out_, {}); }
  size_t chunk = 1 << 20;        // bytes that one write takes
  bool stuck = false;            // takes nothing

 private:
  Task* owner_ = nullptr;
  std::string in_, out_;
  bool closed_ = false, raw_ = false;
};

struct Rules final : AccessRules {
  LineSettings settings;
  LoginKind kind = LoginKind::none;
  EnableKind enable_kind = EnableKind::none;
  bool slow = false;             // checks stay pending while this is set
  std::string user, password;    // of the last check
  LineSettings line(std::string_view) const override { return settings; }
  LoginKind login(std::string_view) const override { return kind; }
  EnableKind enable(uint8_t) const override { return enable_kind; }
  std::unique_ptr<AccessCheck> check_login(Task&, std::string_view, std::string_view u, std::string_view p) override;
  std::unique_ptr<AccessCheck> check_enable(Task&, uint8_t, std::string_view p) override;
};

struct Host final : SessionHost {
  std::string name = "Router", saved, banner_text;
  bool lookup = true;
  std::string alias_name, alias_line;
  int configured_count = 0, closed_count = 0;
  Session* session = nullptr;
  const Text<63>* follow = nullptr;      // the `hostname` command
  std::string_view hostname() const override { return follow != nullptr ? follow->view() : std::string_view(name); }
  bool domain_lookup() const override { return lookup; }
  std::string_view alias(std::string_view word) const override { return word == alias_name ? std::string_view(alias_line) : std::string_view(); }
  void configured(const Console&) override;
  void banner(Banner which, Writer& out) override { if (which == Banner::motd) out.put(banner_text); }
  std::unique_ptr<Dialogue> save_output(std::string_view url, bool append, Blob text) override;
  bool complete_file(std::string_view beginning, Writer& rest) override;
  void closed(Session&) override { ++closed_count; }
};

// Commands: `show lines N`, `ask`, `secret`, `pem`, `work` (until `worked`), `sure`.
extern const Module kDialogues;
struct Worker final : Instance {
  uint32_t none = 0;
  bool worked = false;
  std::string last;
  void* config() override { return &none; }
  void apply() override {}
  Status start() override { return {}; }
  void stop() override {}
};

struct Bench {
  fake::World world;
  Engine engine;
  test::Owner owner;
  Worker worker;
  std::unique_ptr<Instance> commands = make_session_commands();
  FakeTerminal terminal;
  Rules rules;
  Host host;
  std::unique_ptr<Session> session;

  Bench();
  void begin(bool batch, bool console = true);
  // Types, lets everything happen, returns what was shown.
  std::string type(std::string_view keys);
};

}  // namespace parley::cli::bench
