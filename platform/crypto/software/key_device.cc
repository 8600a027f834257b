// The crypto callback behind TLS.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// wolfSSL pads and hashes; what arrives here is a raw RSA block or a digest. It also asks for the size of the key and
// for the public operation, because it holds no modulus (it checks its own signature). Everything else is declined and
// runs in software inside the library.
#include "platform/crypto/software/key_device.h"

#include <atomic>

#include "platform/crypto/software/public_key.h"
#include "platform/crypto/software/wolf.h"

#include <wolfssl/wolfcrypt/cryptocb.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/rsa.h>

namespace parley::crypto {

namespace {

KeyRef key_from_id(const uint8_t* id, int size) {
  ByteReader r(Bytes(id, size < 0 ? 0 : static_cast<size_t>(size)));
  const KeyRef key{r.u32()};
  return r.done() ? key : KeyRef{};
}

int error_of(const Fault& f) {
  switch (f.code) {
    case Code::busy: case Code::timeout: return WC_HW_WAIT_E;
    case Code::full: return MEMORY_E;
    default: return WC_HW_E;
  }
}

int rsa_operation(KeyStore& keys, wc_CryptoInfo& info) {
  auto& op = info.pk.rsa;
  const KeyRef key = key_from_id(op.key->id, op.key->idLen);
  if (*op.outLen < op.inLen) return BUFFER_E;
  const Result<Blob> copy = Blob::copy_of(Bytes(op.in, op.inLen));   // wolfSSL works in place; we compare afterwards
  if (!copy) return MEMORY_E;
  const Bytes in = copy->view();
  const MutBytes out(op.out, op.inLen);
  if (op.type == RSA_PRIVATE_ENCRYPT || op.type == RSA_PRIVATE_DECRYPT) {
    if (const Status s = keys.rsa_private(key, in, out); !s) return error_of(s.error());
  } else {
    const Result<Blob> public_key = keys.rsa_public_key(key);
    if (!public_key) return error_of(public_key.error());
    const Result<Blob> done = rsa_public_operation(*public_key, in);
    if (!done) return error_of(done.error());
    for (size_t i = 0; i < in.size(); ++i) out[i] = done->data()[i];
  }
  *op.outLen = op.inLen;
  return 0;
}

int rsa_size(KeyStore& keys, wc_CryptoInfo& info) {
  const RsaKey* k = info.pk.rsa_get_size.key;
  const Result<KeyInfo> facts = keys.info(key_from_id(k->id, k->idLen));
  if (!facts) return WC_HW_E;
  *info.pk.rsa_get_size.keySize = (facts->bits + 7) / 8;
  return 0;
}

int ec_sign(KeyStore& keys, wc_CryptoInfo& info) {
  auto& op = info.pk.eccsign;
  const KeyRef key = key_from_id(op.key->id, op.key->idLen);
  const Result<Blob> signature = keys.ec_sign(key, Bytes(op.in, op.inlen));
  if (!signature) return error_of(signature.error());
  if (*op.outlen < signature->size()) return BUFFER_E;
  for (size_t i = 0; i < signature->size(); ++i) op.out[i] = signature->data()[i];
  *op.outlen = static_cast<word32>(signature->size());
  return 0;
}

int device(int, wc_CryptoInfo* info, void* context) {
  if (info->algo_type != WC_ALGO_TYPE_PK) return CRYPTOCB_UNAVAILABLE;
  KeyStore& keys = *static_cast<KeyStore*>(context);
  switch (info->pk.type) {
    case WC_PK_TYPE_RSA: return rsa_operation(keys, *info);
    case WC_PK_TYPE_RSA_GET_SIZE: return rsa_size(keys, *info);
    case WC_PK_TYPE_ECDSA_SIGN: return ec_sign(keys, *info);
    default: return CRYPTOCB_UNAVAILABLE;
  }
}

}  // namespace

KeyDevice::KeyDevice(KeyStore& keys) {
  static std::atomic<int> last{100};
  wolf_start();
  id_ = ++last;
  PARLEY_CHECK(wc_CryptoCb_RegisterDevice(id_, device, &keys) == 0);
}

KeyDevice::~KeyDevice() { wc_CryptoCb_UnRegisterDevice(id_); }

void write_key_id(KeyRef key, uint8_t (&id)[kKeyIdSize]) {
  ByteWriter w(id);
  w.u32(key.id);
}

}  // namespace parley::crypto
