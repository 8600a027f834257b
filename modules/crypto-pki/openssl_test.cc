// Everything we write is judged by the openssl program, and what it writes is read. Skipped where it is not installed.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "modules/crypto-pki/certificate_builder.h"
#include "modules/crypto-pki/cms.h"
#include "modules/crypto-pki/crl.h"
#include "modules/crypto-pki/csr.h"
#include "platform/crypto/test_keys.h"

#include <CppUTest/TestHarness.h>

using namespace parley;
using namespace parley::crypto_pki;
using fake::file_bytes;
using fake::TestKeys;

namespace {

constexpr UnixTime kFrom = 1795262400, kTo = kFrom + 86400LL * 3650;   // 2026-11-21, inside the vectors' validity
const std::string kFolder = "build/pki-openssl-test";

bool have_openssl() {
  static const bool have = std::system(("mkdir -p " + kFolder + " && openssl version >/dev/null 2>&1").c_str()) == 0;
  return have;
}

void save(const std::string& name, Bytes data) {
  std::FILE* f = std::fopen((kFolder + "/" + name).c_str(), "wb");
  PARLEY_CHECK(f != nullptr);
  PARLEY_CHECK(std::fwrite(data.data(), 1, data.size(), f) == data.size());
  std::fclose(f);
}

// Runs in the folder; output and exit status.
std::string shell(const std::string& command, bool expect_ok = true) {
  const int rc = std::system(("cd " + kFolder + " && (" + command + ") >out.txt 2>&1").c_str());
  const auto out = file_bytes(kFolder + "/out.txt");
  std::string text(out.begin(), out.end());
  if ((rc == 0) != expect_ok) FAIL((command + "\n" + text).c_str());
  return text;
}

void contains(const std::string& text, const char* what) {
  if (text.find(what) == std::string::npos) FAIL((std::string("missing: ") + what + "\nin: " + text).c_str());
}

const uint8_t kOne[] = {1};

}  // namespace

TEST_GROUP(PkiOpenssl) {
  TestKeys t;
  KeyRef ca_key, leaf_key, ec_key;
  Blob ca, ca_name, leaf_name;
  void setup() override {
    if (!have_openssl()) return;
    ca_key = t.import("capf");
    leaf_key = t.import("tftp");
    ec_key = t.import("httpsec");
    ca_name = *parse_name("CN=iosca,O=Vector Works,C=PL");
    leaf_name = *device_name(*parse_name("CN=R1"), "FTX1234", "R1.example.com", "");
    CertificateSpec s;
    s.role = CertificateRole::ca;
    s.subject = s.issuer = ca_name;
    s.serial = kOne;
    s.not_before = kFrom;
    s.not_after = kTo;
    const Blob spki = *t.keys->public_key(ca_key);
    s.spki = spki;
    ca = *build_certificate(s, *t.keys, ca_key, Hash::sha256);
    save("ca.der", ca);
    shell("openssl x509 -inform der -in ca.der -out ca.pem");
  }
  Result<Blob> leaf(CertificateRole role, KeyRef key, Hash h = Hash::sha256) {
    CertificateSpec s;
    s.role = role;
    s.subject = leaf_name;
    s.issuer = ca_name;
    const uint8_t serial[] = {0x80, 2};
    s.serial = serial;
    s.not_before = kFrom;
    s.not_after = from_calendar({2055, 1, 2, 3, 4, 5, 0});
    const Blob spki = *t.keys->public_key(key);
    s.spki = spki;
    s.ext_usage = ext_usage::kServerAuth | ext_usage::kClientAuth;
    const uint8_t ip[] = {192, 0, 2, 1};
    const AltName names[] = {{AltName::Kind::dns, as_bytes("r1.example.com")}, {AltName::Kind::ip, ip}};
    s.alt_names = names;
    s.crl_url = "http://192.0.2.1/cgi-bin/pkiclient.exe?operation=GetCRL";
    s.ocsp_url = "http://192.0.2.1/ocsp";
    if (role == CertificateRole::sub_ca) s.path_length = 0;
    return build_certificate(s, *t.keys, ca_key, h);
  }
};

