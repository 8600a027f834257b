// The service behind port 2444.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/credentials/credentials_service.h"

#include <algorithm>

#include "modules/credentials/credentials_messages.h"
#include "platform/log/debug_subjects.h"

namespace parley::credentials {

using namespace ctl_protocol;

namespace {

constexpr SecureLimits kLimits{16, 4};
constexpr uint32_t kRounds = 20'000;
constexpr Millis kRetry{2'000};

bool same(const cli::Password& a, const cli::Password& b) { return a.set == b.set && a.type == b.type && a.text == b.text; }

bool handed_over(TrustRole r) {
  return r == TrustRole::ccm || r == TrustRole::ccm_tftp || r == TrustRole::tftp || r == TrustRole::capf;
}

}  // namespace

class CredentialsService::KeyJob final : public Job {
 public:
  void run() override {
    made = std::make_unique<ProofKey>();
    result = derive_key(secret.view(), Bytes(salt), kRounds, *made);
    secret.clear();
  }
  ~KeyJob() override { wipe(&secret, sizeof secret); }
  Text<64> secret;
  uint8_t salt[kSaltSize] = {};
  std::unique_ptr<ProofKey> made;
  Status result;
};

class CredentialsService::Keeper final : public Task {
 public:
  Keeper(Scheduler& scheduler, CredentialsService& owner) : Task(scheduler, "CTL provider"), owner_(owner) {}
  Poll step() override {
    owner_.key_made();
    return Poll::pending;
  }
  Timer retry{*this};
  JobSlot<KeyJob> job;

