// The slow part of `load-cfg-file`.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/cfg_job.h"

#include "modules/telephony-service/xml_check.h"

namespace parley::telephony_service {
namespace {

constexpr size_t kMaxSigned = 512 * 1024;

bool ends_with(std::string_view s, std::string_view end) {
  return s.size() >= end.size() && equal_nocase(s.substr(s.size() - end.size()), end);
}

// Names whose content is the router's own.
bool reserved(std::string_view alias) {
  return ends_with(alias, ".tlv") || ends_with(alias, ".cnf.xml") || ends_with(alias, ".sgn");
}
// The vendor of a phone has signed its firmware.
bool firmware(std::string_view alias) { return ends_with(alias, ".loads") || ends_with(alias, ".sbn"); }

bool local(std::string_view path) {
  for (const char* fs : kFileSystems)
    if (path.substr(0, std::string_view(fs).size()) == fs) return true;
  return false;
}

}  // namespace

Text<72> signed_alias(std::string_view alias) {
  char name[72];
  FixedWriter w(name);
  w.put(alias).put(".sgn");
  return Text<72>(w.view());
}

void CfgJob::run() {
  for (CfgItem& item : items) item.status = load(item);
}

Status CfgJob::load(CfgItem& item) {
  if (!local(item.path)) return Fault{Code::unsupported, "only files of this router can be served", 0};
  if (reserved(item.alias)) return Fault{Code::denied, "phone files of that name are made by the router", 0};
  if (item.sign && firmware(item.alias)) return Fault{Code::denied, "firmware is signed by its vendor", 0};
  if (item.sign && !key) return Fault{Code::missing, "signed files need 'tftp-server-credentials'", 0};
  TRY_ASSIGN(const FileInfo info, store.info(item.path));
  if (!item.fresh && info.size == item.size && info.modified == item.modified) return {};
  item.size = info.size;
  item.modified = info.modified;
  item.changed = true;
  const bool xml = ends_with(item.alias, ".xml");
  if (!xml && !item.sign) return {};
  TRY_ASSIGN(item.content, store.read(item.path, xml ? kMaxXml : kMaxSigned));
  if (xml) TRY(check_xml(item.content.view()));
  if (!item.sign) return {};
  const Text<72> name = signed_alias(item.alias);
  TRY_ASSIGN(item.signed_file, sign_phone_file(keys, Signer{key, certificate.view(), hash, time}, name, item.content.view()));
  return {};
}

}  // namespace parley::telephony_service
