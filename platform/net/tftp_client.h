// A TFTP transfer that the router begins: reads a file from a server, or writes one there (RFC 1350, 2347-2349).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string_view>

#include "platform/net/net.h"
#include "platform/net/tftp_wire.h"

namespace parley::tftp {

// "tftp://192.0.2.9/phones/a.cfg", "tftp:a.cfg", "tftp:": the parts that are there; false: not tftp.
struct Url {
  std::string_view host;
  std::string_view name;                // without the '/' behind the host
};
bool parse_url(std::string_view url, Url& out);

// States:  asking --OACK, DATA 1 or ACK 0--> moving --last block--> ended (a reader still answers a repeated last block)
//             \______________ ERROR, silence, limit _______________/
//
// The owner is woken when something can be done or shown: look at ended(), waiting(), hungry(), blocks(), timeouts().
//
//   auto c = TftpClient::put(scheduler, net, *this, {ip, 69}, "ca/1.crt", std::move(bytes));    // all bytes at once
//   auto c = TftpClient::get(scheduler, net, *this, {ip, 69}, "ca/1.crt", 65536);               // take() after ended()
//
// Files larger than memory go in parts: see Plan.
class TftpClient final : public Task {
 public:
  struct Plan {
    Endpoint server;
    uint32_t from_ip = 0;               // 0: as the routes say
    Text<kMaxFileName> name;
    bool write = false;
    uint64_t limit = 0;                 // reading: a longer file is refused (Fault full)
    size_t part = 65536;                // reading: the server waits while so many bytes wait for take()
    bool has_size = false;              // writing: the size is known from the start
    uint64_t size = 0;
  };
  TftpClient(Scheduler& scheduler, Net& net, Task& owner, const Plan& plan);
  ~TftpClient() override;               // tells the server when the transfer is not over

  static std::unique_ptr<TftpClient> get(Scheduler& scheduler, Net& net, Task& owner, Endpoint server, std::string_view name,
                                         size_t limit);
  static std::unique_ptr<TftpClient> put(Scheduler& scheduler, Net& net, Task& owner, Endpoint server, std::string_view name,
                                         Blob content);

  Poll step() override;

  Blob take();                          // reading: what has arrived and was not taken yet
  size_t waiting() const { return received_.size(); }
  bool hungry() const { return at_ == At::moving && hungry_; }   // writing: wants supply()
  void supply(Blob part, bool last);

  bool started() const { return answered_; }                     // the server has answered
  bool ended() const { return at_ == At::ended; }
  // Faults: timeout; missing, denied, exists, full as the server said; full: over the limit; invalid: not TFTP; io.
  const Status& result() const { return result_; }
  std::string_view peer_text() const { return peer_text_; }      // what the server said with its ERROR, printable
  uint64_t bytes() const { return bytes_; }
  uint64_t blocks() const { return blocks_; }                    // transferred
  uint64_t timeouts() const { return timeouts_; }                // repeated packets
  Endpoint peer() const { return peer_; }

  static constexpr unsigned kTries = 6;
  static constexpr Millis kLongestWait{8000};

 private:
  enum class At : uint8_t { asking, moving, ended };
  Status open();
  bool receive();
  void handle(Bytes packet, const Endpoint& from);
  void begin(const TftpPacket& p);
  void handle_data(const TftpPacket& p);
  void handle_ack(const TftpPacket& p);
  void handle_error(const TftpPacket& p);
  void proceed();
  void send_data();
  void again();
  void send(Bytes packet);
  void send_request();
  void send_ack();
  void refuse(TftpError code, const char* text, Fault fault);
  void finish(Status result);

  Net& net_;
  Task& owner_;
  Plan plan_;
  std::unique_ptr<Datagram> socket_;
  Timer timer_;
  At at_ = At::asking;
  bool options_ = true;
  bool answered_ = false;
  bool ack_owed_ = false;
  bool hungry_ = false;
  bool in_flight_ = false;              // writing: a DATA waits for its ACK
  bool last_supplied_ = false;
  Endpoint peer_;
  uint32_t blksize_ = kDefaultBlock;
  unsigned tries_ = 0;
  Millis wait_{1000};
  uint64_t block_ = 0;                  // reading: last one received; writing: the one in flight
  size_t flight_ = 0;                   // bytes in it
  Blob received_;
  Blob source_;
  size_t source_at_ = 0;
  uint64_t bytes_ = 0, blocks_ = 0, timeouts_ = 0;
  Status result_;
  Text<80> peer_text_;
};

}  // namespace parley::tftp
