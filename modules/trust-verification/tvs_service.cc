// The service behind port 2445.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/trust-verification/tvs_service.h"

#include "modules/trust-verification/tvs_messages.h"
#include "platform/store/store.h"

namespace parley::trust_verification {
namespace {

constexpr std::string_view kPath = "nvram:trust-table";
constexpr size_t kMaxFile = 1024 * 1024;
constexpr SecureLimits kLimits{256, 8};          // tvs.md 3.8
constexpr Millis kSettle{1'000};                 // one enrolment changes several things in a row
constexpr Millis kDaily{24 * 3600 * 1000};
constexpr uint32_t kNoLimit = 0xFFFFFFFF, kRotating = 3600;   // seconds (tvs.md 3)

}  // namespace

class TvsService::SaveJob final : public Job {
 public:
  explicit SaveJob(Store& s) : store(s) {}
  void run() override { result = store.write(kPath, file.view()); }
  Store& store;
  Blob file;
  Status result;
};

class TvsService::Keeper final : public Task {
 public:
  Keeper(Scheduler& scheduler, TvsService& owner) : Task(scheduler, "TVS table"), owner_(owner) {}
  Poll step() override {
    owner_.keep();
    return Poll::pending;
  }
  Timer settle{*this}, daily{*this};
  JobSlot<SaveJob> job;
  Digest saved;                    // of the file in nvram:

