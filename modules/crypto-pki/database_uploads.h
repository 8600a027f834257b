// Files of a certificate server that belong on a TFTP server: sent from a queue in nvram: that survives a reload.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A job that writes such a file puts it into the queue (write_database_file) and goes on; nothing waits for the network and
// nothing is lost when the server is away. A newer file of the same name takes the place of one that waits.
#pragma once

#include <memory>

#include "modules/crypto-pki/database_files.h"
#include "modules/crypto-pki/pki_context.h"
#include "platform/net/tftp_client.h"

namespace parley::crypto_pki {

// Takes the first file of the queue out: "d<kind><name>" (or "p...", published) becomes "u...", what is being sent.
class TakeUploadJob final : public Job {
 public:
  TakeUploadJob(Store& store, const Path& folder) : store_(store), folder_(folder) {}
  void run() override { result = work(); }
  Path sent;                     // in: was sent and goes first; empty: none
  Text<128> name;                // out: empty: the queue is empty
  Blob content;
  Status result;

 private:
  Status work();
  Status first_file(Text<128>& found);
  Store& store_;
  Path folder_;
};

class DatabaseUploads final : public Task {
 public:
  DatabaseUploads(Context& context, std::string_view label)
      : Task(context.scheduler, "Crypto CA files"), context_(context), label_(label) {}
  void configure(const Database& database) { database_ = database; }
  void kick();                   // there may be something to send
  Poll step() override;
  bool idle() const { return !job_.busy() && client_ == nullptr && !retry_.running(); }

 private:
  void taken();
  void sent();
  void send(std::string_view name, Blob content);
  void failed(std::string_view why);
  Path folder() const { return upload_folder(label_); }

  Context& context_;
  Text<63> label_;
  Database database_;
  bool look_ = false;
  bool told_ = false;            // that the server is away
  Millis wait_{0};
  Path sent_;                    // to be removed from the queue
  Path sending_;
  JobSlot<TakeUploadJob> job_;
  std::unique_ptr<tftp::TftpClient> client_;
  Timer retry_{*this};
};

}  // namespace parley::crypto_pki
