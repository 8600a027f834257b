// Tests of a certificate server's durable state: index, waiting requests, revocation, numbers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <CppUTest/TestHarness.h>

#include "modules/crypto-pki/crl.h"
#include "modules/crypto-pki/csr.h"
#include "modules/crypto-pki/name.h"
#include "modules/crypto-pki/peer_trust_service.h"
#include "modules/crypto-pki/phone_issue.h"
#include "modules/crypto-pki/cms.h"
#include "modules/crypto-pki/pkcs12.h"
#include "modules/crypto-pki/pki_show.h"
#include "modules/crypto-pki/pki_test_world.h"

using namespace parley;
using namespace parley::crypto_pki;
using parley::fake::PkiWorld;

TEST_GROUP(Authority) {
  PkiWorld w;
  Blob request(const char* key, const char* name) {
    CryptoThread allowed;
    const KeyRef k = w.make_key(key, 1024);
    CsrSpec s;
    const Blob subject = *parse_name(name);
    s.subject = subject;
    return *build_csr(s, *w.vault.keys, k, Hash::sha256);
  }
  // As SCEP does for a client, without the messages around it.
  Request* receive(Authority& ca, const Blob& csr_der, const char* transaction) {
    CryptoThread allowed;
    const Csr csr = *parse_csr(csr_der);
    Request r;
    (void)r.transaction.set(transaction);
    r.profile = requested_profile(csr);
    r.fingerprint = hash(Hash::md5, csr.der);
    PARLEY_CHECK(r.csr.append(csr.der).has_value() && r.spki.append(csr.spki).has_value() && r.subject.append(csr.subject).has_value());
    Request* kept = *ca.receive(std::move(r), "x");
    if (kept->state == RequestState::pending) {
      kept->kept = true;
      PARLEY_CHECK(save_request(w.vault.files, *ca.file_of(*kept)).has_value());
    }
    return kept;
  }
  Result<Blob> issue(Authority& ca, Request* r) {
    CryptoThread allowed;
    Result<IssueOrder> order = ca.order(*r);
    if (!order) return order.error();
    auto job = ca.issue_job();
    job->order = std::move(*order);
    job->ca = ca.identity();
    job->run();
    if (job->result) ca.issued(*r, *job->result);
    w.world.settle();
    return std::move(job->result);
  }
  Status revoke(Authority& ca, uint64_t serial, uint8_t reason) {
    CryptoThread allowed;
    Result<std::unique_ptr<RevokeJob>> job = ca.revoke_job(serial, reason);
    if (!job) return job.error();
    (*job)->run();
    ca.publish_now(nullptr);
    w.world.settle();
    return (*job)->result;
  }
  Authority& boot_again(Granting granting) {
    w.servers.clear();
    w.store.stop();
    PARLEY_CHECK(w.store.load().has_value());
    return w.start_ca("iosca", granting);
  }
  std::string shown(void (*print)(const Authority&, Writer&), const Authority& a) {
    Blob out;
    print(a, out);
    return std::string(out.text());
  }
};

TEST(Authority, ListsWhatItIssuedAlsoAfterABoot) {
  Authority* ca = &w.start_ca("iosca", Granting::automatic);
  CHECK(issue(*ca, receive(*ca, request("a", "CN=a"), "1")).has_value());
  CHECK(issue(*ca, receive(*ca, request("b", "CN=b"), "2")).has_value());
  const std::string before = shown(print_issued, *ca);
  CHECK(before.find("02     ") != std::string::npos && before.find("cn=b\n") != std::string::npos);
  ca = &boot_again(Granting::automatic);
  STRCMP_EQUAL(before.c_str(), shown(print_issued, *ca).c_str());
}

