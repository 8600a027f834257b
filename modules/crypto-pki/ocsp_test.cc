// Tests of the OCSP responder: what is answered, judged byte by byte and by openssl.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <CppUTest/TestHarness.h>

#include <algorithm>

#include "modules/crypto-pki/algorithms.h"
#include "modules/crypto-pki/der.h"
#include "modules/crypto-pki/ocsp_server.h"
#include "modules/crypto-pki/ocsp_wire.h"
#include "modules/crypto-pki/oids.h"
#include "modules/crypto-pki/pki_test_world.h"

using namespace parley;
using namespace parley::crypto_pki;
using parley::fake::PkiWorld;

namespace {

Bytes key_bits(Bytes spki) {
  DerReader all(spki);
  DerReader r = all.enter(tag::kSequence);
  (void)r.expect(tag::kSequence);
  return r.bits();
}

Blob question(const Certificate& ca, uint64_t serial, Hash h, Bytes nonce) {
  Blob out;
  DerWriter w(out);
  const size_t all = w.begin(tag::kSequence), tbs = w.begin(tag::kSequence), list = w.begin(tag::kSequence);
  const size_t request = w.begin(tag::kSequence), id = w.begin(tag::kSequence);
  w.algorithm(oid_of_hash(h), true);
  w.octets(hash(h, ca.subject).view());
  w.octets(hash(h, key_bits(ca.spki)).view());
  w.integer(serial);
  w.end(id);
  w.end(request);
  w.end(list);
  if (!nonce.empty()) {
    const size_t outer = w.begin(tag::constructed(2)), extensions = w.begin(tag::kSequence);
    write_extension(w, oid::kOcspNonce, false, nonce);
    w.end(extensions);
    w.end(outer);
  }
  w.end(tbs);
  w.end(all);
  PARLEY_CHECK(w.ok());
  return out;
}

bool contains(const std::vector<uint8_t>& body, Bytes part) {
  return std::search(body.begin(), body.end(), part.begin(), part.end()) != body.end();
}

}  // namespace

TEST_GROUP(Ocsp) {
  PkiWorld w;
  OcspHandler ocsp{w.context, w};
  std::vector<uint8_t> ask(const char* method, const std::string& path, Bytes body) {
    HttpRequest r;
    r.method = method;
    r.path = path;
    r.body = body;
    uint16_t status = 0;
    return w.ask(ocsp, r, status);
  }
  std::vector<uint8_t> post(const Blob& request) { return ask("POST", "/ocsp", request); }
};

TEST(Ocsp, AnswersGoodAndUnknownAndRepeatsTheNonce) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  const Certificate& c = ca.identity()->certificate;
  constexpr uint8_t nonce[] = {0x04, 0x04, 0xde, 0xad, 0xbe, 0xef};
  for (const Hash h : {Hash::sha1, Hash::sha256}) {
    std::vector<uint8_t> body = post(question(c, 1, h, nonce));
    CHECK(body.size() > 300 && body[4] == 0x0a && body[6] == 0);            // ENUMERATED successful
    CHECK(contains(body, nonce));
    constexpr uint8_t good[] = {0x80, 0x00, 0x18, 0x0f};                   // [0] good, then thisUpdate
    CHECK(contains(body, good));
    body = post(question(c, 2, h, {}));                                    // never issued
    constexpr uint8_t unknown[] = {0x82, 0x00, 0x18, 0x0f};
    CHECK(contains(body, unknown));
  }
  LONGS_EQUAL(4, ocsp.counters().answered);
}

TEST(Ocsp, ARevokedOneIsRevokedAtOnce) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  Result<IssueOrder> order = ca.order_phone("SEP001122334455", *w.vault.keys->public_key(w.make_key("phone", 1024)));
  CHECK(order.has_value());
  std::unique_ptr<IssueJob> job = ca.issue_job();
  job->order = std::move(*order);
  job->ca = ca.identity();
  {
    CryptoThread allowed;
    job->run();
  }
  CHECK(job->result.has_value());
  const Blob asked = question(ca.identity()->certificate, 2, Hash::sha1, {});
  constexpr uint8_t good[] = {0x80, 0x00, 0x18, 0x0f};
  CHECK(contains(post(asked), good));
  Result<std::unique_ptr<RevokeJob>> revoke = ca.revoke_job(2, 4);
  CHECK(revoke.has_value());
  (*revoke)->run();
  const std::vector<uint8_t> body = post(asked);
  constexpr uint8_t revoked[] = {0xa1, 0x16, 0x18, 0x0f}, reason[] = {0xa0, 0x03, 0x0a, 0x01, 0x04};
  CHECK(contains(body, revoked) && contains(body, reason));
}

TEST(Ocsp, TakesTheRequestByGet) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  Blob text;
  const Blob request = question(ca.identity()->certificate, 1, Hash::sha1, {});
  CHECK(base64_encode(request, 0, text).has_value());
  const std::string path = "/ocsp/" + std::string(text.text());
  const std::vector<uint8_t> body = ask("GET", path, {});
  CHECK(body.size() > 300);
}

TEST(Ocsp, RefusesWhatIsNotForUs) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  const std::vector<uint8_t> malformed = {0x30, 0x03, 0x0a, 0x01, 0x01}, unauthorized = {0x30, 0x03, 0x0a, 0x01, 0x06};
  CHECK(post(Blob()) == malformed);
  Blob request = question(ca.identity()->certificate, 1, Hash::sha1, {});
  request.data()[30] ^= 1;                                                 // hash of another name
  CHECK(post(request) == unauthorized);
  LONGS_EQUAL(2, ocsp.counters().refused);
  Blob large;
  CHECK(large.resize(kMaxOcspRequest + 1).has_value());
  CHECK(post(large) == malformed);
}
