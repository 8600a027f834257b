// Reference configurations: every line is taken, and what is written is read again to the same text.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <sstream>

#include "tests/golden/config_router.h"

#include <CppUTest/TestHarness.h>

using namespace parley;
using namespace parley::test;

namespace {

const char* const kFiles[] = {
    "capf-server-on-other-router.cfg", "capf-server-on-other-router.elided.cfg", "credentials-provider.cfg", "ctl-client-on-cme.cfg",
    "ctl-client-on-other-router.cfg", "cube-gateway.cfg", "https-provisioning.cfg", "https-services.cfg", "ios-ca-iosca-chain.cfg",
    "ios-ca-iosca.cfg", "ios-ca-show-run-fragment.cfg", "ios-ca.cfg", "password-policy.cfg", "ra-server.cfg", "secure-cme-full.cfg",
    "secure-cme-full.flat.cfg", "secure-sip-trunk.cfg", "server-function-certs.cfg", "srtp-h323-procedure.cfg",
    "telephony-security.cfg",
};

std::string config(const std::string& name) { return file_text("tests/configs/" + name); }

// Lines that do something at once: they are not settings, and act only at a console.
bool is_action(const std::string& line) {
  const std::string l = line.substr(std::min(line.find_first_not_of(' '), line.size()));
  for (const char* begin : {"crypto pki authenticate", "crypto pki enroll", "crypto key generate", "regenerate", "key config-key"})
    if (l.rfind(begin, 0) == 0) return true;
  return false;
}

std::string refused(const std::vector<Refusal>& all) {
  std::string out;
  for (const Refusal& r : all)
    if (!is_action(r.line))
      out += std::to_string(r.number) + " verdict " + std::to_string(static_cast<int>(r.verdict)) + ": " + r.line + " " + r.text + "\n";
  return out;
}

// Without "!" lines, without what changes by itself (cli.md ), one per line.
std::vector<std::string> settings(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string l; std::getline(in, l);) {
    const size_t first = l.find_first_not_of(' ');
    if (first == std::string::npos || l[first] == '!' || l == "end") continue;
    if (l.rfind("Building", 0) == 0 || l.rfind("Current configuration", 0) == 0 || l.rfind("version ", 0) == 0) continue;
    out.push_back(l);
  }
  return out;
}

}  // namespace

TEST_GROUP(Configs) {};

TEST(Configs, TablesHaveNoMistakes) {
  ConfigRouter router;
  std::string text;
  struct Out : Writer { std::string* t; void write(std::string_view s) override { *t += s; } } out;
  out.t = &text;
  (void)router.engine().check_tables(&out);
  STRCMP_EQUAL("", text.c_str());
}

TEST(Configs, EveryLineIsTaken) {
  for (const char* name : kFiles) {
    ConfigRouter router;
    const std::vector<Refusal> all = router.paste(config(name));
    if (std::string(name).find("elided") == std::string::npos) {
      STRCMP_EQUAL_TEXT("", refused(all).c_str(), name);
      continue;
    }
    for (const Refusal& r : all) CHECK_TEXT(r.text.find("Certificate data for serial") != std::string::npos, r.line.c_str());
  }
}

TEST(Configs, SixCutCertificatesAreDropped) {
  ConfigRouter router;
  LONGS_EQUAL(6, router.paste(config("capf-server-on-other-router.elided.cfg")).size());
}

TEST(Configs, WrittenTextReadsToItself) {
  for (const char* name : kFiles) {
    ConfigRouter first, second;
    (void)first.paste(config(name));
    const std::string once = first.print();
    STRCMP_EQUAL_TEXT("", refused(second.paste(once)).c_str(), name);
    const std::string twice = second.print();
    STRCMP_EQUAL_TEXT(once.c_str(), twice.c_str(), name);
    STRCMP_EQUAL_TEXT("", refused(second.paste(once)).c_str(), name);
    STRCMP_EQUAL_TEXT(once.c_str(), second.print().c_str(), name);
  }
}

TEST(Configs, FullExampleIsWrittenInItsOrder) {
  ConfigRouter router;
  const std::string source = config("secure-cme-full.cfg");
  (void)router.paste(source);
  const std::vector<std::string> want = settings(source), got = settings(router.print());
  for (size_t i = 0; i < want.size() && i < got.size(); ++i) STRCMP_EQUAL(want[i].c_str(), got[i].c_str());
  LONGS_EQUAL(want.size(), got.size());
}

TEST(Configs, IndentationHasNoMeaning) {
  ConfigRouter indented, flat;
  (void)indented.paste(config("secure-cme-full.cfg"));
  (void)flat.paste(config("secure-cme-full.flat.cfg"));
  const std::vector<std::string> a = settings(indented.print()), b = settings(flat.print());
  LONGS_EQUAL(a.size(), b.size());
  size_t different = 0;
  for (size_t i = 0; i < a.size(); ++i) different += a[i] != b[i] ? 1 : 0;
  LONGS_EQUAL(2, different);   // the two patterns printed with five dots
}

TEST(Configs, AbbreviationGivesWayToTheParent) {
  ConfigRouter router;
  STRCMP_EQUAL("", refused(router.paste("ephone 1\n type 7970\nephone 2\n ephone-t 3\n")).c_str());
  const std::string text = router.print();
  CHECK(text.find("ephone  1\n type 7970\n!\n") != std::string::npos);
  CHECK(text.find("ephone  2\n ephone-template 3\n!\n") != std::string::npos);
}
