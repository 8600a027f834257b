// The plain signalling port.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/plain_port.h"

#include "config.h"
#include "modules/telephony-service/telephony_messages.h"

namespace parley::telephony_service {
namespace {

constexpr size_t kSessions = CONFIG_PLAIN_SCCP_SESSIONS + kSpareSessions;
constexpr int kBacklog = 128, kBurst = 64;
constexpr Millis kRetry{5'000}, kQuiet{10'000};
constexpr unsigned kMostLogged = 8;   // refusals in that time: anybody can cause them

}  // namespace

PlainPort::PlainPort(Env& env, SignallingOwner& owner) : Task(env.scheduler, "Plain signalling"), env_(env), owner_(owner) {}

PlainPort::~PlainPort() {
  listener_.reset();
  close_all();
}

Status PlainPort::start() {
  TRY(live_.reserve(kSessions));
  return pool_.reserve(kSessions);
}

void PlainPort::configure(Endpoint at) {
  if (at == at_) return;
  listener_.reset();
  retry_.stop();
  if (at.ip == 0) close_all();
  at_ = at;
  told_ = false;
  wake();
}

Poll PlainPort::step() {
  (void)retry_.fired();
  if (quiet_.fired()) logged_ = 0;
  reap();
  if (at_.ip == 0) return Poll::pending;
  if (listener_ == nullptr && !retry_.running()) listen();
  if (listener_ != nullptr) accept_all();
  return Poll::pending;
}

void PlainPort::listen() {
  auto made = env_.net.listen(*this, at_, kBacklog);
  if (made) {
    listener_ = std::move(*made);
    trouble_ = {};
    return;
  }
  trouble_ = made.error();
  retry_.start(kRetry);
  if (!told_) env_.log(kPlainDown, at_.port, trouble_.what);
  told_ = true;
}

void PlainPort::accept_all() {
  for (int n = 0; n < kBurst; ++n) {
    auto stream = listener_->accept(*this);
    if (!stream) return;
    ++counters_.accepted;
    const uint32_t ip = (*stream)->peer().ip;
    SccpSession* s = live_of(ip) < kSessionsOfOneAddress ? pool_.get(scheduler(), static_cast<Registrar&>(*this)) : nullptr;
    if (s == nullptr) {              // closed: a phone tries again
      ++counters_.too_many;
      continue;
    }
    PARLEY_CHECK(live_.push(s));     // reserved
    s->begin_plain(std::move(*stream));
  }
  wake();
}

size_t PlainPort::live_of(uint32_t ip) const {
  size_t n = 0;
  for (const SccpSession* s : live_) n += s->peer_ip() == ip;
  return n;
}

void PlainPort::reap() {
  for (size_t i = live_.size(); i-- > 0;) {
    if (!live_[i]->closed()) continue;
    pool_.put(live_[i]);
    live_.remove(i);
  }
}

void PlainPort::close_all() {
  for (SccpSession* s : live_) pool_.put(s);
  while (!live_.empty()) live_.remove(live_.size() - 1);   // keeps what was reserved
}

void PlainPort::session_closed(SccpSession& session) {
  owner_.link_down(session);
  wake();
}

void PlainPort::log_refusal(const SccpPeer& peer, const char* why) {
  if (logged_ == 0) quiet_.start(kQuiet);
  if (++logged_ > kMostLogged) return;
  env_.log(kPlainRefused, peer.device.empty() ? std::string_view("A phone") : peer.device.view(), LogArg::ip(peer.from.ip), why);
}

void PlainPort::broken(const SccpPeer& peer, const Fault& why) {
  ++counters_.broken;
  log_refusal(peer, why.what);
  owner_.refused(peer, why.what);
}

RegisterAnswer PlainPort::refuse(const SccpPeer& peer, uint64_t& counter, const char* why, const char* text) {
  ++counter;
  log_refusal(peer, why);
  owner_.refused(peer, why);
  return {RejectText(text)};
}

// Texts: sccp.md 10.1.
RegisterAnswer PlainPort::register_phone(SccpSession& session, const SccpPeer& peer, const RegisterRequest& request) {
  if (request.device.view() != peer.device.view())
    return refuse(peer, counters_.name, "it registers with another name than before", "No Entry in Database");
  const bool trial = owner_.is_trial(peer.from);   // leaves no trace
  SecurePhone phone;
  if (!owner_.secure_phone(peer.device, phone)) {
    const UnknownPhone unknown = trial ? UnknownPhone{"no ephone has its mac-address", "No Entry in Database"} : owner_.unknown_phone(peer, request);
    if (unknown.why != nullptr) return refuse(peer, counters_.unknown, unknown.why, unknown.text);
  } else if (phone.mode != DeviceMode::none) {
    return refuse(peer, counters_.mode, phone.mode == DeviceMode::encrypted ? "its device-security-mode is encrypted" : "its device-security-mode is authenticated",
                  "Security Mode Mismatch");
  }
  ++counters_.registers;
  if (trial) return {RejectText(kNoCalls)};
  return owner_.link_up(peer.device, session);
}

void PlainPort::show(Writer& out) const {
  if (at_.ip == 0) return;
  out.put("signaling ").ipv4(at_.ip).put(" port ").dec(at_.port).put(", ");
  if (listener_ != nullptr) out.put("listening\n");
  else out.put("down: ").put(trouble_.what == nullptr ? "starting" : trouble_.what).put('\n');
  const auto count = [&out](const char* what, uint64_t n) { out.put(what).dec(static_cast<int64_t>(n)); };
  count("  connections ", counters_.accepted);
  count(", registers ", counters_.registers);
  count("; refused: unknown phone ", counters_.unknown);
  count(", other name ", counters_.name);
  count(", security mode ", counters_.mode);
  count(", not SCCP ", counters_.broken);
  count(", too many ", counters_.too_many);
  out.put('\n');
}

}  // namespace parley::telephony_service
