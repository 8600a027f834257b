// The phone's own reader and judgement against the vectors: good files of two makers, and everything that must be refused.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/test-phone/judge.h"

#include <string>

#include <CppUTest/TestHarness.h>

#include "modules/test-phone/phone_settings.h"
#include "platform/crypto/test_keys.h"
#include "tests/support/test_env.h"
#include "tests/support/vectors.h"

using namespace parley;
using namespace parley::test_phone;

namespace {

std::string vector(const std::string& name) { return test::vector_file(name); }

std::string judged(const std::string& file, ListKind kind, const TrustMemory& memory, const Abilities& can = {}) {
  const CryptoThread allowed;
  const auto v = judge_list(as_bytes(file), kind, memory, can);
  if (!v) return v.error().what;
  return v->by == ListVerdict::By::memory ? "memory" : v->by == ListVerdict::By::first_list ? "first" : "tvs";
}
std::string opened(const std::string& file, const char* name, const TrustMemory& memory, const Abilities& can = {}) {
  const CryptoThread allowed;
  const auto h = judge_signed(as_bytes(file), name, memory, can);
  return h ? std::string(as_text(as_bytes(file).subspan(h->body_at))) : std::string("refused: ") + h.error().what;
}
TrustMemory holding(const std::string& ctl, const std::string& itl = {}) {
  TrustMemory m;
  CHECK_OK(m.ctl.append(ctl));
  CHECK_OK(m.itl.append(itl));
  return m;
}

}  // namespace

TEST_GROUP(PhoneJudge) {
  const std::string ctl = vector("tlv/genuine/CTLFile.tlv"), second = vector("tlv/genuine/CTLFile-signed-by-sast2.tlv");
  const std::string itl = vector("tlv/genuine/ITLFile-v11-sha512.tlv");
  static constexpr Abilities kOld{false, 2048};
  static constexpr const char* kFile = "SEP001122334455.cnf.xml.sgn";
};

TEST(PhoneJudge, TakesTheFirstListOnTrustAndLaterOnesOnlyFromKnownSigners) {
  STRCMP_EQUAL("first", judged(ctl, ListKind::ctl, {}).c_str());
  STRCMP_EQUAL("memory", judged(ctl, ListKind::ctl, holding(ctl)).c_str());
  STRCMP_EQUAL("memory", judged(second, ListKind::ctl, holding(ctl)).c_str());
  const std::string other = vector("tlv/CTLFile-rsa1024-sha1.tlv");
  STRCMP_EQUAL("first", judged(other, ListKind::ctl, {}).c_str());
  STRCMP_EQUAL("tvs", judged(other, ListKind::ctl, holding(ctl)).c_str());
  STRCMP_EQUAL("first", judged(vector("tlv/genuine/CTLFile-nonsecure.tlv"), ListKind::ctl, {}).c_str());
  STRCMP_EQUAL("first", judged(vector("tlv/genuine/CTLFile-no-record-signature.tlv"), ListKind::ctl, {}).c_str());
  for (const char* file : {"tlv/CTLFile.tlv", "tlv/CTLSEP001122334455.tlv", "tlv/CTLFile-rsa4096-sha512.tlv"})
    STRCMP_EQUAL_TEXT("first", judged(vector(file), ListKind::ctl, {}).c_str(), file);
  for (const char* file : {"tlv/ITLFile.tlv", "tlv/ITLFile-v11-sha512.tlv", "tlv/genuine/ITLFile-v11-sha512.tlv"})
    STRCMP_EQUAL_TEXT("first", judged(vector(file), ListKind::itl, {}).c_str(), file);
  STRCMP_EQUAL("the list was made for another name", judged(ctl, ListKind::itl, {}).c_str());
}

TEST(PhoneJudge, AnItlIsCheckedAgainstTheCtlThenTheItlItHolds) {
  STRCMP_EQUAL("memory", judged(itl, ListKind::itl, holding({}, itl)).c_str());
  const std::string unknown = judged(itl, ListKind::itl, holding(vector("tlv/CTLFile-rsa1024-sha1.tlv")));
  STRCMP_EQUAL("tvs", unknown.c_str());
}