TEST(PkiOpenssl, CertificatesAreStrictlyValid) {
  if (!have_openssl()) return;
  const std::string verify = "openssl verify -x509_strict -check_ss_sig -attime 1800000000 -CAfile ca.pem ";
  shell(verify + "ca.pem");
  for (const auto& [role, key] : {std::pair{CertificateRole::general, leaf_key}, {CertificateRole::ra, leaf_key},
                                  {CertificateRole::sub_ca, leaf_key}, {CertificateRole::general, ec_key}}) {
    save("leaf.der", *leaf(role, key));
    shell("openssl x509 -inform der -in leaf.der -out leaf.pem");
    shell(verify + "leaf.pem");
  }
  const std::string text = shell("openssl x509 -in leaf.pem -noout -text");
  for (const char* s : {"X509v3 Subject Alternative Name", "DNS:r1.example.com, IP Address:192.0.2.1", "Serial Number: 32770 (0x8002)",
                        "Digital Signature", "TLS Web Server Authentication, TLS Web Client Authentication",
                        "URI:http://192.0.2.1/cgi-bin/pkiclient.exe?operation=GetCRL", "OCSP - URI:http://192.0.2.1/ocsp",
                        "Not After : Jan  2 03:04:05 2055", "CN = R1, serialNumber = FTX1234 + unstructuredName = R1.example.com",
                        "Issuer: C = PL, O = Vector Works, CN = iosca"})
    contains(text, s);
  const Certificate c = *parse_certificate(file_bytes(kFolder + "/leaf.der"));
  CHECK(verify_issued(c, *parse_certificate(ca)).has_value());
  AltName n;
  CHECK(alt_name_at(c.alt_names, 0, n) && as_text(n.value) == "r1.example.com");
  CHECK(alt_name_at(c.alt_names, 1, n) && n.kind == AltName::Kind::ip);
  CHECK(!alt_name_at(c.alt_names, 2, n));
  CHECK(as_text(c.crl_url) == "http://192.0.2.1/cgi-bin/pkiclient.exe?operation=GetCRL");
}

TEST(PkiOpenssl, EverySigningHash) {
  if (!have_openssl()) return;
  for (const Hash h : {Hash::md5, Hash::sha1, Hash::sha256, Hash::sha384, Hash::sha512}) {
    save("leaf.der", *leaf(CertificateRole::general, leaf_key, h));
    shell("openssl x509 -inform der -in leaf.der -out leaf.pem && openssl verify -auth_level 0 -attime 1800000000 -CAfile ca.pem leaf.pem");
  }
}

TEST(PkiOpenssl, RequestsBothWays) {
  if (!have_openssl()) return;
  CsrSpec s;
  s.subject = leaf_name;
  s.challenge = "One-Time&Pass_42";
  const AltName names[] = {{AltName::Kind::dns, as_bytes("r1.example.com")}};
  s.alt_names = names;
  for (const KeyRef key : {leaf_key, ec_key}) {
    const Blob csr = *build_csr(s, *t.keys, key, Hash::sha256);
    save("r.csr", csr);
    contains(shell("openssl req -inform der -in r.csr -noout -verify -text"), "DNS:r1.example.com");
    const Result<Csr> back = parse_csr(csr);
    CHECK(back.has_value());
    CHECK(back->challenge == "One-Time&Pass_42");
    CHECK(equal_bytes(back->subject, leaf_name));
    CHECK(equal_bytes(back->spki, *t.keys->public_key(key)));
    CHECK((back->key_usage & key_usage::kDigitalSignature) != 0);
    std::vector<uint8_t> bad(csr.data(), csr.data() + csr.size());
    bad[40] ^= 1;
    CHECK(!parse_csr(bad));
  }
  shell("printf '[req]\\ndistinguished_name=d\\nattributes=a\\nreq_extensions=e\\nprompt=no\\n[d]\\nCN=phone\\n[a]\\nchallengePassword=secret\\n"
      "unstructuredName=x\\n[e]\\nsubjectAltName=IP:192.0.2.9\\nkeyUsage=digitalSignature\\nextendedKeyUsage=clientAuth\\n' >req.cnf");
  shell("openssl req -new -newkey rsa:2048 -nodes -keyout k.pem -config req.cnf -outform der -out o.csr");
  const Result<Csr> o = parse_csr(file_bytes(kFolder + "/o.csr"));
  CHECK(o.has_value());
  CHECK(o->challenge == "secret");
  AltName n;
  CHECK(alt_name_at(o->alt_names, 0, n) && n.kind == AltName::Kind::ip && n.value[3] == 9);
  LONGS_EQUAL(ext_usage::kClientAuth, o->ext_usage);
}

