// Fetches one file as phones do: newer ones by HTTP 6970 first, else by TFTP.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/http-server/http_client.h"
#include "modules/test-phone/phone_parts.h"
#include "platform/net/tftp_client.h"

namespace parley::test_phone {

class Fetch {
 public:
  Fetch(Task& owner, const PhoneParts& parts) : owner_(owner), parts_(parts) {}
  // names: tried one after the other while the server says that there is no such file.
  Status start(const PhonePlan& plan, std::string_view name, std::string_view other = {});
  // Fault busy: not yet. Else the result, once; file() and name() are valid after ok. Fault missing: none of the names exists.
  Status poll();
  Blob take() { return std::move(file_); }
  std::string_view name() const { return names_[at_].view(); }
  bool by_http() const { return by_http_; }
  void cancel();

 private:
  Status begin();
  Status ended(Status result);
  Task& owner_;
  const PhoneParts& parts_;
  Text<64> names_[2];
  size_t at_ = 0;
  Endpoint server_;
  uint32_t from_ip_ = 0;
  bool http_ = false;              // the server may speak HTTP
  bool by_http_ = false;
  std::unique_ptr<http_server::Client> client_;
  std::unique_ptr<tftp::TftpClient> tftp_;
  Blob file_;
};

}  // namespace parley::test_phone
