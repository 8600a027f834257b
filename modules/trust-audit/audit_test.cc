// Tests of the audit: each link broken alone in facts of a phone whose chain is whole, and what the console shows.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <functional>

#include <CppUTest/TestHarness.h>

#include "modules/trust-audit/audit_links.h"

using namespace parley;
using namespace parley::trust_audit;

namespace {

Facts whole() {
  Facts f;
  const auto some = [](Blob& b) { (void)b.append(as_bytes("x")); };
  f.device = std::string_view("SEP001122334455");
  f.tag = 3;
  f.phone.mode = telephony_service::DeviceMode::encrypted;
  f.phone.server_secure = f.phone.encrypted = f.phone.https = true;
  f.phone.ip = 1;
  some(f.phone.certificate);
  f.address_up = f.clock = f.tftp = f.https = true;
  for (Blob* b : {&f.ctl.file, &f.itl.file, &f.plain, &f.sgn.file, &f.enc.file}) some(*b);
  f.signer_count = 2;
  f.signers[0].label = std::string_view("one");
  f.signers[1].label = std::string_view("two");
  f.signers[0].listed = f.signers[1].listed = true;
  for (ShownFacts* s : {&f.files, &f.capf, &f.tvs, &f.calls}) {
    s->used = s->has_port = s->listening = s->listed = true;
    s->trustpoint = std::string_view("label");
    some(s->certificate);
  }
  f.services_vouched = f.hash_matches = true;
  f.now = 50;
  f.not_before = 1;
  f.not_after = 100;
  return f;
}

Status fault(const char* why) { return Fault{Code::untrusted, why, 0}; }

struct Break {
  Link link;
  std::function<void(Facts&)> how;
  const char* cause;
};

const Break kBreaks[] = {
    {Link::address, [](Facts& f) { f.phone.ip = 0; }, "no source address is configured"},
    {Link::address, [](Facts& f) { f.address_up = false; f.calls.listening = f.capf.listening = f.tvs.listening = false; }, "no interface"},
    {Link::clock, [](Facts& f) {
       f.clock = false;
       f.files.usable = f.capf.usable = f.calls.usable = f.tvs.usable = f.issuing = fault("clock");
     }, "the clock is not set"},
    {Link::file_service, [](Facts& f) { f.tftp = false; }, "the TFTP port is closed"},
    {Link::ctl, [](Facts& f) {
       f.ctl.file.clear();
       f.phone.server_secure = false;
       for (ShownFacts* s : {&f.capf, &f.calls}) s->listed = false;
     }, "there is no CTL file"},
    {Link::ctl_signature, [](Facts& f) { f.ctl.verdict = fault("signature does not hold"); f.signers[0].listed = f.signers[1].listed = false; }, "signature"},
    {Link::ctl_signers, [](Facts& f) { f.signers[1].listed = false; }, "the certificate of trustpoint two"},
    {Link::ctl_signers, [](Facts& f) { f.signer_count = 1; }, "SAST1 and SAST2 are not both there"},
    {Link::itl, [](Facts& f) {
       f.phone.mode = telephony_service::DeviceMode::none;
       f.ctl.file.clear();
       f.itl.file.clear();
       for (ShownFacts* s : {&f.files, &f.capf, &f.tvs, &f.calls}) s->listed = false;
       f.services_vouched = false;
       f.sgn.verdict = f.enc.verdict = fault("no list");
     }, "neither a CTL nor an ITL"},
    {Link::itl_signature, [](Facts& f) { f.itl.verdict = fault("damaged"); }, "damaged"},
    {Link::list_in_phone, [](Facts& f) { f.follows = false; }, "does not know who signed"},
    {Link::file_signer, [](Facts& f) {
       f.files = {};
       f.sgn.file.clear();
       f.enc.file.clear();
     }, "nothing signs phone files"},
    {Link::file_signer, [](Facts& f) { f.files.usable = fault("expired"); }, "trustpoint label: expired"},
    {Link::file_signer_listed, [](Facts& f) { f.files.listed = false; f.sgn.verdict = f.enc.verdict = fault("no record"); }, "no list names"},
    {Link::phone_file, [](Facts& f) { f.plain.clear(); f.sgn.file.clear(); f.enc.file.clear(); f.hash_matches = false; f.tftp = false; }, "there is no phone file"},
    {Link::phone_file, [](Facts& f) { f.sgn.file.clear(); f.enc.file.clear(); }, "there is no signed phone file"},
    {Link::file_signature, [](Facts& f) { f.sgn.verdict = f.enc.verdict = fault("digest differs"); }, "digest differs"},
    {Link::file_age, [](Facts& f) { (void)f.phone.problem.set("disk full"); f.hash_matches = false; }, "disk full"},
    {Link::device_mode, [](Facts& f) { f.phone.server_secure = false; f.calls.listed = f.capf.listed = false; }, "mode none"},
    {Link::capf_server, [](Facts& f) { f.capf = {}; f.issuing = fault("x"); }, "no CAPF server"},
    {Link::capf_server, [](Facts& f) { f.capf.listening = false; f.capf.trouble = fault("address in use"); }, "address in use"},
    {Link::capf_server, [](Facts& f) { f.capf.usable = fault("no key"); f.capf.listed = false; }, "trustpoint label: no key"},
    {Link::capf_listed, [](Facts& f) { f.capf.listed = false; }, "no list names"},
    {Link::issuing_ca, [](Facts& f) { f.issuing = fault("the certificate server is not enabled"); f.phone.certificate.clear(); f.enc.file.clear(); }, "not enabled"},
    {Link::certificate, [](Facts& f) { f.phone.certificate.clear(); f.enc.file.clear(); f.hash_matches = false; }, "the phone has no certificate"},
    {Link::certificate, [](Facts& f) { f.phone.certificate.clear(); f.enc.file.clear(); f.phone.session_wanted = true; }, "has not fetched"},
    {Link::certificate_dates, [](Facts& f) { f.now = 101; f.certificate_trust = fault("expired"); }, "expired"},
    {Link::certificate_dates, [](Facts& f) { f.now = 0; f.certificate_trust = fault("not yet"); }, "not valid yet"},
    {Link::certificate_trust, [](Facts& f) { f.certificate_trust = fault("issuer is not known"); }, "issuer is not known"},
    {Link::certificate_hash, [](Facts& f) { f.hash_matches = false; f.enc.file.clear(); }, "names another certificate"},
    {Link::encrypted_file, [](Facts& f) { f.enc.file.clear(); }, "there is no encrypted phone file"},
    {Link::encrypted_signature, [](Facts& f) { f.enc.verdict = fault("signature"); }, "signature"},
    {Link::tvs_server, [](Facts& f) { f.tvs.listening = false; }, "its port is closed"},
    {Link::tvs_listed, [](Facts& f) { f.tvs.listed = false; f.services_vouched = false; }, "no list names"},
    {Link::calls, [](Facts& f) { f.calls = {}; }, "nothing secures call control"},
    {Link::calls, [](Facts& f) { f.calls.listening = false; }, "its port is closed"},
    {Link::calls_listed, [](Facts& f) { f.calls.listed = false; }, "no list names"},
    {Link::services, [](Facts& f) { f.services_vouched = false; }, "vouches for the HTTPS server"},
};

}  // namespace

