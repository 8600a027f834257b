// Paths: a table of chains made by the openssl program; our verdict and reason, and openssl's own verdict beside it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "modules/crypto-pki/path.h"
#include "modules/crypto-pki/path_names.h"
#include "platform/crypto/test_keys.h"

#include <CppUTest/TestHarness.h>

using namespace parley;
using namespace parley::crypto_pki;
using fake::file_bytes;

namespace {

const std::string kFolder = "build/pki-path-test";
constexpr UnixTime kYear = 365 * 86400LL;

bool run(const std::string& command) {
  return std::system(("cd " + kFolder + " && (" + command + ") >>out.txt 2>&1").c_str()) == 0;
}

bool have_openssl() {
  static const bool have = std::system(("rm -rf " + kFolder + " && mkdir -p " + kFolder +
                                        " && openssl version >/dev/null 2>&1").c_str()) == 0;
  return have;
}

const char kCa[] = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n";
const char kLeaf[] = "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";

std::string constrained(const std::string& rules) { return kCa + ("nameConstraints=critical," + rules + "\n"); }
std::string leaf_with(const std::string& more) { return kLeaf + more + "\n"; }

// name of the file, issuer ("": itself), subject, extensions; key: another file's key is used, "rsa1024" a weak one
struct Made {
  const char* name;
  const char* issuer;
  const char* subject;
  std::string extensions;
  const char* options = "";      // for openssl x509
  const char* key = "";
};

const std::vector<Made>& made() {
  static const std::vector<Made> all = {
      {"root", "", "/O=Lab/CN=root", kCa},
      {"other", "", "/O=Lab/CN=other", kCa},
      {"oldroot", "", "/O=Lab/CN=root", "basicConstraints=critical,CA:TRUE\n"},       // same name, another key
      {"plain", "root", "/CN=plain", kLeaf},
      {"int", "root", "/O=Lab/CN=int", kCa},
      {"int2", "int", "/O=Lab/CN=int2", kCa},
      {"deep", "int2", "/CN=deep", kLeaf},
      {"short", "root", "/O=Lab/CN=short", "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign\n"},
      {"below", "short", "/O=Lab/CN=below", kCa},
      {"toodeep", "below", "/CN=toodeep", kLeaf},
      {"fits", "short", "/CN=fits", kLeaf},
      {"selfissued", "short", "/O=Lab/CN=short", kCa},                                 // a new key of the same authority
      {"bynewkey", "selfissued", "/CN=bynewkey", kLeaf},
      {"noca", "root", "/O=Lab/CN=noca", "basicConstraints=critical,CA:FALSE\n"},
      {"bynoca", "noca", "/CN=bynoca", kLeaf},
      {"nosign", "root", "/O=Lab/CN=nosign", "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign\n"},
      {"bynosign", "nosign", "/CN=bynosign", kLeaf},
      {"ncdns", "root", "/O=Lab/CN=ncdns", constrained("permitted;DNS:example.com,excluded;DNS:bad.example.com")},
      {"dnsin", "ncdns", "/CN=x", leaf_with("subjectAltName=DNS:www.example.com")},
      {"dnsself", "ncdns", "/CN=x", leaf_with("subjectAltName=DNS:EXAMPLE.com")},
      {"dnsout", "ncdns", "/CN=x", leaf_with("subjectAltName=DNS:www.example.com,DNS:notexample.com")},
      {"dnsbad", "ncdns", "/CN=x", leaf_with("subjectAltName=DNS:a.bad.example.com")},
      {"dnscn", "ncdns", "/CN=www.elsewhere.org", kLeaf},
      {"ncip", "root", "/O=Lab/CN=ncip", constrained("permitted;IP:10.1.0.0/255.255.0.0")},
      {"ipin", "ncip", "/CN=x", leaf_with("subjectAltName=IP:10.1.7.8")},
      {"ipout", "ncip", "/CN=x", leaf_with("subjectAltName=IP:10.2.7.8")},
      {"ip6", "ncip", "/CN=x", leaf_with("subjectAltName=IP:2001:db8::1")},
      {"ncmail", "root", "/O=Lab/CN=ncmail", constrained("permitted;email:example.com,permitted;email:boss@lab.org")},
      {"mailin", "ncmail", "/CN=x", leaf_with("subjectAltName=email:joe@example.com")},
      {"mailboss", "ncmail", "/CN=x", leaf_with("subjectAltName=email:boss@LAB.org")},
      {"mailout", "ncmail", "/CN=x", leaf_with("subjectAltName=email:joe@sub.example.com")},
      {"mailsubject", "ncmail", "/CN=x/emailAddress=joe@lab.org", kLeaf},
      {"ncuri", "root", "/O=Lab/CN=ncuri", constrained("permitted;URI:.example.com")},
      {"uriin", "ncuri", "/CN=x", leaf_with("subjectAltName=URI:https://a.example.com:99/x?y")},
      {"uriout", "ncuri", "/CN=x", leaf_with("subjectAltName=URI:https://example.com/")},
      {"ncdir", "root", "/O=Lab/CN=ncdir",
       constrained("permitted;dirName:dir") + "[dir]\nO=Lab\n"},
      {"dirin", "ncdir", "/O=LAB/CN=x", kLeaf},
      {"dirout", "ncdir", "/O=Other/CN=x", kLeaf},
      {"ncint", "ncdns", "/O=Lab/CN=ncint", kCa},                                      // constraints hold further down
      {"dnsdeep", "ncint", "/CN=x", leaf_with("subjectAltName=DNS:www.example.net")},
      {"server", "root", "/CN=server.example.com", leaf_with("extendedKeyUsage=serverAuth")},
      {"client", "root", "/CN=client", leaf_with("extendedKeyUsage=clientAuth")},
      {"anyuse", "root", "/CN=any", leaf_with("extendedKeyUsage=anyExtendedKeyUsage")},
      {"intserver", "root", "/O=Lab/CN=intserver", std::string(kCa) + "extendedKeyUsage=serverAuth\n"},
      {"byserver", "intserver", "/CN=x", kLeaf},
      {"encrypts", "root", "/CN=encrypts", "keyUsage=critical,keyEncipherment\n"},
      {"critical", "root", "/CN=critical", leaf_with("1.2.3.4.5=critical,DER:0500")},
      {"harmless", "root", "/CN=harmless", leaf_with("1.2.3.4.5=DER:0500")},
      {"policy", "root", "/O=Lab/CN=policy", std::string(kCa) + "policyConstraints=critical,requireExplicitPolicy:0\n"},
      {"bypolicy", "policy", "/CN=x", kLeaf},
      {"inhibit", "root", "/O=Lab/CN=inhibit", std::string(kCa) + "inhibitAnyPolicy=critical,0\n"},
      {"byinhibit", "inhibit", "/CN=x", kLeaf},
      {"lonely", "", "/CN=lonely", kLeaf},
      {"weak", "root", "/CN=weak", kLeaf, "", "rsa1024"},
      {"tiny", "root", "/CN=tiny", kLeaf, "", "rsa512"},
      {"sha1", "root", "/CN=sha1", kLeaf, "-sha1"},
      {"sha384", "root", "/CN=sha384", kLeaf, "-sha384"},
      {"brief", "root", "/CN=brief", kLeaf, "-days 10"},
      {"briefint", "root", "/O=Lab/CN=briefint", kCa, "-days 10"},
      {"bybrief", "briefint", "/CN=x", kLeaf},
      {"cross", "root", "/O=Lab/CN=other", kCa, "", "other"},                          // root certifies other's key
      {"byother", "other", "/CN=byother", kLeaf},
      {"back", "other", "/O=Lab/CN=root", kCa, "", "root"},                            // and the other way round: a loop
      {"named", "root", "/CN=cn.example.com", leaf_with("subjectAltName=DNS:alt.example.com,IP:192.0.2.7")},
      {"phone", "root", "/CN=CP-7960G-SEP001122334455", kLeaf},
  };
  return all;
}

std::string key_of(const Made& m) {
  const std::string k = m.key;
  return (k.empty() || k.substr(0, 3) == "rsa" ? m.name : k) + std::string(".key");
}

void make_one(const Made& m) {
  const std::string n = m.name, key = key_of(m), k = m.key;
  std::FILE* f = std::fopen((kFolder + "/" + n + ".ext").c_str(), "w");
  PARLEY_CHECK(f != nullptr);
  std::fputs(m.extensions.c_str(), f);
  std::fclose(f);
  std::string make = k.substr(0, 3) == "rsa" ? "openssl genrsa -out " + key + " " + k.substr(3)
                     : k.empty()            ? "openssl ecparam -name prime256v1 -genkey -noout -out " + key
                                            : "true";
  const bool itself = m.issuer[0] == '\0';
  make += " && openssl req -new -key " + key + " -subj '" + m.subject + "' -out " + n + ".csr && openssl x509 -req -in " + n + ".csr -days 3650 " +
          m.options + " -extfile " + n + ".ext -out " + n + ".pem ";
  for (const Made& i : made()) {
    if (!itself && std::string(i.name) == m.issuer) make += "-CA " + std::string(m.issuer) + ".pem -CAkey " + key_of(i) + " -CAcreateserial";
  }
  if (itself) make += "-signkey " + key;
  make += " && openssl x509 -in " + n + ".pem -outform der -out " + n + ".der";
  if (!run(make)) FAIL(("openssl: " + n).c_str());
}

Certificate read(const std::string& name) { return std::move(*parse_certificate(file_bytes(kFolder + "/" + name + ".der"))); }

struct Case {
  std::vector<const char*> chain;      // leaf first, as the peer sends it
  std::vector<const char*> anchors;
  const char* reason = nullptr;        // nullptr: good
  PathUse use = PathUse::client;
  const char* name = "";
  bool legacy = false;
  UnixTime later = 86400;              // after now
  bool openssl_agrees = true;
};

const char kUnknown[] = "issued by an unknown authority", kOutside[] = "a name is not permitted by the name constraints of its authority";

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {{"plain"}, {"root"}},
      {{"plain"}, {"other", "oldroot", "root"}},
      {{"deep", "int2", "int"}, {"root"}},
      {{"deep", "int", "int2", "plain"}, {"root"}},                                    // in any order, with others between
      {{"deep", "int2", "int", "root"}, {"root"}},                                     // the root is sent, too
      {{"deep", "int2"}, {"root"}, kUnknown},
      {{"plain"}, {"other"}, kUnknown},
      {{"plain", "root"}, {"other"}, "the certificate that signed itself is not trusted"},
      {{"lonely"}, {"root"}, "the certificate that signed itself is not trusted"},
      {{"lonely"}, {"lonely"}},                                                        // trusted as it is
      {{"toodeep", "below", "short"}, {"root"}, "more authorities below it than its path length allows"},
      {{"fits", "short"}, {"root"}},
      {{"bynewkey", "selfissued", "short"}, {"root"}},
      {{"bynoca", "noca"}, {"root"}, "the issuer is not a certificate authority"},
      {{"bynosign", "nosign"}, {"root"}, "the issuer must not sign certificates"},
      {{"dnsin", "ncdns"}, {"root"}},
      {{"dnsself", "ncdns"}, {"root"}},
      {{"dnsout", "ncdns"}, {"root"}, kOutside},
      {{"dnsbad", "ncdns"}, {"root"}, "a name is excluded by the name constraints of its authority"},
      {{"dnscn", "ncdns"}, {"root"}, kOutside},
      {{"dnsdeep", "ncint", "ncdns"}, {"root"}, kOutside},
      {{"ipin", "ncip"}, {"root"}},
      {{"ipout", "ncip"}, {"root"}, kOutside},
      {{"ip6", "ncip"}, {"root"}, kOutside},
      {{"mailin", "ncmail"}, {"root"}},
      {{"mailboss", "ncmail"}, {"root"}},
      {{"mailout", "ncmail"}, {"root"}, kOutside},
      {{"mailsubject", "ncmail"}, {"root"}, kOutside},
      {{"uriin", "ncuri"}, {"root"}},
      {{"uriout", "ncuri"}, {"root"}, kOutside},
      {{"dirin", "ncdir"}, {"root"}},
      {{"dirout", "ncdir"}, {"root"}, kOutside},
      {{"server"}, {"root"}, "certificate is not for a TLS client (extended key usage)"},
      {{"server"}, {"root"}, nullptr, PathUse::server},
      {{"client"}, {"root"}},
      {{"client"}, {"root"}, "certificate is not for a TLS server (extended key usage)", PathUse::server},
      {{"anyuse"}, {"root"}, nullptr, PathUse::client, "", false, 86400, false},       // openssl's purpose wants it named
      {{"byserver", "intserver"}, {"root"}, "the authority must not issue certificates for this use (extended key usage)"},
      {{"byserver", "intserver"}, {"root"}, nullptr, PathUse::server},
      {{"encrypts"}, {"root"}, "key usage does not allow TLS"},
      {{"encrypts"}, {"root"}, nullptr, PathUse::server},
      {{"critical"}, {"root"}, "certificate has a critical extension that is not understood"},
      {{"harmless"}, {"root"}},
      {{"bypolicy", "policy"}, {"root"}, "certificate policies are required, which is not supported", PathUse::client, "", false, 86400, false},
      {{"byinhibit", "inhibit"}, {"root"}},
      {{"weak"}, {"root"}, "RSA key is shorter than 2048 bits"},
      {{"weak"}, {"root"}, nullptr, PathUse::client, "", true},
      {{"tiny"}, {"root"}, "RSA key is shorter than 1024 bits", PathUse::client, "", true},
      {{"sha1"}, {"root"}, "certificate is signed with MD5 or SHA-1"},
      {{"sha1"}, {"root"}, nullptr, PathUse::client, "", true, 86400, false},          // openssl counts it as 63 bits
      {{"sha384"}, {"root"}},
      {{"brief"}, {"root"}},
      {{"brief"}, {"root"}, "certificate has expired", PathUse::client, "", false, 20 * 86400},
      {{"bybrief", "briefint"}, {"root"}, "certificate has expired", PathUse::client, "", false, 20 * 86400},
      {{"plain"}, {"root"}, "certificate has expired", PathUse::client, "", false, 11 * kYear},
      {{"plain"}, {"root"}, "certificate is not yet valid", PathUse::client, "", false, -86400},
      {{"byother", "cross"}, {"root"}},
      {{"byother", "back", "cross"}, {"other"}},
      {{"byother", "back", "cross"}, {"int"}, kUnknown, PathUse::client, "", false, 86400, false},  // openssl asks for less
      {{"named"}, {"root"}, nullptr, PathUse::client, "ALT.example.com"},
      {{"named"}, {"root"}, nullptr, PathUse::client, "192.0.2.7"},
      {{"named"}, {"root"}, "the certificate belongs to another name", PathUse::client, "cn.example.com"},
      {{"server"}, {"root"}, nullptr, PathUse::server, "server.example.com"},          // no alternative name: the common name
      {{"server"}, {"root"}, "the certificate belongs to another name", PathUse::server, "example.com"},
      {{"named"}, {"root"}, "the certificate belongs to another name", PathUse::client, "192.0.2.8"},
      {{"phone"}, {"root"}, nullptr, PathUse::phone, "SEP001122334455", false, 86400, false},
      {{"phone"}, {"root"}, "the certificate belongs to another name", PathUse::phone, "SEP001122334456", false, 86400, false},
      {{"phone"}, {"root"}, "the certificate belongs to another name", PathUse::phone, "001122334455", false, 86400, false},
  };
  return all;
}