 private:
  TvsService& owner_;
};

TvsService::TvsService(Env& env) : env_(env) {}
TvsService::~TvsService() { stop(); }

Status TvsService::start() {
  trustpoints_ = env_.services.find<Trustpoints>();
  roles_ = env_.services.find<TrustRoles>();
  interfaces_ = env_.services.find<Interfaces>();
  fence_ = env_.services.find<LegacyFence>();
  if (trustpoints_ == nullptr || roles_ == nullptr)
    return Fault{Code::missing, "trust-verification needs crypto-pki and ctl-client", 0};
  keeper_ = std::make_unique<Keeper>(env_.scheduler, *this);
  port_ = std::make_unique<Port>(env_.scheduler, "Trust verification",
                                 SecureListener::Parts{env_.net, env_.tls, env_.jobs, env_.log}, kLimits,
                                 static_cast<Answers&>(*this), arena_);
  TRY(port_->start_pool());
  auto file = env_.store.read(kPath, kMaxFile);   // boot: calls of the store may block
  Status loaded;
  if (file) loaded = table_.load(file->view(), env_.clock.wall());
  if (file && loaded) keeper_->saved = hash(Hash::sha256, file->view());
  else if (file.error().code != Code::missing) loaded = file.error();
  if (!loaded) env_.log(kTableDamaged, kPath, loaded.error().what);
  port_->start(*trustpoints_);
  roles_->subscribe(*this);
  if (auto* files = env_.services.find<TrustFiles>()) files->add(*this);
  keeper_->settle.start(kSettle);
  keeper_->daily.start(kDaily);
  return {};
}

void TvsService::stop() {
  if (keeper_ == nullptr) return;
  tell_fence(0);
  roles_->unsubscribe(*this);
  if (auto* files = env_.services.find<TrustFiles>()) files->remove(*this);
  (void)roles_->set_uses("trust-verification", {});
  port_ = nullptr;
  keeper_ = nullptr;
  table_.clear();
}

void TvsService::apply() {
  if (port_ == nullptr) return;
  set_up_port();
  tell_use();
  trust_roles_changed();   // `ttl`
}

void TvsService::set_up_port() {
  const Tvs& c = config_.tvs;
  SecureSettings s;
  s.on = c.id != 0 && !c.trustpoint.empty();
  s.trustpoint = roles_->in_use("trust-verification", TrustRole::tvs, c.trustpoint);   // phones may not know the next one yet
  s.at = {c.source, c.port};
  s.profile = c.tls_minimum == TlsMinimum::v1_0 ? TlsProfile::legacy : TlsProfile::modern;
  port_->configure(s);
  tell_fence(s.on && s.profile == TlsProfile::legacy ? c.port : uint16_t{0});
}

// port 0: nothing old is offered.
void TvsService::tell_fence(uint16_t port) {
  if (fence_ == nullptr || port == fenced_port_) return;
  if (fenced_port_ != 0) fence_->withdraw(fenced_port_);
  if (port != 0) fence_->offer(port, "TLS 1.0");
  fenced_port_ = port;
}

uint32_t TvsService::address() const {
  const uint32_t configured = config_.tvs.source;
  return configured != 0 || interfaces_ == nullptr ? configured : interfaces_->first_address();
}

void TvsService::tell_use() {
  TrustUse use;
  use.trustpoint = config_.tvs.trustpoint;
  use.role = TrustRole::tvs;
  use.ip = address();
  use.port = port_.get();
  (void)roles_->set_uses("trust-verification", std::span<const TrustUse>(&use, port_->settings().on ? 1 : 0));
}

void TvsService::trust_files(TrustFiles::Sink& sink) const { sink.file(kPath); }

void TvsService::trust_roles_changed() {
  if (keeper_ != nullptr && !keeper_->settle.running()) keeper_->settle.start(kSettle);
}

void TvsService::keep() {
  if (const auto done = keeper_->job.take(); done && !done->result) {
    env_.log(kTableNotWritten, done->result.error().what);
    keeper_->saved = {};
  }
  if (keeper_->settle.fired()) rebuild();
  if (keeper_->daily.fired()) {
    table_.forget_old(env_.clock.wall());
    keeper_->daily.start(kDaily);
    save();
  }
}

void TvsService::rebuild() {
  tell_use();
  set_up_port();
  table_.begin();
  roles_->each_trusted(
      [](void* context, const TrustRoles::Trusted& t) {
        auto& self = *static_cast<TvsService*>(context);
        self.table_.add(t.certificate, t.role, t.source, self.config_.tvs.ttl_min * 60u);
      },
      this);
  table_.end(env_.clock.wall());
  save();
}

void TvsService::save() {
  if (keeper_->job.busy()) return keeper_->settle.start(kSettle);
  auto job = std::make_unique<SaveJob>(env_.store);
  if (!table_.save(job->file)) return;
  const Digest digest = hash(Hash::sha256, job->file.view());
  if (equal_bytes(digest.view(), keeper_->saved.view())) return;
  if (keeper_->job.start(env_.jobs, *keeper_, std::move(job))) keeper_->saved = digest;
  else keeper_->settle.start(kSettle);
}

Verdict TvsService::answer(const VerifyRequest& request, uint32_t peer_ip) {
  const Verdict v = table_.lookup(request.certificate, env_.clock.wall(), roles_->rotating() ? kRotating : kNoLimit);
  ++(v.valid ? counters_.valid : counters_.invalid);
  const bool known = known_device_form(request.device);
  if (!v.valid) env_.log(kInvalid, known ? request.device : std::string_view("A phone"));
  debug("trust-verification events", peer_ip, v.valid ? "valid for " : "invalid for ", known ? request.device : "unknown device");
  return v;
}

void TvsService::refused(uint32_t peer_ip, const Fault& why) {
  ++counters_.refused;
  env_.log(kRefused, LogArg::ip(peer_ip), why.what);
  debug("trust-verification error", peer_ip, "refused: ", why.what);
}

void TvsService::unknown_command(uint32_t peer_ip, Bytes head, Bytes body) {
  ++counters_.refused;
  if (!env_.log.debugging("trust-verification error")) return;
  constexpr size_t kRow = 64;      // bytes in one line
  for (Bytes part : {head, body})
    for (; !part.empty(); part = part.subspan(std::min(part.size(), kRow))) {
      char line[2 * kRow + 1];
      FixedWriter w(line);
      w.hex_bytes(part.data(), std::min(part.size(), kRow));
      debug("trust-verification error", peer_ip, "unknown command: ", w.view());
    }
}

void TvsService::connected(const TlsInfo& info, uint32_t peer_ip) {
  debug("trust-verification events", peer_ip, "connected with ", info.version.view());
  if (fence_ == nullptr) return;
  char device[16];   // phones show no certificate here
  FixedWriter w(device);
  w.ipv4(peer_ip);
  fence_->handshake(config_.tvs.port, w.view(), info);
}

void TvsService::debug(const char* subject, uint32_t peer_ip, std::string_view what, std::string_view detail) const {
  if (!env_.log.debugging(subject)) return;
  char line[240];
  FixedWriter w(line);
  w.put("TVS: ").ipv4(peer_ip).put(' ').put(what).put(detail);
  env_.log.debug(subject, w.view());
}

}  // namespace parley::trust_verification
