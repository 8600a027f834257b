// The module crypto-engine.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DOC: The legacy fence. A listener that may speak old protocols says so with offer(); whoever finishes a handshake or opens
// a SCEP message tells used() or modern(). One record is kept for each device, listener and kind of use; the first use of a
// device is logged once, also over restarts, because the records lie on nvram:. A new record is stored a second later,
// counts and times at most every ten minutes. When a device comes back with nothing old its records on that listener go:
// the list empties while phones are replaced, and an empty list says that the listener can be closed to old protocols.
#include "modules/crypto-engine/crypto_engine.h"

#include "config.h"
#include "modules/crypto-engine/crypto_engine_messages.h"
#include "modules/crypto-engine/crypto_engine_show.h"

namespace parley::crypto_engine {
namespace {

constexpr Millis kSoon{1000}, kLater{600'000}, kAgain{5000};

}  // namespace

void SaveJob::run() { status = store_.write(kLegacyFile, text_); }

CryptoEngine::CryptoEngine(Env& env) : Task(env.scheduler, "Legacy fence"), env_(env), list_(CONFIG_LEGACY_RECORDS), timer_(*this) {
  env.services.provide<LegacyFence>(this);
}

Status CryptoEngine::start() {
  list_.clear();
  const Result<Blob> file = env_.store.read(kLegacyFile, size_t{CONFIG_LEGACY_RECORDS} * kLegacyLine);
  if (file) read_legacy(file->text(), list_);
  else if (file.error().code != Code::missing) env_.log(kUnreadable, file.error().what);
  return {};
}

void CryptoEngine::stop() {
  job_.cancel();
  timer_.stop();
  for (Offer& o : offers_) o = {};
}

void CryptoEngine::offer(uint16_t port, const char* name) {
  Offer* free = nullptr;
  for (Offer& o : offers_) {
    if (o.port == port) { o.name = name; return; }
    if (o.port == 0 && free == nullptr) free = &o;
  }
  if (free != nullptr) *free = {port, name};
}

void CryptoEngine::withdraw(uint16_t port) {
  for (Offer& o : offers_)
    if (o.port == port) o = {};
}

void CryptoEngine::used(const LegacyUse& use) {
  if (use.device.empty()) return;
  const LegacyList::Noted noted = list_.note(use, env_.clock.wall());
  if (noted.new_device) env_.log(kLegacyDevice, use.device, use.port, use.version, use.suite, use.key_bits, use.hash);
  save_in(noted.new_kind ? kSoon : kLater);
}

void CryptoEngine::modern(uint16_t port, std::string_view device) {
  if (!list_.forget(port, device)) return;
  env_.log(kModernDevice, device, port);
  save_in(kSoon);
}

void CryptoEngine::each(Each visit, void* context) const {
  for (size_t i = 0; i < list_.size(); ++i)
    if (!visit(context, list_[i])) return;
}

void CryptoEngine::save_in(Millis delay) {
  const Monotonic when = env_.clock.now() + delay;
  if (dirty_ && due_ <= when) return;
  dirty_ = true;
  due_ = when;
  timer_.start(delay);
}

Poll CryptoEngine::step() {
  (void)timer_.fired();
  if (const auto done = job_.take(); done != nullptr && !done->status) {
    env_.log(kNotStored, done->status.error().what);
    save_in(kLater);
  }
  if (job_.busy() || !dirty_ || env_.clock.now() < due_) return Poll::pending;
  Blob text = write_legacy(list_);
  if (text.ok() && job_.start(env_.jobs, *this, std::make_unique<SaveJob>(env_.store, std::move(text)))) dirty_ = false;
  else timer_.start(kAgain);
  return Poll::pending;
}

// ---- show crypto legacy (commands.md 2.8)

namespace {

void print_time(UnixTime t, Writer& out) {
  const Calendar c = to_calendar(t);
  out.dec(c.year).put('-').dec(c.month, 2, '0').put('-').dec(c.day, 2, '0').put(' ');
  out.dec(c.hour, 2, '0').put(':').dec(c.minute, 2, '0');
}

void print_record(const LegacyRecord& r, Writer& out) {
  out.left(r.use.device, 24).put(' ').dec(r.use.port, 8).put("  ").left(r.use.version, 8).put(' ').left(r.use.suite, 24).put(' ');
  if (r.use.key_bits == 0) out.put("    -");
  else out.dec(r.use.key_bits, 5);
  out.put("  ").left(r.use.hash.empty() ? std::string_view("-") : r.use.hash.view(), 7).put(' ');
  print_time(r.first, out);
  out.put("  ");
  print_time(r.last, out);
  out.put(' ').dec(r.count, 7).put('\n');
}

}  // namespace

void CryptoEngine::show_legacy(Writer& out) const {
  bool any = false;
  for (const Offer& o : offers_) {
    if (o.port == 0) continue;
    any = true;
    out.put("Listener ").dec(o.port).put(": ").put(o.name).put('\n');
  }
  if (!any) out.put("No listener offers the legacy profile\n");
  if (!any && list_.size() == 0) return;
  if (list_.size() > 0) {
    out.put('\n').left("Device", 24).put(" Listener  Version  ").left("Cipher suite", 24);
    out.put("  Bits  Hash    First             Last                Count\n");
  }
  for (size_t i = 0; i < list_.size(); ++i) print_record(list_[i], out);
  out.put("\nDevices that need the legacy profile: ").dec(static_cast<int64_t>(list_.devices())).put('\n');
}

namespace {

constexpr const char* kProvides[] = {LegacyFence::kService};

}  // namespace
}  // namespace parley::crypto_engine

namespace parley {

constinit const Module kCryptoEngine = {
    .name = "crypto-engine",
    .summary = "Crypto engines, devices that need old protocols",
    .needs = {},
    .provides = crypto_engine::kProvides,
    .sections = {},
    .exec = crypto_engine::kExec,
    .messages = crypto_engine::kMessages,
    .create = [](Env& env) -> std::unique_ptr<Instance> { return std::make_unique<crypto_engine::CryptoEngine>(env); },
};

}  // namespace parley
