// Tests of the content of phone files.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/phone_file.h"

#include <string>

#include <expat.h>

#include <CppUTest/TestHarness.h>

#include "modules/telephony-service/phone_tables.h"
#include "modules/telephony-service/xml_writer.h"
#include "tests/support/test_env.h"

using namespace parley;
using namespace parley::telephony_service;

namespace {

std::string escaped(std::string_view s) {
  Blob b;
  escape_xml(b, s);
  return std::string(b.text());
}

bool well_formed(const std::string& xml) {
  XML_Parser p = XML_ParserCreate(nullptr);
  const bool good = XML_Parse(p, xml.data(), static_cast<int>(xml.size()), 1) == XML_STATUS_OK;
  XML_ParserFree(p);
  return good;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_GROUP(PhoneFile) {
  Telephony t;
  Ephone phone;
  bool https = false;
  std::vector<Load> loads;
  std::vector<PhoneSetting> settings;
  std::vector<ServiceUrl> service_urls;

  void setup() override {
    t.id = 1;
    t.source = cli::Ipv4{0x0A0D200B};
    phone.id = 1;
    phone.tag = 1;
    phone.mac = cli::Mac{{0x00, 0x12, 0x43, 0x02, 0xA7, 0xCC}};
    phone.type = std::string_view("7970");
    Load l;
    l.id = 1;
    l.type = std::string_view("7960-7940");
    l.file = std::string_view("P00308000300");
    loads.push_back(l);
    l.type = std::string_view("7970");
    l.file = std::string_view("SCCP70.8-0-3S");
    loads.push_back(l);
  }
  template <class T> void bind(cli::Table<T>& table, std::vector<T>& items) {
    table.items = items.data();
    table.count = static_cast<uint32_t>(items.size());
  }
  PhoneFacts facts(bool secure) {
    PhoneFacts f;
    f.server_secure = secure;
    f.https = https;
    return f;
  }
  std::string file(bool secure) {
    bind(t.loads, loads);
    bind(t.phone_settings, settings);
    bind(t.urls, service_urls);
    const auto f = write_phone_file(t, phone, facts(secure));
    CHECK_OK(f);
    const std::string text(f->text.text());
    CHECK(well_formed(text));
    CHECK(text.substr(f->stamp_at - 1, 22) == "{" + std::string(20, ' ') + "}");
    return text;
  }
};

TEST(PhoneFile, NamesAndStamps) {
  STRCMP_EQUAL("SEP00124302A7CC.cnf.xml", phone_file_name(phone.mac).c_str());
  STRCMP_EQUAL("Nov 21 2026 12:00:01", stamp_of(1795262401).c_str());
  STRCMP_EQUAL("Jan 01 1970 00:00:00", stamp_of(0).c_str());
}

TEST(PhoneFile, TellsServersLoadAndMode) {
  t.device_mode = DeviceMode::encrypted;
  t.secondary = cli::Ipv4{0x0A0D200C};
  const std::string xml = file(true);
  CHECK(has(xml, "<fullConfig>true</fullConfig>"));
  CHECK(has(xml, "<deviceProtocol>SCCP</deviceProtocol>"));
  CHECK(has(xml, "<member priority=\"0\">"));
  CHECK(has(xml, "<processNodeName>10.13.32.11</processNodeName>"));
  CHECK(has(xml, "<member priority=\"1\">"));
  CHECK(has(xml, "<ethernetPhonePort>2000</ethernetPhonePort>"));
  CHECK(has(xml, "<loadInformation>SCCP70.8-0-3S</loadInformation>"));
  CHECK(has(xml, "<deviceSecurityMode>3</deviceSecurityMode>"));
  CHECK(has(xml, "<capfAuthMode>0</capfAuthMode>"));
  CHECK(has(xml, "<phonePort>3804</phonePort>"));
  CHECK(has(xml, "<webAccess>1</webAccess>"));
  CHECK(has(xml, "<encrConfig>false</encrConfig>"));
}

TEST(PhoneFile, ASipPhoneIsToldItsProtocolAndLogin) {
  RegisterPool pool;
  pool.user = std::string_view("u<1>");
  pool.password.set = 1;
  pool.password.text = std::string_view("Abcd12");
  bind(t.loads, loads);
  PhoneFacts f;
  f.sip = &pool;
  const auto made = write_phone_file(t, phone, f);
  CHECK_OK(made);
  const std::string xml(made->text.text());
  CHECK(well_formed(xml));
  for (const char* part : {"<deviceProtocol>SIP<", "<transportLayerProtocol>2<", "<sipPort>5060<", "<securedSipPort>5061<", "<deviceSecurityMode>1<",
                           "<authName>u&lt;1&gt;</authName>", "<authPassword>Abcd12</authPassword>"})
    CHECK_TEXT(has(xml, part), part);
  pool.password.type = 6;
  const auto hidden = write_phone_file(t, phone, f);
  CHECK_OK(hidden);
  CHECK(has(std::string(hidden->text.text()), "<authPassword></authPassword>"));
}

TEST(PhoneFile, HttpsOfSipPhones) {
  Config c;
  std::vector<RegisterTemplate> templates(1);
  templates[0].tag = 2;
  templates[0].https = true;
  bind(c.register_templates, templates);
  RegisterPool pool;
  CHECK_FALSE(https_services(c, pool));
  pool.pool_template = 2;
  CHECK(https_services(c, pool));
  pool.pool_template = 0;
  c.register_global.https = true;
  CHECK(https_services(c, pool));
}

TEST(PhoneFile, ModeOfThePhoneWinsAndNothingIsSecureWithoutAList) {
  t.device_mode = DeviceMode::encrypted;
  CHECK(has(file(false), "<deviceSecurityMode>1</deviceSecurityMode>"));
  CHECK_FALSE(has(file(false), "<capfList>"));
  phone.device_mode_set = true;
  phone.device_mode = DeviceMode::authenticated;
  CHECK(has(file(true), "<deviceSecurityMode>2</deviceSecurityMode>"));
  phone.device_mode = DeviceMode::none;
  CHECK(has(file(true), "<deviceSecurityMode>1</deviceSecurityMode>"));
  phone.capf_ip_in_cnf = true;
  CHECK(has(file(false), "<capfList>"));
}

TEST(PhoneFile, LoadNamesMayShareALine) {
  bind(t.loads, loads);
  STRCMP_EQUAL("P00308000300", std::string(load_of(t, "7940")).c_str());
  STRCMP_EQUAL("P00308000300", std::string(load_of(t, "7960")).c_str());
  STRCMP_EQUAL("", std::string(load_of(t, "796")).c_str());
  STRCMP_EQUAL("", std::string(load_of(t, "")).c_str());
}

TEST(PhoneFile, EscapesEverything) {
  STRCMP_EQUAL("a&lt;b&gt;&amp;&quot;&apos;", escaped("a<b>&\"'").c_str());
  STRCMP_EQUAL("caf\xc3\xa9 ? ?", escaped("caf\xc3\xa9 \x01 \xff").c_str());
  STRCMP_EQUAL("?? ???", escaped("\xc0\xaf \xed\xa0\x80").c_str());
  ServiceUrl u;
  u.id = 1;
  u.url = std::string_view("http://h/x?a=1&b=<2>");
  service_urls.push_back(u);
  PhoneSetting s;
  s.id = 1;
  s.name = std::string_view("bad name><x");
  s.value = std::string_view("]]></vendorConfig>");
  settings.push_back(s);
  s.name = std::string_view("displayOnTime");
  settings.push_back(s);
  const std::string xml = file(true);
  CHECK(has(xml, "<servicesURL>http://h/x?a=1&amp;b=&lt;2&gt;</servicesURL>"));
  CHECK_FALSE(has(xml, "bad name"));
  CHECK(has(xml, "<displayOnTime>]]&gt;&lt;/vendorConfig&gt;</displayOnTime>"));
}

TEST(PhoneFile, SshPasswordOnlyWhenReadable) {
  t.ssh_user = std::string_view("admin");
  t.ssh_password.set = 1;
  t.ssh_password.type = 6;
  t.ssh_password.text = std::string_view("cipher");
  CHECK(has(file(true), "<sshUserId></sshUserId>"));
  t.ssh_password.type = 0;
  CHECK(has(file(true), "<sshPassword>cipher</sshPassword>"));
}

TEST(PhoneFile, HttpsFormsOfTheServiceUrls) {
  STRCMP_EQUAL("https://h/x?a=1:80", https_url("http://h:80/x?a=1:80").c_str());
  STRCMP_EQUAL("https://10.1.1.1:8443/p", https_url("HTTP://10.1.1.1:8080/p").c_str());
  STRCMP_EQUAL("https://h:8180", https_url("http://h:8180").c_str());
  STRCMP_EQUAL("https://h:8180/", https_url("https://h:8180/").c_str());
  STRCMP_EQUAL("", https_url("tftp://h/x").c_str());
  STRCMP_EQUAL("", https_url("").c_str());
  STRCMP_EQUAL(("https://" + std::string(120, 'h')).c_str(), https_url("http://" + std::string(120, 'h')).c_str());
  ServiceUrl u;
  u.id = 1;
  u.url = std::string_view("http://h/x");
  service_urls.push_back(u);
  t.authentication_url = std::string_view("http://10.1.1.1:80/auth");
  CHECK_FALSE(has(file(true), "secure"));
  https = true;
  const std::string xml = file(true);
  CHECK(has(xml, "<servicesURL>http://h/x</servicesURL>"));
  CHECK(has(xml, "<secureServicesURL>https://h/x</secureServicesURL>"));
  CHECK(has(xml, "<secureAuthenticationURL>https://10.1.1.1/auth</secureAuthenticationURL>"));
  CHECK(has(xml, "<secureDirectoryURL></secureDirectoryURL>"));
  CHECK(has(xml, "<phoneServices useHTTPS=\"true\">"));
}

TEST(PhoneFile, PartialFileHasNoSecrets) {
  bind(t.loads, loads);
  t.ssh_user = std::string_view("admin");
  t.ssh_password.set = 1;
  t.ssh_password.text = std::string_view("hidden");
  PhoneFacts f = facts(true);
  f.encrypted = true;
  f.capf.server.ip = 0x0A0D200B;
  f.capf.auth_mode = 2;
  f.capf.certificate_hash = std::string_view("fc9b02c41cb3fc8fde734daed2514684");
  const auto partial = write_partial_file(t, phone, f);
  CHECK_OK(partial);
  STRCMP_EQUAL(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<device>\n  <fullConfig>false</fullConfig>\n"
      "  <ipAddressMode>0</ipAddressMode>\n  <loadInformation>SCCP70.8-0-3S</loadInformation>\n"
      "  <capfAuthMode>2</capfAuthMode>\n  <capfList>\n    <capf>\n      <phonePort>3804</phonePort>\n"
      "      <processNodeName>10.13.32.11</processNodeName>\n    </capf>\n  </capfList>\n"
      "  <certHash>fc9b02c41cb3fc8fde734daed2514684</certHash>\n  <encrConfig>true</encrConfig>\n</device>\n",
      std::string(partial->text.text()).c_str());
  const auto whole = write_phone_file(t, phone, f);
  CHECK_OK(whole);
  CHECK(has(std::string(whole->text.text()), "<sshPassword>hidden</sshPassword>"));
  CHECK(has(std::string(whole->text.text()), "<encrConfig>true</encrConfig>"));
}

TEST(PhoneFile, TheNearestSettingWins) {
  Config c;
  std::vector<EphoneTemplate> templates(2);
  templates[0].tag = 1;
  templates[1].tag = 2;
  bind(c.templates, templates);
  phone.phone_template = 2;
  for (const bool global : {false, true}) {
    c.telephony.cnf_encrypted = c.telephony.service_https = global;
    for (const OwnSetting in_template : {OwnSetting::off, OwnSetting::on, OwnSetting::inherit}) {
      templates[1].cnf_encrypted = templates[1].https = in_template;
      const bool shared = in_template == OwnSetting::inherit ? global : in_template == OwnSetting::on;
      CHECK_EQUAL(shared, https_services(c, phone));
      for (const OwnSetting own : {OwnSetting::off, OwnSetting::on, OwnSetting::inherit}) {
        phone.cnf_encrypted = own;
        CHECK_EQUAL(own == OwnSetting::inherit ? shared : own == OwnSetting::on, encrypted_file(c, phone));
      }
    }
  }
}

TEST(PhoneFile, DefaultFileKnowsTheLoads) {
  bind(t.loads, loads);
  const auto f = write_default_file(t);
  CHECK_OK(f);
  const std::string xml(f->text.text());
  CHECK(well_formed(xml));
  CHECK(has(xml, "<loadInformation7 model=\"IP Phone 7960\">P00308000300</loadInformation7>"));
  CHECK(has(xml, "<loadInformation30006 model=\"IP Phone 7970\">SCCP70.8-0-3S</loadInformation30006>"));
}

TEST(PhoneFile, ZonesAndLocales) {
  STRCMP_EQUAL("Pacific Standard/Daylight Time", std::string(time_zone_name(5)).c_str());
  CHECK(time_zone_name(0).empty() && time_zone_name(60).empty());
  STRCMP_EQUAL("German_Germany", std::string(locale_name("de")->user).c_str());
  CHECK(locale_name("XX") == nullptr);
}
