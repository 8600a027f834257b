// One TFTP transfer.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/file-service/tftp_session.h"

#include <algorithm>
#include <cstring>

#include "modules/file-service/file_messages.h"

namespace parley::file_service {

TftpSession::TftpSession(Env& env, TftpOwner& owner, const Plan& plan)
    : Task(env.scheduler, "TFTP transfer"), env_(env), owner_(owner), plan_(plan),
      reader_(env.store, env.jobs, *this, plan.content), timer_(*this), retry_(*this),
      wait_(Seconds(plan.request.timeout_s)) {
  wake();
}

Poll TftpSession::step() {
  if (at_ == At::finished) return Poll::done;
  if (at_ == At::opening) {
    const Status opened = open();
    if (!opened && opened.error().code == Code::busy) {
      retry_.start(Millis(50));
      return Poll::pending;
    }
  }
  (void)retry_.fired();
  receive();
  if (at_ != At::finished && timer_.fired()) again();
  if (at_ == At::sending) {
    const Status sent = send_window();
    if (!sent && sent.error().code == Code::busy) retry_.start(Millis(20));
    else if (!sent) fail(TftpError::other, "Read error");
  }
  return at_ == At::finished ? Poll::done : Poll::pending;
}

Status TftpSession::open() {
  if (socket_ == nullptr) {
    auto bound = env_.net.bind(*this, {plan_.local_ip, 0});
    if (!bound) {
      finish(false);
      return {};
    }
    socket_ = std::move(bound).value();
  }
  const Status opened = reader_.open();
  if (!opened) {
    const Code code = opened.error().code;
    if (code == Code::busy) return opened;
    const bool none = code == Code::missing || code == Code::denied || code == Code::invalid;
    fail(none ? TftpError::not_found : TftpError::other, none ? "File not found" : "Read error");
    return {};
  }
  // netascii: not known before it is sent. Size 0: curl takes it for an error (seen with 7.88), and the option is ours to leave out.
  if (plan_.request.netascii || reader_.size() == 0) plan_.request.has_tsize = false;
  at_ = plan_.request.any_option() ? At::offered : At::sending;
  if (at_ == At::offered) (void)send_oack();
  reader_.passed(0);
  arm();
  return {};
}

void TftpSession::receive() {
  uint8_t packet[64];
  for (int i = 0; i < 16 && at_ != At::finished && socket_ != nullptr; ++i) {
    Endpoint from;
    uint32_t local = 0;
    const auto got = socket_->receive(packet, from, local);
    if (!got) return;
    handle(Bytes(packet, *got), from);
  }
  if (at_ != At::finished) wake();   // perhaps more
}

void TftpSession::handle(Bytes packet, const Endpoint& from) {
  const TftpAnswer a = parse_answer(packet);
  debug(a.kind == TftpAnswer::Kind::ack ? "< ACK" : a.kind == TftpAnswer::Kind::error ? "< ERROR" : "< unknown", a.number, from);
  if (from != plan_.peer) {   // RFC 1350 4: tell the stranger, go on
    if (a.kind != TftpAnswer::Kind::error) send_error(TftpError::unknown_transfer, "Unknown transfer ID", from);
    return;
  }
  if (a.kind == TftpAnswer::Kind::error) {
    finish(false);
  } else if (a.kind == TftpAnswer::Kind::ack && at_ == At::offered && a.number == 0) {
    at_ = At::sending;
    proven_ = true;
    tries_ = 0;
    arm();
  } else if (a.kind == TftpAnswer::Kind::ack && at_ == At::sending) {
    acknowledged(a.number);
  }
}

void TftpSession::acknowledged(uint16_t block) {
  const uint16_t steps = static_cast<uint16_t>(block - static_cast<uint16_t>(base_ - 1));
  if (steps == 0) {
    // RFC 7440 4: with a window, an ACK of the block before means that the first one was lost. Alone it is a duplicate,
    // which must not be answered (the old "sorcerer's apprentice" fault), nor more than once per window.
    if (plan_.request.windowsize > 1 && next_ > base_ && !rewound_ && proven_) {
      rewound_ = true;
      next_ = base_;
    }
    return;
  }
  if (steps > next_ - base_) return;
  proven_ = true;
  advance(steps);
  if (last_ != 0 && base_ > last_) finish(true);
}

void TftpSession::advance(uint64_t blocks) {
  std::memmove(cursors_, cursors_ + blocks, static_cast<size_t>(kMaxWindow + 1 - blocks) * sizeof(Cursor));
  base_ += blocks;
  next_ = base_;   // what was sent beyond an ACK in the middle of a window was not received in order
  rewound_ = false;
  tries_ = 0;
  wait_ = Seconds(plan_.request.timeout_s);
  reader_.passed(cursors_[0].offset);
  arm();
}

void TftpSession::again() {
  if (++tries_ >= (proven_ ? kTries : kTriesUnproven)) {
    finish(false);
    return;
  }
  wait_ = std::min(wait_ * 2, std::max<Millis>(kLongestWait, Seconds(plan_.request.timeout_s)));
  next_ = base_;
  rewound_ = false;
  if (at_ == At::offered) (void)send_oack();
  arm();
}

void TftpSession::arm() { timer_.start(wait_); }

Status TftpSession::send_oack() {
  uint8_t packet[128];
  ByteWriter w(packet);
  write_oack(w, plan_.request, reader_.size());
  debug("> OACK", 0, plan_.peer);
  return socket_->send(plan_.peer, w.view());
}

Status TftpSession::send_window() {
  while (next_ < base_ + plan_.request.windowsize && (last_ == 0 || next_ <= last_)) {
    const bool first = next_ == base_;
    TRY(send_block(next_));
    if (first) arm();
    ++next_;
  }
  return {};
}

Status TftpSession::send_block(uint64_t block) {
  uint8_t packet[4 + kMaxBlock];
  ByteWriter head(packet);
  write_data_head(head, static_cast<uint16_t>(block));
  Cursor at = cursors_[block - base_];
  TRY_ASSIGN(const size_t n, fill(at, MutBytes(packet + 4, plan_.request.blksize)));
  TRY(socket_->send(plan_.peer, Bytes(packet, 4 + n)));
  debug("> DATA", static_cast<uint16_t>(block), plan_.peer);
  sent_bytes_ += n;
  cursors_[block - base_ + 1] = at;
  if (n < plan_.request.blksize) last_ = block;
  return {};
}

Result<size_t> TftpSession::fill(Cursor& at, MutBytes to) {
  if (plan_.request.netascii) return fill_netascii(at, to);
  TRY_ASSIGN(const size_t n, reader_.read(at.offset, to));
  at.offset += n;
  return n;
}

// RFC 764: a line end is CR LF, a CR is CR NUL. A pair may be split between two blocks.
Result<size_t> TftpSession::fill_netascii(Cursor& at, MutBytes to) {
  size_t used = 0;
  while (used < to.size()) {
    if (at.owed != 0) {
      to[used++] = at.owed == '\n' ? '\n' : 0;
      at.owed = 0;
      continue;
    }
    uint8_t raw[256];
    TRY_ASSIGN(const size_t n, reader_.read(at.offset, MutBytes(raw, std::min(sizeof raw, to.size() - used))));
    if (n == 0) break;
    for (size_t i = 0; i < n && used < to.size() && at.owed == 0; ++i) {
      const bool pair = raw[i] == '\n' || raw[i] == '\r';
      to[used++] = pair ? '\r' : raw[i];
      if (pair) at.owed = raw[i] == '\n' ? '\n' : 0x80;
      ++at.offset;
    }
  }
  return used;
}

void TftpSession::send_error(TftpError code, const char* text, const Endpoint& to) {
  uint8_t packet[128];
  ByteWriter w(packet);
  write_error(w, code, text);
  debug("> ERROR", static_cast<uint16_t>(code), to);
  if (socket_ != nullptr) (void)socket_->send(to, w.view());
}

void TftpSession::debug(const char* what, unsigned number, const Endpoint& peer) const {
  if (!env_.log.debugging("tftp packets")) return;
  char line[80];
  FixedWriter w(line);
  w.put("TFTP: ").ipv4(peer.ip).put(':').dec(peer.port).put(' ').put(what).put(' ').dec(number);
  env_.log.debug("tftp packets", w.view());
}

void TftpSession::fail(TftpError code, const char* text) {
  send_error(code, text, plan_.peer);
  finish(false);
}

void TftpSession::finish(bool complete) {
  if (at_ == At::finished) return;
  at_ = At::finished;
  timer_.stop();
  retry_.stop();
  owner_.transfer_ended(*this, complete);
}

}  // namespace parley::file_service
