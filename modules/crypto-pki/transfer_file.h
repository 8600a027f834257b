// One file of an import or export: on a file system of this router, or on a TFTP server.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/crypto-pki/pki_context.h"
#include "modules/crypto-pki/pki_transfer.h"
#include "platform/net/tftp_client.h"

namespace parley::crypto_pki {

// May the URL of an import or export begin like this: "flash:x", "tftp://192.0.2.9/folder/x"?
bool is_transfer_place(std::string_view url);

// What is asked for a file, with the answer that Return means; then where it is.
class TransferName {
 public:
  // The name comes out of the URL or is the label; `suffix` (".ca") goes behind it.
  TransferName(std::string_view url, std::string_view label, std::string_view suffix);
  bool remote() const { return remote_; }
  std::string_view host_question();                      // "Address or name of remote host [192.0.2.9]? "; valid while this lives
  void host_answer(std::string_view answer);
  std::string_view question(std::string_view side);      // "Source filename [mytp.ca]? "; valid while this lives
  void answer(std::string_view answer);
  Text<256> place() const;                               // "flash:mytp.ca", "tftp://192.0.2.9/mytp.ca"

 private:
  bool remote_;
  Text<64> where_;                                       // "flash:", or the host
  Text<160> name_;
  Text<220> question_;
};

// The transfer. Belongs to a task, which looks at done() whenever it is woken.
class FileTransfer {
 public:
  explicit FileTransfer(Context& context) : context_(context) {}
  // Faults: missing (name of the host not known), busy, full, invalid (name).
  Status get(Task& owner, std::string_view place, size_t limit);
  Status put(Task& owner, std::string_view place, Blob data);
  bool done();
  const Status& result() const { return result_; }       // after done()
  Blob take() { return std::move(data_); }               // what was read

 private:
  Result<Endpoint> server_of(const tftp::Url& url) const;
  Context& context_;
  JobSlot<ReadFileJob> read_;
  JobSlot<WriteFileJob> write_;
  std::unique_ptr<tftp::TftpClient> client_;
  bool reading_ = false;
  Blob data_;
  Status result_;
};

}  // namespace parley::crypto_pki
