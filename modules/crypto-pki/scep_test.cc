// Tests of SCEP: our client against our server, with real keys; what a server must refuse.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <CppUTest/TestHarness.h>

#include "modules/crypto-pki/crl.h"
#include "modules/crypto-pki/csr.h"
#include "modules/crypto-pki/name.h"
#include "modules/crypto-pki/pki_test_world.h"
#include "modules/crypto-pki/scep_client_jobs.h"

using namespace parley;
using namespace parley::crypto_pki;
using parley::fake::PkiWorld;

namespace {

// A client of the CA as far as its key, request and messages go.
struct Client {
  PkiWorld& w;
  EnrollingPtr state = std::make_shared<Enrolling>();
  Nonce nonce;
  Text<63> challenge;
  Client(PkiWorld& world, const std::string& key, Bytes ca, uint16_t bits = 1024) : w(world) {
    state->key = w.make_key(key, bits);
    PARLEY_CHECK(state->ca.append(ca).has_value() && state->recipient.append(ca).has_value());
  }
  Blob message(bool poll = false) {
    ScepRequestJob job(*w.vault.keys, w.vault.random);
    job.state = state;
    job.csr.subject = *parse_name("CN=phone1,O=lab");
    job.csr.challenge = challenge;
    job.poll = poll;
    job.now = w.context.now();
    CryptoThread allowed;
    job.run();
    nonce = job.scep.sender;
    PARLEY_CHECK(job.result.has_value());
    return std::move(*job.result);
  }
  std::unique_ptr<ScepReplyJob> reply(const std::vector<uint8_t>& body) {
    auto job = std::make_unique<ScepReplyJob>(*w.vault.keys);
    job->state = state;
    PARLEY_CHECK(job->input.append(Bytes(body)).has_value());
    job->nonce = nonce;
    job->now = w.context.now();
    CryptoThread allowed;
    job->run();
    return job;
  }
};

}  // namespace

TEST_GROUP(Scep) {
  PkiWorld w;
  uint16_t status = 0;
  std::vector<uint8_t> post(const Blob& message) { return w.ask("operation=PKIOperation", message, status); }
};

TEST(Scep, GivesTheCaCertificateForEverySpelling) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  CHECK(ca.state() == ServerState::enabled);
  for (const char* q : {"operation=GetCACert", "operation=GetCACert&message=0", "operation=GetCACert&message=1",
                        "operation=GetCACert&message=CAIdentifier", "operation=GetCACert&message=iosca"}) {
    const std::vector<uint8_t> body = w.ask(q, {}, status);
    LONGS_EQUAL(200, status);
    CHECK(equal_bytes(Bytes(body), ca.identity()->certificate.der));
  }
  const std::vector<uint8_t> caps = w.ask("operation=GetCACaps&message=0", {}, status);
  STRCMP_EQUAL("POSTPKIOperation\nSHA-512\nSHA-256\nSCEPStandard\nAES\nRenewal\n", std::string(caps.begin(), caps.end()).c_str());
  w.ask("operation=Nonsense", {}, status);
  LONGS_EQUAL(400, status);
}

TEST(Scep, IssuesAtOnceWithGrantAuto) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  Client client(w, "r1", ca.identity()->certificate.der);
  auto reply = client.reply(post(client.message()));
  LONGS_EQUAL(200, status);
  CHECK(reply->result.has_value());
  CHECK(reply->scep.status == ScepStatus::success);
  const Result<Certificate> c = parse_certificate(reply->certificate);
  CHECK(c.has_value());
  CHECK(verify_issued(*c, ca.identity()->certificate).has_value());
  LONGS_EQUAL(2, ca.last_serial());
  CHECK(w.log.has("%PKI-6-CS_GRANTED: Certificate serial 02 issued to cn=phone1,o=lab"));
  STRCMP_EQUAL("last_serial = 0x2\ncrl_number = 0x1\n",
               std::string(w.vault.files.files["nvram:iosca.ser"].begin(), w.vault.files.files["nvram:iosca.ser"].end()).c_str());
}

TEST(Scep, TakesTheMessageByGet) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  Client client(w, "r1", ca.identity()->certificate.der);
  const Blob message = client.message();
  Blob text;
  CHECK(base64_encode(message, 0, text).has_value());
  std::string query = "operation=PKIOperation&message=";
  for (const char c : text.text()) {
    if (c == '+') query += "%2B"; else if (c == '/') query += "%2F"; else if (c == '=') query += "%3D"; else query += c;
  }
  auto reply = client.reply(w.ask(query, {}, status));
  CHECK(reply->result.has_value() && reply->scep.status == ScepStatus::success);
}

