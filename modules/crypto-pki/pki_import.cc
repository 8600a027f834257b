// crypto pki import L pem|pkcs12, crypto key import: keys and certificates from the terminal or from files.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <optional>

#include "cli/engine.h"
#include "modules/crypto-pki/pki_ask.h"
#include "modules/crypto-pki/pki_commands.h"
#include "modules/crypto-pki/pkcs12.h"
#include "modules/crypto-pki/transfer_file.h"

namespace parley::crypto_pki {
namespace {

// One thing that is read: from the terminal with `ask`, or from a file with `tell` and the name <url><suffix>.
struct Piece {
  const char* ask;
  const char* tell;
  std::string_view suffix;
  bool key;                 // private: kept with all its lines
};
constexpr Piece kCa = {"% Enter PEM-formatted CA certificate.\n% End with a blank line or \"quit\" on a line by itself.\n",
                       "% Importing CA certificate...\n", ".ca", false};
constexpr Piece kKey = {"% Enter PEM-formatted encrypted private General Purpose key.\n% End with \"quit\" on a line by itself.\n",
                        "% Importing private key PEM file...\n", ".prv", true};
constexpr Piece kOwn = {"% Enter PEM-formatted General Purpose certificate.\n% End with a blank line or \"quit\" on a line by itself.\n",
                        "% Importing certificate PEM file...\n", ".crt", false};
constexpr Piece kPublic = {"% Enter PEM-formatted public General Purpose key or certificate.\n"
                           "% End with a blank line or \"quit\" on a line by itself.\n",
                           "% Importing public key or certificate PEM file...\n", ".pub", false};
constexpr Piece kPkcs12 = {"Enter the base 64 encoded pkcs12.\nEnd with a blank line or the word \"quit\" on a line by itself:\n", "", "", false};

constexpr Piece kPemPieces[] = {kCa, kKey, kOwn};
constexpr Piece kKeyPieces[] = {kPublic, kKey};
constexpr Piece kPkcs12Pieces[] = {kPkcs12};

enum class What : uint8_t { pem, pkcs12, key };

struct ImportOrder {
  What what = What::pem;
  Label label;
  KeyLabel key;
  bool terminal = true, exportable = false;
  Text<127> url;
  Passphrase passphrase;
};

class ImportFilesDialogue final : public PkiDialogue {
 public:
  ImportFilesDialogue(Pki& pki, const ImportOrder& order) : PkiDialogue(pki), order_(order), job_(new ImportJob(context().keys)) {}
  ~ImportFilesDialogue() override { wipe(&order_.passphrase, sizeof order_.passphrase); }

 private:
  enum class At : uint8_t { start, replace, passphrase, piece, paste, host, name, read, import, save };
  Next run(cli::Console& console) override {
    switch (at_) {
      case At::start: return start(console);
      case At::replace: return replace(console);
      case At::passphrase: return passphrase(console);
      case At::piece: return piece(console);
      case At::paste: return paste(console);
      case At::host: return host(console);
      case At::name: return name(console);
      case At::read: return read(console);
      case At::import: return import(console);
      case At::save: return save(console);
    }
    return Next::end;
  }
  Next go(At at) {
    at_ = at;
    return Next::go;
  }
  std::span<const Piece> pieces() const {
    return order_.what == What::pem ? std::span<const Piece>(kPemPieces)
           : order_.what == What::key ? std::span<const Piece>(kKeyPieces) : std::span<const Piece>(kPkcs12Pieces);
  }

  Next start(cli::Console& console) {
    const Entry* e = order_.what == What::key ? nullptr : pki_.store().find(order_.label);
    if (e != nullptr && !e->certificates.empty()) {
      console.put("% Please delete your existing CA certificate first.\n% You must use 'no crypto pki trustpoint ");
      console.put(order_.label).put("' to delete the CA certificate.\n");
      return Next::end;
    }
    if (!context().keys.find(order_.key)) return go(At::passphrase);
    console.put("% You already have a key pair named ").put(order_.key).put(".\n");
    console.put("% If you replace it, all router certs issued using these keys will be removed.\n");
    return go(At::replace);
  }

  Next replace(cli::Console& console) {
    bool yes = false;
    if (!ask_yes_no(console, "% Do you really want to replace them? [yes/no]: ", yes)) return Next::wait;
    return yes ? go(At::passphrase) : Next::end;
  }

  Next passphrase(cli::Console& console) {
    if (order_.passphrase.empty()) {
      if (!ask_text(console, "Password: ", cli::Echo::off)) return Next::wait;
      if (!order_.passphrase.set(answer()) || order_.passphrase.empty()) return say(console, "% The password is empty or too long");
      console.put('\n');
    }
    return go(At::piece);
  }

  Next piece(cli::Console& console) {
    if (at_piece_ == pieces().size()) return begin_import(console);
    const Piece& p = pieces()[at_piece_];
    if (order_.terminal) {
      console.put(p.ask);
      text_ = PemText(p.key ? PemText::Form::whole : PemText::Form::base64);
      return go(At::paste);
    }
    console.put(p.tell);
    file_.emplace(order_.url, order_.label, p.suffix);
    return go(file_->remote() ? At::host : At::name);
  }

