// Key files: "PKEY" version nonce, then AES-256-GCM over the record; the head is authenticated with it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/crypto/key_file.h"

namespace parley::crypto {

namespace {

// File:   u32 magic, u8 version, 12 bytes nonce | sealed record, 16 bytes tag
// Record: u8 type, u8 use, u16 bits, u8 exportable, u64 created, u8 label length, label, u16 key length, key
constexpr uint32_t kMagic = 0x504b4559;  // "PKEY"
constexpr uint8_t kVersion = 1;
constexpr size_t kNonce = 12, kHead = 5;
constexpr std::string_view kDeviceKeyFile = "nvram:keys/device-key";
constexpr size_t kDeviceKey = 32, kCheck = 8;

constexpr uint8_t kMaxType = static_cast<uint8_t>(KeyType::ec_p384);
constexpr uint8_t kMaxUse = static_cast<uint8_t>(KeyUse::encryption);

}  // namespace

// The file is the key and the first bytes of its hash: a cut or changed file must not pass for another key.
Status load_device_key(Store& store, Random& random, Secret<32>& out) {
  const Status folder = store.make_folder(kKeyFolder);
  if (!folder && folder.error().code != Code::exists) return folder;
  Result<Blob> file = store.read(kDeviceKeyFile, kDeviceKey + kCheck);
  if (file) {
    file->mark_secret();
    const Bytes b = file->view();
    if (b.size() != kDeviceKey + kCheck ||
        !equal_bytes(hash(Hash::sha256, b.first(kDeviceKey)).view().first(kCheck), b.subspan(kDeviceKey)))
      return Fault{Code::untrusted, "nvram:keys/device-key is damaged", 0};
    for (size_t i = 0; i < kDeviceKey; ++i) out.mut()[i] = b[i];
    return {};
  }
  if (file.error().code == Code::full) return Fault{Code::untrusted, "nvram:keys/device-key is damaged", 0};
  if (file.error().code != Code::missing) return file.error();
  TRY(random.fill(out.mut()));
  Blob fresh;
  fresh.mark_secret();
  TRY(fresh.append(out.view()));
  TRY(fresh.append(hash(Hash::sha256, out.view()).view().first(kCheck)));
  return store.write(kDeviceKeyFile, fresh);
}

Path key_path(std::string_view label, KeyUse use) {
  const uint8_t tail = static_cast<uint8_t>(use);
  const Digest d = hash2(Hash::sha256, as_bytes(label), Bytes(&tail, 1));
  char text[Path::kCapacity];
  FixedWriter w(text);
  w.put(kKeyFolder).put('/').hex_bytes(d.data, 16, false);
  return Path(w.view());
}

Result<Blob> seal_key(const StoredKey& k, Bytes device_key, Random& random) {
  Blob record;
  record.mark_secret();
  const std::string_view label = k.info.label.view();
  TRY(record.resize(16 + label.size() + k.key.der.size()));
  ByteWriter w(record.mut());
  w.u8(static_cast<uint8_t>(k.info.type));
  w.u8(static_cast<uint8_t>(k.info.use));
  w.u16(k.info.bits);
  w.u8(k.info.exportable ? 1 : 0);
  w.u64(static_cast<uint64_t>(k.info.created));
  w.u8(static_cast<uint8_t>(label.size()));
  w.text(label);
  w.u16(static_cast<uint16_t>(k.key.der.size()));
  w.bytes(k.key.der);
  PARLEY_CHECK(w.ok());
  uint8_t head[kHead + kNonce];
  ByteWriter h(head);
  h.u32(kMagic);
  h.u8(kVersion);
  TRY(random.fill(MutBytes(head).subspan(kHead)));
  TRY_ASSIGN(const Blob sealed, aes_gcm_seal(device_key, Bytes(head).subspan(kHead), Bytes(head).first(kHead), w.view()));
  Blob out;
  TRY(out.append(head));
  TRY(out.append(sealed));
  return out;
}

Result<StoredKey> open_key(Bytes file, Bytes device_key) {
  ByteReader head(file);
  if (head.u32() != kMagic || head.u8() != kVersion) return Fault{Code::untrusted, "not a key file of this release", 0};
  const Bytes nonce = head.take(kNonce);
  if (!head.ok()) return Fault{Code::untrusted, "key file is cut", 0};
  TRY_ASSIGN(Blob record, aes_gcm_open(device_key, nonce, file.first(kHead), head.rest()));
  record.mark_secret();
  ByteReader r(record);
  StoredKey out;
  const uint8_t type = r.u8(), use = r.u8();
  out.info.bits = r.u16();
  out.info.exportable = r.u8() != 0;
  out.info.created = static_cast<UnixTime>(r.u64());
  const bool label_ok = out.info.label.set(as_text(r.take(r.u8())));
  const Bytes der = r.take(r.u16());
  if (!r.done() || !label_ok || type > kMaxType || use > kMaxUse) return Fault{Code::untrusted, "key file is damaged", 0};
  out.info.type = out.key.type = static_cast<KeyType>(type);
  out.info.use = static_cast<KeyUse>(use);
  out.key.bits = out.info.bits;
  TRY(out.key.der.append(der));
  return out;
}

}  // namespace parley::crypto
