// What crypto-pki puts into `backup trust`, and the numbers a restored certificate server skips.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/pki_config.h"
#include "modules/trust_files.h"

namespace parley {
class Services;
}

namespace parley::crypto_pki {

// Certificates that were issued after the copy was made have numbers that the copy does not know.
constexpr uint64_t kSkippedNumbers = 0x10000;

class PkiTrustFiles final : public TrustFiles::Owner {
 public:
  explicit PkiTrustFiles(const Config& config) : config_(config) {}
  void start(const Services& services);
  void stop();
  void trust_files(TrustFiles::Sink& sink) const override;
  TrustFiles::Owner::Restoring restoring() const override { return &skip_numbers; }
  // Of a serial number file, else nothing. Fault invalid: it is damaged.
  static Status skip_numbers(std::string_view path, Blob& content);

 private:
  const Config& config_;
  TrustFiles* service_ = nullptr;
};

}  // namespace parley::crypto_pki
