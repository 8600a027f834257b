// Words that were probably meant; differences grouped by mode.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/near_match.h"

#include <string>

#include "modules/system/config_diff.h"

#include <CppUTest/TestHarness.h>

using namespace parley;
using namespace parley::system;

TEST_GROUP(NearMatch){};

TEST(NearMatch, Distance) {
  CHECK_EQUAL(0u, edit_distance("hostname", "hostname", 2));
  CHECK_EQUAL(1u, edit_distance("telephny-service", "telephony-service", 2));
  CHECK_EQUAL(2u, edit_distance("ab", "ba", 2));
  CHECK_EQUAL(3u, edit_distance("short", "quite-another", 2));
  CHECK_EQUAL(2u, edit_distance("", "ab", 2));
}

TEST(NearMatch, LookAlikes) {
  char text[40];
  FixedWriter plain(text);
  const LookAlike found = find_look_alike("t\xD0\xB5lephony", plain);
  CHECK_EQUAL(0x435u, found.code_point);
  CHECK_EQUAL('e', found.looks_like);
  CHECK(plain.view() == "telephony");
  char other[40];
  FixedWriter broken(other);
  const LookAlike none = find_look_alike("a\xF0\x9F", broken);       // cut in the middle of a character
  CHECK_EQUAL(0xF0u, none.code_point);
  CHECK_EQUAL(0, none.looks_like);
  CHECK(broken.view() == "a??");
}

TEST_GROUP(ConfigDiff) {
  std::string diff(std::string_view from, std::string_view to) {
    Blob out;
    write_differences(from, to, out);
    return std::string(out.text());
  }
};

TEST(ConfigDiff, NothingButTheFrame) {
  STRCMP_EQUAL("", diff("!\n! Last configuration change at x\nversion 1.0\na\n!\nend\n", "a\n").c_str());
}

TEST(ConfigDiff, GroupedByMode) {
  STRCMP_EQUAL("-gone\n- 1\n+new\n voice\n   h323\n-   old\n+   fresh\n",
               diff("gone\n 1\n!\nvoice\n  h323\n   old\n   same\n!\n", "new\nvoice\n  h323\n   fresh\n   same\n").c_str());
}

TEST(ConfigDiff, SameLineTwice) {
  STRCMP_EQUAL(" c\n- 00\n", diff("c\n 00\n 00\n", "c\n 00\n").c_str());
}

TEST(ConfigDiff, PlainSecretIsNotRepeated) {
  STRCMP_EQUAL("+enable secret 0 <not shown>\n", diff("", "enable secret 0 Sesame123\n").c_str());
}
