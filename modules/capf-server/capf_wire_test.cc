// Tests of what the CAPF server reads and judges: messages, proofs, new keys, its records. All against the vectors.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/capf-server/capf_test_doubles.h"

using namespace parley;
using namespace parley::capf_server;
using namespace parley::capf_server::test_doubles;

TEST_GROUP(CapfWire) {
  FakePeers peers;
  CryptoThread allowed;
  std::string text_of(Message& m) {
    auto b = m.finish();
    CHECK(b.has_value());
    return std::string(b->text());
  }
};

TEST(CapfWire, EveryRecordedMessageDecodesAndEncodesToTheSameBytes) {
  size_t messages = 0;
  for (const Dialog& d : dialogs())
    for (const Recorded& m : d.messages) {
      const Bytes bytes = as_bytes(m.bytes);
      const auto head = read_head(bytes.first(kHeaderSize));
      CHECK_TEXT(head.has_value() && head->body_size == bytes.size() - kHeaderSize, d.name.c_str());
      CHECK(Elements::read(bytes.subspan(kHeaderSize)).has_value());
      Message again(head->command, head->session);
      ByteReader r(bytes.subspan(kHeaderSize));
      while (r.left() > 0) {
        const auto tag = static_cast<Tag>(r.u8());
        const Bytes value = r.take(r.u16());
        if (tag == kCertificate) {
          const auto c = read_certificate(value);
          CHECK(c.has_value());
          again.certificate(c->kind, c->der);
        } else {
          again.bytes(tag, value);
        }
      }
      CHECK_TEXT(text_of(again) == m.bytes, d.name.c_str());
      ++messages;
    }
  CHECK(messages > 80);
}

TEST(CapfWire, ProofsAreJudgedAsTheVectorsSay) {
  test::JsonWalk json(test::vector_file("capf/auth-proofs.json"));
  CHECK(json.skip("\"cases\""));
  size_t count = 0;
  for (;;) {
    const std::string name = json.next("name");
    if (json.ended()) break;
    const std::string mode = json.next("auth_mode");
    const std::string bytes = test::unhex(json.next("auth_response"));
    const std::string expect = json.next("expect");
    for (const bool old_phone : {false, true}) {
      ProofJob job;
      job.input.device = std::string_view(kDevice);
      job.input.session = 0x01020304;
      job.input.old_phone = old_phone;
      job.input.mic_only = mode == "MIC";
      job.input.mic_allowed = true;
      CHECK_OK(job.body.append(as_bytes(bytes).subspan(kHeaderSize)));
      for (auto* slot : {&job.lsc, &job.mic, &job.sudi}) {
        PeerRule rule;
        rule.use = slot == &job.lsc ? PeerUse::phone_lsc : PeerUse::phone_mic;
        rule.name = std::string_view(kDevice);
        *slot = peers.validation(rule);
      }
      job.run();
      const bool wanted = expect == "accept" || (name == "sha1-only" && old_phone);   // an expired LSC is refused in any case
      LONGS_EQUAL_TEXT(wanted, job.result.has_value(), (name + (job.result ? "" : std::string(": ") + job.result.error().what)).c_str());
      if (wanted) CHECK_TEXT(!job.certificate.empty(), name.c_str());
    }
    ++count;
  }
  LONGS_EQUAL(16, count);
}

// The policy that the vector names: a phone renews with the ended LSC that we know to be its own, for some time after the end.
TEST(CapfWire, AnEndedLscProvesARenewalOnly) {
  test::JsonWalk json(test::vector_file("capf/auth-proofs.json"));
  CHECK(json.skip("\"expired-lsc\""));
  const std::string bytes = test::unhex(json.next("auth_response"));
  const auto ended = test::vector_certificate("lscexpired");
  const auto verdict = [&](UnixTime from, const std::string& known, bool deleted, bool revoked) {
    ProofJob job;
    job.input.device = std::string_view(kDevice);
    job.input.session = 0x01020304;
    job.input.old_phone = true;
    job.input.ended_from = from;
    job.input.now = kNow;
    job.input.lsc_deleted = deleted;
    job.input.lsc_revoked = revoked;
    CHECK_OK(job.current.append(as_bytes(known)));
    CHECK_OK(job.body.append(as_bytes(bytes).subspan(kHeaderSize)));
    PeerRule rule;
    rule.use = PeerUse::phone_lsc;
    job.lsc = peers.validation(rule);
    job.run();
    return job.result ? std::string("ok") : std::string(job.result.error().what);
  };
  const std::string own(as_text(ended.der)), other = der("lsc2048");
  STRCMP_EQUAL("ok", verdict(ended.not_after, own, false, false).c_str());
  STRCMP_EQUAL("certificate has expired", verdict(0, own, false, false).c_str());                    // no renewal
  STRCMP_EQUAL("certificate has expired", verdict(ended.not_after + 1, own, false, false).c_str());   // too late
  STRCMP_EQUAL("certificate has expired", verdict(ended.not_after, other, false, false).c_str());     // not the one we know
  STRCMP_EQUAL("certificate has expired", verdict(ended.not_after, own, true, false).c_str());
  STRCMP_EQUAL("the LSC was revoked", verdict(ended.not_after, own, false, true).c_str());
}

TEST(CapfWire, NewKeysMustBeWhatWasAskedFor) {
  const KeyOrder rsa2048{WireKey::rsa, 2048}, rsa1024{WireKey::rsa, 1024}, ec{WireKey::ec, 0};
  const auto lsc = test::vector_certificate("lsc2048"), small = test::vector_certificate("lsc1024"), curve = test::vector_certificate("lscec");
  CHECK_OK(check_new_key(lsc.spki, rsa2048));
  CHECK_OK(check_new_key(small.spki, rsa1024));
  CHECK_OK(check_new_key(curve.spki, ec));
  CHECK(!check_new_key(small.spki, rsa2048));
  CHECK(!check_new_key(lsc.spki, rsa1024));
  CHECK(!check_new_key(curve.spki, rsa2048));
  CHECK(!check_new_key(lsc.spki, ec));
  std::string longer(as_text(lsc.spki));
  CHECK(!check_new_key(as_bytes(longer + '\0'), rsa2048));
  longer[longer.size() - 6] = static_cast<char>(longer[longer.size() - 6] & ~1);   // last byte of the modulus
  CHECK(!check_new_key(as_bytes(longer), rsa2048));
  std::string off(as_text(curve.spki));
  off.back() = static_cast<char>(off.back() ^ 1);
  CHECK(!check_new_key(as_bytes(off), ec));
}

TEST(CapfWire, RecordsOfPhonesAreKeptAndDamagedOnesRefused) {
  Device d;
  d.name = std::string_view(kDevice);
  CHECK_OK(d.current.append(as_bytes(der("mic"))));
  d.kind = CertificateKind::mic;
  d.bulk = d.deleted = true;
  d.bulk_since = kNow;
  Blob file;
  CHECK_OK(encode_device(d, file));
  const auto again = decode_device(file.view(), kDevice);
  CHECK(again.has_value());
  CHECK(again->bulk && again->deleted && !again->failed && again->bulk_since == kNow && again->kind == CertificateKind::mic);
  CHECK(equal_bytes(again->current.view(), d.current.view()));
  for (size_t n = 0; n < file.size(); ++n) CHECK(!decode_device(file.view().first(n), kDevice));
  CHECK(!decode_device(file.view(), "../x"));
}