TEST(Authority, WaitingRequestsSurviveABoot) {
  Authority* ca = &w.start_ca("iosca", Granting::manual);
  receive(*ca, request("a", "CN=a"), "first");
  Request* second = receive(*ca, request("b", "CN=b"), "second");
  const Result<Blob> made = issue(*ca, second);
  receive(*ca, request("c", "CN=c"), "third")->state = RequestState::rejected;
  ca->changed(ca->requests()[2]);
  w.world.settle();
  const std::string before = shown(print_requests, *ca);
  ca = &boot_again(Granting::manual);
  STRCMP_EQUAL(before.c_str(), shown(print_requests, *ca).c_str());
  LONGS_EQUAL(1, ca->requests().pending());
  CHECK(equal_bytes(ca->requests()[1].certificate, *made));        // its client may still fetch it
  ca->requests().remove(1);
  ca->wake();
  w.world.settle();
  CHECK(w.vault.files.files.count("nvram:pki/iosca.00000001.req") == 0);
  ca = &boot_again(Granting::manual);
  LONGS_EQUAL(2, ca->requests().size());
  LONGS_EQUAL(4, receive(*ca, request("d", "CN=d"), "4")->id);      // numbers are not given twice
}

TEST(Authority, RevokedCertificatesAreInTheListAtOnceAndForGood) {
  Authority* ca = &w.start_ca("iosca", Granting::automatic);
  const Certificate c = std::move(*parse_certificate(*issue(*ca, receive(*ca, request("a", "CN=a"), "1"))));
  const uint64_t number = parse_crl(*ca->crl())->number;
  CHECK(revoke(*ca, 2, 1).has_value());
  Revoked entry;
  CHECK(find_revoked(*parse_crl(*ca->crl()), c.serial, entry));
  LONGS_EQUAL(1, entry.reason);
  LONGS_EQUAL(number + 1, parse_crl(*ca->crl())->number);
  CHECK(revoke(*ca, 2, 1).error().code == Code::exists);
  CHECK(revoke(*ca, 1, 0).error().code == Code::denied);           // its own
  CHECK(revoke(*ca, 77, 0).error().code == Code::missing);         // never issued
  w.vault.files.files.erase("nvram:iosca.crl");                    // the index knows, not the last list
  ca = &boot_again(Granting::automatic);
  CHECK(find_revoked(*parse_crl(*ca->crl()), c.serial, entry));
  CHECK(parse_crl(*ca->crl())->number > number + 1);
  CHECK(shown(print_issued, *ca).find("cn=a (revoked)") != std::string::npos);
}

// `revocation-check crl` is the default; nobody has to publish a list for the router itself to hear of its own revocations.
TEST(Authority, AnswersForItselfWhenItsPeersAreChecked) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  const Blob leaf = *issue(ca, receive(ca, request("a", "CN=a"), "1"));
  w.text.items.push_back({"iosca", ChainKind::ca, "01", {ca.identity()->certificate.der.view().begin(), ca.identity()->certificate.der.view().end()}});
  w.sync({"iosca"});
  Config config;
  Trustpoint trustpoint;
  trustpoint.label = Label("iosca");
  config.trustpoints.items = &trustpoint;
  config.trustpoints.count = 1;
  PeerTrustService service(w.context, w.store, w, config);
  service.start();
  PeerRule rule;
  rule.labels[0] = Text<63>("iosca");
  rule.use = PeerUse::any;
  rule.legacy = true;                                              // the keys of this test are short
  const std::unique_ptr<PeerPolicy> policy = std::move(*service.policy(rule));
  const Bytes chain[] = {leaf.view()};
  struct Owner final : Task {
    explicit Owner(Scheduler& s) : Task(s, "test") {}
    Poll step() override { return Poll::pending; }
  } owner(w.world.scheduler);
  const std::unique_ptr<PeerWatch> watch = policy->watch(owner, chain, 1);
  w.world.settle();
  STRCMP_EQUAL("ok", watch->verdict() ? "ok" : watch->verdict().error().what);
  CHECK_FALSE(w.log.has("CRL_FETCH_FAIL"));
  CHECK(revoke(ca, 2, 1).has_value());
  w.world.run_for(Millis(1'500));
  CHECK_FALSE(watch->verdict().has_value());
  STRCMP_EQUAL("certificate is revoked", watch->verdict().error().what);
  LONGS_EQUAL(1, service.counted().closed);
  service.stop();
}

TEST(Authority, ADamagedIndexStopsTheServer) {
  Authority* ca = &w.start_ca("iosca", Granting::automatic);
  CHECK(issue(*ca, receive(*ca, request("a", "CN=a"), "1")).has_value());
  w.vault.files.files["nvram:pki/iosca.0.idx"].resize(9);
  ca = &boot_again(Granting::automatic);
  CHECK(ca->state() == ServerState::failed);
  CHECK(w.log.has("the index of issued certificates is damaged"));
}

TEST(Authority, NothingIsHandedOutThatIsNotInTheIndex) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  Request* r = receive(ca, request("a", "CN=a"), "1");
  for (int n = 0; n < 2; ++n) {                                    // serial number, index
    w.vault.files.fail_writes = 0;
    CryptoThread allowed;
    IssueOrder order = *ca.order(*r);
    if (n == 1) CHECK(order.serials->reserve(order.serial).has_value());
    w.vault.files.fail_writes = 1;
    CHECK(!issue_certificate(order, *ca.identity(), *w.vault.keys, w.vault.files).has_value());
  }
}

