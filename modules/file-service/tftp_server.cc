// The TFTP service.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/file-service/tftp_server.h"

#include <algorithm>

#include "modules/file-service/file_messages.h"

namespace parley::file_service {
namespace {

constexpr Millis kOpenAgain{10000};
constexpr Millis kReport{60000};
constexpr int kRequestsPerStep = 16;

}  // namespace

TftpServer::TftpServer(Env& env, FileLookup& files)
    : Task(env.scheduler, "TFTP server"), env_(env), files_(files), pool_("tftp transfers", general_arena()),
      running_(general_arena()), timer_(*this) {}

TftpServer::~TftpServer() { close(); }

Status TftpServer::reserve(size_t transfers) {
  TRY(running_.reserve(transfers));
  return pool_.reserve(transfers);
}

void TftpServer::set_enabled(bool on) {
  if (on == enabled_) return;
  enabled_ = on;
  if (on) open_socket(); else close();
}

void TftpServer::close() {
  enabled_ = false;
  socket_ = nullptr;
  timer_.stop();
  while (!running_.empty()) {
    pool_.put(running_[running_.size() - 1].session);
    running_.remove(running_.size() - 1);
  }
}

void TftpServer::open_socket() {
  const auto port = static_cast<uint16_t>(kTftpPort + env_.net.port_offset());
  auto bound = env_.net.bind(*this, {0, port});
  if (!bound) {
    env_.log(kNoSocket, port, bound.error().what);
    timer_.start(kOpenAgain);
    return;
  }
  socket_ = std::move(bound).value();
  wake();
}

Poll TftpServer::step() {
  reap();
  if (timer_.fired()) {
    if (enabled_ && socket_ == nullptr) open_socket();
    report_drops();
  }
  if (socket_ == nullptr) return Poll::pending;
  uint8_t packet[kMaxRequest + 1];
  for (int i = 0; i < kRequestsPerStep; ++i) {
    Endpoint from;
    uint32_t local_ip = 0;
    const auto got = socket_->receive(packet, from, local_ip);
    if (!got) return Poll::pending;
    answer(Bytes(packet, *got), from, local_ip);
  }
  return Poll::again;
}

void TftpServer::reap() {
  for (size_t i = running_.size(); i-- > 0;) {
    Running& r = running_[i];
    if (!r.session->finished()) continue;
    stats_.bytes += r.session->sent_bytes();
    ++(r.complete ? stats_.completed : stats_.failed);
    ++(r.complete ? r.file->counters.completed : r.file->counters.failed);
    if (r.complete) files_.fetched(*r.file, r.session->content(), r.session->peer().ip);
    debug(r.complete ? "sent" : "broken off", r.file->name, r.session->peer());
    pool_.put(r.session);
    running_.remove(i);
  }
}

void TftpServer::answer(Bytes packet, const Endpoint& from, uint32_t local_ip) {
  TftpRequest request;
  TftpRefusal refusal;
  bool silent = false;
  const bool good = parse_request(packet, request, refusal, silent);
  if (silent) return;
  ++stats_.requests;
  if (!good) return refuse(refusal, from, local_ip);
  if (request.write) return refuse({TftpError::access, "This server is read-only"}, from, local_ip);
  if (known(from)) return;   // the client repeated itself; its transfer is under way and repeats its answer by itself
  if (!begin(request, from, local_ip)) {
    ++stats_.dropped;
    if (!timer_.running()) timer_.start(kReport);
  }
}

bool TftpServer::begin(const TftpRequest& request, const Endpoint& from, uint32_t local_ip) {
  std::shared_ptr<Entry> file = files_.find(request.name);
  if (file == nullptr) {
    ++stats_.not_found;
    debug("not found", request.name, from);
    send_error(TftpError::not_found, "File not found", from, local_ip);
    return true;
  }
  if (of_address(from.ip) >= std::max<size_t>(1, pool_.count() / 2)) return false;
  TftpSession* session = pool_.get(env_, *this, TftpSession::Plan{from, local_ip, request, file->content});
  if (session == nullptr) return false;
  debug("request", request.name, from);
  ++file->counters.requests;
  const Status kept = running_.push(Running{session, std::move(file)});
  PARLEY_CHECK(bool(kept));   // reserved together with the pool
  return true;
}

bool TftpServer::known(const Endpoint& from) const {
  for (const Running& r : running_)
    if (r.session->peer() == from && !r.session->finished()) return true;
  return false;
}

size_t TftpServer::of_address(uint32_t ip) const {
  size_t n = 0;
  for (const Running& r : running_) n += r.session->peer().ip == ip ? 1u : 0u;
  return n;
}

void TftpServer::refuse(const TftpRefusal& why, const Endpoint& to, uint32_t local_ip) {
  ++stats_.refused;
  const Monotonic now = env_.clock.now();
  if (refusal_logged_ == Monotonic{} || now - refusal_logged_ >= kReport) {
    refusal_logged_ = now;
    env_.log(kRefused, LogArg::ip(to.ip), why.text);
  }
  send_error(why.code, why.text, to, local_ip);
}

// From a socket of its own: a router has several addresses, and the answer must leave from the one that was asked.
void TftpServer::send_error(TftpError code, const char* text, const Endpoint& to, uint32_t local_ip) {
  uint8_t packet[128];
  ByteWriter w(packet);
  write_error(w, code, text);
  auto own = env_.net.bind(*this, {local_ip, 0});
  (void)(own ? **own : *socket_).send(to, w.view());
}

void TftpServer::transfer_ended(TftpSession& session, bool complete) {
  for (Running& r : running_)
    if (r.session == &session) r.complete = complete;
  wake();
}

void TftpServer::report_drops() {
  if (stats_.dropped == drops_reported_) return;
  env_.log(kBusy, stats_.dropped - drops_reported_);
  drops_reported_ = stats_.dropped;
}

void TftpServer::debug(const char* what, std::string_view name, const Endpoint& from) const {
  if (!env_.log.debugging("tftp events")) return;
  char line[256];
  FixedWriter w(line);
  w.put("TFTP: ").ipv4(from.ip).put(' ').put(what).put(' ').put(name);
  env_.log.debug("tftp events", w.view());
}

}  // namespace parley::file_service
