// The module file-service: publishes phone files and serves them by TFTP.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/file-service/file_config.h"
#include "modules/file-service/http_files.h"
#include "modules/file-service/publisher.h"
#include "modules/file-service/tftp_server.h"
#include "modules/module.h"
#include "platform/log/log.h"

namespace parley::file_service {

class FileService final : public Instance, public Publisher, private FileLookup {
 public:
  explicit FileService(Env& env);

  void* config() override { return &config_; }
  void apply() override;
  Status start() override;
  void stop() override;

  void begin() override;
  Status put_memory(std::string_view name, Blob content) override;
  Status put_path(std::string_view name, std::string_view path) override;
  Status put_same(std::string_view name, std::string_view other) override;
  void drop(std::string_view name) override;
  void commit() override;
  void set_credentials(std::string_view trustpoint) override { http_.set_credentials(trustpoint); }
  void watch(Watcher& w) override;
  void unwatch(Watcher& w) override;
  bool serving(Transport transport) const override;
  Result<Blob> read(std::string_view name) const override;
  bool counters(std::string_view name, Counters& out) const override;

  void show(Writer& out) const;
  Log& log() { return env_.log; }

 private:
  std::shared_ptr<Entry> find(std::string_view name) override;
  void fetched(const Entry& file, const Content& content, uint32_t peer_ip) override;
  Status stage(std::string_view name, Content content);
  void stage_rows();
  void enable();

  Env& env_;
  Config config_;
  FileTable published_;   // by other modules
  FileTable rows_;        // tftp-server lines
  TftpServer tftp_;
  HttpFiles http_;
  Watcher* watchers_ = nullptr;
  unsigned depth_ = 0;    // begin() without commit()
  bool started_ = false;
  bool reserved_ = false;
};

}  // namespace parley::file_service

namespace parley {
extern const struct Module kFileService;
}
