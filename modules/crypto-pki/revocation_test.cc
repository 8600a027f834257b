// Revocation lists and OCSP answers made by the openssl program; peers that are watched while they are connected.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <cstdlib>

#include "modules/crypto-pki/peer_trust_service.h"
#include "modules/crypto-pki/pki_test_world.h"

#include <CppUTest/TestHarness.h>

using namespace parley;
using namespace parley::crypto_pki;
using fake::file_bytes;

namespace {

const std::string kFolder = "build/pki-revocation-test";

bool run(const std::string& command) {
  return std::system(("cd " + kFolder + " && (" + command + ") >>out.txt 2>&1").c_str()) == 0;
}

const char kMake[] =
    "k() { openssl ecparam -name prime256v1 -genkey -noout -out $1.key; }\n"
    "c() { k $1; openssl req -new -key $1.key -subj /CN=$1 | openssl x509 -req -days 30 -set_serial $3 -extfile $2.ext -CA ca.pem -CAkey ca.key -out $1.pem; }\n"
    "printf 'basicConstraints=CA:FALSE\\n' >leaf.ext; printf 'extendedKeyUsage=OCSPSigning\\n' >ocsp.ext\n"
    "k ca; openssl req -x509 -new -key ca.key -subj /CN=ca -days 60 -addext keyUsage=critical,keyCertSign,cRLSign -out ca.pem\n"
    "k other; openssl req -x509 -new -key other.key -subj /CN=ca -days 60 -out other.pem\n"
    "c good leaf 0x80; c bad leaf 0x90; c responder ocsp 3; c impostor leaf 4\n"
    "k foreign; openssl req -new -key foreign.key -subj /CN=foreign | openssl x509 -req -days 30 -set_serial 3 -extfile ocsp.ext -CA other.pem -CAkey other.key -out foreign.pem\n"
    "printf 'extendedKeyUsage=OCSPSigning\\nbasicConstraints=CA:FALSE\\n1.2.3.4=critical,DER:0500\\n' >odd.ext; c odd odd 5\n"
    "k ended; openssl req -new -key ended.key -subj /CN=ended | openssl x509 -req -days 1 -set_serial 6 -extfile ocsp.ext -CA ca.pem -CAkey ca.key -out ended.pem\n"
    "printf 'V\\t351231235959Z\\t\\t80\\tunknown\\t/CN=good\\nR\\t351231235959Z\\t260101000000Z\\t90\\tunknown\\t/CN=bad\\n' >index\n"
    "printf '[ca]\\ndefault_ca=d\\n[d]\\ndatabase=index\\ndefault_md=sha256\\ndefault_crl_days=1\\n' >cnf\n"
    "for n in ca other; do openssl ca -gencrl -config cnf -cert $n.pem -keyfile $n.key -out $n.crl.pem; openssl crl -in $n.crl.pem -outform der -out $n.crl; done\n"
    "for n in ca good bad responder; do openssl x509 -in $n.pem -outform der -out $n.der; done\n";

bool ready() {
  static const bool made = std::system(("rm -rf " + kFolder + " && mkdir -p " + kFolder + " && openssl version >/dev/null 2>&1").c_str()) == 0 && run(kMake);
  return made;
}

Certificate read(const std::string& name) { return std::move(*parse_certificate(file_bytes(kFolder + "/" + name + ".der"))); }

std::string why(const Status& s) { return s ? "ok" : s.error().what; }

const uint8_t kNonce[kOcspNonce] = {7, 1, 2, 3};

// What a responder says to our request.
std::vector<uint8_t> ask(const char* about, const std::string& signer, const char* more = "") {
  const Blob request = *ocsp_request(read(about), read("ca"), kNonce);
  std::FILE* f = std::fopen((kFolder + "/request").c_str(), "wb");
  PARLEY_CHECK(f != nullptr && std::fwrite(request.data(), 1, request.size(), f) == request.size());
  std::fclose(f);
  CHECK(run("openssl ocsp -index index -CA ca.pem -rsigner " + signer + ".pem -rkey " + signer + ".key -ndays 3 -reqin request -respout answer " + more));
  return file_bytes(kFolder + "/answer");
}

std::string verdict(const std::vector<uint8_t>& answer, const char* about, UnixTime later = 0, Bytes nonce = kNonce) {
  const Result<OcspVerdict> v = read_ocsp_answer(answer, read(about), read("ca"), nonce, read("responder").not_before + 10 + later);
  return v ? (v->revoked ? "revoked" : "good") : v.error().what;
}

struct Owner final : Task {
  explicit Owner(Scheduler& s) : Task(s, "test") {}
  Poll step() override { ++wakes; return Poll::pending; }
  int wakes = 0;
};

}  // namespace