TEST(PhoneJudge, OldPhonesKnowNeitherSha512NorLongKeys) {
  STRCMP_EQUAL("it is signed with SHA-512, this phone knows SHA-1 only", judged(itl, ListKind::itl, {}, kOld).c_str());
  STRCMP_EQUAL("first", judged(ctl, ListKind::ctl, {}, kOld).c_str());
  CHECK(opened(vector("sgn/genuine/SEP001122334455.cnf.xml.sha512.sgn"), kFile, holding(ctl), kOld).starts_with("refused: it is signed with SHA-512"));
}

TEST(PhoneJudge, SignedFilesOpenWithTheTftpRecordInMemory) {
  const std::string plain = vector("config/SEP001122334455.cnf.xml");
  CHECK(opened(vector("sgn/genuine/SEP001122334455.cnf.xml.sha1.sgn"), kFile, holding({}, itl)) == plain);
  CHECK(opened(vector("sgn/genuine/SEP001122334455.cnf.xml.sha512.sgn"), kFile, holding(ctl, itl)) == plain);
  CHECK(opened(vector("sgn/genuine/SEP001122334455.cnf.xml.sha1.sgn"), kFile, holding(ctl)).starts_with("refused: its signer has no TFTP record"));
  CHECK(opened(vector("sgn/genuine/SEP001122334455.cnf.xml.sha1.sgn"), kFile, {}).starts_with("refused: its signer has no TFTP record"));
  // The open tools' files go with the open tools' list: one style of names in the whole set.
  STRCMP_EQUAL(plain.c_str(), opened(vector("sgn/SEP001122334455.cnf.xml.rsa2048-sha1.sgn"), kFile,
                                     holding(vector("tlv/CTLFile.tlv"), vector("tlv/ITLFile.tlv"))).c_str());
}

TEST(PhoneJudge, RefusesEveryNegativeVectorWithAReason) {
  const struct { const char* file; const char* why; } lists[] = {
      {"ctl-signature-bit-flipped.tlv", "the signature does not hold"},
      {"ctl-record-bit-flipped.tlv", "the signature does not hold"},
      {"ctl-header-length-too-big.tlv", "the header length is wrong"},
      {"ctl-header-length-zero.tlv", "the header length is wrong"},
      {"ctl-truncated.tlv", "a record has a wrong length"},
      {"ctl-record-length-zero.tlv", "a record has a wrong length"},
      {"ctl-record-field-overrun.tlv", "a field runs past its record"},
      {"ctl-signer-not-in-records.tlv", "the signer is no SAST of the list"},
      {"ctl-signer-record-not-sast.tlv", "the signer is no SAST of the list"},
      {"ctl-unknown-hash.tlv", "the hash algorithm is neither SHA-1 nor SHA-512"},
      {"ctl-empty.tlv", "the file has no header"}};
  for (const auto& row : lists) {
    const std::string file = vector(std::string("negative/") + row.file);
    STRCMP_EQUAL_TEXT(row.why, judged(file, ListKind::ctl, {}).c_str(), row.file);
  }
  for (const std::string& list : {itl, vector("tlv/CTLFile.tlv")}) {
    CHECK(opened(vector("negative/cfg-body-changed.sgn"), kFile, holding(list)).starts_with("refused: "));
    CHECK(opened(vector("negative/cfg-filename-mismatch.sgn"), kFile, holding(list)) == "refused: the file was signed for another name");
  }
}

TEST(PhoneJudge, EveryTruncationIsRefused) {
  for (size_t n = 0; n < ctl.size(); n += 7) CHECK(judged(ctl.substr(0, n), ListKind::ctl, {}) != "first");
  const std::string file = vector("enc/genuine/SEP001122334455.cnf.xml.lsc2048-sha1.enc.sgn");
  const size_t head = read_head(as_bytes(file))->body_at;
  for (size_t n = 0; n < head; ++n) CHECK(!read_head(as_bytes(file).first(n)));
}

