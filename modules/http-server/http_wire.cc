// HTTP/1.0 and 1.1 on the wire: heads, chunked bodies, targets.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/http-server/http_wire.h"

#include <algorithm>

#include "modules/http-server/http_routes.h"
#include "platform/base/time.h"

namespace parley {

Result<std::string_view> HttpRequest::parameter(std::string_view name, Blob& to) const {
  std::string_view raw;
  if (!http_server::find_parameter(query, name, raw)) return Fault{Code::missing, "no such parameter", 0};
  to.clear();
  if (http_server::decode_percent(raw, to)) return to.text();
  if (!to.ok()) return Fault{Code::full, "no memory for a parameter", 0};
  return Fault{Code::invalid, "broken percent escape", 0};
}

namespace http_server {
namespace {

bool token_char(char c) {  // RFC 9110 5.6.2
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), token_char);
}

bool field_value(std::string_view s) {  // no control characters except TAB
  return std::all_of(s.begin(), s.end(), [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return (u >= 0x20 && u != 0x7f) || c == '\t';
  });
}

std::string_view trim_blanks(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

// Next line without its end (CR LF, or LF alone: RFC 9112 2.2); false at the end.
bool next_line(std::string_view& rest, std::string_view& line) {
  const size_t lf = rest.find('\n');
  if (lf == std::string_view::npos) return false;
  line = rest.substr(0, lf);
  rest.remove_prefix(lf + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return true;
}

bool has_element(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    if (equal_nocase(trim_blanks(list.substr(0, comma)), word)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

// "HTTP/1.x" -> x; -1: other version, -2: no version at all.
int http_minor(std::string_view s) {
  if (s.size() != 8 || s.substr(0, 5) != "HTTP/" || s[6] != '.') return -2;
  if (s[5] < '0' || s[5] > '9' || s[7] < '0' || s[7] > '9') return -2;
  if (s[5] != '1') return -1;
  return s[7] == '0' ? 0 : 1;
}

struct Fields {  // the header fields that decide about the message
  unsigned lengths = 0, hosts = 0, codings = 0;
  uint64_t length = 0;
  bool chunked = false, close = false, keep = false, expect = false;
  std::string_view content_type, location;
};

// One "Name: value" line. False: broken. A framing field that is repeated differently is broken too (request smuggling).
bool take_field(std::string_view line, Fields& f) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return false;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim_blanks(line.substr(colon + 1));
  if (!field_value(value)) return false;
  if (equal_nocase(name, "content-length")) {
    uint64_t n = 0;
    if (value.size() > 18 || !parse_dec(value, UINT64_MAX, n)) return false;
    if (f.lengths++ != 0 && n != f.length) return false;
    f.length = n;
  } else if (equal_nocase(name, "transfer-encoding")) {
    ++f.codings;
    f.chunked = equal_nocase(value, "chunked");
  } else if (equal_nocase(name, "connection")) {
    f.close = f.close || has_element(value, "close");
    f.keep = f.keep || has_element(value, "keep-alive");
  } else if (equal_nocase(name, "host")) {
    ++f.hosts;
  } else if (equal_nocase(name, "expect")) {
    f.expect = equal_nocase(value, "100-continue");
  } else if (equal_nocase(name, "content-type")) {
    f.content_type = value;
  } else if (equal_nocase(name, "location")) {
    f.location = value;
  }
  return true;
}

// 0 or the status of the refusal.
uint16_t take_fields(std::string_view rest, Fields& f) {
  std::string_view line;
  for (size_t n = 0; next_line(rest, line); ++n) {
    if (line.empty()) return 0;
    if (n == kMaxHeaderFields) return 431;
    if (!take_field(line, f)) return 400;
  }
  return 400;
}

bool split_target(std::string_view target, RequestHead& out) {
  if (starts_nocase(target, "http://") || starts_nocase(target, "https://")) {  // absolute form: RFC 9112 3.2.2
    target.remove_prefix(target.find("//") + 2);
    target.remove_prefix(std::min(target.find_first_of("/?"), target.size()));
    if (target.empty()) target = "/";
  }
  if (const size_t hash = target.find('#'); hash != std::string_view::npos) target = target.substr(0, hash);
  const size_t mark = target.find('?');
  out.path = target.substr(0, mark);
  out.query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  if (out.path.empty() && mark == 0) out.path = "/";
  return !out.path.empty() && (out.path.front() == '/' || out.path == "*");
}

uint16_t parse_request_line(std::string_view line, RequestHead& out) {
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return 400;
  out.method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const int minor = http_minor(line.substr(last + 1));
  if (minor == -1) return 505;
  if (minor < 0 || !is_token(out.method)) return 400;
  out.minor = static_cast<uint8_t>(minor);
  if (target.find(' ') != std::string_view::npos || !field_value(target)) return 400;
  return split_target(target, out) ? 0 : 400;
}

// True and decoded: an escape or a plain character at s[i]; i moves behind it.
bool unescape(std::string_view s, size_t& i, char& c) {
  c = s[i];
  if (c != '%') { ++i; return true; }
  if (i + 2 >= s.size()) return false;
  const int high = hex_digit(s[i + 1]), low = hex_digit(s[i + 2]);
  if (high < 0 || low < 0) return false;
  c = static_cast<char>(high * 16 + low);
  i += 3;
  return true;
}

}  // namespace

size_t find_head_end(std::string_view in, size_t& scanned) {
  size_t at = scanned;
  while (at < in.size()) {
    const size_t lf = in.find('\n', at);
    if (lf == std::string_view::npos) break;
    const size_t next = lf + 1;
    if (next < in.size() && in[next] == '\n') return next + 1;
    if (next + 1 < in.size() && in[next] == '\r' && in[next + 1] == '\n') return next + 2;
    if (next + 1 >= in.size()) { scanned = lf; return 0; }  // look at this line end again
    at = next;
  }
  scanned = in.size();
  return 0;
}

uint16_t parse_request_head(std::string_view head, RequestHead& out) {
  std::string_view line;
  if (!next_line(head, line)) return 400;
  if (line.size() > kMaxRequestLine) return 414;
  if (const uint16_t bad = parse_request_line(line, out); bad != 0) return bad;
  Fields f;
  if (const uint16_t bad = take_fields(head, f); bad != 0) return bad;
  if (f.hosts > 1 || (f.hosts == 0 && out.minor == 1)) return 400;   // RFC 9112 3.2
  if (f.codings != 0 && (f.lengths != 0 || out.minor == 0)) return 400;  // RFC 9112 6.1: smuggling
  if (f.codings != 0 && (!f.chunked || f.codings > 1)) return 501;
  out.content_type = f.content_type;
  out.content_length = f.length;
  out.chunked = f.chunked;
  out.expect_continue = f.expect && out.minor == 1;
  out.keep_alive = out.minor == 1 ? !f.close : f.keep && !f.close;
  return 0;
}

Status parse_response_head(std::string_view head, ResponseHead& out) {
  const Fault broken{Code::invalid, "not an HTTP answer", 0};
  std::string_view line;
  if (!next_line(head, line) || line.size() < 12 || http_minor(line.substr(0, 8)) < 0 || line[8] != ' ') return broken;
  uint64_t status = 0;
  if (!parse_dec(line.substr(9, 3), 999, status) || status < 100) return broken;
  if (line.size() > 12 && line[12] != ' ') return broken;
  Fields f;
  if (take_fields(head, f) != 0) return broken;
  if (f.codings != 0 && (!f.chunked || f.codings > 1 || f.lengths != 0)) return broken;
  out.status = static_cast<uint16_t>(status);
  out.content_type = f.content_type;
  out.location = f.location;
  out.has_length = f.lengths != 0;
  out.content_length = f.length;
  out.chunked = f.chunked;
  return {};
}

bool decode_path(std::string_view raw, Writer& to) {
  if (raw.empty() || raw.front() != '/') return false;
  size_t dots = 0, length = 0;  // of the segment under way
  for (size_t i = 0; i < raw.size();) {
    char c;
    if (!unescape(raw, i, c)) return false;
    const auto u = static_cast<unsigned char>(c);
    if (u < 0x20 || u == 0x7f || c == '\\') return false;
    if (c == '/') {
      if (dots == 2 && length == 2) return false;
      dots = length = 0;
    } else {
      ++length;
      dots += c == '.';
    }
    to.put(c);
  }
  return !(dots == 2 && length == 2);
}

bool decode_percent(std::string_view raw, Blob& to) {
  if (!to.reserve(to.size() + raw.size())) return false;
  for (size_t i = 0; i < raw.size();) {
    char c;
    if (!unescape(raw, i, c)) return false;
    to.write(std::string_view(&c, 1));
  }
  return to.ok();
}

bool find_parameter(std::string_view query, std::string_view name, std::string_view& value) {
  while (!query.empty()) {
    const size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const size_t equals = std::min(pair.find('='), pair.size());
    if (pair.substr(0, equals) == name) {
      value = pair.substr(std::min(equals + 1, pair.size()));
      return true;
    }
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return false;
}

const char* status_text(uint16_t status) {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Status";
  }
}

void write_response_head(const ResponseSpec& spec, Writer& out) {
  out.put("HTTP/1.1 ").dec(spec.status).put(' ').put(status_text(spec.status)).put("\r\n");
  if (spec.date != 0) {  // RFC 9110 5.6.7
    const Calendar c = to_calendar(spec.date);
    out.put("Date: ").put(weekday_name(c.weekday)).put(", ").dec(c.day, 2, '0').put(' ').put(month_name(c.month)).put(' ');
    out.dec(c.year, 4, '0').put(' ').dec(c.hour, 2, '0').put(':').dec(c.minute, 2, '0').put(':').dec(c.second, 2, '0');
    out.put(" GMT\r\n");
  }
  out.put("Server: Parley\r\n");
  if (!spec.content_type.empty()) out.put("Content-Type: ").put(spec.content_type).put("\r\n");
  out.put("Content-Length: ").dec(static_cast<int64_t>(spec.length)).put("\r\n");
  if (spec.no_store) out.put("Cache-Control: no-store\r\n");
  if (spec.status == 405) out.put("Allow: GET, HEAD, POST\r\n");
  if (spec.status == 503) out.put("Retry-After: 2\r\n");
  if (!spec.keep_alive) out.put("Connection: close\r\n");
  else if (spec.minor == 0) out.put("Connection: keep-alive\r\n");
  out.put("\r\n");
}

bool ChunkDecoder::size_digit(char c) {
  const int d = hex_digit(c);
  if (d < 0 || ++digits_ > 8) return false;
  left_ = left_ * 16 + static_cast<uint64_t>(d);
  return true;
}

// One byte outside of the data; false: broken.
bool ChunkDecoder::step(char c) {
  const bool lf = c == '\n';
  switch (at_) {
    case At::size:
      if (c == '\r' || lf || c == ';' || c == ' ' || c == '\t') {
        if (digits_ == 0) return false;
        at_ = lf ? (left_ == 0 ? At::trailer : At::data) : c == '\r' ? At::size_lf : At::extension;
        return true;
      }
      return size_digit(c);
    case At::extension:
      if (lf) at_ = left_ == 0 ? At::trailer : At::data;
      return ++extra_ < 1024;
    case At::size_lf:
      at_ = left_ == 0 ? At::trailer : At::data;
      return lf;
    case At::data_cr:
      at_ = lf ? At::size : At::data_lf;
      digits_ = 0;
      return lf || c == '\r';
    case At::data_lf:
      at_ = At::size;
      return lf;
    case At::trailer:  // at the start of a trailer line
      if (c != '\r') at_ = lf ? At::done : At::trailer_line;
      return ++extra_ < 1024;
    case At::trailer_line:
      if (lf) at_ = At::trailer;
      return ++extra_ < 1024;
    case At::data:
    case At::done: break;
  }
  return false;
}

ChunkDecoder::State ChunkDecoder::feed(std::string_view in, Blob& body, size_t& used) {
  used = 0;
  while (used < in.size() && at_ != At::done) {
    if (at_ != At::data) {
      if (!step(in[used++])) return State::bad;
      if (at_ == At::data && left_ > max_ - std::min<uint64_t>(body.size(), max_)) return State::too_large;
      continue;
    }
    const auto n = static_cast<size_t>(std::min<uint64_t>(left_, in.size() - used));
    if (!body.append(in.substr(used, n))) return State::too_large;
    used += n;
    left_ -= n;
    if (left_ == 0) at_ = At::data_cr;
  }
  return at_ == At::done ? State::done : State::more;
}

}  // namespace http_server
}  // namespace parley
