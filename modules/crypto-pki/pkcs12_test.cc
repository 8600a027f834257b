// PKCS#12: openssl and GnuTLS read what we write, and we read what they write. Skipped where they are not installed.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <cstdlib>
#include <string>

#include "modules/crypto-pki/certificate.h"
#include "modules/crypto-pki/pkcs12.h"
#include "platform/crypto/test_keys.h"

#include <CppUTest/TestHarness.h>

using namespace parley;
using namespace parley::crypto_pki;
using fake::file_bytes;
using fake::TestKeys;

namespace {

const std::string kFolder = "build/pkcs12-test";

bool have(const char* program) { return std::system(("mkdir -p " + kFolder + " && " + program + " >/dev/null 2>&1").c_str()) == 0; }

std::string shell(const std::string& command, bool expect_ok = true) {
  const int rc = std::system(("cd " + kFolder + " && (" + command + ") >out.txt 2>&1").c_str());
  const auto out = file_bytes(kFolder + "/out.txt");
  std::string text(out.begin(), out.end());
  if ((rc == 0) != expect_ok) FAIL((command + "\n" + text).c_str());
  return text;
}

void save(const std::string& name, Bytes data) {
  std::FILE* f = std::fopen((kFolder + "/" + name).c_str(), "wb");
  PARLEY_CHECK(f != nullptr && std::fwrite(data.data(), 1, data.size(), f) == data.size());
  std::fclose(f);
}

}  // namespace

TEST_GROUP(Pkcs12) {
  TestKeys t;
  CryptoThread allowed;
  Blob made(KeyRef key, const std::string& certificate) {
    const auto own = TestKeys::certificate(certificate), ca = TestKeys::certificate("capf");
    const Bytes chain[] = {own, ca};
    Pkcs12Spec spec;
    spec.key = key;
    spec.name = "tp1";
    spec.certificates = chain;
    return *write_pkcs12(spec, "Secret-12", *t.keys, t.random);
  }
  // What `openssl pkcs12 -export` makes of the vectors with these options, read by us into a new key.
  void reads(const std::string& options, const std::string& key = "tftp") {
    const std::string vectors = "../../tests/vectors/keys/";
    shell("openssl x509 -inform der -in " + vectors + key + ".der -out own.pem; openssl x509 -inform der -in " + vectors + "capf.der -out ca.pem");
    shell("openssl pkcs12 -export -out theirs.p12 -inkey " + vectors + key + ".pem -in own.pem -certfile ca.pem -passout pass:Secret-12 " + options);
    const auto file = file_bytes(kFolder + "/theirs.p12");
    CHECK(read_pkcs12(Bytes(file), "secret-12").error().code == Code::untrusted);
    const Result<Pkcs12> p = read_pkcs12(Bytes(file), "Secret-12");
    if (!p) FAIL((options + ": " + p.error().what).c_str());
    UNSIGNED_LONGS_EQUAL(2, p->certificates.size());
    const Result<KeyRef> k = t.keys->import_key("new" + options + key, p->key, "Secret-12", false);
    if (!k) FAIL((options + ": " + k.error().what).c_str());
    const Certificate c = *parse_certificate(p->certificates[0]);
    CHECK(equal_bytes(*t.keys->public_key(*k), c.spki));
  }
};

