// crypto pki enroll: by SCEP, through the terminal, self-signed (cli.md 7.2, 7.3).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/request_subject.h"
#include "modules/crypto-pki/pki_ask.h"
#include "modules/crypto-pki/pki_commands.h"
#include "modules/crypto-pki/pki_key_job.h"
#include "modules/crypto-pki/pki_messages.h"

namespace parley::crypto_pki {
namespace {

constexpr UnixTime kEndOf2049 = 2524607999;   // self-signed certificates: 2049-12-31 23:59:59

class EnrollDialogue final : public PkiDialogue {
 public:
  EnrollDialogue(Pki& pki, const TrustpointSettings& t) : PkiDialogue(pki), t_(t) {}

 private:
  enum class At : uint8_t { start, again, key, make_key, head, password, repeat, names, serial, address, which_address,
                            request, csr, redisplay, self_signed, save };
  Next run(cli::Console& console) override {
    switch (at_) {
      case At::start: return start(console);
      case At::again: return again(console);
      case At::key: return key(console);
      case At::make_key: return make_key(console);
      case At::head: return head(console);
      case At::password: return password(console);
      case At::repeat: return repeat(console);
      case At::names: return names(console);
      case At::serial: return serial(console);
      case At::address: return address(console);
      case At::which_address: return which_address(console);
      case At::request: return request(console);
      case At::csr: return csr(console);
      case At::redisplay: return redisplay(console);
      case At::self_signed: return self_signed(console);
      case At::save: return save(console);
    }
    return Next::end;
  }
  Next go(At at) {
    at_ = at;
    return Next::go;
  }

  Next start(cli::Console& console) {
    const Entry* e = pki_.store().find(t_.label);
    if (!context().clock_valid()) return no_clock(console, "certificates cannot be requested");
    if (t_.by == EnrolBy::nothing || t_.by == EnrolBy::file) {
      return say(console, "% Please configure an enrollment method that can request certificates first");
    }
    if (t_.by != EnrolBy::self_signed) {
      const Stored* ca = e == nullptr ? nullptr : e->authority();
      if (ca == nullptr) return say(console, "% You must authenticate the Certificate Authority before you can enroll with it.");
      if (const Status good = usable_as_ca(ca->certificate, context().now()); !good) {
        console.put("% The CA certificate of trustpoint ").put(t_.label).put(" cannot be used: ").put(good.error().what);
        return say(console, "");
      }
      if (!ca_.append(ca->certificate.der)) return busy(console);
    }
    if (Enrolment* running = pki_.enrolment(t_.label); running != nullptr && !running->ended()) {
      return say(console, "% An enrollment of this trustpoint is under way");
    }
    if (e == nullptr || e->own() == nullptr) return go(At::key);
    console.put("% The existing certificate will be replaced.\n");
    return go(At::again);
  }

  Next again(cli::Console& console) {
    bool yes = false;
    if (!ask_yes_no(console, "Do you want to continue with re-enrollment? [yes/no]: ", yes)) return Next::wait;
    return yes ? go(At::key) : Next::end;
  }

  Next key(cli::Console& console) {
    key_ = context().keys.find(t_.key);
    const Result<KeyInfo> info = context().keys.info(key_);
    const KeyType type = key_ && info ? info->type : t_.key_type;
    if (t_.by == EnrolBy::scep && type != KeyType::rsa) {
      console.put("% The key pair ").put(t_.key).put(" is of type EC: a SCEP server cannot encrypt its answer for it (RFC 8894).\n");
      return say(console, "% Use enrollment terminal, or an RSA key pair.");
    }
    if (key_) return go(At::head);
    if (t_.configured_bits != 0 && t_.configured_bits < 1024) {
      context().log(kKeySize, t_.key, static_cast<unsigned>(t_.configured_bits), static_cast<unsigned>(t_.key_bits));
    }
    auto job = std::make_unique<GenerateKeyJob>(context().keys);
    job->label = t_.key;
    job->type = t_.key_type;
    job->bits = t_.key_bits;
    job->both = t_.encryption_bits != 0;
    job->encryption_bits = t_.encryption_bits;
    console.put("% Generating ").dec(t_.key_bits).put(t_.key_type == KeyType::rsa ? " bit RSA" : " bit EC");
    console.put(" keys, keys will be non-exportable...");
    if (!keys_.start(context().jobs, console.task(), std::move(job), JobClass::slow)) {
      console.put('\n');
      return busy(console);
    }
    return go(At::make_key);
  }