TEST(Scep, ARepeatedRequestGetsTheSameCertificate) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  Client client(w, "r1", ca.identity()->certificate.der);
  auto first = client.reply(post(client.message()));
  auto second = client.reply(post(client.message()));
  CHECK(second->result.has_value());
  CHECK(equal_bytes(first->certificate, second->certificate));
  LONGS_EQUAL(2, ca.last_serial());
}

TEST(Scep, WaitsForTheOperatorAndIsPolled) {
  Authority& ca = w.start_ca("iosca", Granting::manual);
  Client client(w, "r1", ca.identity()->certificate.der);
  auto reply = client.reply(post(client.message()));
  CHECK(reply->result.has_value() && reply->scep.status == ScepStatus::pending);
  reply = client.reply(post(client.message(true)));
  CHECK(reply->scep.status == ScepStatus::pending);
  LONGS_EQUAL(1, ca.requests().pending());
  ca.requests()[0].state = RequestState::granted;
  reply = client.reply(post(client.message(true)));
  CHECK(reply->result.has_value() && reply->scep.status == ScepStatus::success);
  Client stranger(w, "r2", ca.identity()->certificate.der);
  (void)stranger.message();
  stranger.state->transaction = client.state->transaction;
  reply = stranger.reply(post(stranger.message(true)));   // somebody else polls for it
  CHECK(reply->scep.status == ScepStatus::failure && reply->scep.fail == ScepFail::bad_cert_id);
}

TEST(Scep, RefusesAndSaysWhy) {
  Authority& ca = w.start_ca("iosca", Granting::none);
  Client client(w, "r1", ca.identity()->certificate.der);
  auto reply = client.reply(post(client.message()));
  CHECK(reply->result.has_value() && reply->scep.status == ScepStatus::failure);
  CHECK(w.log.has("%PKI-4-SCEP_REFUSED: SCEP request from 10.0.0.1 refused: rejected by the operator"));
  Blob damaged = client.message();
  damaged.data()[damaged.size() - 10] ^= 1;
  post(damaged);
  LONGS_EQUAL(400, status);
  w.host.valid = false;
  post(client.message());
  LONGS_EQUAL(503, status);
}

TEST(Scep, TheOtherMessageTypesAreAnswered) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  Client client(w, "r1", ca.identity()->certificate.der);
  CHECK(client.reply(post(client.message()))->scep.status == ScepStatus::success);
  const auto send = [&](ScepMessage type) {
    CryptoThread allowed;
    const Blob content = *write_issuer_and_serial(ca.identity()->certificate.subject, Bytes(reinterpret_cast<const uint8_t*>("\x02"), 1));
    const Blob envelope = *write_enveloped(content, client.state->recipient, EnvelopeCipher::aes256_cbc, w.vault.random);
    SignSpec s;
    s.content = envelope;
    s.certificate = client.state->signer;
    s.scep.transaction_id = client.state->transaction;
    s.scep.type = type;
    s.scep.sender = client.nonce;
    return *write_signed(s, *w.vault.keys, client.state->key);
  };
  CryptoThread allowed;
  const std::vector<uint8_t> list = post(send(ScepMessage::get_crl));
  const Result<SignedMessage> m = read_signed(Bytes(list));
  CHECK(m.has_value() && m->scep.status == ScepStatus::success);
  const Result<Opened> opened = read_enveloped(m->content, client.state->signer, *w.vault.keys, client.state->key);
  CHECK(opened.has_value() && opened->cipher == EnvelopeCipher::aes256_cbc);
  const Result<Bag> bag = read_certificates(opened->plain);
  CHECK(bag.has_value() && bag->crls.size() == 1);
  CHECK(verify_crl(*parse_crl(bag->crls[0]), ca.identity()->certificate.spki).has_value());
  const std::vector<uint8_t> got = post(send(ScepMessage::get_cert));     // database level minimum: not kept
  CHECK(read_signed(Bytes(got))->scep.fail == ScepFail::bad_cert_id);
}

