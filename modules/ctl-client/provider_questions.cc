// Questions of `regenerate` about CTL providers (in the words of `crypto pki authenticate`, cli.md ).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/provider_questions.h"

#include "modules/crypto-pki/certificate.h"

namespace parley::ctl_client {
namespace {

constexpr std::string_view kQuestion = "% Do you accept this certificate? [yes/no]: ";

void put_server(Writer& out, uint32_t ip) { out.put("% Server ").ipv4(ip).put(": "); }

}  // namespace

Poll ProviderQuestions::step(cli::Console& console, const std::string_view* answer) {
  if (at_ == At::start) {
    providers_.ask_all();
    at_ = At::asking;
  }
  if (at_ == At::question) return answer == nullptr ? Poll::pending : answered(console, trim(*answer));
  if (providers_.busy()) return Poll::pending;
  if (at_ == At::keeping) {
    if (!providers_.kept()) return fail(console, about_, "the accepted certificate cannot be kept");
    providers_.ask_all();
    at_ = At::asking;
    return Poll::pending;
  }
  return look(console);
}

// Each provider answered or failed. One that cannot be reached now still counts with what it gave before.
Poll ProviderQuestions::look(cli::Console& console) {
  for (size_t i = 0; i < providers_.size(); ++i) {
    const auto p = providers_[i];
    if (p.result) continue;
    if (!p.unknown.empty() && console.interactive()) {
      if (p.changed) put_server(console, p.ip), console.put("the certificate is not the one that was accepted before\n");
      console.put("Certificate of the CTL provider at ").ipv4(p.ip).put(" has the following attributes:\n");
      console.put("       Fingerprint MD5: ");
      crypto_pki::print_fingerprint(p.unknown, Hash::md5, console);
      console.put("\n      Fingerprint SHA1: ");
      crypto_pki::print_fingerprint(p.unknown, Hash::sha1, console);
      console.put("\n    Fingerprint SHA256: ");
      crypto_pki::print_fingerprint(p.unknown, Hash::sha256, console);
      console.put("\n\n");
      console.ask(kQuestion);
      about_ = i;
      at_ = At::question;
      return Poll::pending;
    }
    const bool before = p.transient && p.known != nullptr && !p.known->records.empty();
    if (!before) return fail(console, i, p.result.error().what);
    put_server(console, p.ip);
    console.put(p.result.error().what).put("; what it gave before is used\n");
  }
  good_ = true;
  return Poll::done;
}

Poll ProviderQuestions::answered(cli::Console& console, std::string_view answer) {
  if (!answer.empty() && starts_nocase("no", answer)) {
    console.put("% Certificate not accepted\n");
    return Poll::done;
  }
  if (answer.empty() || !starts_nocase("yes", answer)) {
    console.put("% Please answer 'yes' or 'no'.\n");
    console.ask(kQuestion);
    return Poll::pending;
  }
  if (about_ >= providers_.size() || providers_[about_].unknown.empty()) {   // the configuration changed meanwhile
    providers_.ask_all();
    at_ = At::asking;
    return Poll::pending;
  }
  if (const Status kept = providers_.confirm(about_); !kept) return fail(console, about_, kept.error().what);
  at_ = At::keeping;
  return providers_.busy() ? Poll::pending : step(console, nullptr);
}

Poll ProviderQuestions::fail(cli::Console& console, size_t i, std::string_view what) {
  if (i < providers_.size()) put_server(console, providers_[i].ip);
  console.put(what).put('\n');
  return Poll::done;
}

}  // namespace parley::ctl_client