bool openssl_says(const Case& c, UnixTime now) {
  std::string anchors, others;
  for (const char* a : c.anchors) anchors += std::string(" ") + a + ".pem";
  for (size_t i = 1; i < c.chain.size(); ++i) others += std::string(" ") + c.chain[i] + ".pem";
  std::string command = "cat" + anchors + " >anchors.pem; : >others.pem; " + (others.empty() ? "" : "cat" + others + " >others.pem; ") +
                        "openssl verify -partial_chain -no-CApath -no-CAstore -attime " + std::to_string(now) +
                        (c.legacy ? " -auth_level 1" : " -auth_level 2") + (c.use == PathUse::server ? " -purpose sslserver" : " -purpose sslclient");
  uint32_t ip = 0;
  if (c.name[0] != '\0') command += (parse_ipv4(c.name, ip) ? " -verify_ip " : " -verify_hostname ") + std::string(c.name);
  return run(command + " -CAfile anchors.pem" + (others.empty() ? "" : " -untrusted others.pem") + " " + c.chain[0] + ".pem");
}

PathResult judge(const std::vector<Certificate>& chain, const std::vector<TrustedCertificate>& trusted, const Case& c, UnixTime now) {
  PathRules rules;
  rules.now = now;
  rules.use = c.use;
  rules.legacy = c.legacy;
  rules.name = c.name;
  return find_path(chain, trusted, rules);
}