TEST(Scep, SerialNumbersAreNeverUsedAgain) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  Client client(w, "r1", ca.identity()->certificate.der);
  CHECK(client.reply(post(client.message()))->scep.status == ScepStatus::success);
  Client other(w, "r2", ca.identity()->certificate.der);
  w.vault.files.fail_writes = 1;                                          // serial 3 cannot be reserved
  CHECK(other.reply(post(other.message()))->scep.status == ScepStatus::failure);
  SerialFile again(w.vault.files, Path("nvram:iosca.ser"));               // as after a power cut
  CHECK(again.load().has_value());
  LONGS_EQUAL(3, again.next_serial());
  w.vault.files.files["nvram:iosca.ser"] = {'x'};
  CHECK(again.load().error().code == Code::invalid);
}

TEST(Scep, TheServerGoesOnAfterABoot) {
  const Blob der = *Blob::copy_of(w.start_ca("iosca", Granting::automatic).identity()->certificate.der.view());
  w.servers.clear();
  w.store.stop();
  w.text.items.clear();                                                   // nobody wrote memory
  CHECK(w.store.load().has_value());
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  CHECK(ca.state() == ServerState::enabled);
  CHECK(equal_bytes(ca.identity()->certificate.der, der));
  LONGS_EQUAL(1, w.text.items.size());                                    // back in the running-config
  LONGS_EQUAL(1, ca.last_serial());
}

TEST(Scep, ACertificateStaysReceivedWhileTheChainIsWritten) {
  w.text.changed = [&] {                                                  // first the empty chain, then the certificate
    const auto items = w.text.items;
    w.text.items.clear();
    w.sync({"iosca"});
    w.text.items = items;
    w.sync({"iosca"});
  };
  w.start_ca("iosca", Granting::automatic);
  w.world.settle();
  const Result<ChainItems> kept = read_chain(w.vault.files, "iosca");
  CHECK(kept.has_value());
  LONGS_EQUAL(1, kept->size());
  CHECK(w.store.find("iosca")->authority()->received);
  CHECK(w.store.find("iosca")->authority()->in_config);
}

TEST(Scep, LifetimesEndAMonthBeforeTheCa) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  ServerSettings s = ca.settings();
  s.lifetime = Seconds(1825 * 86400);
  ca.configure(s);
  Client client(w, "r1", ca.identity()->certificate.der);
  auto reply = client.reply(post(client.message()));
  LONGS_EQUAL(month_before(ca.identity()->certificate.not_after), parse_certificate(reply->certificate)->not_after);
  CHECK(w.log.has("%PKI-5-CS_LIFETIME: Certificate serial 02"));
}

TEST(Scep, AReplayedMessageIsRefusedAndCounted) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  Client client(w, "r1", ca.identity()->certificate.der);
  const Blob message = client.message();
  CHECK(client.reply(post(message))->scep.status == ScepStatus::success);
  auto again = client.reply(post(message));
  CHECK(again->scep.status == ScepStatus::failure && again->scep.fail == ScepFail::bad_request);
  CHECK(w.log.has("refused: the message was answered before"));
  LONGS_EQUAL(1, w.scep.counters().refused[static_cast<size_t>(Refusal::replay)]);
  LONGS_EQUAL(2, ca.last_serial());
}

TEST(Scep, AuthoritiesWaitForTheOperatorAndGetTheirRole) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  Client ra(w, "ra1", ca.identity()->certificate.der);
  {
    CryptoThread here;
    CsrSpec spec;
    const Blob name = *parse_name("CN=ra1,OU=ioscs RA");
    spec.subject = name;
    (void)ra.message();
    ra.state->csr = *build_csr(spec, *w.vault.keys, ra.state->key, Hash::sha256);
    (void)ra.state->transaction.set("42");
    ra.state->subject = *Blob::copy_of(name.view());
  }
  CHECK(ra.reply(post(ra.message()))->scep.status == ScepStatus::pending);
  CHECK(ca.requests()[0].profile == Profile::registration);
  ca.requests()[0].state = RequestState::granted;
  auto reply = ra.reply(post(ra.message(true)));
  CHECK(reply->scep.status == ScepStatus::success);
  const Result<Certificate> c = parse_certificate(reply->certificate);
  CHECK(c.has_value() && (c->ext_usage & ext_usage::kCmcRa) != 0 && !c->is_ca);

  // What it vouches for is issued without proof of possession; a stranger's word is worth nothing.
  CryptoThread allowed;
  const KeyRef phone = w.make_key("phone", 1024);
  const Blob spki = *w.vault.keys->public_key(phone), phone_name = *parse_name("CN=SEP001122334455");
  CsrSpec spec;
  spec.subject = phone_name;
  Client by_ra(w, "ra1-next", ca.identity()->certificate.der);
  by_ra.state->key = ra.state->key;
  by_ra.state->signer = *Blob::copy_of(reply->certificate.view());
  by_ra.state->subject = *Blob::copy_of(phone_name.view());
  by_ra.state->csr = *build_vouched_csr(spec, spki);
  by_ra.state->wanted_key = *Blob::copy_of(spki.view());
  (void)by_ra.state->transaction.set("43");
  auto lsc = by_ra.reply(post(by_ra.message()));
  CHECK(lsc->result.has_value() && lsc->scep.status == ScepStatus::success);
  CHECK(equal_bytes(parse_certificate(lsc->certificate)->spki, spki));
  Client stranger(w, "s1", ca.identity()->certificate.der);
  (void)stranger.message();
  stranger.state->csr = *build_vouched_csr(spec, spki);
  (void)stranger.state->transaction.set("44");
  CHECK(stranger.reply(post(stranger.message()))->scep.status == ScepStatus::failure);
  CHECK(w.log.has("no proof of possession, and the signer is no registration authority of this server") ||
        w.log.has("the signer has no certificate of this authority"));
}

