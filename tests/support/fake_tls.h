// A TLS session without TLS: the test plays the peer with plain bytes. For services that speak over TlsSession.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "platform/tls/tls.h"

namespace parley::test {

// What the test sees of a session; outlives it.
struct TlsPeer {
  std::string to_service;             // not read yet
  std::vector<std::string> writes;    // one entry for each write of the service
  bool established = true, ended = false, gone = false;
  Status failure;
  TlsInfo info;
  size_t read_limit = SIZE_MAX;       // bytes in one read
  size_t write_limit = SIZE_MAX;      // bytes taken by one write; 0: busy
  std::string received() const {
    std::string all;
    for (const std::string& w : writes) all += w;
    return all;
  }
};

class FakeTlsSession final : public TlsSession {
 public:
  FakeTlsSession(std::shared_ptr<TlsPeer> peer, Endpoint from) : peer_(std::move(peer)), from_(from) {}
  ~FakeTlsSession() override { peer_->gone = true; }
  void set_owner(Task&) override {}
  Result<size_t> read(MutBytes to) override {
    if (!peer_->established || peer_->to_service.empty())
      return peer_->ended ? Fault{Code::closed, "end", 0} : Fault{Code::busy, "nothing", 0};
    const size_t n = std::min({to.size(), peer_->read_limit, peer_->to_service.size()});
    std::copy_n(peer_->to_service.begin(), n, to.begin());
    peer_->to_service.erase(0, n);
    return n;
  }
  Result<size_t> write(Bytes from) override {
    const size_t n = std::min(from.size(), peer_->write_limit);
    if (n == 0) return Fault{Code::busy, "full", 0};
    peer_->writes.emplace_back(as_text(from.first(n)));
    return n;
  }
  bool connected() const override { return true; }
  Endpoint peer() const override { return from_; }
  Endpoint local() const override { return {}; }
  void shutdown_write() override {}
  bool established() const override { return peer_->established; }
  Status failure() const override { return peer_->failure ? Status{} : Status(peer_->failure.error()); }
  const TlsInfo& info() const override { return peer_->info; }

 private:
  std::shared_ptr<TlsPeer> peer_;
  Endpoint from_;
};

}  // namespace parley::test
