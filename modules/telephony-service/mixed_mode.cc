// security-mode mixed: one command that checks every phone, makes the CTL file and switches server and phones (TL-13).
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The order matters: a phone that is told a secure mode before it has a list cannot verify anybody. So: list first, then
// server-security-mode, then device-security-mode; the files of the phones follow. Back again in the opposite order: phones
// are told mode none first, the list loses its certificates last. Nothing changes when one phone would be left behind.
#include "cli/command.h"
#include "cli/engine.h"
#include "modules/telephony-service/phone_tables.h"
#include "modules/telephony-service/telephony_actions.h"
#include "modules/telephony-service/telephony_service.h"

namespace parley::telephony_service {
namespace {

class MixedDialogue final : public cli::Dialogue {
 public:
  MixedDialogue(TelephonyService& service, bool mixed) : service_(service), list_(service.trust_list()), mixed_(mixed) {}
  ~MixedDialogue() override {
    if (task_ == nullptr) return;
    list_->forget(*task_);
    if (!accepted_) list_->set_secure(service_.server_secure());
  }

  Poll step(cli::Console& console, const std::string_view*) override {
    if (task_ == nullptr) {
      if (list_ == nullptr || (mixed_ && !service_.ready_for_mixed(console))) return refuse(console);
      task_ = &console.task();
      list_->wait(*task_);
      if (!mixed_) service_.set_mode(false);
      list_->set_secure(mixed_);
    }
    return waiting_ ? finish(console) : begin(console);
  }
  bool accepted() const override { return accepted_; }

 private:
  Poll begin(cli::Console& console) {
    before_ = list_->made();
    const Status begun = list_->regenerate(false);
    if (begun) {
      waiting_ = true;
      return finish(console);
    }
    if (begun.error().code == Code::busy) return Poll::pending;
    if (begun.error().code == Code::denied) console.put("% Phones hold a list that neither SAST1 nor SAST2 has signed: use 'regenerate' first\n");
    else console.put(list_->problem()).put('\n');
    return refuse(console);
  }
  Poll finish(cli::Console& console) {
    if (list_->made() == before_) return Poll::pending;
    if (!list_->problem().empty()) {
      console.put(list_->problem()).put('\n');
      return refuse(console);
    }
    accepted_ = true;
    if (mixed_) service_.set_mode(true);
    console.put(mixed_ ? "CTL file made, phones are told to be secure\nUse 'reset all': each phone takes list, certificate and encrypted file\n"
                       : "CTL file made without certificates, phones are told mode none\n");
    return Poll::done;
  }
  Poll refuse(cli::Console& console) {
    console.put("% Security mode was not changed\n");
    return Poll::done;
  }

  TelephonyService& service_;
  TrustList* list_;
  Task* task_ = nullptr;
  uint64_t before_ = 0;
  bool mixed_, waiting_ = false, accepted_ = false;
};

}  // namespace

void confirm_mixed(cli::Call& call, bool negated) {
  TelephonyService& s = call.module<TelephonyService>();
  if (!call.console->interactive() || s.settings().telephony.mixed == !negated) return;   // a file brings its other lines itself
  call.start(std::make_unique<MixedDialogue>(s, !negated));
}

bool TelephonyService::ready_for_mixed(Writer& out) const {
  const Telephony& t = config_.telephony;
  bool good = true;
  const auto problem = [&](const char* text) {
    out.put("% ").put(text).put('\n');
    good = false;
  };
  if (t.auto_reg_ephone) problem("Auto-registration is not supported in mixed mode: no auto-reg-ephone");
  if (t.cnf_files != CnfFiles::per_phone) problem("Phones need files of their own: cnf-file perphone");
  if (t.cnf_location == CnfLocation::tftp) problem("External TFTP is not supported in secure mode");
  const auto usable = [&](std::string_view label, Purpose purpose, const char* missing) {
    if (label.empty()) return problem(missing);
    const auto found = trustpoints_->usable(label, purpose);
    if (found) return;
    out.put("% Trustpoint ").put(label).put(": ").put(found.error().what).put('\n');
    good = false;
  };
  usable(t.tftp_credentials, Purpose::file_signing, "Nothing signs phone files: tftp-server-credentials trustpoint");
  usable(t.secure_signaling, t.tls_minimum == TlsMinimum::v1_0 ? Purpose::tls_legacy : Purpose::tls_modern,
         "Nothing secures call control: secure-signaling trustpoint");
  for (const Ephone& phone : config_.phones) {
    if (phone.mac.empty() || (phone.device_mode_set && phone.device_mode == DeviceMode::none)) continue;
    const ModelName* model = model_name(phone.type);
    const bool knows_lists = model == nullptr || model->security != Security::none;
    const bool has_way = !certificate_of(phone).empty() || capf_of(phone).auth_mode != 0 || phone.cert_operation_set;
    if (knows_lists && has_way) continue;
    out.put("% ephone ").dec(phone.tag).put(" (").put(entry_of(phone).device).put("): ");
    if (!knows_lists) out.put("type ").put(phone.type).put(" knows no trust lists: device-security-mode none\n");
    else out.put("no certificate, and none is to be fetched: cert-oper upgrade auth-mode auth-string\n");
    good = false;
  }
  return good;
}

void TelephonyService::set_mode(bool mixed) {
  const auto type = [this](const char* line) { (void)env_.cli.configure("telephony-service", line); };
  if (mixed) type("server-security-mode secure");
  type(mixed ? "device-security-mode encrypted" : "device-security-mode none");
  if (!mixed) type("server-security-mode non-secure");
}

}  // namespace parley::telephony_service