TEST(Scep, WeakKeysEndedSignersAndOtherAuthoritiesAreCounted) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  const auto count = [&](Refusal r) { return w.scep.counters().refused[static_cast<size_t>(r)]; };
  const std::vector<uint8_t> foreign = fake::TestKeys::certificate("tftp1024");
  Client other(w, "r1", Bytes(foreign));          // for an authority that is not here
  post(other.message());
  LONGS_EQUAL(1, count(Refusal::unknown_ca));
  Client late(w, "r2", ca.identity()->certificate.der);
  const Blob message = late.message();
  w.world.clock.set_wall(w.context.now() + 60 * 86400);                    // its own certificate ended after 30 days
  CHECK(late.reply(post(message))->scep.fail == ScepFail::bad_time);
  LONGS_EQUAL(1, count(Refusal::signer));
  Blob large;
  CHECK(large.resize(40 * 1024).has_value());
  post(large);
  LONGS_EQUAL(413, status);
  LONGS_EQUAL(1, count(Refusal::too_large));
}

TEST(Scep, AOneTimePasswordOpensTheServerOnce) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  const Bytes der = ca.identity()->certificate.der;
  const Result<Text<16>> word = ca.password().generate(w.vault.random, w.context.now(), 10);
  CHECK(word.has_value());
  const auto ask = [&](const char* key, std::string_view challenge) {
    Client c(w, key, der);
    (void)c.challenge.set(challenge);
    return c.reply(post(c.message()))->scep.status;
  };
  CHECK(ask("o1", "") == ScepStatus::failure);
  CHECK(ask("o2", "0000000000000000") == ScepStatus::failure);
  CHECK(ask("o3", *word) == ScepStatus::success);
  CHECK(ask("o4", *word) == ScepStatus::failure);
  LONGS_EQUAL(3, w.scep.counters().refused[static_cast<size_t>(Refusal::challenge)]);
  CHECK(ask("o5", "") == ScepStatus::success);                             // no password is outstanding any more
  const Result<Text<16>> late = ca.password().generate(w.vault.random, w.context.now(), 1);
  w.world.clock.set_wall(w.context.now() + 61);
  CHECK(ask("o6", *late) == ScepStatus::failure);
  CHECK(w.log.has("the lifetime of the challenge password has ended"));
}

TEST(Scep, ARevokedCertificateRenewsNothing) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  Client client(w, "r1", ca.identity()->certificate.der);
  auto first = client.reply(post(client.message()));
  CHECK(first->scep.status == ScepStatus::success);
  client.state->signer = *Blob::copy_of(first->certificate.view());
  (void)client.state->transaction.set("renewal1");
  CHECK(client.reply(post(client.message()))->scep.status == ScepStatus::success);
  Result<std::unique_ptr<RevokeJob>> revoke = ca.revoke_job(2, 1);
  CHECK(revoke.has_value());
  (*revoke)->run();
  CHECK((*revoke)->result.has_value());
  (void)client.state->transaction.set("renewal2");
  CHECK(client.reply(post(client.message()))->scep.status == ScepStatus::failure);
  CHECK(w.log.has("refused: the signer's certificate is revoked"));
  LONGS_EQUAL(1, w.scep.counters().refused[static_cast<size_t>(Refusal::signer)]);
}
