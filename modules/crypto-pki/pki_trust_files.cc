// What crypto-pki puts into `backup trust`.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/pki_trust_files.h"

#include "modules/crypto-pki/chain_file.h"
#include "modules/crypto-pki/database_files.h"
#include "modules/crypto-pki/serial_file.h"
#include "modules/module.h"

namespace parley::crypto_pki {

void PkiTrustFiles::start(const Services& services) {
  service_ = services.find<TrustFiles>();
  if (service_ != nullptr) service_->add(*this);
}

void PkiTrustFiles::stop() {
  if (service_ != nullptr) service_->remove(*this);
  service_ = nullptr;
}

// Chains of the trustpoints, index and waiting requests of the servers, their numbers, their list and archive.
void PkiTrustFiles::trust_files(TrustFiles::Sink& sink) const {
  sink.folder("nvram:pki");
  for (const CaServer& s : config_.servers) {
    sink.file(labelled_path("nvram:", s.label, ".ser"));
    if (!is_local_place(s.url)) continue;
    for (const std::string_view suffix : {".crl", ".p12", ".pem"}) sink.file(labelled_path(place_from_url(s.url), s.label, suffix));
  }
}

Status PkiTrustFiles::skip_numbers(std::string_view path, Blob& content) {
  if (path.substr(0, 6) != "nvram:" || path.size() < 4 || path.substr(path.size() - 4) != ".ser") return {};
  TRY_ASSIGN(SerialNumbers n, read_serial_numbers(content.text()));
  n.serial += kSkippedNumbers;
  n.crl += kSkippedNumbers;
  content.clear();
  put_serial_numbers(content, n);
  return content.ok() ? Status() : Fault{Code::full, "no memory for the serial number file", 0};
}

}  // namespace parley::crypto_pki
