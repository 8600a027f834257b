// `test phone`: one line a step, the cause of a failure and the next command.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/row.h"
#include "cli/values.h"
#include "modules/crypto-pki/certificate_builder.h"
#include "modules/ip-services/interfaces.h"
#include "modules/test-phone/phone.h"
#include "modules/test-phone/phone_bench.h"

namespace parley::test_phone {
namespace {

constexpr Millis kLongest{180'000};
constexpr UnixTime kTrialLife_s = 3600;

struct TestArgs {
  cli::Mac mac;
  Text<10> auth_string;
  bool legacy = false;
};

const char* next_command(Step step, const Fault& why) {
  const bool missing = why.code == Code::missing, untrusted = why.code == Code::untrusted;
  const std::string_view what = why.what;
  if (what.find("SHA-512") != std::string_view::npos) return "telephony-service, cnf-file signature sha1";
  switch (step) {
    case Step::address: return missing ? "telephony-service, ip source-address" : "interface, ip address";
    case Step::ctl: return missing || untrusted ? "ctl-client, regenerate" : "show tftp-server";
    case Step::itl: return missing ? "telephony-service, tftp-server-credentials trustpoint" : "show ctl-client";
    case Step::file: return missing || untrusted ? "telephony-service, create cnf-files" : "show telephony-service tftp-bindings";
    case Step::capf:
      if (what.find("string of its user") != std::string_view::npos) return "test phone with auth-string";
      return missing ? "capf-server, source-addr" : untrusted ? "ctl-client, server capf" : "show capf-server summary";
    case Step::encrypted: return missing ? "ephone, cert-oper upgrade" : "telephony-service, create cnf-files";
    case Step::tvs: return untrusted || missing ? "show trust-verification" : "trust-verification, trustpoint";
    case Step::services: return untrusted ? "ctl-client, import certificate" : "show ip http server status";
    case Step::signalling: return untrusted ? "ctl-client, server cme" : "show telephony-service";
  }
  return "show logging";
}

// The throw-away certificate the phone shows where a real one shows its LSC.
class PrepareJob final : public Job {
 public:
  PrepareJob(PhoneBench& b, UnixTime t) : bench(b), now(t) {}
  void run() override { result = make(); }
  Status make() {
    TRY(bench.prepare());
    char text[24];
    FixedWriter w(text);
    w.put("CN=").put(device);
    TRY_ASSIGN(const Blob name, crypto_pki::parse_name(w.view()));
    TRY_ASSIGN(const Blob spki, bench.keys().public_key(bench.key()));
    crypto_pki::CertificateSpec spec;
    const uint8_t serial[] = {1};
    spec.role = crypto_pki::CertificateRole::self_signed;
    spec.subject = spec.issuer = name.view();
    spec.serial = Bytes(serial);
    spec.not_before = now - 300;
    spec.not_after = now + kTrialLife_s;
    spec.spki = spki.view();
    spec.ext_usage = crypto_pki::ext_usage::kClientAuth;
    TRY_ASSIGN(certificate, crypto_pki::build_certificate(spec, bench.keys(), bench.key(), Hash::sha256));
    return {};
  }
  PhoneBench& bench;
  UnixTime now;
  Text<15> device;
  Blob certificate;
  Status result;
};

class TestPhone final : public cli::Dialogue, private PhoneWatcher {
 public:
  TestPhone(PhoneBench& bench, std::string_view device, const TestArgs& args) : bench_(bench), old_(args.legacy), string_(args.auth_string) {
    device_ = device;
  }
  ~TestPhone() override {
    phone_ = nullptr;
    if (bench_.book() != nullptr) bench_.book()->set_trial({});
    bench_.give_back();
  }

  Poll step(cli::Console& console, const std::string_view*) override {
    if (task_ == nullptr) return begin(console);
    if (phone_ == nullptr && !make_phone(console)) return job_.busy() ? Poll::pending : Poll::done;
    console.put(lines_.text());
    lines_.clear();
    if (limit_->fired()) {
      console.put("% The phone did not finish in time\n");
      return Poll::done;
    }
    if (!phone_->over()) return Poll::pending;
    console.put(device_).put(": ").dec(steps_).put(" steps, ").dec(static_cast<int64_t>(phone_->failures())).put(" failed\n");
    return Poll::done;
  }

 private:
  Poll begin(cli::Console& console) {
    task_ = &console.task();
    limit_ = std::make_unique<Timer>(*task_);
    limit_->start(kLongest);
    console.put("Type escape sequence to abort.\n");
    if (const Status known = address(); !known) {
      line(Step::address, known, {});
      console.put(lines_.text());
      return Poll::done;
    }
    char note[48];
    FixedWriter w(note);
    w.ipv4(bench_.book()->file_server()).put(", DHCP is not served by this router");
    line(Step::address, {}, w.view());
    auto job = std::make_unique<PrepareJob>(bench_, bench_.env().clock.wall());
    job->device = device_;
    if (job_.start(bench_.env().jobs, *task_, std::move(job))) return Poll::pending;
    console.put("% System is busy, try again later\n");
    return Poll::done;
  }

  // Where phones find their files.
  Status address() {
    const uint32_t ip = bench_.book()->file_server();
    if (ip == 0) return Fault{Code::missing, "phones are told no address", 0};
    const Interfaces* interfaces = bench_.env().services.find<Interfaces>();
    if (interfaces != nullptr && !interfaces->is_own(ip)) return Fault{Code::denied, "no interface of this router has the address of the phones' server", 0};
    return {};
  }

  bool make_phone(cli::Console& console) {
    const auto done = job_.take();
    if (done == nullptr) return false;
    if (!done->result) {
      console.put("% ").put(done->result.error().what).put('\n');
      return false;
    }
    bench_.book()->set_trial(done->certificate.view());
    PhonePlan plan;
    plan.device = device_;
    plan.server = bench_.book()->file_server();
    plan.from_ip = plan.server;
    plan.old = old_;
    plan.auth_string = string_;
    plan.trial = true;
    plan.connecting = [](void* context, Endpoint local) { static_cast<TestPhone*>(context)->bench_.book()->add_trial_connection(local); };
    plan.context = this;
    PhoneFlash& flash = bench_.flash_of(device_, old_);
    flash.lsc = std::move(done->certificate);
    flash.key = bench_.key();
    flash.trust.vouched.clear();
    phone_ = std::make_unique<Phone>(bench_.parts(), plan, flash, static_cast<PhoneWatcher&>(*this));
    phone_->boot();
    return true;
  }

  void line(Step step, const Status& result, std::string_view note) {
    ++steps_;
    lines_.put(step_name(step)).put("  ");
    if (result) {
      lines_.put("ok");
      if (!note.empty()) lines_.put(" (").put(note).put(')');
    } else {
      lines_.put("FAILED: ").put(result.error().what);
      if (!note.empty()) lines_.put(" (").put(note).put(')');
      lines_.put("; next: ").put(next_command(step, result.error()));
    }
    lines_.put('\n');
  }
  void step_ended(Step step, const Status& result, std::string_view note) override {
    line(step, result, note);
    task_->wake();
  }

  PhoneBench& bench_;
  Text<15> device_;
  bool old_;
  Text<10> string_;
  Task* task_ = nullptr;
  JobSlot<PrepareJob> job_;
  std::unique_ptr<Timer> limit_;
  std::unique_ptr<Phone> phone_;
  Blob lines_;
  int steps_ = 0;
};

void run_test(cli::Call& call, const TestArgs& args) {
  PhoneBench& bench = call.module<PhoneBench>();
  char name[16];
  FixedWriter w(name);
  w.put("SEP").hex_bytes(args.mac.bytes, sizeof args.mac.bytes);
  PhoneEntry phone;
  if (bench.book() == nullptr || !bench.book()->find(w.view(), phone)) return call.refuse("% No ephone has this mac-address");
  if (!bench.take()) return call.refuse("% Another phone is being tested");
  call.start(std::make_unique<TestPhone>(bench, w.view(), args));
}

using cli::action;
using cli::privilege;

}  // namespace

extern const cli::Row kExec[1];
constexpr cli::Row kExec[1] = {
    privilege(15, action<run_test>("test phone H.H.H [auth-string DIGITS] [legacy]", "A built-in phone boots against this router",
                                   &TestArgs::mac, &TestArgs::auth_string, &TestArgs::legacy)),
};

}  // namespace parley::test_phone
