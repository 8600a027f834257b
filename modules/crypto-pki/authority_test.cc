// Tests of a certificate server's durable state: index, waiting requests, revocation, numbers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <CppUTest/TestHarness.h>

#include "modules/crypto-pki/crl.h"
#include "modules/crypto-pki/csr.h"
#include "modules/crypto-pki/name.h"
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

TEST(Authority, AuthoritiesAreNeverGrantedAutomatically) {
  Authority& ca = w.start_ca("iosca", Granting::automatic);
  Request* ra = receive(ca, request("ra", "CN=ioscs RA,O=lab"), "1");
  CHECK(ra->profile == Profile::registration && ra->state == RequestState::pending);
  const Certificate c = std::move(*parse_certificate(*issue(ca, ra)));
  LONGS_EQUAL(ext_usage::kCmcRa, c.ext_usage);
  CHECK(!c.is_ca);
}
