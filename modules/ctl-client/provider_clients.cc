// The CTL providers of other routers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/provider_clients.h"

#include <algorithm>

#include "modules/ctl-client/provider_messages.h"
#include "modules/system/password_policy.h"
#include "platform/log/log.h"
#include "platform/store/store.h"

namespace parley::ctl_client {
namespace {

constexpr size_t kMaxFile = 1024 * 1024;
constexpr Seconds kFirst{2}, kRetry{30}, kSlowest{900}, kDaily{24 * 3600};

}  // namespace

class ProviderClients::SaveJob final : public Job {
 public:
  explicit SaveJob(Store& s) : store(s) {}
  void run() override { result = store.write(ProviderClients::kPath, file.view()); }
  Store& store;
  Blob file;
  Status result;
};

struct ProviderClients::Asked {
  Asked(const ProviderQuery::Parts& parts, const Server& s) : ip(s.address), user(s.user), password(s.password), query(parts) {}
  bool is(const Server& s) const {
    return ip == s.address && user == s.user && password.type == s.password.type && password.text == s.password.text;
  }
  uint32_t ip;
  Text<32> user;
  cli::Password password;
  ProviderQuery query;
  Status result = Fault{Code::busy, "not asked yet", 0};
  bool under_way = false, asked = false, transient = false;
  const char* told = nullptr;       // the failure that was logged
  Monotonic due{};
  Seconds pause = kRetry;
};

ProviderClients::ProviderClients(Env& env, Task& owner)
    : Task(env.scheduler, "CTL providers"), env_(env), owner_(owner), save_job_(std::make_unique<JobSlot<SaveJob>>()) {}
ProviderClients::~ProviderClients() = default;

void ProviderClients::start(Trustpoints& trustpoints) {
  trustpoints_ = &trustpoints;
  peers_ = env_.services.find<PeerTrust>();
  passwords_ = env_.services.find<PasswordPolicy>();
  auto file = env_.store.read(kPath, kMaxFile);   // boot: calls of the store may block
  if (file) {
    if (const Status loaded = book_.load(file->view()); !loaded) env_.log(kProvidersDamaged, kPath, loaded.error().what);
  } else if (file.error().code != Code::missing) {
    env_.log(kProvidersDamaged, kPath, file.error().what);
  }
}

void ProviderClients::configure(const Ctl& config) {
  const auto wanted = [&](uint32_t ip) {
    return std::any_of(config.servers.begin(), config.servers.end(), [&](const Server& s) { return s.source == Source::provider && s.address == ip; });
  };
  bool forgot = false;
  for (size_t i = asked_.size(); i-- > 0;) {
    if (std::any_of(config.servers.begin(), config.servers.end(), [&](const Server& s) { return s.source == Source::provider && asked_[i]->is(s); })) continue;
    const uint32_t ip = asked_[i]->ip;
    asked_.remove(i);
    // Only what was configured and is not any more: at boot the lines may come after the first apply().
    if (!wanted(ip)) forgot = book_.remove(ip) || forgot;
  }
  if (peers_ != nullptr && trustpoints_ != nullptr)
    for (const Server& s : config.servers) {
      if (s.source != Source::provider) continue;
      if (std::any_of(asked_.begin(), asked_.end(), [&](const auto& a) { return a->is(s); })) continue;
      auto fresh = std::make_unique<Asked>(ProviderQuery::Parts{env_, *trustpoints_, *peers_, *this}, s);
      fresh->due = env_.clock.now() + kFirst;
      (void)asked_.push(std::move(fresh));
    }
  if (forgot) save();
  wake();
}

bool ProviderClients::take_changed() {
  const bool was = changed_;
  changed_ = false;
  return was;
}

void ProviderClients::ask_all() {
  for (auto& a : asked_) ask(*a);
  wake();
}

bool ProviderClients::busy() const {
  return save_job_->busy() || std::any_of(asked_.begin(), asked_.end(), [](const auto& a) { return a->under_way; });
}

ProviderClients::View ProviderClients::operator[](size_t i) const {
  const Asked& a = *asked_[i];
  View v{.ip = a.ip, .result = a.result, .asked = a.asked, .transient = a.transient, .unknown = {}, .changed = false, .known = book_.find(a.ip)};
  if (!a.under_way && !a.result) v.unknown = a.query.shown();
  v.changed = v.known != nullptr && v.known->confirmed;
  return v;
}

Status ProviderClients::confirm(size_t i) {
  Asked& a = *asked_[i];
  TRY_ASSIGN(KnownProvider* known, book_.make(a.ip));
  known->confirmed = true;
  known->certificate = hash(Hash::sha256, a.query.shown());
  known->trustpoint.clear();
  char text[100];
  FixedWriter w(text);
  w.hex_bytes(known->certificate.data, known->certificate.size);
  env_.log(kProviderConfirmed, LogArg::ip(a.ip), w.view());
  save();
  return {};
}

void ProviderClients::ask(Asked& a) {
  ProviderQuery::Order order;
  order.to = {a.ip, ctl_protocol::kPort};
  order.user = a.user;
  a.asked = true;
  const Status plain = passwords_ == nullptr ? Fault{Code::missing, "passwords cannot be read in this image", 0} : passwords_->plain(a.password, order.secret);
  if (!plain) {
    a.result = Fault{Code::invalid, "the password of the configuration cannot be read", 0};
  } else if (!trustpoints_->clock_valid()) {
    a.result = Fault{Code::invalid, "the clock is not set: certificates cannot be checked", 0};
  } else {
    if (const KnownProvider* known = book_.find(a.ip)) {
      order.confirmed = known->confirmed;
      order.certificate = known->certificate;
      order.trustpoint = known->trustpoint;
    }
    a.under_way = true;
    a.query.start(order);
  }
  wipe(&order.secret, sizeof order.secret);
  if (!a.under_way) a.due = env_.clock.now() + kRetry;
}

void ProviderClients::finished(Asked& a) {
  a.under_way = false;
  a.result = a.query.result();
  a.transient = a.query.transient();
  const Monotonic now = env_.clock.now();
  if (!a.result) {
    if (a.told != a.result.error().what) env_.log(kProviderFailed, LogArg::ip(a.ip), a.result.error().what);
    a.told = a.result.error().what;
    a.due = now + (a.transient ? a.pause : kDaily);   // a wrong password is not tried again: that would lock us out
    a.pause = std::min(a.pause * 2, kSlowest);
    return;
  }
  a.told = nullptr;
  a.pause = kRetry;
  a.due = now + kDaily;
  auto known = book_.make(a.ip);
  if (!known) return env_.log(kProviderFailed, LogArg::ip(a.ip), known.error().what);
  KnownProvider& k = **known;
  k.received = env_.clock.wall();
  (void)k.trustpoint.set(a.query.issuer());
  if (!same_records(k.records, a.query.records())) {
    k.records = std::move(a.query.records());
    changed_ = true;
    env_.log(kProviderRecords, static_cast<uint64_t>(k.records.size()), LogArg::ip(a.ip));
    owner_.wake();
  }
  save();
}

void ProviderClients::save() {
  if (save_job_->busy()) {
    save_again_ = true;
    return;
  }
  save_again_ = false;
  auto job = std::make_unique<SaveJob>(env_.store);
  kept_ = book_.save(job->file) && save_job_->start(env_.jobs, *this, std::move(job));
  if (!kept_) env_.log(kProvidersNotWritten, "the router is busy");
}

Poll ProviderClients::step() {
  (void)timer_.fired();
  if (const auto done = save_job_->take()) {
    kept_ = done->result.has_value();
    if (!kept_) env_.log(kProvidersNotWritten, done->result.error().what);
    if (save_again_) save();
  }
  const Monotonic now = env_.clock.now();
  Monotonic next = now + kDaily;
  for (auto& a : asked_) {
    if (a->under_way && !a->query.busy()) finished(*a);
    if (!a->under_way && a->due <= now) ask(*a);
    if (!a->under_way) next = std::min(next, a->due);
  }
  if (!asked_.empty()) timer_.start(std::chrono::duration_cast<Millis>(next - now) + Millis(1));
  if (waiter_ != nullptr && !busy()) waiter_->wake();
  return Poll::pending;
}

void ProviderClients::show(Writer& out) const {
  if (asked_.empty()) return;
  out.put("        CTL Providers\n");
  for (const auto& a : asked_) {
    char address[16];
    FixedWriter w(address);
    w.ipv4(a->ip);
    out.pad(16).left(w.view(), 16);
    const KnownProvider* known = book_.find(a->ip);
    if (known != nullptr && known->received != 0) {
      const Calendar c = to_calendar(known->received);
      out.dec(static_cast<int64_t>(known->records.size())).put(" records of ").put(month_name(c.month)).put(' ').dec(c.day).put(' ');
      out.dec(c.year).put(' ').dec(c.hour, 2, '0').put(':').dec(c.minute, 2, '0').put(':').dec(c.second, 2, '0').put(" UTC, ");
      if (known->trustpoint.empty()) out.put("certificate accepted at the console");
      else out.put("certificate by trustpoint ").put(known->trustpoint);
      out.put(a->result || !a->asked ? "\n" : "; ");
    }
    if (!a->result && (a->asked || known == nullptr)) out.put(a->result.error().what).put('\n');
    else if (!a->result && known->received == 0) out.put("not asked yet\n");
  }
}

}  // namespace parley::ctl_client
