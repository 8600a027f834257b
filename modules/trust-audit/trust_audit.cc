// The module trust-audit: `show telephony-service trust-audit`, one row for each link of a phone's chain of trust.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DOC
// A phone that does not come up says nothing. The audit does what the phone does, with what the phone would get: it takes the
// lists and files that are published now, checks their signatures in a job, and judges link after link (audit_links). A link that
// cannot be judged because one before it is broken is not blamed: the row that says `broken` is the one to mend.
#include <algorithm>
#include <memory>

#include "cli/row.h"
#include "modules/crypto-pki/trustpoints.h"
#include "modules/module.h"
#include "modules/telephony-service/telephony_limits.h"
#include "modules/trust-audit/audit_job.h"
#include "modules/trust-audit/audit_links.h"
#include "modules/trust-audit/expiry_watch.h"
#include "modules/trust-audit/forecast.h"
#include "platform/base/time.h"

namespace parley::trust_audit {
namespace {

struct Config {
  uint32_t id = 0;
};

class TrustAudit final : public Instance {
 public:
  explicit TrustAudit(Env& e) : env(e) {}
  void* config() override { return &config_; }
  void apply() override {}
  Status start() override {
    watch_ = std::make_unique<ExpiryWatch>(env);
    return {};
  }
  void stop() override { watch_ = nullptr; }
  Env& env;

 private:
  Config config_;
  std::unique_ptr<ExpiryWatch> watch_;
};

std::string_view state_text(State s) {
  switch (s) {
    case State::unused: return "-";
    case State::ok: return "ok";
    case State::broken: return "broken";
    case State::behind: return "not checked";
  }
  return "";
}

void print(Writer& out, const Facts& f, const Audit& audit) {
  out.put("\nephone ").dec(f.tag).put("  ").put(f.device).put('\n');
  for (size_t i = 0; i < kLinks; ++i) {
    const Verdict& v = audit.links[i];
    out.put("  ").left(link_name(static_cast<Link>(i)), 22).put(state_text(v.state));
    if (!v.cause.empty()) out.put(": ").put(v.cause);
    out.put('\n');
    if (!v.next.empty()) out.pad(24).put("next: ").put(v.next).put('\n');
  }
  const size_t broken = audit.broken();
  if (broken == 0) out.put("  The chain of trust is whole\n");
  else out.put("  Broken links: ").dec(static_cast<int64_t>(broken)).put('\n');
}

// Phone after phone: facts, job, rows.
class ShowAudit final : public cli::Dialogue {
 public:
  ShowAudit(Env& env, uint16_t tag) : env_(env), phones_(general_arena()) {
    const PhoneBook* book = env.services.find<PhoneBook>();
    if (book == nullptr) return;
    wanted_ = tag;
    book->each_phone([](void* context, const PhoneEntry& phone) { static_cast<ShowAudit*>(context)->add(phone); }, this);
  }

  Poll step(cli::Console& console, const std::string_view*) override {
    if (const auto done = job_.take()) {
      const Audit audit = judge(done->facts);
      print(console, done->facts, audit);
      whole_ += audit.broken() == 0;
      ++next_;
    }
    if (job_.busy()) return Poll::pending;
    if (next_ < phones_.size()) return begin(console);
    if (phones_.empty()) console.put(wanted_ == 0 ? "% No phone with a mac-address is configured\n" : "% This ephone is not configured, or has no mac-address\n");
    else if (phones_.size() > 1)
      console.put("\nPhones: ").dec(static_cast<int64_t>(phones_.size())).put(", chain of trust whole: ").dec(static_cast<int64_t>(whole_)).put('\n');
    return Poll::done;
  }

 private:
  struct Phone {
    uint16_t tag = 0;
    Text<15> device;
    uint8_t mac[6];
  };
  void add(const PhoneEntry& phone) {
    if (wanted_ != 0 && phone.tag != wanted_) return;
    Phone p{phone.tag, phone.device, {}};
    std::copy_n(phone.mac, sizeof p.mac, p.mac);
    (void)phones_.push(p);
  }
  Poll begin(cli::Console& console) {
    auto job = std::make_unique<AuditJob>();
    job->facts.device = phones_[next_].device;
    std::copy_n(phones_[next_].mac, sizeof job->facts.mac, job->facts.mac);
    const Status collected = collect(env_.services, env_.clock.wall(), phones_[next_].tag, job->facts);
    if (!collected) {
      console.put("% ").put(phones_[next_].device).put(": ").put(collected.error().what).put('\n');
      ++next_;
      return Poll::again;
    }
    if (PeerTrust* peers = env_.services.find<PeerTrust>()) {
      PeerRule rule;
      rule.use = PeerUse::phone_lsc;
      rule.name = phones_[next_].device.view();
      job->as_lsc = peers->validation(rule);
      rule.use = PeerUse::phone_mic;
      job->as_mic = peers->validation(rule);
    }
    if (job_.start(env_.jobs, console.task(), std::move(job))) return Poll::pending;
    console.put("% System is busy, try again later\n");
    return Poll::done;
  }

  Env& env_;
  List<Phone> phones_;
  JobSlot<AuditJob> job_;
  size_t next_ = 0, whole_ = 0;
  uint16_t wanted_ = 0;
};

struct Args {
  uint16_t tag = 0;
};

void show_audit(cli::Call& call, const Args& a) {
  call.start(std::make_unique<ShowAudit>(call.module<TrustAudit>().env, a.tag));
}

// The services first, then the phones, some in each step.
class ShowForecast final : public cli::Dialogue {
 public:
  explicit ShowForecast(Env& env) : env_(env), walk_(env.services) {}
  Poll step(cli::Console& console, const std::string_view*) override {
    if (walk_.step()) {
      console.task().wake();
      return Poll::pending;
    }
    if (!walk_.status()) console.put("% ").put(walk_.status().error().what).put('\n');
    else print_forecast(console, walk_.sorted(), env_.clock.wall());
    return Poll::done;
  }

 private:
  Env& env_;
  ForecastWalk walk_;
};

void show_forecast(cli::Call& call) { call.start(std::make_unique<ShowForecast>(call.module<TrustAudit>().env)); }

constexpr cli::Row kExec[] = {
    cli::action<show_forecast>("show crypto pki forecast", "Certificates of phones and their services, and when they end"),
    cli::action<show_audit>("show telephony-service trust-audit [ephone <1-" LIMIT_PHONES ">]", "Links of the chain of trust", &Args::tag),
};

constexpr cli::Gloss kGloss[] = {
    {"ephone", "One phone"},
    {"telephony-service", "Telephony service"},
};

constexpr const char* kNeeds[] = {Trustpoints::kService, PhoneBook::kService};

}  // namespace
}  // namespace parley::trust_audit

namespace parley {

extern const Module kTrustAudit;
const Module kTrustAudit{
    .name = "trust-audit",
    .summary = "Names the broken link in a phone's chain of trust",
    .needs = trust_audit::kNeeds,
    .provides = {},
    .sections = {},
    .exec = trust_audit::kExec,
    .messages = trust_audit::kMessages,
    .create = [](Env& env) -> std::unique_ptr<Instance> { return std::make_unique<trust_audit::TrustAudit>(env); },
    .glossary = trust_audit::kGloss,
};

}  // namespace parley
