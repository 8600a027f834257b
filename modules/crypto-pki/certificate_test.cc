// Certificates: the table of tests/vectors/keys, and old ones that other libraries refuse.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include "modules/crypto-pki/certificate.h"
#include "platform/crypto/test_keys.h"

#include <CppUTest/TestHarness.h>

using namespace parley;
using namespace parley::crypto_pki;
using fake::file_bytes;
using fake::TestKeys;

namespace {

constexpr UnixTime kNow = 1800000000;

Certificate load(const std::string& path) {
  Result<Certificate> c = parse_certificate(file_bytes(path));
  PARLEY_CHECK(c.has_value());
  return std::move(c).value();
}
Certificate vector(const std::string& name) { return load("tests/vectors/keys/" + name + ".der"); }
Certificate old(const std::string& name) { return load("tests/vectors/certificates/" + name + ".der"); }

std::string name_text(Bytes name, NameStyle style) {
  Blob out;
  PARLEY_CHECK(print_name(name, style, out).has_value());
  return std::string(out.text());
}

std::string lower_hex(Bytes b) {
  Blob out;
  out.hex_bytes(b.data(), b.size(), false);
  return std::string(out.text());
}

// Value of "key" inside the object of `name`; the file is plain enough for this.
std::string expected(const std::string& json, const std::string& name, const std::string& key) {
  const size_t object = json.find("\"" + name + "\": {"), k = json.find("\"" + key + "\": ", object);
  PARLEY_CHECK(object != std::string::npos && k != std::string::npos);
  size_t at = k + key.size() + 4;
  std::string out;
  if (json[at] != '"') {
    while (json[at] >= '0' && json[at] <= '9') out += json[at++];
    return out;
  }
  for (++at; json[at] != '"'; ++at) out += json[at] == '\\' ? json[++at] : json[at];
  return out;
}

std::string reason(const Status& s) { return s ? "" : s.error().what; }

}  // namespace

TEST_GROUP(Certificate){};

TEST(Certificate, TableOfVectors) {
  const auto raw = file_bytes("tests/vectors/keys/certificates.json");
  const std::string json(raw.begin(), raw.end());
  int seen = 0;
  for (const char* n : {"app", "capf", "ccm", "ccmtftp", "httpsec", "lsc1024", "lsc2048", "lscec", "lscexpired", "lscother", "mic",
                        "micbad", "micca", "othercaroot", "sast1", "sast1024", "sast2", "tftp", "tftp1024", "tftp4096", "tvs"}) {
    const Certificate c = vector(n);
    const auto want = [&](const char* key) { return expected(json, n, key); };
    STRCMP_EQUAL(want("subject_style_cisco").c_str(), name_text(c.subject, NameStyle::cisco).c_str());
    STRCMP_EQUAL(want("issuer_style_cisco").c_str(), name_text(c.issuer, NameStyle::cisco).c_str());
    STRCMP_EQUAL(want("subject_style_comma").c_str(), name_text(c.subject, NameStyle::comma).c_str());
    STRCMP_EQUAL(want("issuer_style_comma").c_str(), name_text(c.issuer, NameStyle::comma).c_str());
    STRCMP_EQUAL(want("serial_field").c_str(), lower_hex(serial_magnitude(c.serial)).c_str());
    STRCMP_EQUAL(want("md5_certHash").c_str(), lower_hex(hash(Hash::md5, c.der).view()).c_str());
    STRCMP_EQUAL(want("sha1").c_str(), lower_hex(hash(Hash::sha1, c.der).view()).c_str());
    STRCMP_EQUAL(want("sha256").c_str(), lower_hex(hash(Hash::sha256, c.der).view()).c_str());
    Blob b64;
    CHECK(base64_encode(hash(Hash::sha512, c.der).view(), 0, b64).has_value());
    STRCMP_EQUAL(want("certhash_sha512_base64").c_str(), std::string(b64.text()).c_str());
    LONGS_EQUAL(std::stoi(want("der_len")), c.der.size());
    ++seen;
  }
  LONGS_EQUAL(21, seen);
}

