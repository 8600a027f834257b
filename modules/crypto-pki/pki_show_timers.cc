// show crypto pki timers: what comes next, as IOS lists it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "modules/crypto-pki/crypto_pki.h"
#include "modules/crypto-pki/pki_commands.h"

namespace parley::crypto_pki {
namespace {

constexpr size_t kMaxLines = 256;

struct Line {
  UnixTime at = 0;
  const char* what = "";
  std::string_view label;
};

// "     1d23:59:00.000", "        5:54:17.000"
void print_left(UnixTime left, Writer& out) {
  char text[40];
  FixedWriter w(text);
  left = std::max<UnixTime>(0, left);
  if (left >= 86400) w.dec(left / 86400).put('d').dec(left / 3600 % 24, 2, '0');
  else w.dec(left / 3600);
  w.put(':').dec(left / 60 % 60, 2, '0').put(':').dec(left % 60, 2, '0').put(".000");
  for (size_t n = w.view().size(); n < 18; ++n) out.put(' ');
  out.put(w.view());
}

class Lines {
 public:
  void add(UnixTime at, const char* what, std::string_view label) {
    if (at != 0 && lines_.size() < kMaxLines) (void)lines_.push(Line{at, what, label});
  }
  void print(const char* title, UnixTime now, Writer& out) {
    if (lines_.empty()) return;
    std::sort(lines_.begin(), lines_.end(), [](const Line& a, const Line& b) { return a.at < b.at; });
    print_left(lines_[0].at - now, out.put(title).put("\n|"));
    for (const Line& l : lines_) {
      print_left(l.at - now, out.put("\n  |"));
      out.put("  ").put(l.what);
      if (!l.label.empty()) out.put(' ').put(l.label);
    }
    out.put('\n');
  }

 private:
  List<Line> lines_{general_arena()};
};

}  // namespace

void show_timers(cli::Call& call) {
  Pki& pki = call.module<Pki>();
  const UnixTime now = pki.context().now();
  Lines trustpoints, servers;
  for (const Trustpoint& t : pki.settings().trustpoints) {
    const Entry* e = pki.store().find(t.label);
    if (e == nullptr) continue;
    trustpoints.add(renewal_due(t, *e), "RENEW", t.label);
    if (const Stored* own = e->own()) trustpoints.add(own->certificate.not_after, "CERT EXPIRE", t.label);
  }
  for (size_t i = 0; i < pki.authority_count(); ++i) {
    const Authority& a = pki.authority(i);
    if (a.identity() == nullptr) continue;
    const std::string_view label = pki.authority_count() > 1 ? a.settings().label.view() : std::string_view();
    servers.add(a.crl_next_update(), "CS CRL UPDATE", label);
    servers.add(a.identity()->certificate.not_after, "CS CERT EXPIRE", label);
  }
  trustpoints.print("PKI Timers", now, call.out());
  servers.print("CS Timers", now, call.out());
}

}  // namespace parley::crypto_pki
