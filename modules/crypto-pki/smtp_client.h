// One mail to one receiver over SMTP (RFC 5321), without extensions. Used for expiry notices.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "platform/net/net.h"
#include "platform/sched/task.h"

namespace parley::crypto_pki {

struct Mail {
  Endpoint server;
  std::string_view own_name;      // for EHLO
  std::string_view from, to;      // addresses
  std::string_view subject;
  std::string_view date;          // RFC 5322 3.3
  std::string_view text;          // lines that end with '\n'
};

// Belongs to a task, which calls step() whenever it is woken. May be used again after the end.
class SmtpClient {
 public:
  SmtpClient(Task& owner, Net& net) : owner_(owner), net_(net), timer_(owner) {}
  // Copies what it needs. Faults of Net::connect; invalid (an address holds letters that no address has), full.
  Status start(const Mail& mail);
  Poll step();
  void cancel();
  bool busy() const { return at_ != At::idle; }
  // After done. Fault denied: the server refused (detail: its code); timeout, closed, invalid (no SMTP server).
  const Status& result() const { return result_; }

 private:
  enum class At : uint8_t { idle, greeting, hello, old_hello, from, to, data, text, quit };
  bool read_reply(unsigned& code);        // a whole reply came
  void send_next(unsigned code);
  void send(At next, std::string_view a, std::string_view b = {}, std::string_view c = {});
  bool flush();
  void end(Status s);

  Task& owner_;
  Net& net_;
  Timer timer_;
  std::unique_ptr<Stream> stream_;
  At at_ = At::idle;
  Text<127> own_name_, from_, to_;
  Blob message_, out_, in_;
  size_t sent_ = 0;
  Status result_;
};

}  // namespace parley::crypto_pki
