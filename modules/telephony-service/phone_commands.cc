// debug ephone, show ephone attempted-registrations, clear telephony-service ephone-attempts; what `auto assign ... cfw` is told.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/telephony_actions.h"
#include "modules/telephony-service/telephony_service.h"

namespace parley::telephony_service {
namespace {

PhoneLinks* links_of(cli::Call& call) {
  PhoneLinks* links = call.module<TelephonyService>().links();
  if (links == nullptr) call.refuse("% Telephony service is not running");
  return links;
}

void set_debug(cli::Call& call, const DebugPhones& a, bool on) {
  if (PhoneLinks* links = links_of(call)) links->debug().set(static_cast<PhoneDebug::What>(a.what), a.mac, on, call.out());
}

size_t words(std::string_view line) {
  size_t n = 0;
  bool inside = false;
  for (const char c : line) {
    n += c != ' ' && !inside;
    inside = c != ' ';
  }
  return n;
}

}  // namespace

void debug_phones(cli::Call& call, const DebugPhones& a) { set_debug(call, a, true); }
void undebug_phones(cli::Call& call, const DebugPhones& a) { set_debug(call, a, false); }

void show_attempts(cli::Call& call) {
  if (PhoneLinks* links = links_of(call)) links->auto_register().show_attempts(call.out());
}

void clear_attempts(cli::Call& call) {
  if (PhoneLinks* links = links_of(call)) links->auto_register().clear_attempts();
}

void note_forward(cli::Call& call, bool negated) {
  constexpr size_t kWithType = 7;      // auto assign 1 to 5 type 7960
  if (negated || !call.console->interactive() || words(call.line) <= kWithType) return;
  call.out().put("% Note: 'cfw' is stored; its function is not in this image\n");
}

}  // namespace parley::telephony_service
