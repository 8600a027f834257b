// Mistakes of the tables that the compiler cannot see, and the list of rows whose function is not built.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/impl.h"

namespace parley::cli {
namespace {

struct Report {
  Writer* out;
  uint32_t mistakes = 0;
  void add(const Module& module, std::string_view row, std::string_view what, std::string_view word = {}) {
    ++mistakes;
    if (out == nullptr) return;
    out->put(module.name).put(": ").put(row).put(": ").put(what);
    if (!word.empty()) out->put(" '").put(word).put("'");
    out->put("\n");
  }
};

bool is_config(Kind k) { return k == Kind::value || k == Kind::flag || k == Kind::list || k == Kind::sorted_list || k == Kind::single || k == Kind::block; }

void check_range_row(const Module& m, const Row& r, Report& report) {
  if (r.is(kRanged) && (r.kind != Kind::block || r.member_count < 3 || r.block->sorted != Sorted::by_key))
    report.add(m, r.syntax, "a ranged block is sorted by key and ends with first and last");
  if (r.is(kRanged) && Plan(r).layout.arrow >= 0) report.add(m, r.syntax, "a ranged block has no content behind ->");
}

}  // namespace

// Rows of one mode: every word has a text, all rows bind the same record.
void Engine::Impl::check_rows(const Attached& a, std::span<const Row> rows, const Record* record, Writer* out, uint32_t& mistakes) const {
  Report report{out};
  const uint16_t module = static_cast<uint16_t>(&a - modules.begin());
  for (const Row& r : rows) {
    if (is_config(r.kind) && record != nullptr && r.owner != record) report.add(*a.module, r.syntax, "binds another record than its mode");
    check_range_row(*a.module, r, report);
    if ((r.kind == Kind::store || r.kind == Kind::stores) && r.is(kAlways) && std::string_view(r.syntax).find_first_of("<{[ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string_view::npos)
      report.add(*a.module, r.syntax, "always() needs a row of keywords only");
    const Layout l = Plan(r).layout;
    for (size_t i = 0; i < l.count; ++i) {
      const Element& e = l.elements[i];
      if (e.part != Part::keyword || r.is(kHidden) || in_hidden_group(r.syntax, e.at)) continue;
      Next n{&r, lexeme_at(r.syntax, e.at), module, last_leading(r.syntax) == e.at};
      const std::string_view word = keyword_main(std::string_view(r.syntax + e.at, e.length));
      bool known = text_of_word(n, word) != nullptr;
      for (const Row& other : rows) {               // the last leading keyword of another row with the same beginning
        const uint16_t last = last_leading(other.syntax);
        known = known || (last != 0xffff && keyword_main(text_of(other.syntax, lexeme_at(other.syntax, last))) == word);
      }
      if (!known) report.add(*a.module, r.syntax, "no help text for", word);
    }
    if (r.block != nullptr) check_rows(a, r.block->mode->rows, r.block->record, out, mistakes);
  }
  mistakes += report.mistakes;
}

Status Engine::check_tables(Writer* out) {
  if (impl_->full) return Fault{Code::full, "no memory for the command tables", 0};
  uint32_t mistakes = 0;
  for (const Attached& a : impl_->modules) {
    Report report{out};
    const std::span<const Gloss> glossary = a.module->glossary;
    for (size_t i = 1; i < glossary.size(); ++i)
      if (std::string_view(glossary[i - 1].word) >= std::string_view(glossary[i].word)) report.add(*a.module, "glossary", "is not sorted at", glossary[i].word);
    const Record* record = nullptr;
    for (const Section& s : a.module->sections)
      for (const Row& r : s.rows)
        if (r.owner != nullptr && record == nullptr) record = r.owner;
    for (const Section& s : a.module->sections) impl_->check_rows(a, s.rows, record, out, mistakes);
    impl_->check_rows(a, a.module->exec, nullptr, out, mistakes);
    mistakes += report.mistakes;
  }
  if (mistakes != 0) return Fault{Code::invalid, "mistakes in the command tables", mistakes};
  return {};
}

const Row* Engine::accepting(const Position& at, std::string_view line, const RunOptions& options, size_t& count) {
  Words words;
  words.split(line);
  impl_->matcher.set_privilege(options.privilege, at.in_config() ? 15 : 1);
  Match m;
  impl_->matcher.match(at.in_config() ? impl_->rows_at(at, at.depth - 1u) : impl_->exec_rows, words, 0, Sense::plain, m);
  count = m.result == Matched::complete ? m.rows : 0;
  return count == 0 ? nullptr : m.ref.row;
}

namespace {
void print_pending_rows(Writer& out, const Module& module, std::string_view mode, std::span<const Row> rows) {
  for (const Row& r : rows) {
    if (r.is(kPending)) out.left(module.name, 20).put(' ').left(mode, 18).put(' ').put(r.syntax).put('\n');
    if (r.block != nullptr && !r.is(kHidden)) print_pending_rows(out, module, r.block->mode->name, r.block->mode->rows);
  }
}
}  // namespace

void print_pending(Writer& out, const Module& module) {
  for (const Section& s : module.sections) print_pending_rows(out, module, "config", s.rows);
  print_pending_rows(out, module, "exec", module.exec);
}

void Engine::print_pending(Writer& out) {
  for (const Attached& a : impl_->modules) cli::print_pending(out, *a.module);
}

}  // namespace parley::cli
