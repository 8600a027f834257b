// Values of several lines: certificates in hexadecimal (R-6.2, R-6.4) and banners (R-6.1).
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstring>

#include "cli/impl.h"

namespace parley::cli {
namespace {

constexpr std::string_view kControlC = "\x03";

Value value_at(const Row& row, uint16_t leaf) { return value_named(text_of(row.syntax, lexeme_at(row.syntax, leaf))); }

// A DER sequence that fills the bytes exactly (R-6.5: everything else about it is the business of crypto-pki).
bool looks_like_certificate(Bytes b) {
  if (b.size() < 4 || b[0] != 0x30) return false;
  size_t length = b[1], at = 2;
  if (b[1] >= 0x80) {
    const size_t n = b[1] & 0x7fu;
    if (n == 0 || n > 3 || b.size() < 2 + n) return false;
    length = 0;
    for (; at < 2 + n; ++at) length = length << 8 | b[at];
  }
  return at + length == b.size();
}

// Where the delimiter begins in the text; npos: not there.
size_t find_delimiter(const Collector& c, std::string_view s) {
  const size_t at = s.find(c.delimiter);
  const size_t control = c.delimiter[0] == '^' ? s.find(kControlC) : std::string_view::npos;
  return at < control ? at : control;
}

}  // namespace

bool Engine::Impl::needs_collector(const LineRun& run, const Match& m) const {
  if (run.kept != nullptr || run.sense != Sense::plain) return false;
  if (m.collector != 0xffff) return true;
  return m.count != 0 && value_at(*m.ref.row, m.steps[m.count - 1].leaf) == Value::banner;
}

Verdict Engine::Impl::open_collector(LineRun& run, const Match& m, size_t level) {
  size_t i = 0;
  while (i < sizeof collectors / sizeof collectors[0] && collectors[i].used) ++i;
  if (i == sizeof collectors / sizeof collectors[0]) {
    (void)run.out.text.set("% Too many multi-line inputs are open");
    return Verdict::refused;
  }
  Collector& c = collectors[i];
  c.banner = m.collector == 0xffff;
  c.bad = c.half = false;
  c.serial.clear();
  c.options = run.options;
  Position to = run.at;
  to.depth = static_cast<uint8_t>(level + 1);
  c.at = to;
  c.line.clear();
  c.data.clear();
  std::string_view command = run.words.text;
  if (c.banner) command = command.substr(0, run.words.words[m.steps[m.count - 1].word].at + 1u);
  if (!c.line.append(command)) return no_room(run);
  c.used = true;
  to.collector = static_cast<uint8_t>(i + 1);
  run.at = to;
  if (c.banner) return take_banner(run, m, level, run.words.rest(m.steps[m.count - 1].word));
  for (size_t k = 0; k < m.count; ++k)
    if (value_at(*m.ref.row, m.steps[k].leaf) == Value::hex) {
      (void)c.serial.set(run.words.raw(m.steps[k].word));
      for (char& ch : c.serial.data) ch = ascii_upper(ch);
    }
  if (run.console.interactive()) run.console.put("Enter the certificate in hexidecimal representation....\n");
  return Verdict::collecting;
}

// The rest of the command line: delimiter, perhaps text, perhaps the delimiter again.
Verdict Engine::Impl::take_banner(LineRun& run, const Match&, size_t, std::string_view rest) {
  Collector& c = collectors[run.at.collector - 1u];
  const bool control = rest.starts_with("^C") || rest.starts_with(kControlC);
  memset(c.delimiter, 0, sizeof c.delimiter);
  c.delimiter[0] = control ? '^' : rest[0];
  if (control) c.delimiter[1] = 'C';
  rest.remove_prefix(rest.starts_with("^C") ? 2 : 1);
  const size_t end = find_delimiter(c, rest);
  if (!c.data.append(rest.substr(0, end))) { close_collector(run.at); return no_room(run); }
  if (end != std::string_view::npos) {
    Outcome done = finish_collector(run.at, run.console);
    run.out.text = done.text;
    return done.verdict;
  }
  if (run.console.interactive()) run.console.put("Enter TEXT message.  End with the character '").put(c.delimiter).put("'.\n");
  return Verdict::collecting;
}

Outcome Engine::Impl::bad_certificate(Position& at, Verdict verdict) {
  Outcome out;
  FixedWriter w(out.text.data, sizeof out.text.data - 1);
  w.put("% Certificate data for serial ").put(collectors[at.collector - 1u].serial).put(" is invalid, ignored");
  out.verdict = verdict;
  close_collector(at);
  return out;
}

Outcome Engine::Impl::collect(Position& at, std::string_view line, Console& console) {
  Outcome out;
  out.verdict = Verdict::collecting;
  if (at.collector == 0) { out.verdict = Verdict::invalid; return out; }
  Collector& c = collectors[at.collector - 1u];
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  if (c.banner) {
    const size_t end = find_delimiter(c, line);
    if (!c.data.append("\n") || !c.data.append(line.substr(0, end)) || c.data.size() > 8 * kLineMost) {
      close_collector(at);
      out.verdict = Verdict::refused;
      (void)out.text.set("% No memory for the banner");
      return out;
    }
    return end == std::string_view::npos ? std::move(out) : finish_collector(at, console);
  }
  const std::string_view text = parley::trim(line);
  if (text.empty() || text.front() == '!') return out;
  if (equal_nocase(text, "quit")) return finish_collector(at, console);
  if (text.find_first_not_of(". \t") == std::string_view::npos) { c.bad = true; return out; }   // elided in a printed copy
  for (const char ch : text)
    if (hex_digit(ch) < 0 && ch != ' ' && ch != '\t') return bad_certificate(at, Verdict::invalid);
  for (const char ch : text) {
    const int d = hex_digit(ch);
    if (d < 0) continue;
    c.nibble = static_cast<uint8_t>(c.nibble << 4 | d);
    c.half = !c.half;
    if (!c.half && (c.data.size() >= 16 * kLineMost || !c.data.append(Bytes(&c.nibble, 1)))) c.bad = true;
  }
  return out;
}

// The value is complete: the command runs again, now with its bytes.
Outcome Engine::Impl::finish_collector(Position& at, Console& console) {
  Collector& c = collectors[at.collector - 1u];
  if (!c.banner && (c.bad || c.half || !looks_like_certificate(c.data.view()))) return bad_certificate(at, Verdict::refused);
  Outcome out;
  Kept kept;
  kept.size = static_cast<uint32_t>(c.data.size());
  if (kept.size != 0) {
    kept.data = static_cast<uint8_t*>(blocks().allocate(kept.size));
    if (kept.data == nullptr) {
      close_collector(at);
      out.verdict = Verdict::refused;
      (void)out.text.set("% No memory for more configuration");
      return out;
    }
    memcpy(kept.data, c.data.data(), kept.size);
  }
  Words words;
  words.split(c.line.text());
  at = c.at;
  LineRun run{at, console, c.options, out, words};
  run.kept = &kept;
  run_config(run);
  if (!run.kept_taken) free_kept(kept);
  if (out.verdict == Verdict::refused && !c.banner && out.text.empty()) {
    FixedWriter w(out.text.data, sizeof out.text.data - 1);
    w.put("% Certificate data for serial ").put(c.serial).put(" is invalid, ignored");
  }
  c.used = false;
  c.line.clear();
  c.data.clear();
  return out;
}

void Engine::Impl::close_collector(Position& at) {
  if (at.collector == 0) return;
  Collector& c = collectors[at.collector - 1u];
  c.used = false;
  c.line.clear();
  c.data.clear();
  at.collector = 0;
}

Outcome Engine::collect(Position& at, std::string_view raw_line, Console& console, const RunOptions&) {
  return impl_->collect(at, raw_line, console);
}

Outcome Engine::end_collect(Position& at, Console& console, const RunOptions&) {
  Outcome out;
  if (at.collector == 0) return out;
  if (!impl_->collectors[at.collector - 1u].banner) return impl_->finish_collector(at, console);   // R-6.4: end of input = quit
  impl_->close_collector(at);
  return out;
}

void Engine::cancel_collect(Position& at) { impl_->close_collector(at); }

std::string_view Engine::collect_prompt(const Position& at) const {
  if (at.collector == 0 || impl_->collectors[at.collector - 1u].banner) return {};
  return "(config-pubkey)#";
}

}  // namespace parley::cli