TEST(PkiOpenssl, RevocationList) {
  if (!have_openssl()) return;
  const uint8_t big[] = {0x80, 2}, small[] = {5};
  const Revoked list[] = {{small, kFrom + 5, 1}, {big, kFrom + 6, 0}};
  CrlSpec s;
  s.issuer = ca_name;
  s.this_update = kFrom;
  s.next_update = kTo;
  s.number = 300;
  s.revoked = list;
  const Blob crl = *build_crl(s, *t.keys, ca_key, Hash::sha256);
  save("c.crl", crl);
  const std::string text = shell("openssl crl -inform der -in c.crl -noout -text -CAfile ca.pem");
  for (const char* w : {"verify OK", "Serial Number: 05", "Serial Number: 8002", "Key Compromise", "300"}) contains(text, w);
  save("leaf.der", *leaf(CertificateRole::general, leaf_key));
  shell("openssl x509 -inform der -in leaf.der -out leaf.pem && openssl crl -inform der -in c.crl -out c.pem");
  contains(shell("openssl verify -crl_check -attime 1800000000 -CAfile ca.pem -CRLfile c.pem leaf.pem", false), "certificate revoked");
  const Crl back = *parse_crl(crl);
  LONGS_EQUAL(300, back.number);
  CHECK(verify_crl(back, *t.keys->public_key(ca_key)).has_value());
  CHECK(!verify_crl(back, *t.keys->public_key(leaf_key)));
  Revoked r;
  CHECK(find_revoked(back, small, r));
  LONGS_EQUAL(1, r.reason);
  const Certificate c = *parse_certificate(file_bytes(kFolder + "/leaf.der"));
  CHECK(find_revoked(back, c.serial, r) && r.when == kFrom + 6);
  CHECK(!find_revoked(back, kOne, r));
  s.revoked = {};
  save("c.crl", *build_crl(s, *t.keys, ca_key, Hash::sha1));
  contains(shell("openssl crl -inform der -in c.crl -noout -text -CAfile ca.pem"), "No Revoked Certificates");
}