TEST_GROUP(PkiRevocation) {};

TEST(PkiRevocation, ListsOfOpenssl) {
  if (!ready()) return;
  const Certificate ca = read("ca");
  const UnixTime now = read("responder").not_before + 10;
  for (const char* form : {"/ca.crl", "/ca.crl.pem"}) {
    const auto list = index_crl(file_bytes(kFolder + form), ca, now);
    CHECK(list.has_value());
    CHECK((*list)->has(read("bad").serial));
    CHECK_FALSE((*list)->has(read("good").serial));
  }
  const auto bytes = file_bytes(kFolder + "/ca.crl");
  STRCMP_EQUAL("revocation list is too old", index_crl(bytes, ca, now + 3 * 86400).error().what);
  STRCMP_EQUAL("revocation list is from the future", index_crl(bytes, ca, now - 86400).error().what);
  STRCMP_EQUAL("signature of the revocation list is wrong", index_crl(file_bytes(kFolder + "/other.crl"), ca, now).error().what);
  STRCMP_EQUAL("revocation list is of another authority", index_crl(bytes, read("good"), now).error().what);
}

TEST(PkiRevocation, AnswersOfOpenssl) {
  if (!ready()) return;
  for (const char* signer : {"ca", "responder"}) {
    STRCMP_EQUAL("good", verdict(ask("good", signer), "good").c_str());
    STRCMP_EQUAL("revoked", verdict(ask("bad", signer), "bad").c_str());
  }
  const auto answer = ask("good", "responder");
  STRCMP_EQUAL("OCSP answer is about another certificate", verdict(answer, "bad").c_str());
  STRCMP_EQUAL("OCSP answer is too old", verdict(answer, "good", 5 * 86400).c_str());
  const uint8_t other[kOcspNonce] = {9};
  STRCMP_EQUAL("OCSP answer is not for this question (nonce)", verdict(answer, "good", 0, other).c_str());
  STRCMP_EQUAL("signer of the OCSP answer must not do that", verdict(ask("good", "impostor"), "good").c_str());
  STRCMP_EQUAL("the OCSP responder does not know the certificate", verdict(ask("responder", "ca"), "responder").c_str());
  auto touched = ask("good", "ca");
  for (size_t i = 0; i < touched.size(); ++i) {   // no byte may be changed, or cut off, and the answer still be good for another
    touched[i] ^= 0x10;
    (void)verdict(touched, "bad");
    CHECK(verdict(touched, "bad") != "good");
    touched[i] ^= 0x10;
  }
  for (size_t n = 0; n < touched.size(); n += 7) CHECK(verdict({touched.begin(), touched.begin() + static_cast<long>(n)}, "good") != "good");
}

