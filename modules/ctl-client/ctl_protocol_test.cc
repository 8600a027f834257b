// Tests of the CTL protocol: frames, proofs, the file of known providers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/ctl_protocol.h"

#include <string>

#include <CppUTest/TestHarness.h>

#include "modules/ctl-client/ctl_proof.h"
#include "modules/ctl-client/provider_book.h"
#include "tests/support/test_env.h"
#include "tests/support/vectors.h"

using namespace parley;
using namespace parley::ctl_protocol;
using parley::ctl_client::ProviderBook;
using parley::ctl_client::RemoteRecord;
using parley::ctl_client::Role;

namespace {

std::string bytes_of(const Result<Blob>& b) {
  CHECK_OK(b);
  return std::string(b->text());
}

std::string der(const char* key) { return test::vector_file(std::string("keys/") + key + ".der"); }

Result<Message> read(const std::string& frame, size_t max = kMaxFromProvider) {
  const auto head = read_head(as_bytes(frame).first(kHeaderSize), max);
  if (!head) return head.error();
  LONGS_EQUAL(frame.size() - kHeaderSize, head->body_size);
  return read_body(head->command, as_bytes(frame).subspan(kHeaderSize));
}

}  // namespace

TEST_GROUP(CtlProtocol) {
  std::string nonce = std::string(kNonceSize, 'n');
  Message hello() {
    Message m;
    m.command = Command::hello;
    m.oldest = m.newest = kVersion;
    m.user = "cisco";
    m.nonce = as_bytes(nonce);
    return m;
  }
  std::string hello_frame() { return bytes_of(write_message(hello(), kVersion)); }
};

TEST(CtlProtocol, HelloIsWhatTheReadmeDraws) {
  const std::string wanted = test::unhex("43544c50" "0101" "0030" "0100020101" "020005636973636f" "030020") + nonce;
  CHECK(hello_frame() == wanted);
  const std::string frame = hello_frame();
  const auto m = read(frame);
  CHECK_OK(m);
  CHECK(m->user == "cisco");
  CHECK(as_text(m->nonce) == nonce);
}

TEST(CtlProtocol, RecordsComeBackAsTheyWent) {
  const std::string certificate = der("ccm");
  Message m;
  m.command = Command::record;
  m.role = 2;
  m.address = 0x0A010102;
  m.name = "cme2.example";
  m.certificate = as_bytes(certificate);
  const std::string frame = bytes_of(write_message(m, kVersion));
  const auto back = read(frame);
  CHECK_OK(back);
  LONGS_EQUAL(2, back->role);
  LONGS_EQUAL(0x0A010102, back->address);
  CHECK(back->name == "cme2.example");
  CHECK(as_text(back->certificate) == certificate);
}

TEST(CtlProtocol, RefusesOddFrames) {
  const std::string good = hello_frame();
  const struct { const char* what; std::string frame; } cases[] = {
      {"magic", "X" + good.substr(1)},
      {"version 0", good.substr(0, 4) + std::string(1, '\0') + good.substr(5)},
      {"command 0", good.substr(0, 5) + std::string(1, '\0') + good.substr(6)},
      {"command 7", good.substr(0, 5) + '\x07' + good.substr(6)},
  };
  for (const auto& c : cases) CHECK_FALSE_TEXT(read_head(as_bytes(c.frame).first(kHeaderSize), 8192).has_value(), c.what);
  std::string longer = good;
  longer[6] = '\x01', longer[7] = '\x01';
  CHECK(read_head(as_bytes(longer).first(kHeaderSize), kMaxFromClient).error().code == Code::full);
}

TEST(CtlProtocol, RefusesOddBodies) {
  const std::string body = hello_frame().substr(kHeaderSize);
  const std::string user = test::unhex("020005636973636f");
  const struct { const char* what; std::string body; } cases[] = {
      {"nothing", ""},
      {"element past the end", body.substr(0, body.size() - 1)},
      {"a head cut off", body + "\x04"},
      {"twice", body + user},
      {"user missing", body.substr(0, 5) + body.substr(13)},
      {"user empty", body.substr(0, 5) + test::unhex("020000") + body.substr(13)},
      {"user with a blank", body.substr(0, 5) + test::unhex("020005632073636f") + body.substr(13)},
      {"user with a line end", body.substr(0, 5) + test::unhex("020005630a73636f") + body.substr(13)},
      {"short nonce", body.substr(0, 13) + test::unhex("03001f") + nonce.substr(1)},
  };
  for (const auto& c : cases) CHECK_FALSE_TEXT(read_body(Command::hello, as_bytes(c.body)).has_value(), c.what);
  CHECK_OK(read_body(Command::hello, as_bytes(body + test::unhex("630003616263"))));   // unknown tag 99
}

TEST(CtlProtocol, ProofsDependOnSessionNoncesSideAndSecret) {
  ProofKey key, other;
  CHECK_OK(derive_key("cisco123", as_bytes("0123456789abcdef"), 1000, key));
  CHECK_OK(derive_key("cisco124", as_bytes("0123456789abcdef"), 1000, other));
  const Digest one = hash(Hash::sha256, as_bytes("certificate one")), two = hash(Hash::sha256, as_bytes("certificate two"));
  const Digest t = transcript(as_bytes("hello"), as_bytes("challenge"), one);
  const Digest proof = proof_of(Side::client, key, t);
  const auto differs = [&](const Digest& d) { return !equal_bytes(d.view(), proof.view()); };
  CHECK(differs(proof_of(Side::provider, key, t)));
  CHECK(differs(proof_of(Side::client, other, t)));
  CHECK(differs(proof_of(Side::client, key, transcript(as_bytes("hello"), as_bytes("challenge"), two))));
  CHECK(differs(proof_of(Side::client, key, transcript(as_bytes("hell0"), as_bytes("challenge"), one))));
  CHECK(differs(proof_of(Side::client, key, transcript(as_bytes("hello"), as_bytes("ch4llenge"), one))));
}

TEST(CtlProtocol, TheBookSurvivesAndRefusesDamage) {
  ProviderBook book;
  auto p = book.make(0x0A010102);
  CHECK_OK(p);
  (*p)->confirmed = true;
  (*p)->certificate = hash(Hash::sha256, as_bytes("x"));
  (*p)->received = 1800000000;
  for (const Role role : {Role::ccm, Role::tftp, Role::capf}) {
    RemoteRecord r;
    r.role = role;
    r.ip = 0x0A010102;
    CHECK_OK(r.certificate.append(der("ccm")));
    CHECK_OK((*p)->records.push(std::move(r)));
  }
  CHECK_OK(book.make(0x0A010103));
  Blob file;
  CHECK_OK(book.save(file));
  ProviderBook back;
  CHECK_OK(back.load(file.view()));
  LONGS_EQUAL(2, back.size());
  CHECK(back[0].confirmed && !back[1].confirmed);
  CHECK(same_records(back[0].records, book[0].records));
  std::string broken(file.text());
  for (size_t i = 0; i < broken.size(); i += 97) {
    broken[i] = static_cast<char>(broken[i] ^ 1);
    CHECK_FALSE(back.load(as_bytes(broken)).has_value());
    LONGS_EQUAL(0, back.size());
    broken[i] = static_cast<char>(broken[i] ^ 1);
  }
  for (size_t n = 0; n < broken.size(); n += 101) CHECK_FALSE(back.load(as_bytes(broken).first(n)).has_value());
}
