// One line: EXEC or configuration, climbing to parent modes, built-in commands (rows.md 5, cli.md ).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/engine.h"

#include "cli/impl.h"

namespace parley::cli {
namespace {

bool noise(std::string_view line) {                // lines of a captured running-config
  return line.starts_with("Building configuration...") || line.starts_with("Current configuration : ") ||
         (line.starts_with("Using ") && line.find(" out of ") != std::string_view::npos);
}

// control characters are no text; they stand only in a banner, where one may be the delimiter. npos: none.
size_t control_character(const Words& w) {
  for (size_t i = w.words[0].at; i < w.end; ++i) {
    const unsigned char c = static_cast<unsigned char>(w.text[i]);
    if ((c < ' ' && c != '\t') || c == 0x7f) return starts_nocase(w.text.substr(w.words[0].at), "banner ") ? std::string_view::npos : i;
  }
  return std::string_view::npos;
}

bool position_marks(const Words& w) {              // known, without a row of their own
  const std::string_view first = w.raw(0);
  return (equal_nocase(first, "version") && w.count == 2) ||
         (w.count == 1 && (equal_nocase(first, "boot-start-marker") || equal_nocase(first, "boot-end-marker")));
}

Verdict verdict_of(Matched m) {
  switch (m) {
    case Matched::complete: return Verdict::ok;
    case Matched::incomplete: return Verdict::incomplete;
    case Matched::ambiguous: return Verdict::ambiguous;
    case Matched::invalid: break;
  }
  return Verdict::invalid;
}

// `no` and `default`, the latter not below `def`.
Sense sense_of(const Words& w) {
  if (w.count < 2) return Sense::plain;
  const std::string_view first = w.raw(0);
  if (equal_nocase(first, "no")) return Sense::no;
  return first.size() >= 3 && starts_nocase("default", first) ? Sense::defaults : Sense::plain;
}

}  // namespace

// A row that is written with its own `no` ("no debug all").
bool Engine::Impl::match_own_no(const RowSet& rows, const Words& words, Match& m) {
  const size_t b = RowSet::bucket('n');
  bool any = false;
  for (uint16_t i = rows.begin(b); i < rows.end(b); ++i) any = any || std::string_view(rows[i].row->syntax).starts_with("no ");
  if (!any) return false;
  matcher.match(rows, words, 0, Sense::plain, m);
  return m.result == Matched::complete && std::string_view(m.ref.row->syntax).starts_with("no ");
}

bool Engine::Impl::builtin(LineRun& run, const Match& m) {
  const Builtin what = builtin_of(*m.ref.row);
  Position& at = run.at;
  switch (what) {
    case Builtin::none: return false;
    case Builtin::configure:
      if (locked_out(run.console)) {
        run.out.verdict = Verdict::refused;
        (void)run.out.text.set(lock_text);
        break;
      }
      if (!at.in_config()) run.console.put("Enter configuration commands, one per line.  End with CNTL/Z.\n");
      enter_config(at);
      break;
    case Builtin::end:
      if (at.in_config()) run.out.verdict = Verdict::left;
      at.depth = 0;
      break;
    case Builtin::exit: case Builtin::quit: case Builtin::logout:
      if (at.depth != 0) --at.depth;
      if (at.depth == 0) run.out.verdict = Verdict::left;
      break;
    case Builtin::run_exec: {
      const Position config = at;
      at.depth = 0;
      run.first = 1;
      run_exec(run);
      const bool moved = at.depth != 0;
      if (run.out.verdict == Verdict::left) run.out.verdict = Verdict::ok;
      if (!moved) at = config;
      break;
    }
  }
  return true;
}

void Engine::Impl::run_exec(LineRun& run) {
  matcher.set_privilege(run.options.privilege, 1);
  Match m;
  matcher.match(exec_rows, run.words, run.first, Sense::plain, m);
  run.out.verdict = verdict_of(m.result);
  run.out.offset = m.offset;
  if (m.result == Matched::invalid && run.words.count == run.first + 1) run.out.verdict = Verdict::unknown;
  if (m.result != Matched::complete || builtin(run, m)) return;
  run.out.verdict = act(run, m, 0);
}

// Matches the line against the rows of one level. Sets the sense: a row may be written with its own `no`.
void Engine::Impl::match_level(LineRun& run, size_t level, Match& m) {
  run.sense = sense_of(run.words);
  run.first = run.sense == Sense::plain ? 0 : 1;
  const RowSet& rows = rows_at(run.at, level);
  if (run.sense != Sense::plain && match_own_no(rows, run.words, m)) {
    run.sense = Sense::plain;
    run.first = 0;
    return;
  }
  matcher.match(rows, run.words, run.first, run.sense, m);
}

bool Engine::Impl::first_word_exact(const LineRun& run, const Match& m) const {
  const char* s = m.ref.row->syntax;
  if (m.count == 0) return true;
  const Lexeme x = lexeme_at(s, m.steps[0].leaf);
  return x.part != Part::keyword || keyword_exact(text_of(s, x), run.words.raw(m.steps[0].word));
}

// A parent that accepts the whole line and has its first word exactly beats an abbreviation of this mode: `ephone 2` in ephone mode
// is not `ephone-template 2`. Returns its level, or `level` when there is none (m is then to be matched again).
size_t Engine::Impl::exact_parent(LineRun& run, size_t level, Match& m) {
  for (size_t parent = level; parent-- > 0;) {
    match_level(run, parent, m);
    if (m.result == Matched::complete && !m.partial && first_word_exact(run, m)) return parent;
  }
  return level;
}

// A line of a free body that begins with all keywords of a row of that mode is that command, not text: its mistakes are told.
bool Engine::Impl::own_command(const LineRun& run, size_t level) const {
  const RowSet& rows = rows_at(run.at, level);
  const size_t first = sense_of(run.words) == Sense::plain ? 0 : 1;
  for (size_t i = 0; i < rows.size(); ++i) {
    const char* s = rows[i].row->syntax;
    size_t word = first;
    Lexeme x = lexeme_at(s, 0);
    while (x.part == Part::keyword && word < run.words.count && keyword_exact(text_of(s, x), run.words.raw(word))) {
      x = lexeme_at(s, x.next);
      ++word;
    }
    if (x.part != Part::keyword && word > first) return true;
  }
  return false;
}

void Engine::Impl::run_config(LineRun& run) {
  trim(run.at);
  matcher.set_privilege(run.options.privilege, 15);
  if (run.words.count == 1 && (equal_nocase(run.words.raw(0), "no") || equal_nocase(run.words.raw(0), "default"))) {
    run.out.verdict = Verdict::incomplete;
    return;
  }
  const size_t indent = run.words.words[0].at;
  const size_t current = run.at.depth - 1u;
  const bool body = run.at.levels[current].mode != nullptr && run.at.levels[current].mode->free_body && !own_command(run, current);
  Match m;
  for (size_t level = current + 1; level-- > 0;) {
    if (body && level + 1 == current && indent > run.at.levels[current].indent && keep_body(run)) return;
    match_level(run, level, m);
    if (level == current) {
      run.out.verdict = verdict_of(m.result);
      run.out.offset = m.offset;
    }
    if (m.result != Matched::complete) continue;
    size_t by = level;
    if (!first_word_exact(run, m) && (by = exact_parent(run, level, m)) == level) match_level(run, level, m);
    const Verdict verdict = run.out.verdict;
    const uint16_t offset = run.out.offset;
    run.out.verdict = Verdict::ok;
    if (m.ref.module == kNoModule) { (void)builtin(run, m); return; }
    run.out.verdict = needs_collector(run, m) ? open_collector(run, m, by) : execute(run, m, by);
    if (run.out.verdict != Verdict::incomplete) return;
    if (level != current) { run.out.verdict = verdict; run.out.offset = offset; }   // key of a block that is not there
  }
  if (position_marks(run.words)) { run.out.verdict = Verdict::empty; return; }
  if (keep_unknown(run)) return;       // before the body: with `service store-unknown` column 0 is global
  if (body) (void)keep_body(run);
}

Outcome Engine::Impl::run(Position& at, std::string_view line, Console& console, const RunOptions& options) {
  Outcome out;
  size_t skipped = 0;
  if (line.starts_with("\xef\xbb\xbf")) { line.remove_prefix(3); skipped = 3; }
  Words words;
  words.split(line);
  out.verdict = Verdict::empty;
  if (words.count == 0 && !words.too_many) return out;
  if (words.count != 0 && line[words.words[0].at] == '!') return out;
  if (at.in_config() && words.count != 0 && noise(line.substr(words.words[0].at))) return out;
  out.verdict = Verdict::invalid;
  if (words.too_many) return out;
  if (const size_t control = control_character(words); control != std::string_view::npos) {
    out.offset = static_cast<uint16_t>(control + skipped);
    return out;
  }
  LineRun run{at, console, options, out, words};
  const bool inside = at.in_config();
  if (inside && locked_out(console)) {
    at.depth = 0;
    out.verdict = Verdict::refused;
    (void)out.text.set(lock_text);
    return out;
  }
  if (inside) run_config(run);
  else run_exec(run);
  if (inside && !at.in_config() && locked_by != nullptr && locked_by == console.control()) locked_by = nullptr;
  out.offset = static_cast<uint16_t>(out.offset + skipped);
  return out;
}

// ---- Engine
Outcome Engine::run(Position& at, std::string_view line, Console& console, const RunOptions& options) {
  return impl_->run(at, line, console, options);
}

void Engine::enter_config(Position& at) {
  at.depth = 1;
  at.levels[0] = Position::Level{};
}

std::string_view Engine::prompt(const Position& at) const {
  FixedWriter w(impl_->prompt.data, sizeof impl_->prompt.data - 1);
  if (at.depth == 1) w.put("(config)");
  if (at.depth > 1) {
    const Position::Level& l = at.levels[at.depth - 1];
    const char* text = l.mode->prompt;
    const void* record = l.row == nullptr || l.row->block->prompt == nullptr ? nullptr : impl_->record_at(at, at.depth - 1u, l.module);
    if (record != nullptr) text = l.row->block->prompt(record);
    w.put(text);
  }
  w.put('#');
  return w.view();
}

std::string_view Engine::title(const Position& at) const {
  if (at.depth == 0) return "Exec commands:";
  if (at.depth == 1) return "Configure commands:";
  FixedWriter w(impl_->prompt.data, sizeof impl_->prompt.data - 1);
  w.put(at.levels[at.depth - 1].mode->title).put(" configuration commands:");
  return w.view();
}

uint64_t Engine::changes() const { return impl_->changes; }
void Engine::set_password_rules(PasswordRules* rules) { impl_->passwords = rules != nullptr ? rules : &impl_->plain_passwords; }
void Engine::set_store_unknown(const bool* on, void (*stored)(void*, std::string_view), void* context) {
  impl_->store_unknown = on;
  impl_->stored = stored;
  impl_->stored_context = context;
}

void Engine::apply_all() {
  for (Attached& a : impl_->modules) {
    a.changed = false;
    a.again = true;
  }
  RunOptions options;
  if (!impl_->modules.empty()) impl_->applied(0, options);
}

void Engine::finish_load(Console& console) {
  for (Attached& a : impl_->modules) {
    const char* wrong = a.instance->verify();
    if (wrong != nullptr) {
      if (wrong[0] != '%') console.put("% ");
      console.put(wrong).put('\n');
    }
  }
  apply_all();
}

}  // namespace parley::cli