// RFC 6960 4.2.2.2: who may sign, and 4.2.1: how it is named.
TEST(PkiRevocation, RespondersOfOpenssl) {
  if (!ready()) return;
  for (const char* id : {"", "-resp_key_id"}) {   // byName, byKey
    for (const char* signer : {"ca", "responder"}) {
      STRCMP_EQUAL("good", verdict(ask("good", signer, id), "good").c_str());
      STRCMP_EQUAL("revoked", verdict(ask("bad", signer, id), "bad").c_str());
    }
    STRCMP_EQUAL("signer of the OCSP answer must not do that", verdict(ask("good", "impostor", id), "good").c_str());
    STRCMP_EQUAL("the OCSP responder was not named by the authority", verdict(ask("good", "foreign", id), "good").c_str());
    STRCMP_EQUAL("the OCSP responder was not named by the authority", verdict(ask("good", "odd", id), "good").c_str());
    STRCMP_EQUAL("certificate of the OCSP responder is not valid now", verdict(ask("good", "ended", id), "good", 2 * 86400).c_str());
  }
  STRCMP_EQUAL("signer of the OCSP answer is not known", verdict(ask("good", "responder", "-resp_no_certs"), "good").c_str());
  // An authority of the same name, but another key.
  STRCMP_EQUAL("signature of the OCSP answer is wrong", verdict(ask("good", "other"), "good").c_str());
  STRCMP_EQUAL("signer of the OCSP answer is not known", verdict(ask("good", "other", "-resp_key_id -resp_no_certs"), "good").c_str());
}

// Without a network: the first method fails, it is told once, the next one decides; and a peer is asked again when trust changes.
TEST(PkiRevocation, NextMethodOnlyOnErrorAndPeersAreWatched) {
  if (!ready()) return;
  fake::PkiWorld w;
  Config config;
  PeerTrustService service(w.context, w.store, w, config);
  w.world.clock.set_wall(read("responder").not_before + 10);
  const auto der = file_bytes(kFolder + "/ca.der");
  w.text.items.push_back({"lab", ChainKind::ca, "01", der});
  w.sync({"lab"});
  service.start();
  RevocationCheck check(w.context, w, service);
  TrustSource source;
  source.label = Text<63>("lab");
  source.crl_url = Text<127>("http://192.0.2.1/ca.crl");
  const Certificate good = read("good"), ca = read("ca");
  const Question q{good, ca, source};
  STRCMP_EQUAL("no network in this test", check.ask(Revocation::crl, q).error().what);
  STRCMP_EQUAL("no network in this test", check.ask(Revocation::crl, q).error().what);
  CHECK(w.log.has("%PKI-3-CRL_FETCH_FAIL: CRL fetch for trustpoint lab failed. URL http://192.0.2.1/ca.crl."));
  LONGS_EQUAL(1, check.size());
  STRCMP_EQUAL("nobody says where the OCSP responder is", check.ask(Revocation::ocsp, q).error().what);
  CHECK_FALSE(*check.ask(Revocation::none, q));

  PeerRule rule;
  rule.labels[0] = Text<63>("lab");
  rule.use = PeerUse::any;
  const std::unique_ptr<PeerPolicy> policy = std::move(*service.policy(rule));
  const auto leaf = file_bytes(kFolder + "/good.der");
  const Bytes chain[] = {leaf};
  STRCMP_EQUAL("ok", why(policy->check(chain, 1)).c_str());
  Owner owner(w.world.scheduler);
  {
    const std::unique_ptr<PeerWatch> watch = policy->watch(owner, chain, 1);
    CHECK(watch->verdict().error().code == Code::busy);
    w.world.settle();
    STRCMP_EQUAL("ok", why(watch->verdict()).c_str());
    LONGS_EQUAL(1, service.watched());
    const int before = owner.wakes;
    w.text.items.clear();
    w.sync({"lab"});
    w.world.settle();
    STRCMP_EQUAL("issued by an unknown authority", why(watch->verdict()).c_str());
    CHECK(owner.wakes > before);
    STRCMP_EQUAL("issued by an unknown authority", why(policy->check(chain, 1)).c_str());
  }
  LONGS_EQUAL(0, service.watched());
  LONGS_EQUAL(1, service.counted().closed);
  CHECK(w.log.has("%PKI-4-PEERREFUSED: Certificate serial 80 of a peer (cn=good) is refused: issued by an unknown authority"));
  service.stop();
  service.start();
  service.stop();
}