TEST(Authority, ManyIndexFilesKeepTheirOrder) {
  {
    IssuedIndex index(w.vault.files, "big");
    CHECK(index.load().has_value());
    for (uint64_t serial = 300; serial > 0; --serial) {
      IssuedRecord r;
      r.serial = serial;
      r.to = 1000;
      CHECK(index.add(std::move(r)).has_value());
    }
    CHECK(index.revoke(7, 500, 0, 0).has_value());
    CHECK(index.revoke(299, 501, 4, 0).has_value());
  }
  IssuedIndex again(w.vault.files, "big");
  CHECK(again.load().has_value());
  LONGS_EQUAL(300, again.size());
  List<RevokedNumber> list{general_arena()};
  CHECK(again.revoked(0, list).has_value());
  LONGS_EQUAL(2, list.size());
  LONGS_EQUAL(7, list[0].serial[7]);
  LONGS_EQUAL(1, list[1].serial[6]);
  LONGS_EQUAL(4, list[1].reason);
  List<RevokedNumber> ended{general_arena()};
  CHECK(again.revoked(1001, ended).has_value());                   // over: not listed any more
  LONGS_EQUAL(0, ended.size());
  CHECK(again.clear().has_value());
  LONGS_EQUAL(0, again.size());
}

TEST(Authority, NumbersThatWereGivenTogetherShareOneWrite) {
  SerialFile serials(w.vault.files, Path("nvram:many.ser"));
  CHECK(serials.load().has_value());
  LONGS_EQUAL(1, serials.next_serial());
  LONGS_EQUAL(2, serials.next_serial());
  CHECK(serials.reserve(1).has_value());
  w.vault.files.fail_writes = 1;
  CHECK(serials.reserve(2).has_value());                            // nothing to be written
  LONGS_EQUAL(3, serials.next_serial());
  CHECK_FALSE(serials.reserve(3).has_value());
  SerialFile again(w.vault.files, Path("nvram:many.ser"));          // as after a power cut
  CHECK(again.load().has_value());
  LONGS_EQUAL(3, again.next_serial());
}

