// crypto pki server L revoke SERIAL: into the index, then a new revocation list.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/pki_ask.h"
#include "modules/crypto-pki/pki_commands.h"
#include "modules/crypto-pki/pki_messages.h"

namespace parley::crypto_pki {
namespace {

// As IOS reads it: 0x1A hexadecimal, 032 octal, 26 decimal. 0: not a number.
uint64_t read_serial(std::string_view text) {
  unsigned base = 10;
  if (text.size() > 1 && text[0] == '0') base = 8;
  if (starts_nocase(text, "0x")) base = 16;
  text.remove_prefix(base == 16 ? 2 : base == 8 ? 1 : 0);
  if (text.empty()) return 0;
  uint64_t out = 0;
  for (const char c : text) {
    const int digit = hex_digit(c);
    if (digit < 0 || static_cast<unsigned>(digit) >= base || out > (UINT64_MAX - 15) / base) return 0;
    out = out * base + static_cast<unsigned>(digit);
  }
  return out;
}

class RevokeDialogue final : public PkiDialogue {
 public:
  RevokeDialogue(Pki& pki, std::string_view label, uint64_t serial, uint8_t reason)
      : PkiDialogue(pki), label_(label), serial_(serial), reason_(reason) {}
  ~RevokeDialogue() override {
    if (Authority* a = pki_.server(label_)) a->forget_waiter(task_);
  }

 private:
  Next run(cli::Console& console) override {
    Authority* a = pki_.server(label_);
    if (a == nullptr) return Next::end;
    if (!begun_) return begin(console, *a);
    if (slot_.busy()) {
      const std::unique_ptr<RevokeJob> job = slot_.take();
      if (job == nullptr) return Next::wait;
      if (!job->result) return failed(console, job->result.error());
      context().log(kRevoked, number(), label_);
      lists_ = a->crl_count();
      a->publish_now(task_);
      return Next::wait;
    }
    if (a->crl_count() == lists_ && a->state() == ServerState::enabled) return Next::wait;
    console.put("% Certificate ").put(number()).put(" succesfully revoked.\n");   // as IOS spells it
    return Next::end;
  }

  Next begin(cli::Console& console, const Authority& a) {
    begun_ = true;
    task_ = &console.task();
    Result<std::unique_ptr<RevokeJob>> job = a.revoke_job(serial_, reason_);
    if (!job) return failed(console, job.error());
    return slot_.start(context().jobs, console.task(), std::move(*job)) ? Next::wait : busy(console);
  }

  Next failed(cli::Console& console, const Fault& why) {
    console.put("% Certificate ").put(number()).put(" could not be revoked: ").put(why.what).put('\n');
    return Next::end;
  }

  Text<20> number() const {
    uint8_t bytes[8];
    char text[20];
    FixedWriter w(text);
    print_serial(serial_bytes(serial_, bytes), w);
    return Text<20>(w.view());
  }

  Label label_;
  uint64_t serial_;
  uint8_t reason_;
  bool begun_ = false;
  uint64_t lists_ = 0;
  Task* task_ = nullptr;
  JobSlot<RevokeJob> slot_;
};

}  // namespace

void server_revoke(cli::Call& call, const RevokeArguments& a) {
  Pki& pki = call.module<Pki>();
  if (pki.server(a.label) == nullptr) {
    call.out().put("% Certificate Server ").put(a.label).put(" is not configured.\n");
    return;
  }
  const uint64_t serial = read_serial(a.serial);
  if (serial == 0) {
    call.out().put("% Invalid certificate serial number\n");
    return;
  }
  call.start(std::make_unique<RevokeDialogue>(pki, a.label, serial, a.reason));
}

}  // namespace parley::crypto_pki
