// Notices before certificates end.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/expiry_notices.h"

#include "modules/crypto-pki/crypto_pki.h"
#include "modules/crypto-pki/pki_messages.h"
#include "modules/crypto-pki/pki_show.h"

namespace parley::crypto_pki {
namespace {

constexpr UnixTime kDay = 86400, kHour = 3600;
constexpr Seconds kLook{60}, kClockWait{2};
constexpr size_t kMaxText = 16 * 1024;
constexpr uint16_t kSmtp = 25;

const char* kind_text(ChainKind k) { return k == ChainKind::ca ? "CA" : k == ChainKind::rollover ? "Rollover" : "Router"; }

// "Tue, 24 Nov 2026 17:00:00 +0000"
void print_mail_date(UnixTime t, Writer& out) {
  constexpr const char* kDays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};   // 1970-01-01 was a Thursday
  const Calendar c = to_calendar(t);
  out.put(kDays[t / kDay % 7]).put(", ").dec(c.day).put(' ').put(month_name(c.month)).put(' ').dec(c.year).put(' ');
  out.dec(c.hour, 2, '0').put(':').dec(c.minute, 2, '0').put(':').dec(c.second, 2, '0').put(" +0000");
}

}  // namespace

ExpiryNotices::ExpiryNotices(Pki& pki)
    : Task(pki.context().scheduler, "Crypto PKI notices"), pki_(pki), smtp_(*this, pki.context().net) {}

void ExpiryNotices::stop() {
  timer_.stop();
  smtp_.cancel();
  told_.clear();
  text_.clear();
}

Poll ExpiryNotices::step() {
  (void)timer_.fired();
  if (!pki_.context().clock_valid()) {
    timer_.start(kClockWait);
    return Poll::pending;
  }
  const UnixTime now = pki_.context().now();
  const TrustStore& store = pki_.store();
  for (size_t i = 0; i < store.size(); ++i) {
    for (const Stored& s : store[i].certificates) judge(store[i], s, now);
  }
  mail(now);
  if (!timer_.running()) timer_.start(kLook);
  return Poll::pending;
}

ExpiryNotices::Told* ExpiryNotices::told_of(const Entry& e, const Stored& s) {
  for (Told& t : told_) {
    if (t.label == e.label && t.serial == s.serial && t.kind == s.kind) return &t;
  }
  return nullptr;
}

// One that had ended when it came is told by CERTWEAK already.
void ExpiryNotices::judge(const Entry& e, const Stored& s, UnixTime now) {
  const Config& c = pki_.settings();
  const UnixTime left = s.certificate.not_after - now;
  if (left > c.notice_days * kDay) return;
  Told* t = told_of(e, s);
  if (t == nullptr) {
    if (!told_.push(Told{e.label, s.serial, s.kind, now, left < 0})) return;
    if (left >= 0) tell(e, s, false);
    return;
  }
  if (t->ended) return;
  if (left >= 0 && now - t->when < c.notice_repeat_days * kDay) return;
  t->when = now;
  t->ended = left < 0;
  tell(e, s, t->ended);
}

void ExpiryNotices::tell(const Entry& e, const Stored& s, bool ended) {
  char text[40];
  FixedWriter when(text);
  print_time(s.certificate.not_after, when);
  pki_.context().log(ended ? kExpired : kExpires, kind_text(s.kind), s.serial, e.label, when.view());
  if (pki_.settings().mail_server.empty() || text_.size() > kMaxText) return;
  text_.put(kind_text(s.kind)).put(" certificate ").put(s.serial).put(" of trustpoint ").put(e.label);
  text_.put(ended ? " has ended at " : " ends at ").put(when.view()).put(".\n  Subject: ");
  (void)print_name(s.certificate.subject, NameStyle::comma, text_);
  text_.put('\n');
}

void ExpiryNotices::mail(UnixTime now) {
  if (smtp_.busy()) {
    if (smtp_.step() != Poll::done) return;
    if (smtp_.result()) {
      text_.clear();
      return;
    }
    not_before_ = now + kHour;
    return pki_.context().log(kMailFailed, pki_.settings().mail_server, smtp_.result().error().what);
  }
  if (text_.empty() || now < not_before_ || pki_.settings().mail_server.empty()) return;
  not_before_ = now + kHour;
  if (const Status begun = send(now); !begun) pki_.context().log(kMailFailed, pki_.settings().mail_server, begun.error().what);
}

Status ExpiryNotices::send(UnixTime now) {
  const Config& c = pki_.settings();
  const Context& context = pki_.context();
  Mail m;
  m.server.port = kSmtp;
  const bool known = parse_ipv4(c.mail_server, m.server.ip) ||
                     (context.interfaces != nullptr && context.interfaces->resolve(c.mail_server, m.server.ip));
  if (!known) return Fault{Code::missing, "its name cannot be resolved", 0};
  char subject[120], date[40];
  FixedWriter s(subject), d(date);
  s.put("Certificates of ").put(context.host_name()).put(" come to their end");
  print_mail_date(now, d);
  const Text<127> name = context.fqdn();
  m.own_name = name;
  m.from = c.mail_from;
  m.to = c.mail_to;
  m.subject = s.view();
  m.date = d.view();
  m.text = text_.text();
  return smtp_.start(m);
}

}  // namespace parley::crypto_pki
