// Tells before the certificates of phones end.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/trust-audit/expiry_watch.h"

#include <algorithm>

#include "modules/crypto-pki/phone_issuer.h"
#include "modules/crypto-pki/trustpoints.h"
#include "platform/base/time.h"

namespace parley::trust_audit {
namespace {

constexpr Millis kFirst{20'000}, kHour{3'600'000};
constexpr UnixTime kDay = 86400;

constexpr LogMessage kPhoneEnds{"TRUST", 4, "PHONEENDS", "The {} of {} {} at {}",
    "A phone whose certificate has ended does not register securely and cannot prove itself with it.",
    "Have it renewed: 'cert-oper upgrade' of its ephone. 'show crypto pki forecast' lists all certificates."};
constexpr const LogMessage* kAll[] = {&kPhoneEnds};

}  // namespace

constinit const std::span<const LogMessage* const> kMessages = kAll;

ExpiryWatch::ExpiryWatch(Env& env) : Task(env.scheduler, "Phone certificates"), env_(env) { timer_.start(kFirst); }

Poll ExpiryWatch::step() {
  if (timer_.fired()) walk_ = std::make_unique<ForecastWalk>(env_.services);
  if (walk_ == nullptr) return Poll::pending;
  if (walk_->step()) return Poll::again;
  const auto* trustpoints = env_.services.find<Trustpoints>();
  if (walk_->status() && trustpoints != nullptr && trustpoints->clock_valid()) judge(walk_->sorted());
  walk_ = nullptr;
  timer_.start(kHour);
  return Poll::pending;
}

void ExpiryWatch::judge(const Forecast& endings) {
  const auto* issuer = env_.services.find<PhoneIssuer>();
  const PhoneIssuer::Notice notice = issuer == nullptr ? PhoneIssuer::Notice{} : issuer->notice();
  const UnixTime now = env_.clock.wall();
  for (Told& t : told_) t.seen = false;
  for (const Ending& e : endings) {
    if (e.kind != Ending::Kind::lsc && e.kind != Ending::Kind::mic) continue;
    if (e.not_after - now > notice.days * kDay) continue;
    Told* told = nullptr;
    for (Told& t : told_)
      if (equal_bytes(t.sha256, e.sha256)) told = &t;
    if (told != nullptr) told->seen = true;
    if (told != nullptr && now - told->when < notice.repeat * kDay) continue;
    if (told == nullptr) {
      Told fresh;
      std::copy_n(e.sha256, sizeof fresh.sha256, fresh.sha256);
      fresh.seen = true;
      if (!told_.push(fresh)) return;
      told = &told_[told_.size() - 1];
    }
    told->when = now;
    char text[40];
    FixedWriter w(text);
    const Calendar c = to_calendar(e.not_after);
    w.dec(c.hour, 2, '0').put(':').dec(c.minute, 2, '0').put(':').dec(c.second, 2, '0').put(" UTC ");
    w.put(month_name(c.month)).put(' ').dec(c.day).put(' ').dec(c.year);
    env_.log(kPhoneEnds, e.kind == Ending::Kind::lsc ? "LSC" : "MIC", e.owner, e.not_after < now ? "has ended" : "ends", w.view());
  }
  for (size_t i = told_.size(); i-- > 0;)
    if (!told_[i].seen) told_.remove(i);
}

}  // namespace parley::trust_audit
