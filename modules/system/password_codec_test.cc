// Password forms against the vendor's examples and independent computations.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include "modules/system/password_codec.h"

#include <CppUTest/TestHarness.h>

using namespace parley;
using namespace parley::system;

namespace {

class Counting final : public Random {
 public:
  Status fill(MutBytes to) override {
    for (uint8_t& b : to) b = next_++;
    return {};
  }

 private:
  uint8_t next_ = 1;
};

std::string text(std::string_view s) { return std::string(s); }

}  // namespace

TEST_GROUP(PasswordCodec){};

// configs/README.md: the three strings of the reference documents all hide cisco123.
TEST(PasswordCodec, Type7OfTheReferenceDocuments) {
  for (const char* c : {"0822455D0A16544541", "00071A1507545A545C", "094F471A1A0A464058"}) {
    PasswordText plain;
    CHECK(type7_decode(c, plain));
    STRCMP_EQUAL("cisco123", plain.c_str());
  }
}

TEST(PasswordCodec, Type7RoundTripForEverySeed) {
  for (unsigned seed = 0; seed < 16; ++seed) {
    CipherText c;
    PasswordText plain;
    CHECK(type7_encode("mypassword2", seed, c));
    CHECK(type7_decode(c, plain));
    STRCMP_EQUAL("mypassword2", plain.c_str());
  }
}

TEST(PasswordCodec, Type7RefusesWhatIsNone) {
  PasswordText plain;
  for (const char* c : {"", "08", "mypassword", "0822455D0A165445G1", "082", "9922455D0A16544541"}) {
    CHECK_FALSE(type7_decode(c, plain));
  }
}

TEST(PasswordCodec, Policy) {
  struct Case { const char* password; bool good; };
  const Case cases[] = {{"Cisco123", true}, {"Abc12", false}, {"Abc123", true}, {"Abcdefghijkl123", true},
                        {"Abcdefghijklm123", false}, {"abcdef1", false}, {"ABCDEF1", false}, {"Abcdefg", false},
                        {"Abc-1234", false}, {"", false}};
  for (const Case& c : cases) CHECK_EQUAL_TEXT(c.good, policy_holds(c.password), c.password);
  CHECK(four_digits("1234"));
  CHECK_FALSE(four_digits("12345"));
  CHECK_FALSE(four_digits("12a4"));
}

TEST(PasswordCodec, Type6OpensOnlyWithItsKey) {
  Counting random;
  Type6Key key, other;
  CHECK(type6_key("cisco123", key).has_value());
  CHECK(type6_key("cisco124", other).has_value());
  CipherText a, b;
  CHECK(type6_seal(key, "Cisco123", random, a).has_value());
  CHECK(type6_seal(key, "Cisco123", random, b).has_value());
  CHECK(text(a) != text(b));  // a fresh nonce each time
  PasswordText plain;
  CHECK(type6_open(key, a, plain).has_value());
  STRCMP_EQUAL("Cisco123", plain.c_str());
  CHECK_FALSE(type6_open(other, a, plain).has_value());
  std::string damaged = text(a);
  damaged[20] = damaged[20] == 'A' ? 'B' : 'A';
  CHECK_FALSE(type6_open(key, damaged, plain).has_value());
  CHECK_FALSE(type6_open(key, "SomeOtherRoutersString", plain).has_value());
}

// Hashes computed with Python's hashlib (types 8, 9) and `openssl passwd -1` (type 5).
TEST(PasswordCodec, OneWayHashesOfOtherPrograms) {
  CHECK(secret_check("cisco", "$8$dsYGNam3K1SIJO$7nv/35M/qr6t.dVc7UY9zrJDWRVqncHub1PE9UlMQFs").has_value());
  CHECK(secret_check("cisco", "$9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4v7pqCxkKM").has_value());
  CHECK(secret_check("Cisco123", "$1$abcd1234$c.WL.d4vwpmDj2INhiW6r.").has_value());
  CHECK_FALSE(secret_check("cisco1", "$9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4v7pqCxkKM").has_value());
  CHECK_FALSE(secret_check("Cisco124", "$1$abcd1234$c.WL.d4vwpmDj2INhiW6r.").has_value());
  CHECK_EQUAL(static_cast<int>(Code::invalid), static_cast<int>(secret_check("x", "plain").error().code));
}

TEST(PasswordCodec, MadeSecretsCheck) {
  Counting random;
  CipherText hash;
  CHECK(secret_make("Cisco123", random, hash).has_value());
  CHECK(secret_form(9, hash));
  CHECK(secret_check("Cisco123", hash).has_value());
  CHECK_FALSE(secret_check("cisco123", hash).has_value());
}
