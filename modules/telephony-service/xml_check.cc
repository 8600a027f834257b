// Reads XML of phones.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/xml_check.h"

#include <algorithm>
#include <memory>

#include <expat.h>

namespace parley::telephony_service {
namespace {

constexpr unsigned kMaxDepth = 32;
constexpr unsigned kMaxElements = 20000;

constexpr size_t kMaxPath = 512;

struct Reading {
  XML_Parser parser;
  XmlEach each = nullptr;
  void* context = nullptr;
  unsigned depth = 0, elements = 0;
  const char* what = nullptr;
  char path[kMaxPath] = {};
  size_t path_size = 0;
  char text[kMaxXmlText] = {};
  size_t text_size = 0;
  void stop(const char* why) {
    what = why;
    XML_StopParser(parser, XML_FALSE);
  }
};

void XMLCALL opened(void* context, const XML_Char* name, const XML_Char**) {
  Reading& r = *static_cast<Reading*>(context);
  if (++r.depth > kMaxDepth) return r.stop("elements are nested too deep");
  if (++r.elements > kMaxElements) return r.stop("too many elements");
  r.text_size = 0;
  if (r.each == nullptr) return;
  const std::string_view n(name);
  if (r.path_size + 1 + n.size() > kMaxPath) return r.stop("names of elements are too long");
  r.path[r.path_size++] = '/';
  std::copy(n.begin(), n.end(), r.path + r.path_size);
  r.path_size += n.size();
}
void XMLCALL closed(void* context, const XML_Char* name) {
  Reading& r = *static_cast<Reading*>(context);
  --r.depth;
  if (r.each == nullptr) return;
  r.each(r.context, std::string_view(r.path, r.path_size), std::string_view(r.text, r.text_size));
  r.path_size -= std::string_view(name).size() + 1;
  r.text_size = 0;
}
void XMLCALL characters(void* context, const XML_Char* text, int size) {
  Reading& r = *static_cast<Reading*>(context);
  const size_t n = std::min(static_cast<size_t>(size), kMaxXmlText - r.text_size);
  std::copy_n(text, n, r.text + r.text_size);
  r.text_size += n;
}
void XMLCALL doctype(void* context, const XML_Char*, const XML_Char*, const XML_Char*, int) {
  static_cast<Reading*>(context)->stop("a document type is not allowed");
}

}  // namespace

Status check_xml(Bytes text) { return read_xml(text, nullptr, nullptr); }

Status read_xml(Bytes text, XmlEach each, void* context) {
  if (text.size() > kMaxXml) return Fault{Code::invalid, "the XML is too long", static_cast<uint32_t>(text.size())};
  const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser(XML_ParserCreate(nullptr), XML_ParserFree);
  if (parser == nullptr) return Fault{Code::full, "no memory to read XML", 0};
  Reading r{parser.get(), each, context};
  XML_SetUserData(parser.get(), &r);
  XML_SetElementHandler(parser.get(), opened, closed);
  if (each != nullptr) XML_SetCharacterDataHandler(parser.get(), characters);
  XML_SetStartDoctypeDeclHandler(parser.get(), doctype);
  const std::string_view s = as_text(text);
  if (XML_Parse(parser.get(), s.data(), static_cast<int>(s.size()), 1) == XML_STATUS_OK) return {};
  return Fault{Code::invalid, r.what != nullptr ? r.what : "the XML is not well formed",
               static_cast<uint32_t>(XML_GetCurrentLineNumber(parser.get()))};
}

}  // namespace parley::telephony_service