  Next paste(cli::Console& console) {
    if (!ask_lines(console, text_)) return Next::wait;
    const bool key = pieces()[at_piece_].key;
    Result<Blob> got = key ? text_.take_whole() : text_.decode(order_.what == What::pkcs12 ? kMaxPkcs12 : kMaxCertificate);
    console.put('\n');
    if (!got) return failed(console, got.error().what);
    return take(std::move(*got));
  }

  Next take(Blob bytes) {
    if (order_.what == What::pkcs12) job_->pkcs12 = std::move(bytes);
    else if (pieces()[at_piece_].key) job_->key = std::move(bytes);
    else if (order_.what == What::pem && at_piece_ == 0) job_->authorities = std::move(bytes);
    else if (order_.what == What::pem) job_->own = std::move(bytes);
    ++at_piece_;   // the public key beside a private one says nothing new
    return go(At::piece);
  }

  Next host(cli::Console& console) {
    if (!ask_text(console, file_->host_question())) return Next::wait;
    file_->host_answer(answer());
    return go(At::name);
  }

  Next name(cli::Console& console) {
    if (!ask_text(console, file_->question("Source"))) return Next::wait;
    file_->answer(answer());
    console.put("Reading file from ").put(file_->place()).put('\n');
    const Status begun = transfer_.get(console.task(), file_->place(), kMaxPkcs12);
    return begun ? go(At::read) : failed(console, begun.error().what);
  }

  Next read(cli::Console& console) {
    if (!transfer_.done()) return Next::wait;
    const bool optional = order_.what == What::key && at_piece_ == 0;
    const Status& got = transfer_.result();
    if (!got && !optional) return failed(console, got.error().what);
    return take(got ? transfer_.take() : Blob());
  }

  Next begin_import(cli::Console& console) {
    job_->label = order_.key;
    job_->passphrase = order_.passphrase;
    job_->exportable = order_.exportable;
    return import_.start(context().jobs, console.task(), std::move(job_)) ? go(At::import) : busy(console);
  }

  Next import(cli::Console& console) {
    std::unique_ptr<ImportJob> job = import_.take();
    if (job == nullptr) return Next::wait;
    if (!job->result) return failed(console, job->result.error().what);
    if (order_.what == What::key) {
      pki_.apply();
      return say(console, "% Key pair import succeeded.");
    }
    pki_.use_key(order_.label, order_.key, job->type);
    Result<std::unique_ptr<SaveChainJob>> save = pki_.store().save(order_.label, std::move(job->items));
    return save && save_.start(context().jobs, console.task(), std::move(*save)) ? go(At::save) : busy(console);
  }

  Next save(cli::Console& console) {
    const std::unique_ptr<SaveChainJob> job = save_.take();
    if (job == nullptr) return Next::wait;
    const Status kept = pki_.store().saved(*job);
    if (!kept) return failed(console, kept.error().what);
    return say(console, order_.what == What::pem ? "% PEM files import succeeded." : "CRYPTO_PKI: Imported PKCS12 file successfully.");
  }

  Next failed(cli::Console& console, const char* why) {
    constexpr const char* kText[] = {"% PEM files import failed: ", "CRYPTO_PKI: Import PKCS12 operation failed: ", "% Key pair import failed: "};
    console.put(kText[static_cast<size_t>(order_.what)]).put(why);
    return say(console, "");
  }

  ImportOrder order_;
  At at_ = At::start;
  size_t at_piece_ = 0;
  PemText text_;
  std::unique_ptr<ImportJob> job_;
  std::optional<TransferName> file_;
  FileTransfer transfer_{context()};
  JobSlot<ImportJob> import_;
  JobSlot<SaveChainJob> save_;
};

void start(cli::Call& call, const ImportOrder& order) {
  if (!order.terminal && !is_transfer_place(order.url)) return not_local(call, order.url);
  call.start(std::make_unique<ImportFilesDialogue>(call.module<Pki>(), order));
}

// Keys of a trustpoint that names none are called like the trustpoint (as IOS does).
KeyLabel key_for(Pki& pki, const Label& label) {
  const Trustpoint* t = pki.trustpoint_record(label);
  if (t == nullptr || (t->key.empty() && t->ec_key.empty())) return KeyLabel(label.view());
  return pki.key_label(*t);
}

}  // namespace

void import_pem(cli::Call& call, const PemArguments& a) {
  ImportOrder o;
  o.label = a.label;
  o.key = key_for(call.module<Pki>(), a.label);
  o.terminal = a.where == 0;
  o.url = a.url;
  o.exportable = a.exportable || a.exportable_late;
  o.passphrase = a.passphrase;
  start(call, o);
}

void import_pkcs12(cli::Call& call, const Pkcs12Arguments& a) {
  ImportOrder o;
  o.what = What::pkcs12;
  o.label = a.label;
  o.key = key_for(call.module<Pki>(), a.label);
  o.terminal = a.where == 0;
  o.url = a.url;
  o.passphrase = a.given == 1 ? a.password : a.passphrase;
  start(call, o);
}

void import_key(cli::Call& call, const PemArguments& a) {
  ImportOrder o;
  o.what = What::key;
  o.label = a.label;
  o.key = KeyLabel(a.label.view());
  o.terminal = a.where == 0;
  o.url = a.url;
  o.exportable = a.exportable || a.exportable_late;
  o.passphrase = a.passphrase;
  start(call, o);
}

}  // namespace parley::crypto_pki
