// One TFTP transfer: own socket, sliding window, retransmission with back-off.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/file-service/file_reader.h"
#include "platform/net/tftp_wire.h"
#include "modules/module.h"
#include "platform/net/net.h"
#include "platform/sched/task.h"

namespace parley::file_service {

using namespace tftp;

class TftpSession;

// Who started the transfers: the server task, which takes a finished one away.
class TftpOwner {
 public:
  virtual ~TftpOwner() = default;
  virtual void transfer_ended(TftpSession& session, bool complete) = 0;
};

// States:
//   opening --file is open--> offered (an OACK waits for ACK 0) --ACK 0--> sending --last ACK--> finished
//      |                        \_ no options: straight to sending              |
//      '--no such file: ERROR 1 --------------------------------------> finished <--' ERROR, silence, read error
class TftpSession final : public Task {
 public:
  struct Plan {
    Endpoint peer;
    uint32_t local_ip = 0;              // the address that was asked; answers leave from it
    TftpRequest request;                // its name is not used
    std::shared_ptr<const Content> content;
  };
  TftpSession(Env& env, TftpOwner& owner, const Plan& plan);

  Poll step() override;
  const Endpoint& peer() const { return plan_.peer; }
  const Content& content() const { return *plan_.content; }
  bool finished() const { return at_ == At::finished; }
  uint64_t sent_bytes() const { return sent_bytes_; }

  static constexpr unsigned kTries = 6;          // of a peer that has answered once
  static constexpr unsigned kTriesUnproven = 3;  // of one that has not: its address may be forged
  static constexpr Millis kLongestWait{8000};

 private:
  enum class At : uint8_t { opening, offered, sending, finished };
  struct Cursor {                       // where a block begins
    uint64_t offset = 0;
    uint8_t owed = 0;                   // netascii: second byte of a pair, 0 = none (LF after CR; NUL is 0x80)
  };
  Status open();
  void receive();
  void handle(Bytes packet, const Endpoint& from);
  void acknowledged(uint16_t block);
  void advance(uint64_t blocks);
  void again();                         // the timer fired
  Status send_oack();
  Status send_window();                 // Fault busy: socket or file; tried again when woken
  Status send_block(uint64_t block);
  Result<size_t> fill(Cursor& at, MutBytes to);
  Result<size_t> fill_netascii(Cursor& at, MutBytes to);
  void send_error(TftpError code, const char* text, const Endpoint& to);
  void fail(TftpError code, const char* text);
  void finish(bool complete);
  void arm();
  void debug(const char* what, unsigned number, const Endpoint& peer) const;

  Env& env_;
  TftpOwner& owner_;
  Plan plan_;
  FileReader reader_;
  std::unique_ptr<Datagram> socket_;
  Timer timer_;
  Timer retry_;
  At at_ = At::opening;
  bool proven_ = false;                 // the peer has answered
  bool rewound_ = false;                // a repeated ACK has already sent this window back to its begin
  unsigned tries_ = 0;
  Millis wait_;
  uint64_t base_ = 1;                   // first block not acknowledged
  uint64_t next_ = 1;                   // next block to send
  uint64_t last_ = 0;                   // number of the last block, 0 = not known yet
  uint64_t sent_bytes_ = 0;
  Cursor cursors_[kMaxWindow + 1];      // begin of block base_ + i
};

}  // namespace parley::file_service