  Next make_key(cli::Console& console) {
    const std::unique_ptr<GenerateKeyJob> job = keys_.take();
    if (job == nullptr) return Next::wait;
    if (!job->result) {
      console.put("[FAILED]\n% ").put(job->result.error().what);
      return say(console, "");
    }
    console.put("[OK]\n");
    key_ = *job->result;
    return go(At::head);
  }

  Next head(cli::Console& console) {
    if (t_.by == EnrolBy::self_signed) return go(At::serial);
    if (t_.by == EnrolBy::terminal) {
      console.put("% Start certificate enrollment ..\n\n");
      if (t_.has_password) order_.challenge = t_.password;
      return go(At::names);
    }
    console.put("%\n% Start certificate enrollment .. \n");
    if (t_.has_password) {
      order_.challenge = t_.password;
      return go(At::names);
    }
    console.put("% Create a challenge password. You will need to verbally provide this\n"
                "   password to the CA Administrator in order to revoke your certificate.\n"
                "   For security reasons your password will not be saved in the configuration.\n"
                "   Please make a note of it.\n\n");
    return go(At::password);
  }

  Next password(cli::Console& console) {
    if (!ask_text(console, "Password: ", cli::Echo::off)) return Next::wait;
    if (!order_.challenge.set(answer())) return say(console, "% The password is too long");
    return go(At::repeat);
  }

  Next repeat(cli::Console& console) {
    if (!ask_text(console, "Re-enter password: ", cli::Echo::off)) return Next::wait;
    if (answer() == order_.challenge.view()) {
      console.put('\n');
      return go(At::names);
    }
    order_.challenge.clear();
    if (++tries_ == 3) return say(console, "% Passwords do not match.");
    console.put("% Passwords do not match. Try again.\n");
    return go(At::password);
  }

  Next names(cli::Console& console) {
    constexpr std::string_view kLine = "% The subject name in the certificate will include: ";
    if (!t_.subject.empty()) console.put(kLine).put(t_.subject).put('\n');
    if (t_.fqdn != Ask::none) console.put(kLine).put(host_name()).put('\n');
    return go(At::serial);
  }

  Text<127> host_name() { return requested_host(context(), t_); }

  Next serial(cli::Console& console) {
    const std::string_view number = context().host == nullptr ? std::string_view() : context().host->serial_number();
    if (t_.serial == Ask::ask) {
      if (!ask_yes_no(console, "% Include the router serial number in the subject name? [yes/no]: ", with_serial_)) return Next::wait;
    } else if (t_.serial == Ask::value) {
      with_serial_ = true;
      console.put("% The serial number in the certificate will be: ").put(number).put('\n');
    }
    return go(At::address);
  }

  Next address(cli::Console& console) {
    if (t_.address == Ask::none) return go(At::request);
    if (t_.address == Ask::value) {
      ip_ = t_.ip;
      console.put("% The IP address in the certificate is ").ipv4(ip_).put('\n');
      return go(At::request);
    }
    bool yes = false;
    if (!ask_yes_no(console, "% Include an IP address in the subject name? [no]: ", yes, YesNo::no)) return Next::wait;
    return go(yes ? At::which_address : At::request);
  }

  Next which_address(cli::Console& console) {
    if (!ask_text(console, "Enter Interface name or IP Address[]: ")) return Next::wait;
    if (parse_ipv4(trim(answer()), ip_) && ip_ != 0) return go(At::request);
    cli::Interface interface;
    if (cli::parse_interface(trim(answer()), interface) && (ip_ = pki_.address_of(interface)) != 0) return go(At::request);
    console.put("% Bad interface or address. Try again.\n");
    return Next::go;
  }

  Next request(cli::Console& console) {
    const std::string_view question = t_.by == EnrolBy::scep       ? "Request certificate from CA? [yes/no]: "
                                      : t_.by == EnrolBy::terminal ? "Display Certificate Request to terminal? [yes/no]: "
                                                                   : "Generate Self Signed Router Certificate? [yes/no]: ";
    bool yes = false;
    if (!ask_yes_no(console, question, yes)) return Next::wait;
    if (!yes) return Next::end;
    if (!build_order()) return say(console, "% The subject name cannot be used in a certificate");
    if (t_.by == EnrolBy::scep) return send(console);
    return t_.by == EnrolBy::terminal ? start_csr(console) : start_self_signed(console);
  }

