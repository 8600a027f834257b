// Properties of all rows of all modules (style: one row is parser, help, `no`, running-config).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CppUTest/TestHarness.h"
#include "tests/properties/all_rows.h"

using namespace parley;
using namespace parley::cli;
using namespace parley::cli::test;

namespace {

bool binds(const Row& r) {
  return r.kind == Kind::value || r.kind == Kind::flag || r.kind == Kind::list || r.kind == Kind::sorted_list || r.kind == Kind::store ||
         r.kind == Kind::stores || r.kind == Kind::store_on;
}

struct EmptyTexts final : HelpSink {
  std::string words;
  void item(const HelpItem& i) override {
    if (i.text.empty() || i.text.size() > 60) words += std::string(i.word) + " ";
  }
  void complete() override {}
};

}  // namespace

TEST_GROUP(Properties) {
  std::string bad;
  size_t checks = 0;
  void check(bool good, const Spot& s, const std::string& line, const std::string& what) {
    ++checks;
    if (good || bad.size() > 20000) return;
    bad += std::string(s.module->name) + ": " + (s.mode == nullptr ? "config" : s.mode->name) + ": " + line + ": " + what + "\n";
  }
  void done() {
    if (!bad.empty()) FAIL(bad.c_str());
    UtestShell::getCurrent()->printVeryVerbose(("\n" + std::to_string(checks) + " checks ").c_str());
    CHECK(checks != 0 || kModuleCount == 0);
  }
  // Into the mode of a spot; false: a line was not accepted.
  bool enter(Router& r, const Spot& s, Position& at) {
    Engine::enter_config(at);
    for (const std::string& line : s.enter) {
      const Outcome o = r.run(at, line);
      if (o.verdict == Verdict::ok) continue;
      check(false, s, line, "does not enter its mode: " + std::string(o.text.view()));
      return false;
    }
    return true;
  }
};

TEST(Properties, tables) {
  Router r;
  Blob report;
  const bool right = r.engine.check_tables(&report).has_value();
  STRCMP_EQUAL("", std::string(report.text()).c_str());
  CHECK(right);
}

TEST(Properties, printed_lines_are_read_again_and_no_takes_them_back) {
  auto router = std::make_unique<Router>();
  for_all_rows([&](const Spot& s) {
    if (!binds(*s.row) && s.row->kind != Kind::deprecated) return;
    for (size_t v = 0; v < variants(*s.row); ++v) {
      Router& r = *router;
      Position at;
      if (!enter(r, s, at)) return;
      const Position mode = at;
      const std::string before = r.print();
      const std::string line = sample(*s.row, v).line;
      const Outcome o = r.run(at, line);
      if (o.verdict == Verdict::refused) {                      // a rule of the module: nothing may have changed
        check(!o.text.empty(), s, line, "refused without a text");
        check(r.print() == before, s, line, "was refused, but changed something");
        continue;
      }
      check(o.verdict == Verdict::ok, s, line, "is not accepted, verdict " + std::to_string(static_cast<int>(o.verdict)));
      if (o.verdict != Verdict::ok) continue;
      const std::string once = r.print();
      Router other;
      const std::vector<std::string> refused = other.paste(once);
      check(refused.empty(), s, line, refused.empty() ? "" : "printed line is refused: " + refused[0]);
      check(other.print() == once, s, line, "is printed differently after reading it again:\n" + once + "---\n" + other.print());
      at = mode;
      const Outcome back = r.run(at, "default " + line);
      check(back.verdict == Verdict::ok, s, "default " + line, "is not accepted");
      check(r.print() == before, s, "default " + line, "leaves\n" + r.print() + "--- instead of\n" + before);
      at = mode;
      if (s.row->kind == Kind::flag || s.row->kind == Kind::store_on) continue;
      r.run(at, line);
      at = mode;
      check(r.run(at, "no " + line).verdict == Verdict::ok, s, "no " + line, "is not accepted");
      check(r.print() == before, s, "no " + line, "leaves\n" + r.print() + "--- instead of\n" + before);
      if (r.print() != before) router = std::make_unique<Router>();
    }
  });
  done();
}

TEST(Properties, numbers_beside_the_range_are_refused) {
  Router r;
  for_all_rows([&](const Spot& s) {
    if (s.row->kind == Kind::action || s.row->kind == Kind::deprecated) return;
    Position mode;
    if (!enter(r, s, mode)) return;
    for (size_t v = 0; v < 2; ++v) {
      const Sample good = sample(*s.row, v);
      for (const Sample::Number& n : good.numbers)
        for (const int64_t wrong : {n.lo - 1, n.hi + 1}) {
          Position at = mode;
          std::string line = good.line;
          line.replace(n.at, n.length, std::to_string(wrong));
          size_t count = 0;
          check(r.engine.accepting(at, line, r.options, count) != s.row, s, line, "is accepted beside its range");
          check(r.engine.accepting(at, good.line, r.options, count) == s.row, s, good.line, "is not accepted by its own row");
        }
    }
  });
  done();
}

TEST(Properties, one_row_only_accepts) {
  Router r;
  for_all_rows([&](const Spot& s) {
    Position mode;
    if (!enter(r, s, mode)) return;
    for (size_t v = 0; v < variants(*s.row); ++v) {
      const std::string line = sample(*s.row, v).line;
      size_t n = 0;
      r.engine.accepting(mode, line, r.options, n);
      check(n == 1, s, line, std::to_string(n) + " rows accept it");
    }
  });
  done();
}

TEST(Properties, help_has_a_text_everywhere) {
  Router r;
  for_all_rows([&](const Spot& s) {
    Position mode;
    if (s.row->is(kHidden) || !enter(r, s, mode)) return;
    for (size_t v = 0; v < variants(*s.row); ++v) {
      const std::string line = sample(*s.row, v).line;
      for (size_t blank = line.find(' '); ; blank = line.find(' ', blank + 1)) {
        EmptyTexts empty;
        const std::string part = blank == std::string::npos ? line + " " : line.substr(0, blank + 1);
        const Verdict verdict = r.engine.help(mode, part, r.options, empty);
        check(verdict == Verdict::ok, s, part + "?", "verdict " + std::to_string(static_cast<int>(verdict)));
        check(empty.words.empty(), s, part + "?", "no text, or a long one, for " + empty.words);
        if (blank == std::string::npos) break;
      }
    }
  });
  done();
}
