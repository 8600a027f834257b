// ping and traceroute.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ip-services/ping.h"

#include <algorithm>

#include "modules/ip-services/ip_exec.h"
#include "modules/ip-services/ip_services.h"
#include "platform/net/echo.h"
#include "platform/net/net.h"
#include "platform/sched/task.h"

namespace parley::ip_services {
namespace {

constexpr unsigned kPingsPerRow = 70;     // marks in one row, as the vendor's router prints them
constexpr Millis kPingWait{2000};
constexpr Millis kHopWait{3000};
constexpr uint8_t kPingHops = 255;
constexpr uint8_t kMostHops = 30;
constexpr unsigned kProbes = 3;           // of one hop
constexpr size_t kProbeSize = 60;

int64_t ms_since(const Env& env, Monotonic begin) {
  const int64_t us = std::chrono::duration_cast<std::chrono::microseconds>(env.clock.now() - begin).count();
  return std::max<int64_t>(1, (us + 999) / 1000);
}

bool open_echo(Env& env, cli::Console& console, uint32_t from, std::unique_ptr<IcmpEcho>& echo) {
  auto opened = env.net.echo(console.task(), from);
  if (opened) {
    echo = std::move(*opened);
    return true;
  }
  const Code code = opened.error().code;
  const bool refused = code == Code::denied || code == Code::unsupported;
  if (refused) console.put("% The host does not permit ICMP messages\n");
  else if (code == Code::missing) console.put("% Invalid source address\n");
  else console.put("% System is busy, try again later\n");
  return false;
}

// One message at a time: mark, next.
class PingDialogue final : public cli::Dialogue {
 public:
  PingDialogue(Env& env, const PingPlan& plan) : env_(env), plan_(plan) {}

  Poll step(cli::Console& console, const std::string_view*) override {
    if (echo_ == nullptr) {
      if (!open_echo(env_, console, plan_.from, echo_)) return Poll::done;
      timer_ = std::make_unique<Timer>(console.task());
      head(console);
      send();
    }
    look(console);
    if (waiting_ && timer_->fired()) mark(console, '.');
    if (!waiting_ && sent_ == plan_.repeat) {
      result(console);
      return Poll::done;
    }
    if (!waiting_) send();
    return Poll::pending;
  }

  void cancelled(cli::Console& console) override {
    if (sent_ > 0) result(console);
  }

 private:
  void head(cli::Console& console) {
    console.put("Type escape sequence to abort.\nSending ").dec(plan_.repeat).put(", ").dec(plan_.size).put("-byte ICMP Echos to ");
    console.ipv4(plan_.to);
    console.put(", timeout is 2 seconds:\n");
    if (plan_.from == 0) return;
    console.put("Packet sent with a source address of ");
    console.ipv4(plan_.from);
    console.put('\n');
  }
  // What cannot be sent now (no route, queue full) counts as lost after the usual time.
  void send() {
    (void)echo_->send(plan_.to, static_cast<uint16_t>(++sent_), kPingHops, plan_.size);
    begin_ = env_.clock.now();
    waiting_ = true;
    timer_->start(kPingWait);
  }
  void look(cli::Console& console) {
    for (auto reply = echo_->receive(); reply; reply = echo_->receive()) {
      if (!waiting_ || reply->sequence != static_cast<uint16_t>(sent_)) continue;
      switch (reply->kind) {
        case EchoReply::Kind::answer:
          answered(console);
          break;
        case EchoReply::Kind::unreachable: mark(console, 'U'); break;
        case EchoReply::Kind::prohibited: mark(console, 'A'); break;
        case EchoReply::Kind::too_big: mark(console, 'M'); break;
        case EchoReply::Kind::expired: mark(console, '&'); break;
      }
      return;
    }
  }
  void answered(cli::Console& console) {
    const int64_t ms = ms_since(env_, begin_);
    least_ = received_ == 0 ? ms : std::min(least_, ms);
    most_ = std::max(most_, ms);
    sum_ += ms;
    ++received_;
    mark(console, '!');
  }
  void mark(cli::Console& console, char c) {
    waiting_ = false;
    timer_->stop();
    console.put(c);
    if (sent_ % kPingsPerRow == 0 || sent_ == plan_.repeat) console.put('\n');
  }
  void result(cli::Console& console) {
    console.put("Success rate is ").dec(int64_t{received_} * 100 / sent_).put(" percent (").dec(received_).put('/').dec(sent_).put(')');
    if (received_ > 0) {
      console.put(", round-trip min/avg/max = ").dec(least_).put('/').dec(sum_ / received_).put('/').dec(most_).put(" ms");
    }
    console.put('\n');
  }

