// The CAPF server: strings and locks, what an ended session changes, what the operator starts.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "modules/capf-server/capf_messages.h"
#include "modules/capf-server/capf_service.h"
#include "modules/crypto-pki/certificate.h"
#include "platform/base/secret.h"
#include "platform/tls/legacy.h"

namespace parley::capf_server {
namespace {

constexpr uint8_t kMaxWrong = 5;               // capf.md 5.1
constexpr int64_t kWrongSpan_s = 600, kLock_s = 600;
constexpr size_t kDigits = 10;

const char* operation_name(Operation o) {
  switch (o) {
    case Operation::remove: return "delete";
    case Operation::fetch: return "fetch";
    case Operation::upgrade: return "upgrade";
  }
  return "?";
}

}  // namespace

bool CapfService::locked(const Device& device) const { return env_.clock.wall() < device.locked_until; }

bool CapfService::string_is(const PhoneEntry& phone, const Device& device, std::string_view typed) const {
  const Digest asked = hash(Hash::sha256, as_bytes(phone.string.view())), got = hash(Hash::sha256, as_bytes(typed));
  const bool used = !phone.string.empty() && equal_bytes(asked.view(), device.used_string.view());
  return !phone.string.empty() && !used && equal_constant_time(asked.view(), got.view());
}

bool CapfService::string_matches(const PhoneEntry& phone, Device& device, std::string_view typed) {
  if (string_is(phone, device, typed)) {
    device.wrong_strings = 0;
    return true;
  }
  const UnixTime now = env_.clock.wall();
  if (device.wrong_strings == 0 || now - device.first_wrong > kWrongSpan_s) {
    device.first_wrong = now;
    device.wrong_strings = 0;
  }
  if (++device.wrong_strings >= kMaxWrong) {
    device.wrong_strings = 0;
    device.locked_until = now + kLock_s;
    env_.log(kLocked, device.name);
  }
  return false;
}

// The phone confirmed and everything is durable.
void CapfService::finished(Device& device, uint16_t tag, Operation operation, Proof proof) {
  ++counters_.done;
  char serial[80];
  FixedWriter w(serial);
  const auto c = crypto_pki::parse_certificate(device.current.view());
  if (c) crypto_pki::print_serial(c->serial, w);
  else w.put("none");
  env_.log(kDone, device.name, operation_name(operation), w.view());
  PhoneEntry phone;
  if (book_->find(device.name, phone)) {
    PhoneMac mac;
    std::copy_n(phone.mac, sizeof mac.bytes, mac.bytes);
    if (list_ != nullptr) list_->phone_went_on(mac);
    if (proof == Proof::auth_string && !phone.string.empty()) {
      device.used_string = hash(Hash::sha256, as_bytes(phone.string.view()));
      save(device);
      if (phone.own_string) (void)book_->set_string(tag, {});
    }
    if (phone.operation_set) (void)book_->operation_done(tag);
  }
  // Certificate and mode together: its files are made once.
  book_->set_certificate(device.name, device.current.view());
  if (book_->find(device.name, phone)) tell_phone(phone);
  if (!device.current.empty()) book_->certificate_given(device.name);
}

void CapfService::keygen_failed(Device& device, uint16_t tag) {
  ++counters_.failed;
  if (++device.keygen_failures > config_.capf.keygen_retry) {
    env_.log(kGaveUp, device.name, int{device.keygen_failures});
    PhoneEntry phone;
    if (book_->find(device.name, phone) && phone.operation_set) (void)book_->operation_done(tag);
    device.bulk = false;
    device.keygen_failures = 0;
    phones_changed();
  }
  save(device);
}

void CapfService::ended(CapfSession& session, Reason reason, const char* why) {
  ++counters_.sessions;
  char address[16];
  FixedWriter ip(address);
  ip.ipv4(session.peer_ip());
  if (reason == Reason::unknown_device) {
    ++counters_.unknown;
    env_.log(kUnknown, ip.view());
  } else if (reason == Reason::refused) {
    ++counters_.refused;
    if (!session.trial()) env_.log(kRefused, session.device().empty() ? std::string_view("A phone") : session.device(), ip.view(), why);
  }
  debug_event(session.device(), why == nullptr ? "session ended" : why);
  if (Device* d = session.trial() ? nullptr : devices_.find(session.device())) {
    d->last_contact = env_.clock.wall();
    d->last_reason = static_cast<uint8_t>(reason);
  }
}

void CapfService::handshake(const TlsInfo& info, std::string_view device, uint32_t) {
  if (fence_ != nullptr) fence_->handshake(config_.capf.port, device, info);
}

void CapfService::debug_message(const char* direction, std::string_view device, Command command, size_t size) const {
  if (!env_.log.debugging("capf-server messages")) return;
  char line[160];
  FixedWriter w(line);
  w.put("CAPF: ").put(direction).put(' ').put(command_name(command)).put(", ").dec(static_cast<int64_t>(size)).put(" bytes");
  if (!device.empty()) w.put(", ").put(device);
  env_.log.debug("capf-server messages", w.view());
}

void CapfService::debug_event(std::string_view device, std::string_view what) const {
  if (!env_.log.debugging("capf-server events")) return;
  char line[200];
  FixedWriter w(line);
  w.put("CAPF: ").put(device.empty() ? std::string_view("a phone") : device).put(": ").put(what);
  env_.log.debug("capf-server events", w.view());
}

Text<100> CapfService::start_bulk(Operation operation, size_t& count) {
  count = 0;
  Text<100> why;
  if (config_.capf.auth_mode == AuthMode::none) {
    (void)why.set("% auth-mode is none: no operation can be started");
    return why;
  }
  struct Start {
    CapfService& self;
    Operation operation;
    size_t count = 0;
  } start{*this, operation};
  book_->each_phone([](void* context, const PhoneEntry& phone) {
    auto& s = *static_cast<Start*>(context);
    Device* d = s.self.devices_.get(phone.device);
    if (phone.operation_set || d == nullptr) return;   // the ephone's own setting wins
    d->bulk = true;
    d->failed = false;
    d->bulk_operation = s.operation;
    d->bulk_since = s.self.env_.clock.wall();
    s.self.save(*d);
    ++s.count;
  }, &start);
  count = start.count;
  phones_changed();
  return why;
}

Status CapfService::change_strings(bool generate, uint16_t tag, std::string_view digits, size_t& count) {
  // The book may not be changed while it is walked.
  List<uint16_t> tags(general_arena());
  struct Walk {
    List<uint16_t>& tags;
    uint16_t tag;
  } walk{tags, tag};
  book_->each_phone([](void* context, const PhoneEntry& phone) {
    auto& w = *static_cast<Walk*>(context);
    if (w.tag == 0 || w.tag == phone.tag) (void)w.tags.push(phone.tag);
  }, &walk);
  count = 0;
  if (tags.empty()) return Fault{Code::missing, "no such phone", 0};
  for (const uint16_t t : tags) {
    char text[kDigits];
    if (generate && digits.empty()) {
      for (char& c : text) {
        uint8_t b = 0;
        do {
          TRY(env_.random.fill(MutBytes(&b, 1)));
        } while (b >= 250);        // every digit equally often
        c = static_cast<char>('0' + b % 10);
      }
    }
    const std::string_view next = !generate ? std::string_view() : digits.empty() ? std::string_view(text, kDigits) : digits;
    TRY(book_->set_string(t, next));
    ++count;
  }
  return {};
}

}  // namespace parley::capf_server
