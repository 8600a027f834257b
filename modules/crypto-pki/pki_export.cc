// crypto pki export L pem|pkcs12, crypto key export: exportable keys and their certificates, under a passphrase.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <optional>

#include "modules/crypto-pki/pki_ask.h"
#include "modules/crypto-pki/pki_commands.h"
#include "modules/crypto-pki/transfer_file.h"

namespace parley::crypto_pki {
namespace {

struct ExportOrder {
  bool pkcs12 = false, terminal = true;
  Label label;                                  // of the trustpoint, or of the keys
  Text<127> url;
  Passphrase passphrase;
  KeyRef key;
  KeyLabel key_name;
  Blob public_key;                              // crypto key export only
  Blob ca;
  List<Blob> certificates{general_arena()};     // own first
};

// One PEM file: what is said on the terminal, and before the file name is asked.
struct Output {
  const char* shown;
  const char* told;
  std::string_view suffix;
  Blob text;
};

class ExportDialogue final : public PkiDialogue {
 public:
  ExportDialogue(Pki& pki, ExportOrder order) : PkiDialogue(pki), order_(std::move(order)) {}
  ~ExportDialogue() override { wipe(&order_.passphrase, sizeof order_.passphrase); }

 private:
  enum class At : uint8_t { passphrase, work, next, host, name, write };
  Next run(cli::Console& console) override {
    switch (at_) {
      case At::passphrase: return passphrase(console);
      case At::work: return work(console);
      case At::next: return next(console);
      case At::host: return host(console);
      case At::name: return name(console);
      case At::write: return write(console);
    }
    return Next::end;
  }
  Next go(At at) {
    at_ = at;
    return Next::go;
  }

  Next passphrase(cli::Console& console) {
    if (order_.passphrase.empty()) {
      if (!ask_text(console, "Password: ", cli::Echo::off)) return Next::wait;
      if (!order_.passphrase.set(answer()) || order_.passphrase.empty()) return say(console, "% The password is empty or too long");
      console.put('\n');
    }
    auto job = std::make_unique<ExportJob>(context().keys, context().random);
    job->key = order_.key;
    (void)job->name.set(order_.label.view());
    job->pkcs12 = order_.pkcs12;
    job->passphrase = order_.passphrase;
    if (order_.pkcs12) job->certificates = std::move(order_.certificates);
    return work_.start(context().jobs, console.task(), std::move(job)) ? go(At::work) : busy(console);
  }

  Next work(cli::Console& console) {
    std::unique_ptr<ExportJob> job = work_.take();
    if (job == nullptr) return Next::wait;
    if (!job->result) {
      console.put("% The export failed: ").put(job->result.error().what);
      return say(console, "");
    }
    const Status ready = order_.pkcs12 ? add_pkcs12(std::move(*job->result)) : add_pem(std::move(*job->result));
    return ready ? go(At::next) : busy(console);
  }

  Status add(const char* shown, const char* told, std::string_view suffix, Blob text) {
    return outputs_.push(Output{shown, told, suffix, std::move(text)});
  }
  Status add_certificate(const char* shown, const char* told, std::string_view suffix, Bytes der) {
    Blob text;
    TRY(write_pem(der, "CERTIFICATE", true, text));
    return add(shown, told, suffix, std::move(text));
  }

  Status add_pkcs12(Blob der) {
    if (!order_.terminal) return add("", "", "", std::move(der));
    Blob text;
    TRY(write_pem(der, "PKCS12", false, text));
    return add("CRYPTO_PKI: Exported pkcs12 follows:\n\n", "", "", std::move(text));
  }

  Status add_pem(Blob key) {
    if (!order_.ca.empty()) TRY(add_certificate("% The CA certificate:\n", "% Exporting CA certificate...\n", ".ca", order_.ca));
    if (!order_.public_key.empty()) {
      Blob text;
      TRY(write_pem(order_.public_key, "PUBLIC KEY", true, text));
      TRY(add(kKeyName, "Exporting public key...\n", ".pub", std::move(text)));
    }
    TRY(add(order_.public_key.empty() ? kKeyName : "", "Exporting private key...\n", ".prv", std::move(key)));
    if (order_.certificates.empty()) return {};
    return add_certificate("% Certificate:\n", "% Exporting router certificate...\n", ".crt", order_.certificates[0]);
  }

  void say_key_name(cli::Console& console) {
    console.put("% Key name: ").put(order_.key_name).put("\n   Usage: General Purpose Key\n");
  }

  Next next(cli::Console& console) {
    if (at_output_ == outputs_.size()) {
      return order_.pkcs12 ? say(console, order_.terminal ? "" : "CRYPTO_PKI: Exported PKCS12 file successfully.") : Next::end;
    }
    const Output& o = outputs_[at_output_];
    if (o.shown == kKeyName) say_key_name(console);
    if (!order_.terminal) {
      console.put(o.told);
      file_.emplace(order_.url, order_.label, o.suffix);
      return go(file_->remote() ? At::host : At::name);
    }
    if (o.shown != kKeyName) console.put(o.shown);
    console.put(o.text.text()).put('\n');
    ++at_output_;
    return Next::go;
  }