TEST_GROUP(TrustAudit) {};

TEST(TrustAudit, AWholeChainHasNoBrokenLink) {
  const Audit a = judge(whole());
  for (size_t i = 0; i < kLinks; ++i) {
    const auto expected = static_cast<Link>(i) == Link::option_150 ? State::unused : State::ok;
    CHECK_TEXT(a.links[i].state == expected, link_name(static_cast<Link>(i)));
  }
}

TEST(TrustAudit, EachBreakIsNamedAndNoOther) {
  for (const Break& b : kBreaks) {
    Facts f = whole();
    b.how(f);
    const Audit a = judge(f);
    for (size_t i = 0; i < kLinks; ++i) {
      if (a.links[i].state != State::broken) continue;
      STRCMP_EQUAL_TEXT(link_name(b.link), link_name(static_cast<Link>(i)), b.cause);
    }
    CHECK_TEXT(a[b.link].state == State::broken, link_name(b.link));
    STRCMP_CONTAINS_TEXT(b.cause, a[b.link].cause.c_str(), link_name(b.link));
    CHECK_TEXT(!a[b.link].next.empty(), link_name(b.link));
  }
}

TEST(TrustAudit, APhoneWithoutSecurityNeedsOnlyItsFile) {
  Facts f;
  f.phone.ip = 1;
  f.address_up = f.clock = f.tftp = true;
  (void)f.plain.append(as_bytes("x"));
  const Audit a = judge(f);
  LONGS_EQUAL(0, a.broken());
  CHECK(a[Link::phone_file].state == State::ok && a[Link::ctl].state == State::unused && a[Link::calls].state == State::unused);
}
