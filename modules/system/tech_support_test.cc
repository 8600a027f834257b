// Tests of what show tech-support leaves out.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/tech_support.h"

#include "platform/base/bytes.h"

#include "CppUTest/TestHarness.h"

using namespace parley;

TEST_GROUP(TechSupport) {
  void check(std::string_view lines, std::string_view want) {
    Blob out;
    system::put_concealed(out, lines);
    CHECK(out.text() == want);
  }
};

TEST(TechSupport, SecretsOfStoredLinesAreRemoved) {
  check("snmp-server community private RO\nradius-server host 10.1.1.1 key 7 0822\nhostname R1\n",
        "snmp-server community <removed>\nradius-server host 10.1.1.1 key <removed>\nhostname R1\n");
  check(" key-string abc def\n capf-auth-str 12345\n crypto isakmp key abc address 10.1.1.1\n",
        " key-string <removed>\n capf-auth-str <removed>\n crypto isakmp key <removed>\n");
}

TEST(TechSupport, WordsThatAreNoSecretStay) {
  check("service password-encryption\nrsakeypair lab\n auth-mode auth-string\nkeys\n",
        "service password-encryption\nrsakeypair lab\n auth-mode auth-string\nkeys\n");
}

TEST(TechSupport, TheFirstSecretEndsTheLine) {
  check("username a privilege 15 secret 9 x password y\n", "username a privilege 15 secret <removed>\n");
}