TEST(Certificate, KeysOfVectors) {
  const struct { const char* name; KeyAlgorithm algorithm; int bits; size_t key; size_t signature; } rows[] = {
      {"sast1024", KeyAlgorithm::rsa, 1024, 140, 128}, {"sast1", KeyAlgorithm::rsa, 2048, 270, 256},
      {"tftp4096", KeyAlgorithm::rsa, 4096, 526, 512}, {"httpsec", KeyAlgorithm::ec_p384, 384, 97, 0}};
  for (const auto& r : rows) {
    const Certificate c = vector(r.name);
    CHECK(c.key.algorithm == r.algorithm);
    LONGS_EQUAL(r.bits, c.key.bits);
    LONGS_EQUAL(r.key, c.key.key.size());
    if (r.signature != 0) LONGS_EQUAL(r.signature, c.signature.size());
    if (r.algorithm == KeyAlgorithm::rsa) LONGS_EQUAL(65537, c.key.exponent);
  }
}

TEST(Certificate, Chains) {
  CHECK(verify_issued(vector("lsc2048"), vector("capf")).has_value());
  CHECK(verify_issued(vector("lscec"), vector("capf")).has_value());
  CHECK(verify_issued(vector("mic"), vector("micca")).has_value());
  CHECK(!verify_issued(vector("micbad"), vector("micca")));
  CHECK(!verify_issued(vector("lsc2048"), vector("micca")));
  CHECK(verify_certificate(vector("httpsec"), vector("httpsec").spki).has_value());
  for (const char* n : {"ios-ca-md5-1024", "mic-root-7960", "mic-root-7970", "mic-root-PEM"}) {
    const Certificate c = old(n);
    CHECK_TEXT(verify_certificate(c, c.spki).has_value(), n);
  }
  CHECK(verify_issued(old("ios-router-md5-512"), old("ios-ca-md5-1024")).has_value());
}

TEST(Certificate, MovingKeepsViews) {
  Certificate a = vector("mic");
  const Certificate b = std::move(a);
  STRCMP_EQUAL(name_text(vector("mic").subject, NameStyle::ios).c_str(), name_text(b.subject, NameStyle::ios).c_str());
}

TEST(Certificate, OldOnesAreReadAndShown) {
  const Certificate r = old("ios-router-md5-512");
  STRCMP_EQUAL("hostname=2851-CME2", name_text(r.subject, NameStyle::ios).c_str());
  STRCMP_EQUAL("cn=iosra", name_text(r.issuer, NameStyle::ios).c_str());
  LONGS_EQUAL(512, r.key.bits);
  STRCMP_EQUAL("MD5 with RSA Encryption", signature_algorithm_text(r.signature_algorithm));
  Blob serial, finger;
  print_serial(r.serial, serial);
  STRCMP_EQUAL("02", std::string(serial.text()).c_str());
  print_fingerprint(old("mic-root-7970").der, Hash::md5, finger);
  STRCMP_EQUAL("F7E150EA 5E6E3AC5 615FC696 66415C9F", std::string(finger.text()).c_str());
  STRCMP_EQUAL("cn=CAP-RTP-002,o=Cisco Systems", name_text(old("mic-root-7970").subject, NameStyle::ios).c_str());
  const Certificate m = old("mic-root-7960");
  LONGS_EQUAL(0xf3, m.serial[0]);
  Blob negative;
  print_serial(m.serial, negative);
  STRCMP_EQUAL("F301", std::string(negative.text()).c_str());
}

TEST(Certificate, Usability) {
  STRCMP_EQUAL("", reason(usability(vector("tftp"), kNow, Purpose::tls_modern)).c_str());
  STRCMP_EQUAL("", reason(usability(vector("tftp1024"), kNow, Purpose::file_signing)).c_str());
  STRCMP_EQUAL("RSA key is shorter than 2048 bits", reason(usability(vector("tftp1024"), kNow, Purpose::tls_modern)).c_str());
  STRCMP_EQUAL("certificate has expired", reason(usability(vector("lscexpired"), kNow, Purpose::tls_legacy)).c_str());
  STRCMP_EQUAL("certificate is not yet valid", reason(usability(vector("tftp"), 1000000000, Purpose::tls_legacy)).c_str());
  STRCMP_EQUAL("phone files are signed with an RSA key", reason(usability(vector("httpsec"), kNow, Purpose::file_signing)).c_str());
  STRCMP_EQUAL("", reason(usability(old("ios-router-md5-512"), kNow, Purpose::any)).c_str());
  const Certificate weak = old("ios-router-md5-512");
  STRCMP_EQUAL("RSA key is shorter than 1024 bits", reason(usability(weak, weak.not_before, Purpose::tls_legacy)).c_str());
  const Certificate md5 = old("ios-ca-md5-1024");
  CHECK(usability(md5, md5.not_before, Purpose::tls_legacy).has_value());
  CHECK(usable_as_ca(vector("micca"), kNow).has_value());
  STRCMP_EQUAL("not a certificate authority", reason(usable_as_ca(vector("mic"), kNow)).c_str());
}