  Env& env_;
  PingPlan plan_;
  std::unique_ptr<IcmpEcho> echo_;
  std::unique_ptr<Timer> timer_;
  Monotonic begin_{};
  bool waiting_ = false;
  uint32_t sent_ = 0, received_ = 0;
  int64_t least_ = 0, most_ = 0, sum_ = 0;
};

// Three messages for each number of hops, until the target answers.
class TraceDialogue final : public cli::Dialogue {
 public:
  TraceDialogue(Env& env, uint32_t to) : env_(env), to_(to) {}

  Poll step(cli::Console& console, const std::string_view*) override {
    if (echo_ == nullptr) {
      if (!open_echo(env_, console, 0, echo_)) return Poll::done;
      timer_ = std::make_unique<Timer>(console.task());
      console.put("Type escape sequence to abort.\nTracing the route to ");
      console.ipv4(to_);
      console.put("\n\n");
      send(console);
    }
    look(console);
    if (waiting_ && timer_->fired()) {
      console.put(" *");
      waiting_ = false;
    }
    if (waiting_) return Poll::pending;
    if (probe_ == kProbes) {
      console.put('\n');
      if (reached_ || hop_ == kMostHops) return Poll::done;
      probe_ = 0;
      shown_ = 0;
      ++hop_;
    }
    send(console);
    return Poll::pending;
  }

 private:
  void send(cli::Console& console) {
    if (probe_ == 0) console.dec(hop_, 3);
    ++probe_;
    (void)echo_->send(to_, ++sequence_, hop_, kProbeSize);
    begin_ = env_.clock.now();
    waiting_ = true;
    timer_->start(kHopWait);
  }
  void look(cli::Console& console) {
    for (auto reply = echo_->receive(); reply; reply = echo_->receive()) {
      if (!waiting_ || reply->sequence != sequence_) continue;
      waiting_ = false;
      timer_->stop();
      if (reply->from != shown_) {
        console.put(' ');
        console.ipv4(reply->from);
        shown_ = reply->from;
      }
      using Kind = EchoReply::Kind;
      if (reply->kind == Kind::unreachable) console.put(" !H");
      else if (reply->kind == Kind::prohibited) console.put(" !A");
      else console.put(' ').dec(ms_since(env_, begin_)).put(" msec");
      reached_ = reached_ || reply->kind != Kind::expired;
      return;
    }
  }

  Env& env_;
  uint32_t to_;
  std::unique_ptr<IcmpEcho> echo_;
  std::unique_ptr<Timer> timer_;
  Monotonic begin_{};
  bool waiting_ = false, reached_ = false;
  uint8_t hop_ = 1;
  unsigned probe_ = 0;
  uint16_t sequence_ = 0;
  uint32_t shown_ = 0;
};

}  // namespace

void do_ping(cli::Call& call, const PingArgs& a) {
  IpServices& ip = call.module<IpServices>();
  PingPlan plan;
  plan.to = a.to;
  plan.repeat = a.repeat;
  plan.size = a.size;
  if (!a.source.empty()) {
    char text[48];
    FixedWriter w(text);
    cli::print_interface(w, a.source);
    plan.from = ip.address_of(w.view());
    if (plan.from == 0) {
      call.out().put("% Invalid source interface - IP not enabled or interface is down\n");
      return;
    }
  }
  call.start(ping(ip.env(), plan));
}

void do_traceroute(cli::Call& call, const TraceArgs& a) { call.start(traceroute(call.module<IpServices>().env(), a.to)); }

std::unique_ptr<cli::Dialogue> ping(Env& env, const PingPlan& plan) { return std::make_unique<PingDialogue>(env, plan); }
std::unique_ptr<cli::Dialogue> traceroute(Env& env, uint32_t to) { return std::make_unique<TraceDialogue>(env, to); }

}  // namespace parley::ip_services
