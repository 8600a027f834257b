// reset and restart, of one phone and of all.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/telephony_actions.h"
#include "modules/telephony-service/telephony_service.h"

namespace parley::telephony_service {
namespace {

constexpr Millis kRestartInterval{15'000};
constexpr size_t kNamed = 10;      // waiting phones that are told by name

const char* doing(ResetKind kind) { return kind == ResetKind::reset ? "resetting " : "restarting "; }
const char* done(ResetKind kind) { return kind == ResetKind::reset ? "reset" : "restarted"; }

Writer& put_mac(Writer& out, const cli::Mac& mac) {
  cli::kind_of(cli::Value::mac).print(out, &mac, sizeof mac, {});
  return out;
}

void one(cli::Call& call, ResetKind kind, const cli::Mac& mac) {
  TelephonyService& s = call.module<TelephonyService>();
  if (s.links() == nullptr) return call.refuse("% Telephony service is not running");
  if (s.phone_of(mac) == nullptr) return call.refuse(mac.empty() ? "% This ephone has no mac-address" : "% No ephone has this mac-address");
  if (s.links()->resets().request(mac, kind)) {
    put_mac(call.out().put(doing(kind)), mac).put('\n');
    return;
  }
  put_mac(call.out(), mac).put(" is not connected: it is ").put(done(kind)).put(" when it registers, unless it fetches its file before\n");
}

void name_waiting(Writer& out, const TelephonyService& s, const PhoneResets& resets) {
  size_t named = 0;
  for (const Ephone& phone : s.settings().phones) {
    if (phone.mac.empty()) continue;
    const PhoneResets::State state = resets.state(phone.mac);
    if (!state.waiting || state.link != nullptr) continue;
    if (named++ == kNamed) {
      out.put("  ...\n");
      return;
    }
    put_mac(out.put("  ephone-").dec(phone.tag).put(" Mac:"), phone.mac).put('\n');
  }
}

void all(cli::Call& call, ResetKind kind, PhoneResets::Pace pace, Millis interval) {
  TelephonyService& s = call.module<TelephonyService>();
  if (s.links() == nullptr) return call.refuse("% Telephony service is not running");
  PhoneResets& resets = s.links()->resets();
  if (resets.busy()) {
    call.out().put("% A reset is in progress, ").dec(static_cast<int64_t>(resets.left())).put(" phones are left: 'reset cancel' ends it\n");
    return;
  }
  resets.begin(kind, pace, interval);
  for (const Ephone& phone : s.settings().phones)
    if (!phone.mac.empty() && !resets.add(phone.mac)) return call.refuse("% No memory to reset all phones");
  Writer& out = call.out();
  const PhoneResets::Sum sum = resets.sum();
  out.put(kind == ResetKind::reset ? "Resetting " : "Restarting ").dec(static_cast<int64_t>(sum.in_line)).put(" phones");
  if (pace == PhoneResets::Pace::one_by_one) out.put(": each when the one before has registered again");
  else if (interval.count() > 0) out.put(": at ").dec(interval.count() / 1000).put(" second interval");
  out.put(sum.in_line == 0 ? "\n" : " -- this could take several minutes per phone\n");
  if (sum.waiting == 0) return;
  out.dec(static_cast<int64_t>(sum.waiting)).put(" phones are not connected: each is ").put(done(kind));
  out.put(" when it registers, unless it fetches its file before\n");
  name_waiting(out, s, resets);
}

void cancel(cli::Call& call) {
  TelephonyService& s = call.module<TelephonyService>();
  if (s.links() == nullptr) return call.refuse("% Telephony service is not running");
  const size_t left = s.links()->resets().cancel();
  call.out().put("Reset cancelled, ").dec(static_cast<int64_t>(left)).put(" phones were not told\n");
}

}  // namespace

void reset_phones(cli::Call& call, const ResetArguments& a) {
  switch (a.which) {
    case 0: return all(call, ResetKind::reset, PhoneResets::Pace::interval, Millis(1'000 * uint32_t{a.interval_s}));
    case 1: return cancel(call);
    case 2: return all(call, ResetKind::reset, PhoneResets::Pace::one_by_one, Millis(0));
    default: return one(call, ResetKind::reset, a.mac);
  }
}

void restart_phones(cli::Call& call, const ResetArguments& a) {
  if (a.which == 0) return all(call, ResetKind::restart, PhoneResets::Pace::interval, kRestartInterval);
  one(call, ResetKind::restart, a.mac);
}

void reset_phone(cli::Call& call) { one(call, ResetKind::reset, static_cast<const Ephone*>(call.record)->mac); }
void restart_phone(cli::Call& call) { one(call, ResetKind::restart, static_cast<const Ephone*>(call.record)->mac); }

}  // namespace parley::telephony_service