TEST(Certificate, EveryTruncationAndFlipIsSurvived) {
  const auto der = TestKeys::certificate("mic");
  for (size_t n = 0; n < der.size(); ++n) CHECK(!parse_certificate(Bytes(der).first(n)));
  for (size_t i = 0; i < der.size(); ++i) {
    auto bad = der;
    bad[i] ^= 0x55;
    const Result<Certificate> c = parse_certificate(bad);
    if (c) CHECK(!verify_issued(*c, vector("micca")));
  }
  CHECK(parse_certificate(std::vector<uint8_t>(kMaxCertificate + 1)).error().code == Code::full);
}

TEST_GROUP(Name) {
  std::string round(std::string_view text, NameStyle style = NameStyle::ios) {
    const Result<Blob> n = parse_name(text);
    return n ? name_text(*n, style) : std::string("fault ") + n.error().what;
  }
};

TEST(Name, TypedIsShown) {
  STRCMP_EQUAL("cn=R1,ou=Lab,o=Vector Works,c=PL", round("CN=R1, OU=Lab,O=Vector Works, C=PL").c_str());
  STRCMP_EQUAL("C=PL,O=Vector Works,OU=Lab,CN=R1", round("CN=R1, OU=Lab,O=Vector Works, C=PL", NameStyle::comma).c_str());
  STRCMP_EQUAL("CN=R1;OU=Lab;O=Vector Works;C=PL", round("C=PL,O=Vector Works, ou=Lab,cn=R1", NameStyle::cisco).c_str());
  STRCMP_EQUAL("cn=a, b,o=c+d", round("CN=\"a, b\", O=c\\+d").c_str());
  STRCMP_EQUAL("O=c\\+d,CN=a\\, b", round("CN=a\\, b, O=c\\+d", NameStyle::comma).c_str());
  STRCMP_EQUAL("cn=\xc5\xbb", round("cn=\\C5\\BB").c_str());
  STRCMP_EQUAL("1.2.3.4=x", round("1.2.3.4=x").c_str());
  STRCMP_EQUAL("", round("").c_str());
  STRCMP_EQUAL("e=a@b.c,dc=example,dc=com", round("E=a@b.c,DC=example,DC=com").c_str());
}

TEST(Name, MultiValued) {
  STRCMP_EQUAL("serialNumber=67111345+hostname=R27.otus.ru,cn=R27", name_text(*device_name(*parse_name("cn=R27"), "67111345", "R27.otus.ru", ""), NameStyle::ios).c_str());
  STRCMP_EQUAL("hostname=R1", name_text(*device_name({}, "", "R1", ""), NameStyle::ios).c_str());
  STRCMP_EQUAL("serialNumber=1+hostname=r,cn=x", round("hostname=r+serialNumber=1,cn=x").c_str());
}

TEST(Name, Faults) {
  const struct { const char* text; uint32_t at; } rows[] = {
      {"CN", 0}, {"CN=a,", 5}, {"CN=a,XX=b", 5}, {"CN=", 3}, {"CN=\"a", 5}, {"CN=a\\", 5}, {"C=POL", 5}, {"CN=\"a\"b", 6}};
  for (const auto& r : rows) {
    const Result<Blob> n = parse_name(r.text);
    CHECK_TEXT(!n, r.text);
    CHECK(n.error().code == Code::invalid);
    LONGS_EQUAL_TEXT(r.at, n.error().detail, r.text);
  }
}

TEST(Name, ComparesWithoutCaseAndRunsOfBlanks) {
  CHECK(equal_names(*parse_name("cn=Vector  Works"), *parse_name("CN= vector works ")));
  CHECK(!equal_names(*parse_name("cn=ab"), *parse_name("cn=a b")));
  CHECK(!equal_names(*parse_name("cn=a"), *parse_name("o=a")));
  CHECK(!equal_names(*parse_name("cn=a"), *parse_name("cn=a,o=b")));
  const Blob name = *parse_name("CN=R1,O=x");
  CHECK(as_text(name_value(name, NameKey::common_name)) == "R1");
  CHECK(name_value(name, NameKey::country).empty());
}
