// `certificate SERIAL nvram:FILE` in a chain: the certificate of a file takes the place of hex digits.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/job_dialogue.h"
#include "modules/crypto-pki/certificate.h"
#include "modules/crypto-pki/pem_text.h"
#include "modules/crypto-pki/pki_actions.h"
#include "modules/crypto-pki/pki_ask.h"
#include "modules/system/paths.h"

namespace parley::crypto_pki {
namespace {

constexpr size_t kMaxFile = 64 * 1024;

class CertificateFileJob final : public Job {
 public:
  CertificateFileJob(Store& store, Path path) : store_(store), path_(path) {}
  void run() override {
    auto content = store_.read(path_, kMaxFile);
    if (!content) {
      result = content.error();
      return;
    }
    std::string_view text = content->text();
    PemBlock block;
    if (next_pem(text, block)) {
      auto decoded = decode_pem(block, kMaxFile);
      if (decoded) der = std::move(*decoded);
    } else {
      der = std::move(*content);
    }
  }
  Status result;
  Blob der;

 private:
  Store& store_;
  Path path_;
};

class CertificateFileDialogue final : public cli::Dialogue {
 public:
  CertificateFileDialogue(Pki& pki, std::string_view label, const CertificateFileArgs& a, Path path) : pki_(pki), a_(a), path_(path) {
    (void)label_.set(label);
  }
  Poll step(cli::Console& console, const std::string_view*) override {
    Context& context = pki_.context();
    if (!started_) {
      started_ = true;
      if (slot_.start(context.jobs, console.task(), std::make_unique<CertificateFileJob>(context.store, path_))) return Poll::pending;
      console.put("% System is busy, try again later\n");
      return Poll::done;
    }
    auto job = slot_.take();
    if (job == nullptr) return Poll::pending;
    if (!job->result) {
      console.put("%Error opening ");
      system::put_display(console, path_);
      console.put(" (").put(system::error_text(job->result.error().code)).put(")\n");
    } else if (!parse_certificate(job->der.view()) || !pki_.put(label_, static_cast<ChainKind>(a_.kind), serial(), job->der.view())) {
      console.put("% Certificate data for serial ").put(serial()).put(" is invalid, ignored\n");
    }
    return Poll::done;
  }

 private:
  std::string_view serial() const { return a_.serial; }
  Pki& pki_;
  CertificateFileArgs a_;
  Path path_;
  Label label_;
  bool started_ = false;
  JobSlot<CertificateFileJob> slot_;
};

}  // namespace

void certificate_from_file(cli::Call& call, const CertificateFileArgs& a) {
  if (call.record == nullptr) return;
  auto path = system::resolve(a.url, "nvram:");
  if (!path) {
    call.out().put("%Error opening ").put(a.url).put(" (").put(system::error_text(path.error().code)).put(")\n");
    return;
  }
  const Chain& chain = *static_cast<const Chain*>(call.record);
  call.start(std::make_unique<CertificateFileDialogue>(call.module<Pki>(), chain.label, a, *path));
}

}  // namespace parley::crypto_pki