TEST(Pkcs12, OpensslAndGnutlsReadOurs) {
  if (!have("openssl version")) return;
  for (const std::string name : {"tftp", "httpsec"}) {
    save("ours.p12", made(t.import(name), name));
    const std::string text = shell("openssl pkcs12 -in ours.p12 -passin pass:Secret-12 -nodes -info");
    for (const char* s : {"MAC: sha256, Iteration 20000", "PBES2, PBKDF2, AES-256-CBC, Iteration 20000, PRF hmacWithSHA256", "friendlyName: tp1"})
      if (text.find(s) == std::string::npos) FAIL((std::string(s) + " missing in " + text).c_str());
    shell("openssl pkcs12 -in ours.p12 -passin pass:Secret-12 -nocerts -nodes -out key.pem");
    STRCMP_EQUAL(shell("openssl pkey -pubout -in ../../tests/vectors/keys/" + name + ".pem").c_str(), shell("openssl pkey -pubout -in key.pem").c_str());
    shell("openssl pkcs12 -in ours.p12 -passin pass:wrong-12 -noout", false);
    if (have("certtool --version")) {
      const std::string seen = shell("certtool --p12-info --inder --infile ours.p12 --password Secret-12");
      if (seen.find("BEGIN PRIVATE KEY") == std::string::npos && seen.find("BEGIN ENCRYPTED") == std::string::npos) FAIL(seen.c_str());
      shell("certtool --p12-info --inder --infile ours.p12 --password wrong-12", false);
    }
  }
}

TEST(Pkcs12, WeReadOpensslsOldAndNewCiphers) {
  if (!have("openssl version")) return;
  reads("");
  reads("", "httpsec");
  reads("-legacy");                                              // RC2-40 and 3DES, SHA-1 MAC
  reads("-legacy -certpbe PBE-SHA1-RC2-128 -keypbe PBE-SHA1-3DES");
  reads("-keypbe aes-128-cbc -certpbe des-ede3-cbc -macalg sha512");
  reads("-certpbe NONE -keypbe aes-256-cbc");
  reads("-keypbe NONE -certpbe NONE");
}

TEST(Pkcs12, WeReadGnutlsFiles) {
  if (!have("openssl version") || !have("certtool --version")) return;
  const std::string vectors = "../../tests/vectors/keys/";
  for (const std::string cipher : {"aes-256", "3des-pkcs12", "aes-128"}) {
    shell("openssl x509 -inform der -in " + vectors + "tftp.der -out own.pem");
    shell("openssl pkey -in " + vectors + "tftp.pem -out only.pem");   // certtool counts a certificate in the file as a key
    shell("certtool --to-p12 --load-privkey only.pem --load-certificate own.pem --p12-name x --password Secret-12 --pkcs-cipher " +
          cipher + " --outder --outfile theirs.p12");
    const Result<Pkcs12> p = read_pkcs12(Bytes(file_bytes(kFolder + "/theirs.p12")), "Secret-12");
    if (!p) FAIL(p.error().what);
    UNSIGNED_LONGS_EQUAL(1, p->certificates.size());
    const Result<KeyRef> k = t.keys->import_key(cipher, p->key, "Secret-12", false);
    if (!k) FAIL(k.error().what);
  }
}

TEST(Pkcs12, RoundTripAndEveryDamageIsAFault) {
  const KeyRef key = t.import("tftp");
  const Blob file = made(key, "tftp");
  const Result<Pkcs12> p = read_pkcs12(file, "Secret-12");
  CHECK(p.has_value());
  CHECK(equal_bytes(p->certificates[0], Bytes(TestKeys::certificate("tftp"))));
  const Result<KeyRef> again = t.keys->import_key("again", p->key, "Secret-12", false);
  CHECK(again.has_value());
  CHECK(equal_bytes(*t.keys->public_key(*again), *t.keys->public_key(key)));
  for (size_t n = 0; n < file.size(); n += 7) CHECK(!read_pkcs12(file.view().first(n), "Secret-12").has_value());
  CHECK(read_pkcs12(file, "Secret-12", 39'999).error().code == Code::invalid);   // MAC and certificates: 40000 rounds together
  Blob changed = *Blob::copy_of(file.view());
  changed.data()[changed.size() / 2] ^= 1;
  CHECK(!read_pkcs12(changed, "Secret-12").has_value());
}

TEST(Pkcs12, OnlyExportableKeysLeave) {
  const KeyRef key = *t.keys->import_key("kept", file_bytes("tests/vectors/keys/tftp.pem"), "", false);
  Pkcs12Spec spec;
  spec.key = key;
  CHECK(write_pkcs12(spec, "Secret-12", *t.keys, t.random).error().code == Code::denied);
}