  bool build_order() {
    Result<Blob> name = request_subject(context(), t_, with_serial_, ip_);
    if (!name) return false;
    order_.subject = std::move(*name);
    order_.alt_dns = t_.alt_name;
    order_.ext_usage = t_.ext_usage;
    return true;
  }

  Next send(cli::Console& console) {
    Result<Enrolment*> made = pki_.new_enrolment(t_);
    const Status begun = made ? (*made)->begin(std::move(order_), ca_) : Status(made.error());
    if (!begun) {
      console.put("% Certificate request could not be sent: ").put(begun.error().what);
      return say(console, "");
    }
    console.put("% Certificate request sent to Certificate Authority\n% The 'show crypto pki certificate verbose ");
    console.put(t_.label).put("' commandwill show the fingerprint.\n");
    return Next::end;
  }

  Next start_csr(cli::Console& console) {
    auto job = std::make_unique<CsrJob>(context().keys);
    job->key = key_;
    job->order = std::move(order_);
    job->hash = t_.hash;
    if (!csr_.start(context().jobs, console.task(), std::move(job))) return busy(console);
    return go(At::csr);
  }

  Next csr(cli::Console& console) {
    if (request_.empty()) {
      std::unique_ptr<CsrJob> job = csr_.take();
      if (job == nullptr) return Next::wait;
      if (!job->result) return say(console, "% The certificate request could not be made");
      request_ = std::move(*job->result);
    }
    console.put("Certificate Request follows:\n\n");
    (void)write_pem(request_, "CERTIFICATE REQUEST", t_.pem, console);
    console.put("\n---End - This line not part of the certificate request---\n\n");
    return go(At::redisplay);
  }

  Next redisplay(cli::Console& console) {
    bool yes = false;
    if (!ask_yes_no(console, "Redisplay enrollment request? [yes/no]: ", yes)) return Next::wait;
    return yes ? go(At::csr) : Next::end;
  }

  Next start_self_signed(cli::Console& console) {
    auto job = std::make_unique<SelfSignedJob>(context().keys, context().random);
    job->key = key_;
    job->order = std::move(order_);
    job->hash = t_.hash;
    job->now = context().now();
    job->end = kEndOf2049;
    if (!self_.start(context().jobs, console.task(), std::move(job))) return busy(console);
    return go(At::self_signed);
  }

  Next self_signed(cli::Console& console) {
    std::unique_ptr<SelfSignedJob> job = self_.take();
    if (job == nullptr) return Next::wait;
    if (!job->result) return say(console, "% The certificate could not be made");
    Result<std::unique_ptr<SaveChainJob>> file = pki_.store().save(t_.label, ChainKind::self_signed, *job->result);
    if (!file || !save_.start(context().jobs, console.task(), std::move(*file))) return busy(console);
    return go(At::save);
  }

  Next save(cli::Console& console) {
    const std::unique_ptr<SaveChainJob> job = save_.take();
    if (job == nullptr) return Next::wait;
    if (!pki_.store().saved(*job)) return say(console, "% Error in saving certificate: status = FAIL");
    return say(console, "\nRouter Self Signed Certificate successfully created");
  }

  TrustpointSettings t_;
  At at_ = At::start;
  unsigned tries_ = 0;
  bool with_serial_ = false;
  uint32_t ip_ = 0;
  KeyRef key_;
  CsrOrder order_;
  Blob ca_, request_;
  JobSlot<GenerateKeyJob> keys_;
  JobSlot<CsrJob> csr_;
  JobSlot<SelfSignedJob> self_;
  JobSlot<SaveChainJob> save_;
};

}  // namespace

void unknown_trustpoint(cli::Call& call, std::string_view label) {
  call.out().put("% CA trustpoint for label ").put(label).put(" not known.\n");
}

void enroll(cli::Call& call, const LabelArgument& a) {
  Pki& pki = call.module<Pki>();
  const Result<TrustpointSettings> t = pki.trustpoint(a.label);
  if (!t) return unknown_trustpoint(call, a.label);
  call.start(std::make_unique<EnrollDialogue>(pki, *t));
}

}  // namespace parley::crypto_pki
