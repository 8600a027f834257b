// Judges XML that phones shall be given.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/xml_check.h"

#include <memory>

#include <expat.h>

namespace parley::telephony_service {
namespace {

constexpr unsigned kMaxDepth = 32;
constexpr unsigned kMaxElements = 20000;

struct Limits {
  XML_Parser parser;
  unsigned depth = 0, elements = 0;
  const char* what = nullptr;
  void stop(const char* why) {
    what = why;
    XML_StopParser(parser, XML_FALSE);
  }
};

void XMLCALL opened(void* context, const XML_Char*, const XML_Char**) {
  Limits& l = *static_cast<Limits*>(context);
  if (++l.depth > kMaxDepth) l.stop("elements are nested too deep");
  if (++l.elements > kMaxElements) l.stop("too many elements");
}
void XMLCALL closed(void* context, const XML_Char*) { --static_cast<Limits*>(context)->depth; }
void XMLCALL doctype(void* context, const XML_Char*, const XML_Char*, const XML_Char*, int) {
  static_cast<Limits*>(context)->stop("a document type is not allowed");
}

}  // namespace

Status check_xml(Bytes text) {
  if (text.size() > kMaxXml) return Fault{Code::invalid, "the XML is too long", static_cast<uint32_t>(text.size())};
  const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser(XML_ParserCreate(nullptr), XML_ParserFree);
  if (parser == nullptr) return Fault{Code::full, "no memory to read XML", 0};
  Limits limits{parser.get()};
  XML_SetUserData(parser.get(), &limits);
  XML_SetElementHandler(parser.get(), opened, closed);
  XML_SetStartDoctypeDeclHandler(parser.get(), doctype);
  const std::string_view s = as_text(text);
  if (XML_Parse(parser.get(), s.data(), static_cast<int>(s.size()), 1) == XML_STATUS_OK) return {};
  return Fault{Code::invalid, limits.what != nullptr ? limits.what : "the XML is not well formed",
               static_cast<uint32_t>(XML_GetCurrentLineNumber(parser.get()))};
}

}  // namespace parley::telephony_service