TEST(PkiOpenssl, SignedMessagesBothWays) {
  if (!have_openssl()) return;
  const Blob certificate = *leaf(CertificateRole::general, leaf_key);
  SignSpec s;
  s.certificate = certificate;
  s.content = as_bytes("hello");
  s.scep.type = ScepMessage::cert_rep;
  s.scep.status = ScepStatus::success;
  s.scep.fail = ScepFail::bad_request;
  CHECK(s.scep.transaction_id.set("0123456789ABCDEF"));
  const uint8_t nonce[16] = {1, 2, 3};
  CHECK(s.scep.sender.set(nonce) && s.scep.recipient.set(nonce));
  s.signing_time = kFrom;
  for (const Hash h : {Hash::md5, Hash::sha1, Hash::sha256, Hash::sha512}) {
    s.hash = h;
    const Blob message = *write_signed(s, *t.keys, leaf_key);
    save("m.der", message);
    contains(shell("openssl cms -verify -inform der -in m.der -CAfile ca.pem -purpose any -attime 1800000000 -certfile ca.pem -binary -out content && cat content"), "hello");
    const Result<SignedMessage> back = read_signed(message);
    CHECK(back.has_value());
    CHECK(as_text(back->content) == "hello");
    CHECK(back->hash == h);
    CHECK(back->scep.type == ScepMessage::cert_rep && back->scep.status == ScepStatus::success && back->scep.fail == ScepFail::bad_request);
    CHECK(back->scep.transaction_id.view() == "0123456789ABCDEF");
    CHECK(equal_bytes(back->scep.sender.view(), nonce) && equal_bytes(back->scep.recipient.view(), nonce));
    CHECK(equal_bytes(back->signer, certificate));
  }
  s.content = {};
  const Blob empty = *write_signed(s, *t.keys, leaf_key);
  CHECK(read_signed(empty)->content.empty());
  save("m.der", empty);
  shell("openssl cms -verify -inform der -in m.der -noverify -binary -out content");
  std::vector<uint8_t> bad(empty.data(), empty.data() + empty.size());
  bad[bad.size() - 5] ^= 1;
  CHECK(read_signed(bad).error().code == Code::untrusted);

  const std::string key = "../../tests/vectors/keys/tftp.pem";
  shell("printf 'from openssl' >plain");
  for (const char* option : {"-md sha256", "-md sha1 -stream", "-md sha512 -keyid", "-md md5 -noattr"}) {
    shell("openssl cms -sign -in plain -signer " + key + " -nodetach -binary -outform der -out o.der " + option);
    const Result<SignedMessage> o = read_signed(file_bytes(kFolder + "/o.der"));
    CHECK_TEXT(o.has_value(), option);
    CHECK(as_text(o->content) == "from openssl");
  }
  shell("openssl cms -sign -in plain -signer ../../tests/vectors/keys/httpsec.pem -nodetach -binary -outform der -out o.der -md sha384");
  CHECK(read_signed(file_bytes(kFolder + "/o.der")).has_value());
  shell("openssl cms -sign -in plain -signer " + key + " -nodetach -nocerts -binary -outform der -out o.der");
  CHECK(read_signed(file_bytes(kFolder + "/o.der")).error().code == Code::untrusted);
}

TEST(PkiOpenssl, EnvelopesBothWays) {
  if (!have_openssl()) return;
  const std::string key = "../../tests/vectors/keys/tftp.pem";
  const auto certificate = TestKeys::certificate("tftp");
  const struct { EnvelopeCipher cipher; const char* option; const char* legacy; } rows[] = {
      {EnvelopeCipher::des_cbc, "-des-cbc", " -provider legacy -provider default"}, {EnvelopeCipher::des3_cbc, "-des3", ""},
      {EnvelopeCipher::aes128_cbc, "-aes128", ""}, {EnvelopeCipher::aes192_cbc, "-aes192", ""}, {EnvelopeCipher::aes256_cbc, "-aes256", ""}};
  for (const auto& r : rows) {
    for (const size_t n : {0, 15, 16, 5000}) {
      const std::string plain(n, 'x');
      const Result<Blob> e = write_enveloped(as_bytes(plain), certificate, r.cipher, t.random);
      CHECK(e.has_value());
      const Result<Opened> o = read_enveloped(*e, certificate, *t.keys, leaf_key);
      CHECK(o.has_value());
      CHECK(o->plain.text() == plain && o->cipher == r.cipher);
      save("e.der", *e);
      save("plain", as_bytes(plain));
      shell("openssl cms -decrypt -inform der -in e.der -binary -inkey " + key + " -recip " + key + " -out content" + r.legacy + " && cmp content plain");
    }
    for (const char* how : {"", " -stream", " -keyid"}) {
      shell(std::string("openssl cms -encrypt -in plain -binary -outform der -out o.der ") + r.option + how + r.legacy + " " + key);
      const Result<Opened> o = read_enveloped(file_bytes(kFolder + "/o.der"), certificate, *t.keys, leaf_key);
      CHECK_TEXT(o.has_value(), how);
      LONGS_EQUAL(5000, o->plain.size());
    }
  }
  const Blob e = *write_enveloped(as_bytes("x"), certificate, EnvelopeCipher::aes128_cbc, t.random);
  CHECK(read_enveloped(e, TestKeys::certificate("capf"), *t.keys, ca_key).error().code == Code::missing);
  CHECK(read_enveloped(e, certificate, *t.keys, ca_key).error().code == Code::untrusted);
  CHECK(write_enveloped(as_bytes("x"), TestKeys::certificate("httpsec"), EnvelopeCipher::aes128_cbc, t.random).error().code == Code::unsupported);
  shell("openssl cms -encrypt -in plain -binary -outform der -out o.der -aes128 -recip " + key + " -keyopt rsa_padding_mode:oaep");
  CHECK(read_enveloped(file_bytes(kFolder + "/o.der"), certificate, *t.keys, leaf_key).error().code == Code::unsupported);
}