TEST(Authority, AListOfThousandsIsMadeByAJob) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  auto index = std::make_shared<IssuedIndex>(w.vault.files, "many");
  CHECK(index->load().has_value());
  for (uint64_t serial = 2; serial < 3002; ++serial) CHECK(index->revoke(serial, w.context.now(), 4, w.context.now() + 86400).has_value());
  CrlJob job(*w.vault.keys, w.vault.files);
  job.ca = ca.identity();
  job.serials = std::make_shared<SerialFile>(w.vault.files, Path("nvram:many.ser"));
  CHECK(job.serials->load().has_value());
  job.index = index;
  job.number = job.serials->next_crl_number();
  job.now = w.context.now();
  job.next = job.now + 3600;
  CryptoThread allowed;
  job.run();
  CHECK(job.result.has_value());
  const Crl list = std::move(*parse_crl(*job.result));
  CHECK(verify_crl(list, ca.identity()->certificate.spki).has_value());
  size_t count = 0;
  CHECK(each_revoked(list, [](void* n, const Revoked&) { ++*static_cast<size_t*>(n); return true; }, &count).has_value());
  LONGS_EQUAL(3000, count);
}

TEST(Authority, FilesForAnotherMachineWaitInTheQueue) {
  w.sync({"iosca"});
  w.servers.push_back(std::make_unique<crypto_pki::Authority>(w.context, w.store, "iosca"));
  Authority& ca = *w.servers.back();
  ServerSettings s = ca.settings();
  s.granting = Granting::automatic;
  (void)s.database.label.set("iosca");
  s.database.level = Level::complete;
  s.database.folder = Path("tftp://192.0.2.1/ca/");
  ca.configure(s);
  CHECK(ca.start(nullptr).has_value());
  w.world.settle();
  CHECK(ca.state() == ServerState::enabled);                       // the list could not be sent, the server runs
  const Result<Blob> made = issue(ca, receive(ca, request("a", "CN=a"), "1"));
  CHECK(made.has_value());
  w.world.run_for(Seconds(200));
  const auto& files = w.vault.files.files;
  const auto waiting = [&](const char* name) {                      // 'd': waits, 'u': was tried
    const std::string folder = "nvram:pki/iosca.out/";
    return files.count(folder + name) + files.count(folder + "u" + name) == 1;
  };
  CHECK(waiting("d002.cnm") && waiting("d202.cer") && waiting("d1iosca.crl"));
  size_t told = 0;
  for (const std::string& line : w.log.lines) told += line.find("%PKI-4-CS_UPLOAD") == 0;
  LONGS_EQUAL(1, told);
}

TEST(Authority, AuthoritiesAreNeverGrantedAutomatically) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  Request* ra = receive(ca, request("ra", "CN=ioscs RA,O=lab"), "1");
  CHECK(ra->profile == Profile::registration && ra->state == RequestState::pending);
  const Certificate c = std::move(*parse_certificate(*issue(ca, ra)));
  LONGS_EQUAL(ext_usage::kCmcRa, c.ext_usage);
  CHECK(!c.is_ca);
}

TEST_GROUP_BASE(Rollover, TEST_GROUP_CppUTestGroupAuthority) {
  Authority* ca = nullptr;
  void setup() override {
    ca = &w.start_ca("iosca", Granting::automatic);
    ServerSettings s = ca->settings();
    s.auto_rollover = true;
    s.rollover_days = 20;
    ca->configure(s);
  }
  void pass_days(int days) {
    w.world.clock.set_wall(w.world.clock.wall() + days * 86400);
    w.world.run_for(Seconds(6));
  }
  Certificate own() { return std::move(*parse_certificate(ca->identity()->certificate.der)); }
};

TEST(Rollover, TheSuccessorIsMadeInTimeAndTold) {
  uint16_t status = 0;
  w.ask("operation=GetNextCACert", {}, status);
  LONGS_EQUAL(404, status);
  pass_days(1074);
  CHECK(ca->successor().identity == nullptr);
  pass_days(2);
  CHECK(ca->successor().identity != nullptr);
  CHECK(w.log.has("%PKI-6-CS_ROLLOVER_AVAIL"));
  const Certificate& next = ca->successor().identity->certificate;
  LONGS_EQUAL(own().not_after, next.not_before);
  CHECK(equal_bytes(own().subject, next.subject));
  CHECK(!equal_bytes(own().spki, next.spki));
  const std::vector<uint8_t> body = w.ask("operation=GetNextCACert", {}, status);
  LONGS_EQUAL(200, status);
  CryptoThread allowed;
  const Result<SignedMessage> m = read_signed(Bytes(body));
  CHECK(m.has_value() && equal_bytes(m->signer, own().der));          // by today's authority
  const Result<Bag> bag = read_certificates(m->content);
  CHECK(bag.has_value() && bag->certificates.size() == 1 && equal_bytes(bag->certificates[0], next.der));
  CHECK(issue(*ca, receive(*ca, request("a", "CN=a"), "1")).has_value());   // clients can still renew
}

