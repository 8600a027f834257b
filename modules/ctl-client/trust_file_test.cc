// Tests of the signed phone files against the vectors: written byte for byte, read, verified, refused.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/trust_file_wire.h"

#include <string>

#include <CppUTest/TestHarness.h>

#include "modules/ctl-client/trust_file_build.h"
#include "modules/ctl-client/trust_file_verify.h"
#include "tests/support/test_env.h"
#include "tests/support/vectors.h"

using namespace parley;
using namespace parley::ctl_client;
using crypto_pki::NameStyle;
using test::vector_certificate;
using test::vector_file;

namespace {

struct Wanted {
  Role role;
  const char* key;
  bool nonsecure = false, no_address = false, no_signature = false;
};

std::string build_body(std::initializer_list<Wanted> wanted) {
  Blob body;
  for (const Wanted& w : wanted) {
    ServerName server{"192.0.2.1", 0xC0000201};
    if (w.role == Role::sast) server = {"", 0};
    server.has_address = !w.no_address;
    if (w.nonsecure) CHECK_OK(append_nonsecure_record(body, w.role, server));
    else CHECK_OK(append_certificate_record(body, w.role, vector_certificate(w.key), server));
  }
  return std::string(body.text());
}

// The same records without field 8, as servers of the token era wrote them.
std::string without_signatures(const std::string& body) {
  Blob out;
  RecordReader r(as_bytes(body));
  while (r.more()) {
    auto record = r.next();
    CHECK_OK(record);
    record->present = static_cast<uint16_t>(record->present & ~(1u << kSignature));
    CHECK_OK(append_record(out, *record));
  }
  return std::string(out.text());
}

std::string sign(Header h, const std::string& body, const std::string& key) {
  const auto id = identity_of(vector_certificate(key));
  CHECK_OK(id);
  id->put_into(h);
  const auto draft = draft_file(h, as_bytes(body));
  CHECK_OK(draft);
  const std::string signature = test::vector_sign(key, h.hash, draft->bytes.view());
  const auto file = finish_file(*draft, as_bytes(signature));
  CHECK_OK(file);
  return std::string(file->text());
}

Header list_header(const char* name, uint32_t time = 1700000000) {
  Header h;
  h.version = kTrustList;
  h.file_name = name;
  h.timestamp = time;
  return h;
}

void same_bytes(const std::string& expected, const std::string& got) {
  LONGS_EQUAL(expected.size(), got.size());
  MEMCMP_EQUAL(expected.data(), got.data(), expected.size());
}

std::string why(const Fault& f) { return f.what; }

const std::initializer_list<Wanted> kGenuine = {
    {Role::sast, "sast1"}, {Role::sast, "sast2"}, {Role::ccm_tftp, "ccmtftp"}, {Role::capf, "capf"}};

Record file_signer(const crypto_pki::Certificate& c, const Identity& id) {
  Record r;
  r.role = Role::tftp;
  r.issuer = id.issuer.text();
  r.serial = id.serial.view();
  r.public_key = c.key.key;
  r.certificate = c.der.view();
  for (const RecordTag t : {kRole, kIssuer, kSerial, kPublicKey, kCertificate}) r.add(t);
  return r;
}

}  // namespace

TEST_GROUP(TrustFile){};

TEST(TrustFile, WritesTheGenuineCtl) {
  same_bytes(vector_file("tlv/genuine/CTLFile.tlv"), sign(list_header("CTLFile.tlv"), build_body(kGenuine), "sast1"));
}

TEST(TrustFile, WritesTheSuccessorSignedBySast2) {
  const std::string next = sign(list_header("CTLFile.tlv", 1700000001), build_body(kGenuine), "sast2");
  same_bytes(vector_file("tlv/genuine/CTLFile-signed-by-sast2.tlv"), next);
  CHECK_OK(verify_successor(as_bytes(next), as_bytes(vector_file("tlv/genuine/CTLFile.tlv"))));
  const std::string stranger = vector_file("tlv/CTLFile-rsa1024-sha1.tlv");
  CHECK_FALSE(verify_successor(as_bytes(stranger), as_bytes(vector_file("tlv/genuine/CTLFile.tlv"))).has_value());
}

