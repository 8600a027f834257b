// The TFTP service: takes requests on UDP 69 and starts one transfer for each.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/file-service/tftp_session.h"
#include "platform/base/memory.h"

namespace parley::file_service {

struct TftpStats {
  uint64_t requests = 0, completed = 0, failed = 0, not_found = 0, refused = 0, dropped = 0, bytes = 0;
};

class TftpServer final : public Task, public TftpOwner {
 public:
  TftpServer(Env& env, FileLookup& files);
  ~TftpServer() override;

  Status reserve(size_t transfers);      // once, before anything else
  void set_enabled(bool on);             // opens or closes the port
  void close();                          // ends all transfers at once
  Poll step() override;

  bool listening() const { return socket_ != nullptr; }
  size_t active() const { return pool_.used(); }
  const Pool<TftpSession>& pool() const { return pool_; }
  const TftpStats& stats() const { return stats_; }

 private:
  struct Running {
    TftpSession* session;
    std::shared_ptr<Entry> file;
    bool complete = false;
  };
  void open_socket();
  void reap();
  void answer(Bytes packet, const Endpoint& from, uint32_t local_ip);
  void refuse(const TftpRefusal& why, const Endpoint& to, uint32_t local_ip);
  void send_error(TftpError code, const char* text, const Endpoint& to, uint32_t local_ip);
  bool begin(const TftpRequest& request, const Endpoint& from, uint32_t local_ip);
  bool known(const Endpoint& from) const;
  size_t of_address(uint32_t ip) const;
  void transfer_ended(TftpSession& session, bool complete) override;
  void report_drops();
  void debug(const char* what, std::string_view name, const Endpoint& from) const;

  Env& env_;
  FileLookup& files_;
  Pool<TftpSession> pool_;
  List<Running> running_;
  std::unique_ptr<Datagram> socket_;
  Timer timer_;                          // opening again; report of dropped requests
  bool enabled_ = false;
  uint64_t drops_reported_ = 0;
  Monotonic refusal_logged_{};
  TftpStats stats_;
};

constexpr uint16_t kTftpPort = 69;

}  // namespace parley::file_service
