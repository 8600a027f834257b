// One mail over SMTP.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/smtp_client.h"

namespace parley::crypto_pki {
namespace {

constexpr Seconds kLimit{60};             // for the whole conversation
constexpr size_t kMaxReply = 8 * 1024;    // RFC 5321 4.5.3.1.5: 512 a line

bool address_ok(std::string_view s) {
  for (const char c : s) {
    if (c <= ' ' || c == '<' || c == '>' || c == 127) return false;
  }
  return !s.empty();
}

// Header, blank line, lines with CR LF and a leading dot doubled (RFC 5321 4.5.2), the final dot.
Status write_message(const Mail& m, Blob& out) {
  out.put("From: <").put(m.from).put(">\r\nTo: <").put(m.to).put(">\r\nSubject: ").put(m.subject);
  out.put("\r\nDate: ").put(m.date).put("\r\n\r\n");
  for (std::string_view left = m.text; !left.empty();) {
    const size_t end = left.find('\n');
    const std::string_view line = left.substr(0, end);
    if (!line.empty() && line.front() == '.') out.put('.');
    out.put(line).put("\r\n");
    left.remove_prefix(end == std::string_view::npos ? left.size() : end + 1);
  }
  out.put(".\r\n");
  if (!out.ok()) return Fault{Code::full, "no memory for a mail", 0};
  return {};
}

}  // namespace

Status SmtpClient::start(const Mail& mail) {
  cancel();
  if (!address_ok(mail.from) || !address_ok(mail.to)) return Fault{Code::invalid, "not a mail address", 0};
  if (!own_name_.set(mail.own_name) || !from_.set(mail.from) || !to_.set(mail.to)) return Fault{Code::invalid, "an address is too long", 0};
  message_.clear();
  TRY(write_message(mail, message_));
  TRY_ASSIGN(stream_, net_.connect(owner_, mail.server));
  in_.clear();
  out_.clear();
  sent_ = 0;
  at_ = At::greeting;
  timer_.start(kLimit);
  return {};
}

void SmtpClient::cancel() {
  stream_.reset();
  timer_.stop();
  at_ = At::idle;
}

void SmtpClient::end(Status s) {
  result_ = s;
  cancel();
}

Poll SmtpClient::step() {
  if (at_ == At::idle) return Poll::pending;
  if (timer_.fired()) {
    end(Fault{Code::timeout, "the mail server does not answer", 0});
    return Poll::done;
  }
  while (at_ != At::idle && flush()) {
    unsigned code = 0;
    if (!read_reply(code)) break;
    if (at_ != At::idle) send_next(code);
  }
  return at_ == At::idle ? Poll::done : Poll::pending;
}

bool SmtpClient::flush() {
  while (sent_ < out_.size()) {
    const Result<size_t> n = stream_->write(out_.view().subspan(sent_));
    if (!n) {
      if (n.error().code != Code::busy) end(n.error());
      return false;
    }
    sent_ += *n;
  }
  return true;
}

// "250-first\r\n250 last\r\n". False: more has to come, or the conversation has ended.
bool SmtpClient::read_reply(unsigned& code) {
  for (;;) {
    for (std::string_view left = in_.text();;) {
      const size_t line_end = left.find('\n');
      if (line_end == std::string_view::npos) break;
      const std::string_view line = left.substr(0, line_end);
      uint64_t number = 0;
      if (line.size() < 3 || !parse_dec(line.substr(0, 3), 599, number)) {
        end(Fault{Code::invalid, "that is no mail server", 0});
        return false;
      }
      left.remove_prefix(line_end + 1);
      if (line.size() > 3 && line[3] == '-') continue;
      code = static_cast<unsigned>(number);
      in_.clear();
      return true;
    }
    uint8_t bytes[512];
    const Result<size_t> n = stream_->read(bytes);
    if (!n) {
      if (n.error().code != Code::busy) end(n.error());
      return false;
    }
    if (in_.size() + *n > kMaxReply || !in_.append(Bytes(bytes, *n))) {
      end(Fault{Code::full, "the mail server says too much", 0});
      return false;
    }
  }
}

void SmtpClient::send(At next, std::string_view a, std::string_view b, std::string_view c) {
  out_.clear();
  sent_ = 0;
  out_.put(a).put(b).put(c);
  at_ = next;
  if (!out_.ok()) end(Fault{Code::full, "no memory for a mail", 0});
}

void SmtpClient::send_next(unsigned code) {
  if (at_ == At::hello && code >= 500) return send(At::old_hello, "HELO ", own_name_, "\r\n");
  const unsigned wanted = at_ == At::data ? 3 : 2;
  if (at_ != At::quit && code / 100 != wanted) return end(Fault{Code::denied, "the mail server refused the message", code});
  switch (at_) {
    case At::greeting: return send(At::hello, "EHLO ", own_name_, "\r\n");
    case At::hello:
    case At::old_hello: return send(At::from, "MAIL FROM:<", from_, ">\r\n");
    case At::from: return send(At::to, "RCPT TO:<", to_, ">\r\n");
    case At::to: return send(At::data, "DATA\r\n");
    case At::data: return send(At::text, message_.text());
    case At::text: return send(At::quit, "QUIT\r\n");
    case At::quit:
    case At::idle: return end({});
  }
}

}  // namespace parley::crypto_pki