TEST(TrustFile, WritesTheNonsecureCtl) {
  same_bytes(vector_file("tlv/genuine/CTLFile-nonsecure.tlv"),
             sign(list_header("CTLFile.tlv"), build_body({{Role::sast, "sast1"}, {Role::sast, "sast2"},
                  {Role::ccm_tftp, "ccmtftp", true}, {Role::capf, "capf"}}), "sast1"));
}

TEST(TrustFile, WritesRecordsWithoutSignature) {
  same_bytes(vector_file("tlv/genuine/CTLFile-no-record-signature.tlv"),
             sign(list_header("CTLFile.tlv"), without_signatures(build_body({{Role::sast, "sast1"}, {Role::capf, "capf"}})), "sast1"));
}

TEST(TrustFile, WritesAnItlWithEcRecordAndSha512) {
  Header h = list_header("ITLFile.tlv");
  h.has_signer_version = true;
  h.signer_version = {1, 1};
  h.hash = Hash::sha512;
  same_bytes(vector_file("tlv/genuine/ITLFile-v11-sha512.tlv"),
             sign(h, build_body({{Role::sast, "sast1", false, true}, {Role::tftp, "tftp"}, {Role::tftp, "httpsec"},
                                 {Role::capf, "capf"}, {Role::tvs, "tvs"}}), "sast1"));
}

TEST(TrustFile, WritesSignedFiles) {
  const std::string xml = vector_file("config/SEP001122334455.cnf.xml");
  for (const auto& [hash, name] : {std::pair{Hash::sha1, "sha1"}, std::pair{Hash::sha512, "sha512"}}) {
    Header h = list_header("SEP001122334455.cnf.xml.sgn");
    h.version = kSignedFile;
    h.hash = hash;
    same_bytes(vector_file(std::string("sgn/genuine/SEP001122334455.cnf.xml.") + name + ".sgn"), sign(h, xml, "tftp"));
  }
}

TEST(TrustFile, AcceptsAllGoodLists) {
  for (const char* folder : {"tlv", "tlv/genuine"})
    for (const std::string& name : test::vector_names(folder)) {
      const std::string data = vector_file(name);
      const auto f = verify_ctl(as_bytes(data));
      CHECK_TEXT(f.has_value(), (name + ": " + (f ? "" : why(f.error()))).c_str());
    }
}

TEST(TrustFile, AcceptsAllGoodSignedFiles) {
  for (const char* folder : {"sgn", "sgn/genuine"})
    for (const std::string& name : test::vector_names(folder)) {
      const std::string data = vector_file(name);
      const auto parsed = read_file(as_bytes(data));
      CHECK_OK(parsed);
      const std::string key = name.find("rsa1024") != std::string::npos   ? "tftp1024"
                              : name.find("rsa4096") != std::string::npos ? "tftp4096"
                              : name.find("ccmtftp") != std::string::npos ? "ccmtftp"
                                                                          : "tftp";
      const auto c = vector_certificate(key);
      const auto id = identity_of(c, std::string(folder) == "sgn" ? NameStyle::comma : NameStyle::cisco);
      CHECK_OK(id);
      const auto f = verify_signed(as_bytes(data), parsed->header.file_name, file_signer(c, *id));
      CHECK_TEXT(f.has_value(), (name + ": " + (f ? "" : why(f.error()))).c_str());
      const std::string asked(parsed->header.file_name);
      const std::string plain = vector_file("config/" + asked.substr(asked.rfind('/') + 1, asked.size() - 4 - (asked.rfind('/') + 1)));
      CHECK(f->body().size() == plain.size() && equal_bytes(f->body(), as_bytes(plain)));
    }
}

TEST(TrustFile, RefusesTheNegativeLists) {
  const std::pair<const char*, const char*> expected[] = {
      {"signature-bit-flipped", "the signature does not hold"},
      {"record-bit-flipped", "the signature does not hold"},
      {"header-length-too-big", "wrong header length"},
      {"header-length-zero", "wrong header length"},
      {"truncated", "wrong record length"},
      {"record-length-zero", "wrong record length"},
      {"record-field-overrun", "a field runs past the end of what holds it"},
      {"signer-not-in-records", "the signer is not a SAST of the list"},
      {"signer-record-not-sast", "the signer is not a SAST of the list"},
      {"unknown-hash", "unknown digest algorithm"},
      {"empty", "the file does not begin with its version"},
  };
  for (const auto& [name, reason] : expected) {
    const std::string data = vector_file(std::string("negative/ctl-") + name + ".tlv");
    const auto f = verify_ctl(as_bytes(data));
    CHECK_TEXT(!f.has_value(), name);
    STRCMP_EQUAL_TEXT(reason, f.error().what, name);
  }
}

