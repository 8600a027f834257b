// Tests of load-cfg-file: typed lines and files in, published files out; XML that is refused.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/cfg_files.h"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

#include "modules/ctl-client/trust_file_wire.h"
#include "modules/telephony-service/xml_check.h"
#include "tests/support/trust_group.h"

using namespace parley;
using namespace parley::telephony_service;

namespace {

std::string judged(const std::string& xml) {
  const Status s = check_xml(as_bytes(xml));
  return s ? std::string("good") : std::string(s.error().what);
}
std::string nested(unsigned depth) {
  std::string begin, end;
  for (unsigned i = 0; i < depth; ++i) {
    begin += "<a>";
    end += "</a>";
  }
  return begin + end;
}

}  // namespace

TEST_GROUP(XmlCheck) {};

TEST(XmlCheck, TakesPhoneXmlAndRefusesBombs) {
  STRCMP_EQUAL("good", judged("<?xml version=\"1.0\"?><CiscoIPPhoneRingList><Ring>a &amp; b</Ring></CiscoIPPhoneRingList>").c_str());
  STRCMP_EQUAL("good", judged(nested(32)).c_str());
  STRCMP_EQUAL("elements are nested too deep", judged(nested(33)).c_str());
  STRCMP_EQUAL("a document type is not allowed", judged("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>").c_str());
  STRCMP_EQUAL("the XML is not well formed", judged("<a>&b;</a>").c_str());
  STRCMP_EQUAL("the XML is not well formed", judged("<a></b>").c_str());
  STRCMP_EQUAL("the XML is not well formed", judged("").c_str());
  std::string many = "<a>";
  for (int i = 0; i < 20001; ++i) many += "<b/>";
  STRCMP_EQUAL("too many elements", judged(many + "</a>").c_str());
  STRCMP_EQUAL("the XML is too long", judged("<a>" + std::string(kMaxXml, ' ') + "</a>").c_str());
}

TEST_GROUP_BASE(CfgFiles, test::TrustGroup) {
  std::unique_ptr<CfgFiles> files;
  std::vector<CfgFile> lines;
  Telephony telephony;

  void setup() override {
    begin({{"cme-tftp", "tftp"}});
    telephony.tftp_credentials = std::string_view("cme-tftp");
    t->store.files["slot0:ring.xml"] = "<Rings/>";
    files = std::make_unique<CfgFiles>(t->env, *pki, publisher);
  }
  void teardown() override {
    files = nullptr;
    CHECK(publisher.files.empty());
    finish();
  }
  void line(const char* path, const char* alias, bool sign) {
    CfgFile f;
    f.id = static_cast<uint32_t>(lines.size() + 1);
    f.path = std::string_view(path);
    f.alias = std::string_view(alias);
    f.sign = sign;
    lines.push_back(f);
  }
  void set() {
    const CryptoThread allowed;
    telephony.cfg_files.items = lines.data();
    telephony.cfg_files.count = static_cast<uint32_t>(lines.size());
    files->set(telephony, telephony.tftp_credentials);
    t->world.run_for(Seconds(1));
  }
  std::string file(const char* name) { return publisher.files.count(name) != 0 ? publisher.files[name] : "-"; }
  std::string body(const char* name) {
    const std::string data = file(name);
    const auto f = ctl_client::read_file(as_bytes(data));
    return f && f->header.file_name == name ? std::string(as_text(f->body())) : "-";
  }
};

TEST(CfgFiles, ServesPlainAndSigned) {
  line("slot0:ring.xml", "Ringlist.xml", true);
  line("slot0:ring.xml", "Plain.xml", false);
  set();
  STRCMP_EQUAL("<Rings/>", file("Ringlist.xml").c_str());
  STRCMP_EQUAL("<Rings/>", body("Ringlist.xml.sgn").c_str());
  STRCMP_EQUAL("<Rings/>", file("Plain.xml").c_str());
  STRCMP_EQUAL("-", file("Plain.xml.sgn").c_str());
  pass(Seconds(60));
  set();
  LONGS_EQUAL(1, files->signatures());
}

TEST(CfgFiles, FollowsTheFileAndTheSigner) {
  line("slot0:ring.xml", "Ringlist.xml", true);
  set();
  t->store.files["slot0:ring.xml"] = "<Rings>2</Rings>";
  pass(Seconds(15));
  STRCMP_EQUAL("<Rings>2</Rings>", body("Ringlist.xml.sgn").c_str());
  STRCMP_EQUAL("<Rings>2</Rings>", file("Ringlist.xml").c_str());
  pki->add("cme-tftp", "ccm");
  set();
  LONGS_EQUAL(3, files->signatures());
  lines.clear();
  set();
  CHECK(publisher.files.empty());
}

TEST(CfgFiles, WhatCannotBeServedIsNotServed) {
  t->store.files["slot0:bad.xml"] = "<Rings>";
  line("slot0:bad.xml", "Bad.xml", false);
  line("slot0:missing", "Missing", false);
  line("tftp://192.0.2.9/x", "Foreign", false);
  line("slot0:ring.xml", "CTLFile.tlv", false);
  line("slot0:ring.xml", "fw.loads", true);
  line("slot0:ring.xml", "Ringlist.xml", false);
  set();
  LONGS_EQUAL(1, publisher.files.size());
  t->store.files["slot0:bad.xml"] = "<Rings></Rings>";
  pass(Seconds(15));
  STRCMP_EQUAL("<Rings></Rings>", file("Bad.xml").c_str());
}