std::vector<TrustedCertificate> trust(const std::vector<const char*>& anchors) {
  std::vector<TrustedCertificate> out;
  for (const char* a : anchors) {
    out.emplace_back();
    out.back().certificate = read(a);
  }
  return out;
}

std::vector<Certificate> certificates(const std::vector<const char*>& names) {
  std::vector<Certificate> out;
  for (const char* n : names) out.push_back(read(n));
  return out;
}

}  // namespace

TEST_GROUP(PkiPath) {
  UnixTime made_at = 0;
  void setup() override {
    if (!have_openssl()) return;
    static bool done = false;
    if (!done) for (const Made& m : made()) make_one(m);
    done = true;
    made_at = read(made().back().name).not_before;   // the last one: making them takes its time
  }
};

TEST(PkiPath, VerdictsOfTheTableAreThoseOfOpenssl) {
  if (!have_openssl()) return;
  for (const Case& c : cases()) {
    const std::vector<Certificate> chain = certificates(c.chain);
    const std::vector<TrustedCertificate> trusted = trust(c.anchors);
    const UnixTime now = made_at + c.later;
    const PathResult r = judge(chain, trusted, c, now);
    const std::string what = std::string(c.chain[0]) + " " + c.name + ": ";
    const std::string reason = r.ok() ? "good" : r.status.error().what;
    if (reason != (c.reason == nullptr ? "good" : c.reason)) FAIL((what + reason).c_str());
    if (c.openssl_agrees && openssl_says(c, now) != r.ok()) FAIL((what + "openssl says otherwise: " + reason).c_str());
    if (r.ok()) {
      CHECK(equal_bytes(r.path[0]->der, chain[0].der));
      for (size_t i = 0; i + 1 < r.length; ++i) CHECK(verify_issued(*r.path[i], *r.path[i + 1]).has_value());
    }
  }
}

