// Requests for an offline authority, and its certificates.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/capf-server/capf_offline.h"

#include "modules/crypto-pki/certificate.h"

namespace parley::capf_server {
namespace {

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----", kEnd = "-----END CERTIFICATE-----";

}  // namespace

Status write_request(Writer& out, std::string_view device, UnixTime requested, Bytes spki) {
  const Calendar c = to_calendar(requested);
  out.put("device: ").put(device).put("\nrequested: ").dec(c.year, 4, '0').put('-').dec(c.month, 2, '0').put('-').dec(c.day, 2, '0').put(' ');
  out.dec(c.hour, 2, '0').put(':').dec(c.minute, 2, '0').put(':').dec(c.second, 2, '0').put(" UTC\nsubject: CN=").put(device);
  const Digest sum = hash(Hash::sha256, spki);
  out.put("\nkey-sha256: ").hex_bytes(sum.data, sum.size).put("\n-----BEGIN PUBLIC KEY-----\n");
  TRY(base64_encode(spki, 64, out));
  out.put("-----END PUBLIC KEY-----\n\n");
  return {};
}

Result<Blob> next_certificate(std::string_view& rest) {
  const size_t begin = rest.find(kBegin);
  if (begin == std::string_view::npos) return Fault{Code::missing, "no more certificates", 0};
  rest.remove_prefix(begin + kBegin.size());
  const size_t end = rest.find(kEnd);
  const std::string_view text = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + kEnd.size());
  if (end == std::string_view::npos) return Fault{Code::invalid, "a certificate without its end", 0};
  return base64_decode(text, kMaxLsc);
}

Status ImportJob::work() {
  TRY_ASSIGN(const Blob file, store.read(from, kMaxCertificateFile));
  std::string_view rest = file.text();
  for (;;) {
    auto der = next_certificate(rest);
    if (!der && der.error().code == Code::missing) return {};
    const auto c = der ? crypto_pki::parse_certificate(der->view()) : Result<crypto_pki::Certificate>(der.error());
    if (!c) {
      ++broken;
      continue;
    }
    Wait* owner = nullptr;
    for (Wait& w : waiting)
      if (equal_bytes(w.spki, c->spki)) owner = &w;
    if (owner == nullptr || !owner->certificate.empty()) {
      ++strangers;
      continue;
    }
    owner->verdict = owner->check->add(der->view());
    if (owner->verdict) {
      owner->check->run();
      owner->verdict = owner->check->result();
    }
    if (owner->verdict) owner->certificate = std::move(*der);
  }
}

}  // namespace parley::capf_server