TEST(Rollover, TheSuccessorGoesOnWhenTheCertificateEnds) {
  const Certificate before = own();
  pass_days(1076);
  const Blob next = *Blob::copy_of(ca->successor().identity->certificate.der.view());
  pass_days(20);
  CHECK(ca->state() == ServerState::enabled);
  CHECK(equal_bytes(ca->identity()->certificate.der, next));
  CHECK(ca->successor().identity == nullptr);
  CHECK(w.log.has("%PKI-6-CS_ROLLOVER_NOW"));
  const Certificate c = std::move(*parse_certificate(*issue(*ca, receive(*ca, request("a", "CN=a"), "1"))));
  CHECK(verify_issued(c, own()).has_value());
  CHECK(serial_magnitude(c.serial)[0] > serial_magnitude(own().serial)[0]);
  const Crl list = std::move(*parse_crl(*ca->crl()));
  CHECK(verify_crl(list, own().spki).has_value());
  const Entry* e = w.store.find("iosca");                               // the chain is in order: one certificate, of the kind ca
  LONGS_EQUAL(1, e->certificates.size());
  CHECK(equal_bytes(e->authority()->certificate.der, next));
  ca = &boot_again(Granting::automatic);
  CHECK(equal_bytes(ca->identity()->certificate.der, next));
  ServerSettings s = ca->settings();                                    // and once more, with the first key label again
  s.auto_rollover = true;
  ca->configure(s);
  pass_days(1080);
  CHECK(ca->successor().identity != nullptr);
  CHECK(!equal_bytes(ca->successor().identity->certificate.spki, before.spki));
}

// Phones have no second certificate that waits: theirs must reach over the roll-over.
TEST(Rollover, PhonesGetTheirsFromTheSuccessorAlready) {
  LocalPhoneIssuer issuer(w.context, w.store, w);
  struct Owner final : Task {
    explicit Owner(Scheduler& s) : Task(s, "test") {}
    Poll step() override { return Poll::pending; }
  } owner(w.world.scheduler);
  const auto phone = [&](const char* key) {
    CryptoThread allowed;
    const Blob spki = *w.vault.keys->public_key(w.make_key(key, 1024));
    auto i = issuer.issue({"iosca", "", "SEP001122334455", spki}, owner);
    CHECK(i.has_value());
    w.world.settle();
    return std::move(*(*i)->poll());
  };
  pass_days(1050);
  const Blob before = phone("before");
  LONGS_EQUAL(own().not_after, parse_certificate(before)->not_after);
  pass_days(26);
  const Blob after = phone("after");
  const Certificate next = std::move(*parse_certificate(ca->successor().identity->certificate.der.view()));
  CHECK(verify_issued(*parse_certificate(after), next).has_value());
  CHECK(parse_certificate(after)->not_after > own().not_after);
  for (const ChainKind kind : {ChainKind::ca, ChainKind::rollover}) {
    const Certificate& c = kind == ChainKind::ca ? ca->identity()->certificate : next;
    w.text.items.push_back({"iosca", kind, kind == ChainKind::ca ? "01" : "02", {c.der.view().begin(), c.der.view().end()}});
  }
  w.sync({"iosca"});
  Config config;
  for (const PeerUse use : {PeerUse::phone_lsc, PeerUse::any}) {
    PeerRule rule;
    rule.labels[0] = Text<63>("iosca");
    rule.use = use;
    rule.legacy = true;
    const auto set = *make_trust_set(rule, w.store, config, true);
    const auto good = [&](const Blob& der) {
      const Certificate c = std::move(*parse_certificate(der));
      return find_path(std::span<const Certificate>(&c, 1), std::span<const TrustedCertificate>(set->certificates.begin(), set->certificates.size()),
                       path_rules(rule, w.context.now())).ok();
    };
    CHECK(good(before));
    CHECK_EQUAL(use == PeerUse::phone_lsc, good(after));   // others learn the successor when it begins
  }
  CHECK_FALSE(issuer.revoked(before.view()));
  CHECK(revoke(*ca, serial_number(parse_certificate(before)->serial), 1).has_value());
  CHECK(issuer.revoked(before.view()));
  CHECK_FALSE(issuer.revoked(after.view()));
}

