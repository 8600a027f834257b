// Messages, proofs, keys and records of the CAPF server.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/capf-server/capf_device.h"
#include "modules/capf-server/capf_offline.h"
#include "modules/capf-server/capf_proof.h"
#include "modules/crypto-pki/certificate.h"
#include "platform/crypto/software/wolf.h"

using namespace parley;
using namespace parley::capf_server;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  crypto::wolf_start();
  const Bytes in(data, size);
  if (size >= kHeaderSize) {
    (void)read_head(in.first(kHeaderSize));
    const Bytes body = in.subspan(kHeaderSize);
    if (const auto e = Elements::read(body)) {
      (void)is_device_name(e->text(kDeviceName));
      (void)check_new_key(e->value(kPublicKey), {WireKey::rsa, 2048});
      (void)check_new_key(e->value(kPublicKey), {WireKey::ec, 0});
      if (const auto c = read_certificate(e->value(kCertificate)))
        if (const auto parsed = crypto_pki::parse_certificate(c->der))
          (void)check_signature_block(parsed->spki, Hash::sha1, body, e->value(kSignedData));
    }
  }
  if (const auto d = decode_device(in, "SEP001122334455")) {
    Blob again;
    if (!encode_device(*d, again) || !decode_device(again.view(), "SEP001122334455")) __builtin_trap();
  }
  std::string_view rest = as_text(in);
  for (size_t before = rest.size() + 1; rest.size() < before;) {
    before = rest.size();
    const auto der = next_certificate(rest);
    if (!der && der.error().code == Code::missing) break;
  }
  return 0;
}
