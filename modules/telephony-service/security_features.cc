// show telephony-service security-features: what each phone can do for security, by its type (TL-17).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/phone_tables.h"
#include "modules/telephony-service/telephony_actions.h"
#include "modules/telephony-service/telephony_service.h"

namespace parley::telephony_service {
namespace {

const char* mark(bool yes) { return yes ? "yes" : "no"; }

}  // namespace

void show_security_features(cli::Call& call) {
  const Config& c = call.module<TelephonyService>().settings();
  Writer& out = call.out();
  out.put("Ephone  Device           Type      CTL  ITL  LSC  SRTP  Encrypted file\n");
  size_t by_default = 0, unknown = 0;
  for (const Ephone& phone : c.phones) {
    if (phone.mac.empty()) continue;
    char name[16], tag[8];
    FixedWriter n(name), t(tag);
    n.put("SEP").hex_bytes(phone.mac.bytes, sizeof phone.mac.bytes);
    t.dec(phone.tag);
    out.left(t.view(), 8).left(n.view(), 17).left(phone.type.empty() ? std::string_view("-") : phone.type.view(), 10);
    const ModelName* model = model_name(phone.type);
    if (model == nullptr) {
      out.put("not known\n");
      ++unknown;
      continue;
    }
    const bool lists = model->security != Security::none, defaults = model->security == Security::by_default;
    by_default += defaults;
    out.left(mark(lists), 5).left(mark(defaults), 5).left(mark(lists), 5).left(mark(lists), 6).put(mark(defaults)).put('\n');
  }
  out.put("Phones with security by default: ").dec(static_cast<int64_t>(by_default)).put(", type not known: ").dec(static_cast<int64_t>(unknown)).put('\n');
}

}  // namespace parley::telephony_service