TEST(TrustFile, RefusesTheNegativeSignedFiles) {
  const auto c = vector_certificate("tftp");
  const auto id = identity_of(c);
  CHECK_OK(id);
  const Record signer = file_signer(c, *id);
  const std::string changed = vector_file("negative/cfg-body-changed.sgn");
  const std::string other = vector_file("negative/cfg-filename-mismatch.sgn");
  STRCMP_EQUAL("the signature does not hold", verify_signed(as_bytes(changed), "SEP001122334455.cnf.xml.sgn", signer).error().what);
  STRCMP_EQUAL("the file was signed for another name", verify_signed(as_bytes(other), "SEP001122334455.cnf.xml.sgn", signer).error().what);
}

TEST(TrustFile, RefusesEveryTruncation) {
  const std::string data = vector_file("tlv/genuine/CTLFile.tlv");
  for (size_t n = 0; n < data.size(); ++n) {
    const std::string cut = data.substr(0, n);
    const auto f = read_file(as_bytes(cut));
    if (!f) continue;
    RecordReader r(f->body());
    bool damaged = false;
    size_t whole = 0;
    while (r.more() && !damaged) {
      damaged = !r.next().has_value();
      whole += damaged ? 0 : 1;
    }
    CHECK(damaged || whole < 4);
  }
}

TEST(TrustFile, EveryFlippedBitOfAHeaderIsNoticed) {
  const std::string data = vector_file("sgn/genuine/SEP001122334455.cnf.xml.sha1.sgn");
  const auto c = vector_certificate("tftp");
  const auto id = identity_of(c);
  CHECK_OK(id);
  const Record signer = file_signer(c, *id);
  for (size_t at = 0; at < 420; ++at) {
    std::string bad = data;
    bad[at] = static_cast<char>(bad[at] ^ 1 << at % 8);
    CHECK_FALSE(verify_signed(as_bytes(bad), "SEP001122334455.cnf.xml.sgn", signer).has_value());
  }
}

TEST(TrustFile, RefusesDoubledAndUnknownFields) {
  Header h = list_header("CTLFile.tlv");
  const std::string file = sign(h, "", "sast1");
  const size_t time_at = file.find(std::string("\x0f\0\4", 3));
  CHECK(time_at != std::string::npos);
  auto with_extra = [&](const std::string& extra) {
    std::string bad = file;
    bad.insert(time_at, extra);
    const size_t length = static_cast<uint8_t>(bad[8]) * 256u + static_cast<uint8_t>(bad[9]) + extra.size();
    bad[8] = static_cast<char>(length >> 8);
    bad[9] = static_cast<char>(length);
    const auto f = read_file(as_bytes(bad));
    return f ? std::string("accepted") : why(f.error());
  };
  STRCMP_EQUAL("a header field stands twice", with_extra(std::string("\x0f\0\4abcd", 7)).c_str());
  STRCMP_EQUAL("unknown header field", with_extra(std::string("\x1d\0\0", 3)).c_str());
  STRCMP_EQUAL("unknown header field", with_extra(std::string("\xff\0\0", 3)).c_str());
  STRCMP_EQUAL("unknown header field", with_extra(std::string("\x1a\0\1\1", 4)).c_str());
  STRCMP_EQUAL("too much padding", with_extra("\x0d").c_str());
}

TEST(TrustFile, OnlyKeysWithACodeSign) {
  Header h = list_header("CTLFile.tlv");
  const auto id = identity_of(vector_certificate("sast1"));
  id->put_into(h);
  for (const uint16_t bits : {uint16_t{512}, uint16_t{768}, uint16_t{3072}, uint16_t{0}}) {
    h.key_bits = bits;
    CHECK_FALSE(draft_file(h, {}).has_value());
  }
  h.key_bits = 2048;
  h.hash = Hash::sha256;
  CHECK_FALSE(draft_file(h, {}).has_value());
}