 private:
  CredentialsService& owner_;
};

CredentialsService::CredentialsService(Env& env) : env_(env) {}
CredentialsService::~CredentialsService() { stop(); }

Status CredentialsService::start() {
  trustpoints_ = env_.services.find<Trustpoints>();
  roles_ = env_.services.find<TrustRoles>();
  interfaces_ = env_.services.find<Interfaces>();
  passwords_ = env_.services.find<PasswordPolicy>();
  if (trustpoints_ == nullptr || roles_ == nullptr || passwords_ == nullptr)
    return Fault{Code::missing, "credentials needs crypto-pki, ctl-client and system", 0};
  if (PeerTrust* peers = env_.services.find<PeerTrust>()) {
    TRY_ASSIGN(clients_, peers->policy(PeerRule{}));
  }
  keeper_ = std::make_unique<Keeper>(env_.scheduler, *this);
  port_ = std::make_unique<Port>(env_.scheduler, "CTL provider", SecureListener::Parts{env_.net, env_.tls, env_.jobs, env_.log},
                                 kLimits, static_cast<Provider2444&>(*this), arena_);
  TRY(port_->start_pool());
  port_->start(*trustpoints_);
  return {};
}

void CredentialsService::stop() {
  if (keeper_ == nullptr) return;
  port_ = nullptr;
  keeper_ = nullptr;
  clients_ = nullptr;
  key_ = nullptr;
  user_.clear();
  secret_ = {};
  guard_.clear();
}

void CredentialsService::apply() {
  if (port_ == nullptr) return;
  const Provider& p = config_.provider;
  if (p.user != user_ || !same(p.secret, secret_)) renew_key();
  SecureSettings s;
  s.on = p.id != 0 && !p.trustpoint.empty() && !p.user.empty();
  s.trustpoint = p.trustpoint;
  s.at = {p.source, p.port};
  s.client_cert = clients_ != nullptr ? ClientCert::optional : ClientCert::none;
  s.policy = clients_.get();
  port_->configure(s);
}

// Another login: what was counted against the old one is forgotten.
void CredentialsService::renew_key() {
  user_ = config_.provider.user;
  secret_ = config_.provider.secret;
  key_ = nullptr;
  guard_.clear();
  keeper_->job.cancel();
  if (user_.empty()) return;
  auto job = std::make_unique<KeyJob>();
  if (const Status plain = passwords_->plain(secret_, job->secret); !plain) return env_.log(kNoSecret, plain.error().what);
  if (const Status filled = env_.random.fill(MutBytes(job->salt)); !filled) return env_.log(kNoSecret, filled.error().what);
  if (!keeper_->job.start(env_.jobs, *keeper_, std::move(job))) keeper_->retry.start(kRetry);
}

void CredentialsService::key_made() {
  if (keeper_->retry.fired()) renew_key();
  const auto done = keeper_->job.take();
  if (done == nullptr) return;
  if (!done->result) return env_.log(kNoSecret, done->result.error().what);
  std::copy_n(done->salt, sizeof salt_, salt_);
  key_ = std::move(done->made);
}

uint32_t CredentialsService::address() const {
  const uint32_t configured = config_.provider.source;
  return configured != 0 || interfaces_ == nullptr ? configured : interfaces_->first_address();
}

Reason CredentialsService::may_try(uint32_t peer_ip, std::string_view user, uint16_t& wait_s) {
  wait_s = guard_.locked_for(peer_ip, user == user_.view(), env_.clock.now());
  if (wait_s != 0) {
    ++counters_.locked;
    debug(peer_ip, "locked out");
    return Reason::locked;
  }
  return key_ == nullptr ? Reason::busy : Reason::none;
}

Result<Blob> CredentialsService::challenge() {
  uint8_t nonce[kNonceSize];
  TRY(env_.random.fill(MutBytes(nonce)));
  Message m;
  m.command = Command::challenge;
  m.nonce = Bytes(nonce);
  m.salt = Bytes(salt_);
  m.rounds = kRounds;
  return write_message(m, kVersion);
}

bool CredentialsService::check(uint32_t peer_ip, std::string_view user, const Digest& transcript, Bytes proof, Digest& answer) {
  if (key_ == nullptr) return false;     // the login was changed meanwhile
  const Digest wanted = proof_of(Side::client, *key_, transcript);
  const bool right = equal_constant_time(wanted.view(), proof);
  const bool known = user == user_.view();
  if (right && known) {
    answer = proof_of(Side::provider, *key_, transcript);
    guard_.succeeded(peer_ip);
    return true;
  }
  ++counters_.wrong;
  env_.log(kAuthFailed, LogArg::ip(peer_ip));
  debug(peer_ip, "wrong proof");
  if (guard_.failed(peer_ip, known, env_.clock.now()))
    env_.log(kLocked, LogArg::ip(peer_ip), static_cast<int64_t>(LoginGuard::kLocked.count()));
  return false;
}

// What modules of this router show to phones; a router without call agent hands over its own trustpoint.
Result<Blob> CredentialsService::records(const Digest& answer, size_t& count) {
  struct Collect {
    CredentialsService& self;
    Blob bytes;
    size_t count = 0;
    bool ccm = false;
    Status status;
    void add(Bytes certificate, TrustRole role, uint32_t ip, std::string_view name) {
      if (!status || count >= kMaxRecords) return;
      Message m;
      m.command = Command::record;
      m.role = static_cast<uint16_t>(role);
      m.address = ip != 0 ? ip : self.address();
      m.name = name;
      m.certificate = certificate;
      auto frame = write_message(m, kVersion);
      status = frame ? bytes.append(frame->view()) : Status(frame.error());
      ++count;
      ccm = ccm || role == TrustRole::ccm || role == TrustRole::ccm_tftp;
    }
  } all{*this, Blob(arena_), 0, false, {}};
  roles_->each_trusted(
      [](void* context, const TrustRoles::Trusted& t) {
        if (t.use != nullptr && handed_over(t.role)) static_cast<Collect*>(context)->add(t.certificate, t.role, t.use->ip, t.use->name);
      },
      &all);
  if (!all.ccm)
    if (const auto own = trustpoints_->usable(config_.provider.trustpoint, Purpose::tls_modern))
      all.add(own->certificate, TrustRole::ccm, config_.provider.source, {});
  TRY(all.status);
  Message m;
  m.command = Command::welcome;
  m.proof = answer.view();
  m.count = static_cast<uint8_t>(all.count);
  TRY_ASSIGN(Blob out, write_message(m, kVersion));
  TRY(out.append(all.bytes.view()));
  count = all.count;
  return out;
}

void CredentialsService::served(uint32_t peer_ip, std::string_view user, size_t count, bool by_certificate) {
  ++counters_.served;
  env_.log(kServed, static_cast<uint64_t>(count), LogArg::ip(peer_ip), user, by_certificate ? "with a certificate" : "without certificate");
  debug(peer_ip, "served");
}

void CredentialsService::refused(uint32_t peer_ip, const char* why) {
  ++counters_.refused;
  env_.log(kRefused, LogArg::ip(peer_ip), why);
  debug(peer_ip, why);
}

void CredentialsService::debug(uint32_t peer_ip, std::string_view what) const {
  if (DebugLine line(env_.log, "credentials"); line) line.out().put("CREDENTIALS: ").ipv4(peer_ip).put(' ').put(what);
}

void CredentialsService::show(Writer& out) const {                                                          // 000:1037
  const Provider& p = config_.provider;
  if (p.id == 0) return;
  out.put("\nCredentials IP: ").ipv4(address()).put("\nCredentials PORT: ").dec(p.port);
  out.put("\nTrustpoint: ").put(p.trustpoint).put('\n');
  if (port_ == nullptr || p.user.empty()) return;   // without a login it is off: nothing more to say
  const char* state = p.trustpoint.empty() ? "no trustpoint"
                      : !port_->listening() ? (port_->trouble() ? "starting" : port_->trouble().error().what)
                      : key_ == nullptr ? "no usable secret" : "listening";
  const SecureCounters& n = port_->counters();
  const auto put = [&](const char* before, uint64_t v) { out.put(before).dec(static_cast<int64_t>(v)); };
  out.put("State: ").put(state);
  put("\nSessions: ", port_->size());
  put("\nConnections: ", n.accepted);
  put(" accepted, ", n.refused_full);
  put(" refused (no room), ", n.refused_address);
  out.put(" refused (too many from one address)");
  put("\nCTL clients: ", counters_.served);
  put(" served, ", counters_.wrong);
  put(" wrong proofs, ", counters_.locked);
  put(" locked out, ", counters_.refused);
  out.put(" refused");
  put("\nLocked now: ", guard_.locked(env_.clock.now()));
  out.put('\n');
}

}  // namespace parley::credentials
