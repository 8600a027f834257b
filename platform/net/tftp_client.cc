// A TFTP transfer that the router begins.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/net/tftp_client.h"

#include <algorithm>

#include "platform/base/memory.h"

namespace parley::tftp {
namespace {

constinit Arena g_arena("TFTP client", size_t{32} << 20);
constexpr unsigned kPacketsPerStep = 16;
constexpr uint64_t kBlocksPerMark = 10;   // the owner is woken to show progress

Fault fault_of(uint16_t code) {
  switch (static_cast<TftpError>(code)) {
    case TftpError::not_found: return {Code::missing, "no such file on the server", code};
    case TftpError::access: return {Code::denied, "the server does not permit it", code};
    case TftpError::disk_full: return {Code::full, "the server has no room", code};
    case TftpError::exists: return {Code::exists, "the file is already on the server", code};
    default: return {Code::io, "the server refused", code};
  }
}

}  // namespace

bool parse_url(std::string_view url, Url& out) {
  if (!starts_nocase(url, "tftp:")) return false;
  url.remove_prefix(5);
  out = {};
  if (!url.starts_with("//")) {
    out.name = url;
    return true;
  }
  url.remove_prefix(2);
  const size_t slash = url.find('/');
  out.host = url.substr(0, slash);
  if (slash != std::string_view::npos) out.name = url.substr(slash + 1);
  return true;
}

TftpClient::TftpClient(Scheduler& scheduler, Net& net, Task& owner, const Plan& plan)
    : Task(scheduler, "TFTP client"), net_(net), owner_(owner), plan_(plan), timer_(*this), received_(g_arena), source_(g_arena) {
  wake();
}

TftpClient::~TftpClient() {
  if (at_ == At::moving) refuse(TftpError::other, "Cancelled", {Code::cancelled, "cancelled", 0});
}

std::unique_ptr<TftpClient> TftpClient::get(Scheduler& scheduler, Net& net, Task& owner, Endpoint server, std::string_view name,
                                            size_t limit) {
  Plan plan;
  plan.server = server;
  if (!plan.name.set(name)) return nullptr;
  plan.limit = limit;
  plan.part = limit + 1;
  return std::make_unique<TftpClient>(scheduler, net, owner, plan);
}

std::unique_ptr<TftpClient> TftpClient::put(Scheduler& scheduler, Net& net, Task& owner, Endpoint server, std::string_view name,
                                            Blob content) {
  Plan plan;
  plan.server = server;
  if (!plan.name.set(name)) return nullptr;
  plan.write = plan.has_size = true;
  plan.size = content.size();
  auto client = std::make_unique<TftpClient>(scheduler, net, owner, plan);
  client->supply(std::move(content), true);
  return client;
}

Poll TftpClient::step() {
  if (socket_ == nullptr) {
    if (at_ == At::ended) return Poll::pending;
    const Status opened = open();
    if (!opened) {
      finish(opened);
      return Poll::pending;
    }
    send_request();
  }
  const bool more = receive();
  if (at_ != At::ended && timer_.fired()) again();
  if (at_ == At::moving) proceed();
  return more ? Poll::again : Poll::pending;
}

Status TftpClient::open() {
  TRY_ASSIGN(socket_, net_.bind(*this, {plan_.from_ip, 0}));
  return {};
}

// True: there may be more.
bool TftpClient::receive() {
  uint8_t packet[4 + kClientBlock + 1];   // one more than allowed: a longer block is seen as such
  for (unsigned i = 0; i < kPacketsPerStep; ++i) {
    Endpoint from;
    uint32_t local = 0;
    auto size = socket_->receive(packet, from, local);
    if (!size) return false;
    handle(Bytes(packet, *size), from);
  }
  return true;
}

void TftpClient::handle(Bytes packet, const Endpoint& from) {
  const TftpPacket p = parse_packet(packet);
  if (from.ip != plan_.server.ip) return;                         // somebody else's
  if (answered_ && from != peer_) {                               // RFC 1350 4: does not disturb the transfer
    if (p.kind == TftpPacket::Kind::error || p.kind == TftpPacket::Kind::other) return;
    uint8_t bytes[64];
    ByteWriter w(bytes);
    write_error(w, TftpError::unknown_transfer, "Unknown transfer ID");
    (void)socket_->send(from, w.view());
    return;
  }
  if (at_ == At::ended) {                                         // our last ACK was lost
    if (!plan_.write && result_ && p.kind == TftpPacket::Kind::data && p.number == static_cast<uint16_t>(block_)) send_ack();
    return;
  }
  if (p.kind == TftpPacket::Kind::other) return;
  if (!answered_) peer_ = from;
  if (p.kind == TftpPacket::Kind::error) return handle_error(p);
  if (at_ == At::asking) return begin(p);
  if (plan_.write) handle_ack(p);
  else handle_data(p);
}

// The first answer: with an OACK what it grants, else blocks of 512.
void TftpClient::begin(const TftpPacket& p) {
  using Kind = TftpPacket::Kind;
  const bool granted = p.kind == Kind::oack && options_;
  const bool plain = plan_.write ? p.kind == Kind::ack && p.number == 0 : p.kind == Kind::data && p.number == 1;
  if (!granted && !plain) return;
  answered_ = true;
  at_ = At::moving;
  tries_ = 0;
  timer_.stop();
  owner_.wake();
  if (granted) {
    blksize_ = p.blksize;
    if (!plan_.write && p.has_tsize && p.tsize > plan_.limit) {
      return refuse(TftpError::disk_full, "File is too large", {Code::full, "the file is too large", 0});
    }
    ack_owed_ = !plan_.write;
  } else if (!plan_.write) {
    handle_data(p);
  }
}

void TftpClient::handle_data(const TftpPacket& p) {
  if (p.kind != TftpPacket::Kind::data) return;
  if (p.number == static_cast<uint16_t>(block_) && block_ > 0) {  // its ACK was lost
    if (!ack_owed_) send_ack();
    return;
  }
  if (p.number != static_cast<uint16_t>(block_ + 1) || ack_owed_) return;
  if (p.data.size() > blksize_) return refuse(TftpError::illegal, "Block is too long", {Code::invalid, "block is too long", 0});
  if (bytes_ + p.data.size() > plan_.limit || !received_.append(p.data)) {
    return refuse(TftpError::disk_full, "File is too large", {Code::full, "the file is too large", 0});
  }
  ++block_;
  ++blocks_;
  bytes_ += p.data.size();
  tries_ = 0;
  timer_.stop();
  ack_owed_ = true;
  if (p.data.size() < blksize_) {
    send_ack();
    return finish({});
  }
  if (blocks_ % kBlocksPerMark == 0 || received_.size() >= plan_.part) owner_.wake();
}

void TftpClient::handle_ack(const TftpPacket& p) {
  if (p.kind != TftpPacket::Kind::ack || !in_flight_ || p.number != static_cast<uint16_t>(block_)) return;
  in_flight_ = false;
  tries_ = 0;
  timer_.stop();
  source_at_ += flight_;
  bytes_ += flight_;
  ++blocks_;
  if (flight_ < blksize_) return finish({});
  if (blocks_ % kBlocksPerMark == 0) owner_.wake();
}

void TftpClient::handle_error(const TftpPacket& p) {
  if (at_ == At::asking && options_ && p.number == static_cast<uint16_t>(TftpError::options)) {
    options_ = false;                                             // RFC 2347: ask again without
    tries_ = 0;
    return send_request();
  }
  char text[80];
  FixedWriter w(text);
  for (const char c : p.text.substr(0, sizeof text)) w.put(c >= 0x20 && c < 0x7f ? c : '.');
  (void)peer_text_.set(w.view());
  finish(fault_of(p.number));
}

// What is due while the transfer runs: an ACK when there is room for more, or the next block.
void TftpClient::proceed() {
  if (!plan_.write) {
    if (ack_owed_ && received_.size() < plan_.part) send_ack();
    return;
  }
  if (in_flight_) return;
  const size_t left = source_.size() - source_at_;
  if (left < blksize_ && !last_supplied_) {
    if (!hungry_) owner_.wake();
    hungry_ = true;
    return;
  }
  ++block_;
  flight_ = std::min<size_t>(left, blksize_);
  in_flight_ = true;
  send_data();
}

Blob TftpClient::take() {
  Blob out = std::move(received_);
  received_ = Blob(g_arena);
  wake();
  return out;
}

void TftpClient::supply(Blob part, bool last) {
  const Bytes rest = source_.view().subspan(source_at_);
  if (rest.empty()) {
    source_ = std::move(part);
  } else {
    Blob joined(g_arena);
    if (!joined.append(rest) || !joined.append(part)) {
      return refuse(TftpError::other, "Out of memory", {Code::full, "no memory for the transfer", 0});
    }
    source_ = std::move(joined);
  }
  source_at_ = 0;
  last_supplied_ = last;
  hungry_ = false;
  wake();
}

// The timer fired: what was sent last once more.
void TftpClient::again() {
  ++timeouts_;
  owner_.wake();
  if (++tries_ >= kTries) return finish(Fault{Code::timeout, "the server does not answer", 0});
  if (at_ == At::asking) return send_request();
  if (plan_.write) {
    if (in_flight_) send_data();
  } else if (!ack_owed_) {
    send_ack();
  }
}

void TftpClient::send(Bytes packet) {
  (void)socket_->send(answered_ ? peer_ : plan_.server, packet);  // a packet that cannot go is repeated by the timer
  if (at_ == At::ended) return;
  wait_ = std::min(Millis(1000) * (1 << std::min(tries_, 3U)), kLongestWait);
  timer_.start(wait_);
}

void TftpClient::send_request() {
  uint8_t bytes[kMaxRequest];
  ByteWriter w(bytes);
  TftpAsk ask;
  ask.write = plan_.write;
  ask.name = plan_.name;
  ask.options = options_;
  ask.has_size = plan_.has_size;
  ask.size = plan_.size;
  write_request(w, ask);
  send(w.view());
}

void TftpClient::send_ack() {
  ack_owed_ = false;
  uint8_t bytes[4];
  ByteWriter w(bytes);
  write_ack(w, static_cast<uint16_t>(block_));
  send(w.view());
}

void TftpClient::send_data() {
  uint8_t bytes[4 + kClientBlock];
  ByteWriter w(bytes);
  write_data_head(w, static_cast<uint16_t>(block_));
  w.bytes(source_.view().subspan(source_at_, flight_));
  send(w.view());
}

void TftpClient::refuse(TftpError code, const char* text, Fault fault) {
  if (answered_) {
    uint8_t bytes[64];
    ByteWriter w(bytes);
    write_error(w, code, text);
    (void)socket_->send(peer_, w.view());
  }
  finish(fault);
}

void TftpClient::finish(Status result) {
  at_ = At::ended;
  result_ = result;
  timer_.stop();
  owner_.wake();
}

}  // namespace parley::tftp