TEST(PkiOpenssl, BagsBothWays) {
  if (!have_openssl()) return;
  const auto a = TestKeys::certificate("capf"), b = TestKeys::certificate("lsc2048");
  const Bytes list[] = {a, b};
  CrlSpec s;
  s.issuer = ca_name;
  s.this_update = kFrom;
  s.next_update = kTo;
  const Blob crl = *build_crl(s, *t.keys, ca_key, Hash::sha256);
  const Bytes crls[] = {crl};
  const Blob bag = *write_certificates(list, crls);
  save("b.p7c", bag);
  contains(shell("openssl pkcs7 -inform der -in b.p7c -print_certs -noout"), "CAPF-vec");
  const Bag back = *read_certificates(bag);
  LONGS_EQUAL(2, back.certificates.size());
  LONGS_EQUAL(1, back.crls.size());
  CHECK(equal_bytes(back.certificates[1], b));
  shell("openssl crl2pkcs7 -nocrl -certfile ../../tests/vectors/keys/capf.pem -certfile ../../tests/vectors/keys/mic.pem -outform der -out o.p7c");
  LONGS_EQUAL(2, read_certificates(file_bytes(kFolder + "/o.p7c"))->certificates.size());
  std::vector<Bytes> many(33, Bytes(a));
  CHECK(read_certificates(*write_certificates(many, {})).error().code == Code::full);
}

TEST(PkiOpenssl, KeyFilesOfOpenssl) {
  if (!have_openssl()) return;
  shell("openssl genrsa -traditional -out k1.pem 2048 && openssl ecparam -name prime256v1 -genkey -out k2.pem");
  for (const char* base : {"k1", "k2"}) {
    const std::string b = base;
    shell("openssl pkey -in " + b + ".pem -pubout -outform der -out pub.der");
    const auto spki = file_bytes(kFolder + "/pub.der");
    const std::string type = b == "k1" ? "rsa" : "ec";
    const std::string commands[] = {
        "openssl " + type + " -in " + b + ".pem -out k.out" + (type == "rsa" ? " -traditional" : ""),
        "openssl " + type + " -in " + b + ".pem -out k.out -outform der" + (type == "rsa" ? " -traditional" : ""),
        "openssl pkcs8 -topk8 -nocrypt -in " + b + ".pem -out k.out",
        "openssl pkcs8 -topk8 -nocrypt -in " + b + ".pem -outform der -out k.out",
        "openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -passout pass:cisco123 -in " + b + ".pem -out k.out",
        "openssl pkcs8 -topk8 -v2 des3 -v2prf hmacWithSHA1 -passout pass:cisco123 -in " + b + ".pem -out k.out",
        "openssl " + type + " -des3 -passout pass:cisco123 -in " + b + ".pem -out k.out" + (type == "rsa" ? " -traditional" : ""),
        "openssl " + type + " -aes128 -passout pass:cisco123 -in " + b + ".pem -out k.out" + (type == "rsa" ? " -traditional" : "")};
    for (const std::string& c : commands) {
      shell(c);
      const Result<KeyRef> k = t.keys->import_key("imported", file_bytes(kFolder + "/k.out"), "cisco123", true);
      CHECK_TEXT(k.has_value(), c.c_str());
      CHECK(equal_bytes(*t.keys->public_key(*k), spki));
      save("ours.pem", *t.keys->export_key(*k, "other pass"));
      shell("openssl pkey -in ours.pem -passin 'pass:other pass' -pubout -outform der -out pub2.der && cmp pub.der pub2.der");
      if (c.find("cisco123") != std::string::npos)
        CHECK(!t.keys->import_key("wrong", file_bytes(kFolder + "/k.out"), "cisco124", true));
      CHECK(t.keys->remove("imported").has_value());
      (void)t.keys->remove("wrong");
    }
  }
}