TEST(PhoneJudge, OpensWhatIsEncryptedToItsKeyOnly) {
  const CryptoThread allowed;
  fake::TestKeys keys;
  const KeyRef lsc = keys.import("lsc2048"), other = keys.import("lsc1024");
  const auto open = [&](const std::string& name, KeyRef key, const char* asked = "SEP001122334455.cnf.xml.enc.sgn") {
    const std::string file = vector(name);
    for (const std::string& list : {itl, vector("tlv/ITLFile.tlv"), vector("tlv/CTLFile.tlv")}) {
      const auto head = judge_signed(as_bytes(file), asked, holding({}, list), {});
      if (!head) continue;
      const auto plain = open_encrypted(as_bytes(file), *head, *keys.keys, key);
      return plain ? std::string(plain->text()) : std::string("refused: ") + plain.error().what;
    }
    const auto head = read_head(as_bytes(file));
    return std::string("refused: ") + (head ? "not signed by the list" : head.error().what);
  };
  CHECK(open("enc/genuine/SEP001122334455.cnf.xml.lsc2048-sha1.enc.sgn", lsc) == vector("enc/lsc2048-sha1/plain.xml"));
  CHECK(open("enc/genuine/SEP001122334455.cnf.xml.lsc2048-sha512.enc.sgn", lsc) == vector("enc/lsc2048-sha1/plain.xml"));
  CHECK(open("enc/genuine/SEP001122334455.cnf.xml.lsc1024-sha1.enc.sgn", other) == vector("enc/lsc1024-sha1/plain.xml"));
  STRCMP_EQUAL("refused: it is encrypted for another key", open("enc/genuine/SEP001122334455.cnf.xml.lsc2048-sha1.enc.sgn", other).c_str());
  STRCMP_EQUAL("refused: the digest of its text is wrong", open("negative/enc-digest-mismatch.enc.sgn", lsc).c_str());
  STRCMP_EQUAL("refused: the count of padding bytes is wrong", open("negative/enc-padding-zero.enc.sgn", lsc).c_str());
  STRCMP_EQUAL("refused: the count of padding bytes is wrong", open("negative/enc-padding-17.enc.sgn", lsc).c_str());
  STRCMP_EQUAL("refused: it is encrypted for another key", open("negative/enc-key-for-other-phone.enc.sgn", lsc).c_str());
  STRCMP_EQUAL("refused: its key is no AES-128 key", open("negative/enc-aes256-key.enc.sgn", lsc).c_str());
}

TEST_GROUP(PhoneSettings) {};

TEST(PhoneSettings, ReadsWhatTheBootNeeds) {
  const auto s = read_settings(as_bytes(vector("config/SEP001122334455.cnf.xml")));
  CHECK_OK(s);
  CHECK(s->full);
  CHECK(s->call_manager.ip != 0);
  CHECK(!read_settings(as_bytes(std::string_view("<Default/>"))));
  CHECK(!read_settings(as_bytes(std::string_view("<device><a></device>"))));
  const auto partial = read_settings(as_bytes(std::string_view(
      "<device><fullConfig>False</fullConfig><capfAuthMode>2</capfAuthMode><capfList><capf><phonePort>3805</phonePort>"
      "<processNodeName>10.1.1.1</processNodeName></capf></capfList><certHash> 00ff </certHash><encrConfig>true</encrConfig></device>")));
  CHECK_OK(partial);
  CHECK(!partial->full && partial->encrypted);
  LONGS_EQUAL(2, partial->capf_mode);
  CHECK((partial->capf == Endpoint{0x0A010101, 3805}));
  STRCMP_EQUAL("00ff", partial->certificate_hash.c_str());
}

TEST(PhoneSettings, HttpsEndpoints) {
  Endpoint e;
  CHECK(https_endpoint("https://10.1.1.1:8443/services", e));
  CHECK((e == Endpoint{0x0A010101, 8443}));
  CHECK(https_endpoint("https://10.1.1.1/x", e));
  LONGS_EQUAL(443, e.port);
  CHECK(!https_endpoint("http://10.1.1.1/x", e));
  CHECK(!https_endpoint("https://name/x", e));
  CHECK(!https_endpoint("https://10.1.1.1:0/x", e));
}
