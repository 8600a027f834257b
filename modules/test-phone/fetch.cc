// Fetches one file as phones do.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/test-phone/fetch.h"

namespace parley::test_phone {
namespace {

constexpr uint16_t kTftpPort = 69, kHttpPort = 6970;
constexpr Millis kHttpLimit{10'000};
constexpr Fault kBusy{Code::busy, "under way", 0};

}  // namespace

void Fetch::cancel() {
  client_.reset();
  tftp_.reset();
}

Status Fetch::start(const PhonePlan& plan, std::string_view name, std::string_view other) {
  cancel();
  if (!names_[0].set(name) || !names_[1].set(other)) return Fault{Code::invalid, "the name is too long", 0};
  at_ = 0;
  server_.ip = plan.server;
  from_ip_ = plan.from_ip;
  http_ = !plan.old;
  return begin();
}

Status Fetch::begin() {
  cancel();
  by_http_ = http_;
  if (!http_) {
    tftp_ = std::make_unique<tftp::TftpClient>(parts_.scheduler, parts_.net, owner_, [&] {
      tftp::TftpClient::Plan plan;
      plan.server = {server_.ip, kTftpPort};
      plan.from_ip = from_ip_;
      (void)plan.name.set(name());
      plan.limit = kMaxFile;
      plan.part = kMaxFile + 1;
      return plan;
    }());
    return {};
  }
  client_ = std::make_unique<http_server::Client>(owner_, parts_.net);
  char target[80], host[32];
  FixedWriter t(target), h(host);
  t.put('/').put(name());
  h.ipv4(server_.ip).put(':').dec(kHttpPort);
  http_server::ClientRequest request;
  request.target = t.view();
  request.host = h.view();
  request.to = {server_.ip, kHttpPort};
  request.from_ip = from_ip_;
  request.max_body = kMaxFile;
  request.limit = kHttpLimit;
  return client_->start(request);
}

Status Fetch::ended(Status result) {
  const bool unreachable = http_ && !result && result.error().code != Code::missing;
  if (unreachable) {               // no HTTP there: TFTP from now on
    http_ = false;
    TRY(begin());
    return kBusy;
  }
  if (!result && result.error().code == Code::missing && at_ == 0 && !names_[1].empty()) {
    at_ = 1;
    TRY(begin());
    return kBusy;
  }
  cancel();
  return result;
}

Status Fetch::poll() {
  if (client_ != nullptr) {
    if (client_->step() != Poll::done) return kBusy;
    if (!client_->result()) return ended(client_->result());
    if (client_->status() == 404) return ended(Fault{Code::missing, "no such file on the server", 404});
    if (client_->status() != 200) return ended(Fault{Code::io, "the server refused", client_->status()});
    file_.clear();
    TRY(file_.append(client_->body()));
    return ended({});
  }
  if (tftp_ == nullptr) return Fault{Code::invalid, "nothing is fetched", 0};
  if (!tftp_->ended()) return kBusy;
  const Status result = tftp_->result();
  if (result) file_ = tftp_->take();
  return ended(result);
}

}  // namespace parley::test_phone
