// Tests of line editing: keys in, what the screen shows out.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/line_editor.h"

#include <string>

#include "cli/test_screen.h"
#include "platform/base/memory.h"

#include "CppUTest/TestHarness.h"

using namespace parley;
using namespace parley::cli;
using Event = LineEditor::Event;

TEST_GROUP(LineEditor) {
  test::ScreenImage screen{80};
  Arena arena{"test", 1 << 20};
  History history{arena};
  LineEditor editor{screen};

  void begin(std::string_view prompt = "Router#", size_t width = 80, Echo echo = Echo::on) {
    screen.write(prompt);
    LineEditor::Setup setup;
    setup.prompt = prompt;
    setup.width = width;
    setup.echo = echo;
    setup.history = &history;
    editor.begin(setup);
  }
  Event type(std::string_view keys) {
    Event e = Event::none;
    for (const char c : keys) e = editor.key(static_cast<uint8_t>(c), false);
    return e;
  }
  void check(std::string_view text, std::string_view shown, size_t column) {
    STRCMP_EQUAL(std::string(text).c_str(), std::string(editor.text()).c_str());
    STRCMP_EQUAL(std::string(shown).c_str(), screen.line().c_str());
    CHECK_EQUAL(column, screen.column());
  }
};

TEST(LineEditor, TypedCharactersAppear) {
  begin();
  type("show ver");
  check("show ver", "Router#show ver", 15);
  CHECK(type("\r") == Event::line);
}

TEST(LineEditor, EditsInTheMiddle) {   // R-8.1
  begin();
  type("shw\x02o");                                // Ctrl-B
  check("show", "Router#show", 10);
  type("\x01X\x05Y");                              // Ctrl-A, Ctrl-E
  check("XshowY", "Router#XshowY", 13);
  type("\x7F\x7F");
  check("Xsho", "Router#Xsho", 11);
  type("\x01\x04");                                // Ctrl-D
  check("sho", "Router#sho", 7);
  type("\x0B");                                    // Ctrl-K
  check("", "Router#", 7);
}

TEST(LineEditor, WordsAreErasedAndComeBack) {   // R-8.1
  begin();
  type("ip address 10.1.1.1");
  type("\x17\x17");                                // Ctrl-W twice
  check("ip address 10.1.", "Router#ip address 10.1.", 23);
  type("\x15");                                    // Ctrl-U
  check("", "Router#", 7);
  type("\x19");                                    // Ctrl-Y
  check("ip address 10.1.", "Router#ip address 10.1.", 23);
  type("\x1B" "b\x1B" "b\x1B" "b");                // Esc-B
  CHECK_EQUAL(size_t{10}, screen.column());
  type("\x1B" "d");                                // Esc-D
  check("ip  10.1.", "Router#ip  10.1.", 10);
  type("\x1B" "f");
  CHECK_EQUAL(size_t{13}, screen.column());
}

TEST(LineEditor, ArrowsHomeEndDelete) {   // R-8.1
  begin();
  type("abc\x1B[D\x1B[D\x1B[3~");
  check("ac", "Router#ac", 8);
  type("\x1BOC\x1B[Hx\x1B[Fy\x1B[1~z\x1B[4~");
  check("zxacy", "Router#zxacy", 12);
}

TEST(LineEditor, SwapsCharacters) {   // R-8.1
  begin();
  type("sohw\x02\x02\x14");                        // Ctrl-T between o and h
  check("show", "Router#show", 10);
}

TEST(LineEditor, HistoryGoesBackAndForth) {
  history.add("first");
  history.add("second");
  begin();
  type("\x10\x10");                                // Ctrl-P
  check("first", "Router#first", 12);
  type("\x1B[B");
  check("second", "Router#second", 13);
  type("\x0E");                                    // Ctrl-N
  check("", "Router#", 7);
}

TEST(LineEditor, LongLinesScrollByTen) {   // R-8.1
  screen = test::ScreenImage(30);
  begin("Router#", 30);                            // 22 cells for the line
  type("abcdefghijklmnopqrstu");
  check("abcdefghijklmnopqrstu", "Router#abcdefghijklmnopqrstu", 28);
  type("v");
  check("abcdefghijklmnopqrstuv", "Router#$lmnopqrstuv", 19);
  CHECK_EQUAL(size_t{10}, editor.first_visible());
  type("\x01");
  check("abcdefghijklmnopqrstuv", "Router#abcdefghijklmnopqrstuv", 7);
  type("w");
  check("wabcdefghijklmnopqrstuv", "Router#wabcdefghijklmnopqrst$", 8);
}

TEST(LineEditor, CharactersOfSeveralBytesAreOneCell) {
  begin();
  type("name \xC3\xA9t\xC3\xA9");
  check("name \xC3\xA9t\xC3\xA9", "Router#name \xC3\xA9t\xC3\xA9", 15);
  type("\x02\x02\x7F");
  check("name t\xC3\xA9", "Router#name t\xC3\xA9", 12);
}

TEST(LineEditor, PasswordsLeaveNoTrace) {
  begin("Password: ", 80, Echo::off);
  type("secrex\x7Ft");
  check("secret", "Password: ", 10);
  type("\x15");
  begin("Router#");
  type("\x19");                                    // nothing of it can be yanked
  STRCMP_EQUAL("", std::string(editor.text()).c_str());
}

TEST(LineEditor, ALongerLineIsRefusedWhole) {   // R-3.11
  begin("Router#", 0);
  for (int i = 0; i < 254; ++i) type("a");
  CHECK_FALSE(editor.too_long());
  type("a");
  CHECK(editor.too_long());
  CHECK(type("\r") == Event::line);
}

TEST(LineEditor, RequestsAreEvents) {
  begin();
  CHECK(type("con?") == Event::help);
  CHECK(type("\t") == Event::complete);
  CHECK(type("\x03") == Event::cancel);
  CHECK(type("\x1A") == Event::end_mode);
  CHECK(type("\x16?") == Event::none);             // Ctrl-V
  STRCMP_EQUAL("con?", std::string(editor.text()).c_str());
}

TEST(LineEditor, ATabInAPasteIsABlank) {
  begin();
  type("ip");
  CHECK(editor.key('\t', true) == Event::none);
  type("route");
  check("ip\troute", "Router#ip route", 15);
}

TEST(LineEditor, NoiseIsDroppedAndByteOrderMarkToo) {
  begin();
  type("\xEF\xBB\xBF" "show\x01\x1D\x1F\x05 x");
  check("show x", "Router#show x", 13);
}

TEST(LineEditor, TheDelimiterOfABannerMayBeCtrlC) {
  begin();
  CHECK(type("banner motd \x03") == Event::none);
  STRCMP_EQUAL("banner motd \x03", std::string(editor.text()).c_str());
}

TEST(LineEditor, ExtendShowsTheLineOnANewScreenLine) {
  begin();
  type("sh");
  editor.extend("ow ");
  check("show ", "Router#show ", 12);
  STRCMP_EQUAL("Router#sh", screen.line_before().c_str());
}