  Next host(cli::Console& console) {
    if (!ask_text(console, file_->host_question())) return Next::wait;
    file_->host_answer(answer());
    return go(At::name);
  }

  Next name(cli::Console& console) {
    if (!ask_text(console, file_->question("Destination"))) return Next::wait;
    file_->answer(answer());
    console.put("Writing ").put(order_.pkcs12 ? "pkcs12 file to " : "file to ").put(file_->place()).put('\n');
    const Status begun = transfer_.put(console.task(), file_->place(), std::move(outputs_[at_output_].text));
    return begun ? go(At::write) : not_written(console, begun.error());
  }

  Next not_written(cli::Console& console, const Fault& why) {
    console.put("% The file could not be written: ").put(why.what);
    return say(console, "");
  }

  Next write(cli::Console& console) {
    if (!transfer_.done()) return Next::wait;
    if (!transfer_.result()) return not_written(console, transfer_.result().error());
    ++at_output_;
    return go(At::next);
  }

  static constexpr const char* kKeyName = "% Key name";   // stands for two lines
  ExportOrder order_;
  At at_ = At::passphrase;
  List<Output> outputs_{general_arena()};
  size_t at_output_ = 0;
  JobSlot<ExportJob> work_;
  std::optional<TransferName> file_;
  FileTransfer transfer_{context()};
};

// The key may leave; else said why not.
bool may_leave(cli::Call& call, const KeyLabel& label, ExportOrder& o) {
  const Keys& keys = call.module<Pki>().context().keys;
  o.key = keys.find(label);
  o.key_name = label;
  const Result<KeyInfo> info = keys.info(o.key);
  if (!o.key || !info) {
    call.out().put("% No keys found named ").put(label).put(".\n");
    return false;
  }
  if (!info->exportable) {
    call.out().put("% ").put(info->type == KeyType::rsa ? "RSA" : "EC").put(" keypair '").put(label).put("' is not exportable.\n");
    return false;
  }
  return true;
}

void start(cli::Call& call, ExportOrder o) {
  if (!o.terminal && !is_transfer_place(o.url)) return not_local(call, o.url);
  call.start(std::make_unique<ExportDialogue>(call.module<Pki>(), std::move(o)));
}

void old_cipher(cli::Call& call, uint8_t cipher) {
  if (cipher != 0) call.out().put("% Private keys are written with AES-256 (PKCS #8) instead.\n");
}

// Certificates and key of a trustpoint; false: said why not.
bool take_trustpoint(cli::Call& call, const Label& label, ExportOrder& o) {
  Pki& pki = call.module<Pki>();
  const Entry* e = pki.store().find(label);
  const Trustpoint* t = pki.trustpoint_record(label);
  if (e == nullptr || t == nullptr) return unknown_trustpoint(call, label), false;
  o.label = label;
  if (!may_leave(call, e->key, o)) return false;
  const Stored* own = e->own();
  if (own == nullptr) {
    call.out().put("% The trustpoint has no certificate of its own.\n");
    return false;
  }
  const auto push = [&o](Bytes der) {
    Result<Blob> copy = Blob::copy_of(der);
    return copy && o.certificates.push(std::move(*copy));
  };
  bool ok = push(own->certificate.der);
  for (const Bytes ca : e->ca) ok = ok && push(ca);
  if (!e->ca.empty()) ok = ok && o.ca.append(e->ca[0]).has_value();
  if (!ok) call.out().put("% The router is busy, try again\n");
  return ok;
}

}  // namespace

void export_pem(cli::Call& call, const PemArguments& a) {
  ExportOrder o;
  if (!take_trustpoint(call, a.label, o)) return;
  old_cipher(call, a.cipher);
  o.terminal = a.where == 0;
  o.url = a.url;
  o.passphrase = a.passphrase;
  start(call, std::move(o));
}

void export_pkcs12(cli::Call& call, const Pkcs12Arguments& a) {
  ExportOrder o;
  if (!take_trustpoint(call, a.label, o)) return;
  o.pkcs12 = true;
  o.terminal = a.where == 0;
  o.url = a.url;
  o.passphrase = a.given == 1 ? a.password : a.passphrase;
  start(call, std::move(o));
}

void export_key(cli::Call& call, const PemArguments& a) {
  ExportOrder o;
  o.label = a.label;
  if (!may_leave(call, KeyLabel(a.label.view()), o)) return;
  Result<Blob> spki = call.module<Pki>().context().keys.public_key(o.key);
  if (!spki) return;
  o.public_key = std::move(*spki);
  old_cipher(call, a.cipher);
  o.terminal = a.where == 0;
  o.url = a.url;
  o.passphrase = a.passphrase;
  start(call, std::move(o));
}

}  // namespace parley::crypto_pki
