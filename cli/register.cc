// The rows of all modules: registration, order of sections, built-in commands.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "cli/impl.h"

namespace parley::cli {

// Known to every configuration mode and to EXEC; the engine itself acts (engine.cc, builtin()).
namespace {
consteval Row built_in(const char* syntax, const char* help, uint8_t level = 0, uint16_t attributes = 0) {
  Row r = row_detail::unbound(Kind::builtin, syntax, help);
  r.level = level;
  r.attributes = attributes;
  return r;
}
}  // namespace

const Row kConfigBuiltins[] = {
    built_in("exit", "Leave this mode"),
    built_in("end", "Leave configuration mode"),
    built_in("quit", "Leave this mode", 0, kHidden),
    built_in("do LINE", "Run an EXEC command"),
    built_in("configure terminal", "Go back to global configuration", 0, kHidden),
};
const size_t kConfigBuiltinCount = sizeof kConfigBuiltins / sizeof kConfigBuiltins[0];
const Row kExecBuiltins[] = {
    built_in("exit", "End the session"),
    built_in("quit", "End the session", 0, kHidden),
    built_in("logout", "End the session"),
    built_in("end", "Leave configuration mode", 0, kHidden),
    built_in("configure terminal", "Configure from the terminal", 15),
};
const size_t kExecBuiltinCount = sizeof kExecBuiltins / sizeof kExecBuiltins[0];

Builtin builtin_of(const Row& row) {
  if (row.kind != Kind::builtin) return Builtin::none;
  const std::string_view s = row.syntax;
  if (s == "exit") return Builtin::exit;
  if (s == "end") return Builtin::end;
  if (s == "quit") return Builtin::quit;
  if (s == "logout") return Builtin::logout;
  if (s == "configure terminal") return Builtin::configure;
  return Builtin::run_exec;
}

Engine::Impl::Impl()
    : modules(arena), sections(arena), modes(arena), config_rows(arena), exec_rows(arena),
      collectors{Collector(arena), Collector(arena), Collector(arena), Collector(arena), Collector(arena), Collector(arena),
                 Collector(arena), Collector(arena)} {
  for (size_t i = 0; i < kConfigBuiltinCount; ++i) full = !config_rows.add(kConfigBuiltins[i], kNoModule) || full;
  for (size_t i = 0; i < kExecBuiltinCount; ++i) full = !exec_rows.add(kExecBuiltins[i], kNoModule) || full;
  full = !add_mode(kStoreMode, kNoModule) || full;
}

Engine::Engine() : impl_(std::make_unique<Impl>()) { impl_->self = this; }
Engine::~Engine() = default;

const RowSet* Engine::Impl::rows_of(const Mode& mode) const {
  for (const ModeRows& m : modes)
    if (m.mode == &mode) return &m.rows;
  return nullptr;
}

const RowSet& Engine::Impl::rows_at(const Position& at, size_t level) const {
  const RowSet* rows = level == 0 ? nullptr : rows_of(*at.levels[level].mode);
  return rows != nullptr ? *rows : config_rows;
}

Status Engine::Impl::add_mode(const Mode& mode, uint16_t module) {
  if (rows_of(mode) != nullptr) return {};
  ModeRows m{&mode, RowSet(arena)};
  for (const Row& r : mode.rows) TRY(m.rows.add(r, module));
  for (size_t i = 0; i < kConfigBuiltinCount; ++i) TRY(m.rows.add(kConfigBuiltins[i], kNoModule));
  m.rows.index();
  TRY(modes.push(std::move(m)));
  for (const Row& r : mode.rows)
    if (r.block != nullptr) TRY(add_mode(*r.block->mode, module));
  return {};
}

Status Engine::Impl::attach(const Module& module, Instance& instance) {
  const uint16_t number = static_cast<uint16_t>(modules.size());
  TRY(modules.push(Attached{&module, &instance, instance.config(), false, false}));
  for (const Section& s : module.sections) {
    TRY(sections.push(SectionRef{&s, number}));
    for (size_t i = sections.size() - 1; i > 0 && sections[i - 1].section->place > sections[i].section->place; --i)
      std::swap(sections[i - 1], sections[i]);
    for (const Row& r : s.rows) {
      TRY(config_rows.add(r, number));
      if (r.block != nullptr) TRY(add_mode(*r.block->mode, number));
    }
  }
  for (const Row& r : module.exec) TRY(exec_rows.add(r, number));
  return {};
}

void Engine::add(const Module& module, Instance& instance) {
  impl_->full = !impl_->attach(module, instance) || impl_->full;
  impl_->config_rows.index();
  impl_->exec_rows.index();
}

// ---- configure(): a line typed by an action
namespace {
class Silent final : public Console {
 public:
  void write(std::string_view) override {}
  void ask(std::string_view, Echo) override {}
  void ask_lines() override {}
  void confirm(std::string_view) override {}
  Task& task() override { PARLEY_PANIC("configure() runs no dialogue"); }
  uint8_t privilege() const override { return 15; }
  std::string_view user() const override { return {}; }
  std::string_view line_name() const override { return "internal"; }
  bool interactive() const override { return false; }
};
}  // namespace

Status Engine::configure(std::string_view mode_line, std::string_view line) {
  Silent console;
  RunOptions options;
  options.confirmed = true;
  options.loading = true;
  Position at;
  enter_config(at);
  for (const std::string_view whole : {mode_line, line}) {
    const size_t end = std::min(whole.find('\n'), whole.size());
    Outcome out = run(at, whole.substr(0, end), console, options);
    std::string_view rest = whole.substr(std::min(end + 1, whole.size()));
    while (out.verdict == Verdict::collecting && !rest.empty()) {   // the lines of a multi-line value
      const size_t n = std::min(rest.find('\n'), rest.size());
      out = collect(at, rest.substr(0, n), console, options);
      rest.remove_prefix(std::min(n + 1, rest.size()));
    }
    if (out.verdict == Verdict::collecting) out = end_collect(at, console, options);
    if (out.verdict == Verdict::refused) return Fault{Code::denied, "the setting was refused", 0};
    if (out.verdict != Verdict::ok && !(out.verdict == Verdict::empty && whole.empty())) return Fault{Code::invalid, "no such command", 0};
  }
  return {};
}

}  // namespace parley::cli
