// show and debug commands of the CAPF server, and those that start something.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/row.h"
#include "modules/capf-server/capf_actions.h"
#include "modules/capf-server/capf_service.h"
#include "platform/log/debug_subjects.h"

namespace parley::capf_server {

void start_operation(cli::Call& call, const OperationArguments& a) {
  size_t count = 0;
  const Text<100> why = call.module<CapfService>().start_bulk(static_cast<Operation>(a.operation), count);
  if (!why.empty()) call.out().put(why).put('\n');
  else call.out().put("Operation is set for ").dec(static_cast<int64_t>(count)).put(" phones\n");
}

void change_strings(cli::Call& call, const StringArguments& a) {
  size_t count = 0;
  const Status done = call.module<CapfService>().change_strings(a.generate == 1, a.which == 0 ? uint16_t{0} : a.tag, a.digits, count);
  if (!done) call.out().put("% ").put(done.error().code == Code::missing ? "No such ephone with a mac-address" : done.error().what).put('\n');
}

namespace {

const char* key_size_text(KeySize s) {
  switch (s) {
    case KeySize::bits_512: return "512";
    case KeySize::bits_1024: return "1024";
    case KeySize::bits_2048: return "2048";
  }
  return "?";
}

const char* auth_mode_text(AuthMode m) {
  switch (m) {
    case AuthMode::auth_string: return "Auth-String";
    case AuthMode::lsc: return "LSC";
    case AuthMode::mic: return "MIC";
    case AuthMode::null_string: return "Null-String";
    case AuthMode::none: return "None";
  }
  return "?";
}

void show_summary(cli::Call& call) { call.module<CapfService>().show_summary(call.out()); }
void show_strings(cli::Call& call) { call.module<CapfService>().show_strings(call.out()); }
void show_sessions(cli::Call& call) { call.module<CapfService>().show_sessions(call.out()); }

struct Debug {
  uint8_t what = 0;   // all, error, events, messages
};
constexpr DebugSubject kSubjects[] = {{"capf-server error", "CAPF server errors"},
                                      {"capf-server events", "CAPF server events"},
                                      {"capf-server messages", "CAPF server messages"}};
void set_debug(cli::Call& call, const Debug& a, bool on) {
  switch_debug(call.module<CapfService>().env().log, all_or_one(kSubjects, a.what), on, call.out());
}
void debug_on(cli::Call& call, const Debug& a) { set_debug(call, a, true); }
void debug_off(cli::Call& call, const Debug& a) { set_debug(call, a, false); }

}  // namespace

// Layouts: commands.md 2.2.
void CapfService::show_summary(Writer& out) const {
  const Capf& c = config_.capf;
  out.put("\nCAPF Server Configuration Details\n");
  out.put("        Trustpoint for TLS With Phone: ").put(c.trustpoint).put('\n');
  out.put("        Trustpoint for CA operation: ").put(c.enroll_trustpoint).put('\n');
  out.put("        Source Address: ").ipv4(c.source).put('\n');
  out.put("        Listening Port: ").dec(c.port).put('\n');
  out.put("        Phone Key Size: ").put(key_size_text(c.key_size)).put('\n');
  out.put("        Phone KeyGen Retries: ").dec(c.keygen_retry).put('\n');
  out.put("        Phone KeyGen Timeout: ").dec(c.keygen_timeout_min).put(" minutes\n");
  if (c.auth_mode != AuthMode::none) out.put("        Device Authentication Mode: ").put(auth_mode_text(c.auth_mode)).put('\n');
  out.put("        Sessions: ").dec(static_cast<int64_t>(counters_.sessions)).put(" ended, ");
  out.dec(static_cast<int64_t>(counters_.done)).put(" operations done, ").dec(static_cast<int64_t>(counters_.refused)).put(" refused, ");
  out.dec(static_cast<int64_t>(counters_.unknown)).put(" unknown phones, ").dec(static_cast<int64_t>(counters_.failed)).put(" keys failed\n");
  size_t waiting = 0;
  for (size_t i = 0; i < devices_.size(); ++i) waiting += !devices_.at(i).requested.empty() && devices_.at(i).pending.empty();
  if (c.offline) out.put("        Requests for the offline authority: ").dec(static_cast<int64_t>(waiting)).put('\n');
  if (port_ != nullptr && port_->settings().on && !port_->listening())
    out.put("        Port is not open: ").put(port_->trouble() ? "starting" : port_->trouble().error().what).put('\n');
}

void CapfService::show_strings(Writer& out) const {
  out.put("\nAuthentication Strings for configured Ephones\nMac-Addr        Auth-String\n--------        -----------\n");
  book_->each_phone([](void* context, const PhoneEntry& phone) {
    if (phone.string.empty()) return;
    static_cast<Writer*>(context)->left(phone.device.view().substr(3), 16).put(phone.string).put('\n');
  }, &out);
}

void CapfService::show_sessions(Writer& out) const {
  out.put("\nActive CAPF Sessions\nPhone ID                State\n");
  if (port_ == nullptr) return;
  for (size_t i = 0; i < port_->size(); ++i)
    out.left((*port_)[i].device(), 24).put((*port_)[i].state_name()).put('\n');
}

extern const cli::Row kExec[7];
constexpr cli::Row kExec[7] = {
    cli::privilege(15, cli::action<export_requests>("capf-server export requests URL", "Keys of phones for an offline authority", &OfflineArguments::url)),
    cli::privilege(15, cli::action<import_certificates>("capf-server import certificates URL", "Certificates of an offline authority", &OfflineArguments::url)),
    cli::action<show_summary>("show capf-server summary", "Settings and counters of the CAPF server"),
    cli::privilege(15, cli::action<show_strings>("show capf-server auth-string", "PINs of the phones")),
    cli::action<show_sessions>("show capf-server sessions", "Phones that are connected to the CAPF server"),
    cli::privilege(15, cli::action<debug_on>("debug capf-server {all|error|events|messages}", "CAPF server", &Debug::what)),
    cli::privilege(15, cli::action<debug_off>("undebug capf-server {all|error|events|messages}", "CAPF server", &Debug::what)),
};

}  // namespace parley::capf_server
