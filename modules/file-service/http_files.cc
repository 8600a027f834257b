// The published files by HTTP (6970) and HTTPS (6972), beside TFTP.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/file-service/http_files.h"

#include "modules/file-service/file_reader.h"
#include "platform/log/log.h"
#include "platform/tls/legacy.h"

namespace parley::file_service {

// One answer. A transfer keeps the content it began with, whatever is published meanwhile.
class HttpFiles::Transfer final : public HttpExchange {
 public:
  Transfer(HttpFiles& home, const HttpRequest& request, Task& owner, std::shared_ptr<Entry> file)
      : home_(home), file_(std::move(file)), content_(file_->content), reader_(home.env_.store, home.env_.jobs, owner, content_),
        ip_(request.peer_ip), secure_(request.secure), whole_(request.method == "GET") {
    ++file_->counters.requests;
  }
  ~Transfer() override {
    if (sent_) return;
    ++home_.stats_[secure_].failed;
    ++file_->counters.failed;
  }

  Poll step(HttpResponse& response) override {
    const Status opened = reader_.open();
    if (!opened && opened.error().code == Code::busy) return Poll::pending;
    if (!opened) {
      response.status = 404;                    // its file was deleted or cannot be read
      broken_ = true;
      return Poll::done;
    }
    response.content_type = "*/*";              // as phones know it [G]
    response.no_store = true;
    response.length = reader_.size();
    return Poll::done;
  }

  Result<Bytes> part(uint64_t offset) override {
    TRY_ASSIGN(const Bytes bytes, reader_.view(offset));
    reader_.passed(offset);
    return bytes;
  }

  void sent() override {
    if (broken_) return;
    sent_ = true;
    if (whole_) {
      home_.stats_[secure_].bytes += reader_.size();
      ++home_.stats_[secure_].completed;
      ++file_->counters.completed;
      home_.files_.fetched(*file_, *content_, ip_);
    }
  }

 private:
  HttpFiles& home_;
  std::shared_ptr<Entry> file_;
  std::shared_ptr<const Content> content_;
  FileReader reader_;
  uint32_t ip_;
  bool secure_;
  bool whole_;                                  // not HEAD
  bool broken_ = false, sent_ = false;
};

namespace {

class Refusal final : public HttpExchange {
 public:
  explicit Refusal(uint16_t status) : status_(status) {}
  Poll step(HttpResponse& response) override {
    response.status = status_;
    return Poll::done;
  }

 private:
  uint16_t status_;
};

}  // namespace

HttpFiles::HttpFiles(Env& env, FileLookup& files)
    : Task(env.scheduler, "HTTP files"), env_(env), files_(files),
      server_(env.scheduler, env.net, env.log, env.tls, "phone files"), context_(*this, env.tls, env.jobs) {}

Status HttpFiles::start(size_t connections) {
  TRY(server_.start(connections));
  server_.add("/", *this);
  if (Trustpoints* trustpoints = env_.services.find<Trustpoints>()) context_.start(*trustpoints);
  fence_ = env_.services.find<LegacyFence>();
  main_ = env_.services.find<HttpRoutes>();
  if (main_ != nullptr) main_->set_tls_follower(this);
  configure();
  return {};
}

void HttpFiles::stop() {
  if (main_ != nullptr) main_->set_tls_follower(nullptr);
  main_ = nullptr;
  server_.remove(*this);
  server_.set_https_context(nullptr, "stopped");
  server_.stop();
  context_.stop();
  if (fence_ != nullptr && fenced_) fence_->withdraw(kHttpsPort);
  fenced_ = false;
}

void HttpFiles::set_enabled(bool on) {
  if (on == enabled_) return;
  enabled_ = on;
  configure();
}

void HttpFiles::set_credentials(std::string_view trustpoint) {
  if (context_wanted_.trustpoint.view() == trustpoint) return;
  (void)context_wanted_.trustpoint.set(trustpoint);
  configure();
}

void HttpFiles::tls_version(bool legacy, bool tls1_1) {
  context_wanted_.profile = legacy ? TlsProfile::legacy : TlsProfile::modern;
  context_wanted_.oldest = tls1_1 ? TlsOldest::tls1_1 : TlsOldest::by_profile;
  configure();
}

void HttpFiles::configure() {
  context_wanted_.on = enabled_ && !context_wanted_.trustpoint.empty();
  context_.configure(context_wanted_);
  http_server::Settings s;
  s.on = enabled_;
  s.port = kHttpPort;
  s.secure.on = context_wanted_.on;
  s.secure_port = kHttpsPort;
  server_.configure(s);
  const bool old = context_wanted_.on && context_wanted_.profile == TlsProfile::legacy;
  if (fence_ != nullptr && old != fenced_) {
    if (old) fence_->offer(kHttpsPort, "TLS 1.0");
    else fence_->withdraw(kHttpsPort);
    fenced_ = old;
  }
}

Poll HttpFiles::step() {
  if (!context_.renew()) return Poll::pending;
  server_.set_https_context(context_.get(), why_not_secure());
  return Poll::pending;
}

const char* HttpFiles::why_not_secure() const { return context_.trouble() ? "no certificate yet" : context_.trouble().error().what; }

std::unique_ptr<HttpExchange> HttpFiles::open(const HttpRequest& request, Task& owner) {
  HttpStats& stats = stats_[request.secure];
  ++stats.requests;
  if (request.method != "GET" && request.method != "HEAD") return std::make_unique<Refusal>(uint16_t{405});
  std::shared_ptr<Entry> file = files_.find(request.path.substr(1));
  if (env_.log.debugging("tftp events")) {
    char line[256];
    FixedWriter w(line);
    w.put(request.secure ? "HTTPS: " : "HTTP: ").ipv4(request.peer_ip).put(file == nullptr ? " not found " : " request ");
    w.put(request.path.substr(1));
    env_.log.debug("tftp events", w.view());
  }
  if (file == nullptr) {
    ++stats.not_found;
    return std::make_unique<Refusal>(uint16_t{404});
  }
  return std::make_unique<Transfer>(*this, request, owner, std::move(file));
}

}  // namespace parley::file_service
