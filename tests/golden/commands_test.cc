// Every command of the reference. Configuration (commands.txt): taken, written, taken back, written again. EXEC (exec.txt): one
// row takes the line.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <sstream>

#include "tests/golden/config_router.h"

#include <CppUTest/TestHarness.h>

using namespace parley;
using namespace parley::test;

namespace {

struct Case {
  std::vector<std::string> modes;
  std::string line;
  std::string written;      // with its indentation; empty: nothing
  bool refused = false;
};

std::string trimmed(std::string s) {
  while (!s.empty() && s.back() == ' ') s.pop_back();
  return s.substr(std::min(s.find_first_not_of(' '), s.size()));
}

bool next_case(std::istream& in, Case& c) {
  for (std::string l; std::getline(in, l);) {
    if (l.empty() || l[0] == '#' || l[0] == '[') continue;
    c = Case();
    std::string written;
    if (const size_t arrow = l.find(" => "); arrow != std::string::npos) {
      written = trimmed(l.substr(arrow + 4));
      l = trimmed(l.substr(0, arrow));
    }
    for (size_t bar; (bar = l.find(" | ")) != std::string::npos; l = l.substr(bar + 3)) c.modes.push_back(trimmed(l.substr(0, bar)));
    c.line = trimmed(l);
    c.refused = written == "?";
    c.written = written == "-" || c.refused ? "" : std::string(c.modes.size(), ' ') + (written.empty() ? c.line : written);
    return true;
  }
  return false;
}

std::string headers(const Case& c) {
  std::string out;
  for (size_t i = 0; i < c.modes.size(); ++i) out += std::string(i, ' ') + c.modes[i] + "\n";
  return out;
}

bool is_written(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_GROUP(Commands) {
  template <class F>
  void each(F check) {
    std::istringstream in(file_text("tests/golden/commands.txt"));
    std::string wrong;
    size_t count = 0;
    for (Case c; next_case(in, c); ++count) {
      const std::string verdict = check(c);
      if (!verdict.empty()) wrong += headers(c) + c.line + "\n   -> " + verdict + "\n";
    }
    CHECK(count > 400);
    STRCMP_EQUAL("", wrong.c_str());
  }
};

TEST(Commands, AreTakenAndWritten) {
  each([](const Case& c) -> std::string {
    ConfigRouter router;
    const std::vector<Refusal> refusals = router.paste(headers(c) + std::string(c.modes.size(), ' ') + c.line + "\n");
    if (c.refused) return refusals.empty() ? "was not refused" : "";
    if (!refusals.empty())
      return "verdict " + std::to_string(static_cast<int>(refusals[0].verdict)) + " for '" + refusals[0].line + "' " + refusals[0].text;
    const std::string text = router.print();
    if (!c.written.empty() && !is_written(text, c.written)) return "not written as '" + c.written + "' in\n" + text;
    ConfigRouter again;
    if (!again.paste(text).empty()) return "the written text was refused:\n" + text;
    return again.print() == text ? "" : "written text changes from\n" + text + "to\n" + again.print();
  });
}

TEST(Commands, AreTakenBackByNo) {
  each([](const Case& c) -> std::string {
    if (c.refused || c.line.rfind("no ", 0) == 0 || c.written.empty()) return "";
    ConfigRouter router;
    (void)router.paste(headers(c));
    const std::string before = router.print();
    const std::string pad(c.modes.size(), ' ');
    (void)router.paste(headers(c) + pad + c.line + "\n");
    const std::vector<Refusal> refusals = router.paste(headers(c) + pad + "no " + c.line + "\n");
    if (!refusals.empty()) return "no: verdict " + std::to_string(static_cast<int>(refusals[0].verdict)) + " " + refusals[0].text;
    return is_written(router.print(), c.written) && !is_written(before, c.written) ? "no: still written" : "";
  });
}

TEST(Commands, OfExecAreKnown) {
  std::istringstream in(file_text("tests/golden/exec.txt"));
  ConfigRouter router;
  std::string wrong;
  size_t lines = 0;
  for (std::string l; std::getline(in, l);) {
    if (l.empty() || l[0] == '#') continue;
    ++lines;
    const size_t arrow = l.find(" => ?");
    const bool refused = arrow != std::string::npos;
    const std::string line = l.substr(0, arrow);
    size_t count = 0;
    const bool known = router.engine().accepting(cli::Position(), line, cli::RunOptions(), count) != nullptr;
    if (known == refused || count > 1) wrong += line + " is taken by " + std::to_string(count) + " rows\n";
  }
  CHECK(lines > 200);
  STRCMP_EQUAL("", wrong.c_str());
}