TEST(PkiPath, IntermediatesOfTrustpointsHelpButAreNotTrusted) {
  if (!have_openssl()) return;
  std::vector<TrustedCertificate> trusted = trust({"int", "int2", "root"});
  trusted[0].anchor = trusted[1].anchor = false;
  trusted[2].source = 7;
  const std::vector<Certificate> chain = certificates({"deep"});
  const Case c{{"deep"}, {}};
  const PathResult good = judge(chain, trusted, c, made_at + 1);
  CHECK(good.ok());
  CHECK_EQUAL(4u, good.length);
  CHECK_EQUAL(7, good.source);
  trusted.pop_back();
  const PathResult bad = judge(chain, trusted, c, made_at + 1);
  STRCMP_EQUAL(kUnknown, bad.status.error().what);
  POINTERS_EQUAL(&trusted[0].certificate, bad.culprit);
}

TEST(PkiPath, ASignatureThatWasTouchedIsFound) {
  if (!have_openssl()) return;
  auto bytes = file_bytes(kFolder + "/plain.der");
  bytes[bytes.size() - 3] ^= 1;
  std::vector<Certificate> chain;
  chain.push_back(std::move(*parse_certificate(bytes)));
  const std::vector<TrustedCertificate> trusted = trust({"root"});
  const PathResult r = judge(chain, trusted, {{"plain"}, {}}, made_at + 1);
  STRCMP_EQUAL("a signature is wrong, or its algorithm is not supported", r.status.error().what);
  CHECK_EQUAL(0u, r.status.error().detail);
}

// A peer sends many certificates that all could have issued each other: the work ends.
TEST(PkiPath, ManyCandidatesAreNotFollowedForEver) {
  if (!have_openssl()) return;
  std::vector<Certificate> chain;
  chain.push_back(read("byother"));
  for (int i = 0; i < 40; ++i) {
    CHECK(::run("openssl ecparam -name prime256v1 -genkey -noout -out loop.key && openssl req -new -key loop.key -subj /O=Lab/CN=other -out loop.csr"
        " && openssl x509 -req -in loop.csr -signkey loop.key -extfile oldroot.ext -outform der -out loop.der"));
    chain.push_back(read("loop"));
  }
  const std::vector<TrustedCertificate> trusted = trust({"root"});
  const PathResult r = judge(chain, trusted, {{"byother"}, {}}, made_at + 1);
  CHECK(!r.ok());
}

TEST(PkiPath, NothingIsNotTrusted) {
  const PathResult r = find_path({}, {}, {});
  STRCMP_EQUAL("no certificate", r.status.error().what);
}