TEST(Rollover, ABootBetweenFindsTheSuccessor) {
  pass_days(1076);
  const Blob next = *Blob::copy_of(ca->successor().identity->certificate.der.view());
  ca = &boot_again(Granting::automatic);
  CHECK(equal_bytes(ca->successor().identity->certificate.der, next));
  w.world.clock.set_wall(w.world.clock.wall() + 30 * 86400);                               // off while the certificate ended
  ca = &boot_again(Granting::automatic);
  CHECK(ca->state() == ServerState::enabled);
  CHECK(equal_bytes(ca->identity()->certificate.der, next));
}

TEST(Rollover, WithoutItTheServerStopsAtTheEnd) {
  ServerSettings s = ca->settings();
  s.auto_rollover = false;
  ca->configure(s);
  pass_days(1096);
  CHECK(ca->state() == ServerState::failed);
}

TEST(Authority, TheArchiveHoldsTheKeyAndTheKeyStaysHere) {
  for (const bool pem : {false, true}) {
    const std::string label = pem ? "pemca" : "p12ca";
    w.sync({label});
    w.servers.push_back(std::make_unique<crypto_pki::Authority>(w.context, w.store, label));
    Authority& ca = *w.servers.back();
    ServerSettings s = ca.settings();
    s.archived = true;
    s.archive_pem = pem;
    ca.configure(s);
    CHECK(ca.start(nullptr, "Secret123").has_value());
    w.world.settle();
    CHECK(ca.state() == ServerState::enabled);
    CHECK(!w.vault.keys->info(ca.identity()->key)->exportable);
    CHECK(!w.vault.keys->find(label + ".archive"));
    const std::vector<uint8_t>& file = w.vault.files.files["nvram:" + label + (pem ? ".pem" : ".p12")];
    CryptoThread allowed;
    Blob key;
    if (pem) {
      const std::string text(file.begin(), file.end());
      CHECK(text.find("-----BEGIN CERTIFICATE-----") == 0);
      key = *Blob::copy_of(std::string_view(text).substr(text.find("-----BEGIN ENCRYPTED")));
    } else {
      Result<Pkcs12> p = read_pkcs12(Bytes(file), "Secret123");
      CHECK(p.has_value() && equal_bytes(p->certificates[0], ca.identity()->certificate.der));
      key = std::move(p->key);
    }
    const Result<KeyRef> back = w.vault.keys->import_key(label + "-back", key, "Secret123", false);
    CHECK(back.has_value());
    CHECK(equal_bytes(*w.vault.keys->public_key(*back), ca.identity()->certificate.spki));
  }
}

TEST(Authority, ANonExportableKeyCannotBeArchived) {
  w.make_key("iosca");
  w.sync({"iosca"});
  w.servers.push_back(std::make_unique<crypto_pki::Authority>(w.context, w.store, "iosca"));
  Authority& ca = *w.servers.back();
  ServerSettings s = ca.settings();
  s.archived = true;
  ca.configure(s);
  CHECK(ca.start(nullptr, "Secret123").has_value());
  w.world.settle();
  CHECK(ca.state() == ServerState::failed);
  CHECK(w.log.has("not exportable"));
}
