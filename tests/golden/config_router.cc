// A router that only reads and writes configuration.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/golden/config_router.h"

#include <fstream>
#include <sstream>

#include "cli/builtin.h"
#include "modules/crypto-pki/pki_config.h"
#include "modules/ctl-client/ctl_config.h"
#include "modules/file-service/file_config.h"
#include "modules/http-server/http_config.h"
#include "modules/ip-services/ip_config.h"
#include "modules/system/system_config.h"
#include "modules/telephony-service/telephony_config.h"

namespace parley::test {
namespace {

// Stands in for a module whose object is not in the list yet: its rows and its record, no behaviour.
template <class C>
class Rows final : public Instance {
 public:
  void* config() override { return &config_; }
  void apply() override {}
  Status start() override { return {}; }
  void stop() override {}

 private:
  C config_;
};
template <class C>
std::unique_ptr<Instance> make(Env&) { return std::make_unique<Rows<C>>(); }

#define PARLEY_ROWS(folder, space, record) \
  Module{.name = folder, .summary = "rows", .needs = {}, .provides = {}, .sections = space::kSections, .exec = {}, \
         .messages = {}, .create = &make<space::record>, .glossary = space::kGloss}

const Module kRowsOnly[] = {
    PARLEY_ROWS("system", system, SystemConfig),         PARLEY_ROWS("ip-services", ip_services, Config),
    PARLEY_ROWS("http-server", http_server, Config),     PARLEY_ROWS("file-service", file_service, Config),
    PARLEY_ROWS("crypto-pki", crypto_pki, Config),       PARLEY_ROWS("ctl-client", ctl_client, Config),
    PARLEY_ROWS("telephony-service", telephony_service, Config),
};

bool in_image(std::string_view name) {
  for (size_t i = 0; i < kModuleCount; ++i)
    if (kModules[i]->name == name) return true;
  return false;
}

}  // namespace

class ConfigRouter::Sink final : public cli::Console {
 public:
  void write(std::string_view s) override { text += s; }
  void ask(std::string_view, cli::Echo) override {}
  void ask_lines() override {}
  void confirm(std::string_view) override {}
  Task& task() override { PARLEY_PANIC("no dialogue while a configuration is read"); }
  uint8_t privilege() const override { return 15; }
  std::string_view user() const override { return {}; }
  std::string_view line_name() const override { return "startup"; }
  bool interactive() const override { return false; }
  std::string text;
};

ConfigRouter::ConfigRouter() : sink_(std::make_unique<Sink>()) {
  options_.loading = true;
  options_.startup = true;
  const auto add = [this](const Module& m) {
    instances_.push_back(m.create(env_.env));
    engine_.add(m, *instances_.back());
  };
  instances_.push_back(cli::make_session_commands());
  engine_.add(cli::kSessionCommands, *instances_.back());
  for (size_t i = 0; i < kModuleCount; ++i) add(*kModules[i]);
  for (const Module& m : kRowsOnly)
    if (!in_image(m.name)) add(m);
}

ConfigRouter::~ConfigRouter() = default;

void ConfigRouter::line(std::string_view text, size_t number, std::vector<Refusal>& out) {
  using cli::Verdict;
  if (!at_.in_config()) engine_.enter_config(at_);
  cli::Outcome o;
  if (collecting_) {
    o = engine_.collect(at_, text, *sink_, options_);
    collecting_ = o.verdict == Verdict::collecting;
    if (o.verdict == Verdict::invalid) {   // dropped, this line is a command
      out.push_back({number, "(collected)", Verdict::refused, std::string(o.text.view())});
      o = engine_.run(at_, text, *sink_, options_);
    }
  } else {
    o = engine_.run(at_, text, *sink_, options_);
  }
  if (o.verdict == Verdict::collecting) collecting_ = true;
  if (o.verdict != Verdict::ok && o.verdict != Verdict::empty && o.verdict != Verdict::collecting && o.verdict != Verdict::left)
    out.push_back({number, std::string(text), o.verdict, std::string(o.text.view())});
}

std::vector<Refusal> ConfigRouter::paste(const std::string& text) {
  std::vector<Refusal> out;
  std::istringstream in(text);
  std::string l;
  at_ = cli::Position();
  for (size_t number = 1; std::getline(in, l); ++number) line(l, number, out);
  if (collecting_) {
    (void)engine_.end_collect(at_, *sink_, options_);
    collecting_ = false;
  }
  return out;
}

std::string ConfigRouter::print() {
  sink_->text.clear();
  engine_.print(*sink_, cli::PrintScope::running);
  return sink_->text;
}

std::string file_text(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace parley::test
