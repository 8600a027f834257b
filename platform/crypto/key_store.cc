// KeyStore: a table of keys in memory, one encrypted file per key, the work done by the engine chain.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table is guarded by a mutex that is held for look-ups and changes only, never during an operation or a write:
// an operation holds its entry alive, so that a key may be removed meanwhile. Changes of the store (generate, import,
// remove) are one at a time under `changing_`. A key exists once its file is durable; only then it gets a KeyRef.
#include "platform/crypto/key_store.h"

#include <mutex>

#include "platform/crypto/engine_chain.h"
#include "platform/crypto/key_file.h"
#include "platform/crypto/key_rename.h"
#include "platform/crypto/software/key_container.h"
#include "platform/crypto/software/public_key.h"

namespace parley {

namespace {

using crypto::PrivateKey;
using crypto::StoredKey;

constexpr size_t kMaxKeyFile = 8192;
constexpr uint16_t kMinRsa = 512, kMaxRsa = 4096;

struct Entry {
  uint32_t id = 0;
  StoredKey stored;
  Blob spki, rsa_public;  // rsa_public: empty for EC
};
using EntryPtr = std::shared_ptr<const Entry>;

void must_be_job() { if (!crypto_thread_is_allowed()) PARLEY_PANIC("slow crypto call on the scheduler thread"); }

class KeyStoreImpl final : public KeyStore {
 public:
  KeyStoreImpl(Store& store, Random& random, const Clock& clock) : store_(store), random_(random), clock_(clock), engines_(clock) {
    PARLEY_CHECK(engines_.add_before_last(crypto::make_software_engine()).has_value());
  }

  Status load() override;
  uint32_t unreadable() const override { return unreadable_; }
  void add_engine(std::unique_ptr<crypto::Engine> e) override {
    PARLEY_CHECK(engines_.add_before_last(std::move(e)).has_value());
  }

  Result<KeyRef> generate(std::string_view label, KeyType type, uint16_t bits, KeyUse use, bool exportable) override;
  Result<KeyRef> import_key(std::string_view label, Bytes key, std::string_view passphrase, bool exportable,
                            KeyUse use) override;
  Result<Blob> export_key(KeyRef key, std::string_view passphrase) override;
  Status remove(std::string_view label) override;
  Status rename(std::string_view from, std::string_view to);
  Status protect(std::span<const Digest> spki_sha256);
  KeyRef find(std::string_view label, KeyUse use) const override;
  Result<KeyInfo> info(KeyRef key) const override;
  Result<Blob> public_key(KeyRef key) const override;
  Result<Blob> rsa_public_key(KeyRef key) const override;
  void list(Each each, void* context) const override;
  Result<Blob> sign(KeyRef key, Hash h, Bytes message) override;
  Result<Blob> decrypt(KeyRef key, Bytes cipher) override;
  Result<Blob> agree(KeyRef key, Bytes peer_spki) override;
  Result<Blob> seal(std::string_view purpose, Bytes secret) override;
  Result<Blob> open_sealed(std::string_view purpose, Bytes sealed) override;
  void engines(EachEngine each, void* context) const override { engines_.each(each, context); }
  Status rsa_private(KeyRef key, Bytes in, MutBytes out) override;
  Result<Blob> ec_sign(KeyRef key, Bytes digest) override;

 private:
  Result<EntryPtr> entry(KeyRef key) const;
  Status check_new(std::string_view label, KeyUse use) const;
  Result<KeyRef> add(StoredKey stored);
  Status put_in_table(StoredKey stored, uint32_t& id);
  EntryPtr first_of(std::string_view label) const;
  EntryPtr exact(std::string_view label, KeyUse use) const;
  Status remove_one(const EntryPtr& e);
  Status erase_one(const EntryPtr& e);
  Status move_one(const EntryPtr& e, std::string_view to);
  bool is_protected(const EntryPtr& e) const;
  Status load_file(std::string_view name);

  Store& store_;
  Random& random_;
  const Clock& clock_;
  crypto::EngineChain engines_;
  Secret<32> device_key_;
  bool open_ = false;
  uint32_t unreadable_ = 0;
  uint32_t next_id_ = 1;
  std::mutex changing_;
  mutable std::mutex table_;
  List<EntryPtr> entries_{general_arena()};
  List<Digest> protected_{general_arena()};   // guarded by table_
};

Status KeyStoreImpl::load() {
  must_be_job();
  const std::lock_guard hold(changing_);
  TRY(crypto::load_device_key(store_, random_, device_key_));
  open_ = true;
  List<Text<128>> names(general_arena());
  struct Context {
    List<Text<128>>* names;
    Status status;
  } context{&names, {}};
  TRY(store_.list(crypto::kKeyFolder, [](void* c, const FileInfo& f) {
    auto* self = static_cast<Context*>(c);
    if (!f.folder && f.name.view() != "device-key") self->status = self->names->push(f.name);
    return self->status.has_value();
  }, &context));
  TRY(context.status);
  for (const Text<128>& name : names)
    if (!load_file(name)) ++unreadable_;
  return {};
}

Status KeyStoreImpl::load_file(std::string_view name) {
  char text[Path::kCapacity];
  FixedWriter path(text);
  path.put(crypto::kKeyFolder).put('/').put(name);
  TRY_ASSIGN(const Blob file, store_.read(path.view(), kMaxKeyFile));
  TRY_ASSIGN(StoredKey stored, crypto::open_key(file, device_key_.view()));
  if (crypto::key_path(stored.info.label, stored.info.use).view() != path.view())
    return Fault{Code::untrusted, "key file carries another name", 0};
  uint32_t id = 0;
  return put_in_table(std::move(stored), id);
}

Status KeyStoreImpl::put_in_table(StoredKey stored, uint32_t& id) {
  auto e = std::make_shared<Entry>();
  TRY_ASSIGN(e->spki, crypto::spki_of(stored.key));
  if (stored.info.type == KeyType::rsa) {
    TRY_ASSIGN(e->rsa_public, crypto::rsa_public_of(stored.key));
  }
  e->stored = std::move(stored);
  const std::lock_guard hold(table_);
  id = e->id = next_id_++;
  return entries_.push(std::move(e));
}

Status KeyStoreImpl::check_new(std::string_view label, KeyUse use) const {
  if (!open_) return Fault{Code::denied, "the key store is closed: its device key is damaged", 0};
  if (label.empty() || !KeyLabel().set(label)) return Fault{Code::invalid, "a key label has 1 to 64 characters", 0};
  const std::lock_guard hold(table_);
  for (const EntryPtr& e : entries_) {
    const KeyInfo& i = e->stored.info;
    if (i.label.view() != label) continue;
    if (i.use == use || i.use == KeyUse::general || use == KeyUse::general)
      return Fault{Code::exists, "a key with this label exists", 0};
  }
  return {};
}

Result<KeyRef> KeyStoreImpl::add(StoredKey stored) {
  TRY_ASSIGN(const Blob file, crypto::seal_key(stored, device_key_.view(), random_));
  const Path path = crypto::key_path(stored.info.label, stored.info.use);
  TRY(store_.write(path, file));
  uint32_t id = 0;
  if (const Status s = put_in_table(std::move(stored), id); !s) {
    (void)store_.remove(path);
    return s.error();
  }
  return KeyRef{id};
}

Result<KeyRef> KeyStoreImpl::generate(std::string_view label, KeyType type, uint16_t bits, KeyUse use, bool exportable) {
  must_be_job();
  if (type == KeyType::rsa && (bits < kMinRsa || bits > kMaxRsa || bits % 8 != 0))
    return Fault{Code::invalid, "RSA keys have 512 to 4096 bits, in steps of 8", bits};
  const std::lock_guard hold(changing_);
  TRY(check_new(label, use));
  StoredKey stored;
  TRY_ASSIGN(stored.key, engines_.generate(type, bits));
  stored.info = {KeyLabel(label), type, use, stored.key.bits, exportable, clock_.wall()};
  return add(std::move(stored));
}

Result<KeyRef> KeyStoreImpl::import_key(std::string_view label, Bytes key, std::string_view passphrase, bool exportable,
                                        KeyUse use) {
  must_be_job();
  const std::lock_guard hold(changing_);
  TRY(check_new(label, use));
  StoredKey stored;
  TRY_ASSIGN(stored.key, crypto::read_private_key(key, passphrase));
  stored.info = {KeyLabel(label), stored.key.type, use, stored.key.bits, exportable, clock_.wall()};
  return add(std::move(stored));
}

Result<Blob> KeyStoreImpl::export_key(KeyRef key, std::string_view passphrase) {
  must_be_job();
  TRY_ASSIGN(const EntryPtr e, entry(key));
  if (!e->stored.info.exportable) return Fault{Code::denied, "the key is not exportable", 0};
  return crypto::write_private_key(e->stored.key, passphrase, random_);
}

EntryPtr KeyStoreImpl::first_of(std::string_view label) const {
  const std::lock_guard look(table_);
  for (const EntryPtr& e : entries_)
    if (e->stored.info.label.view() == label) return e;
  return nullptr;
}

EntryPtr KeyStoreImpl::exact(std::string_view label, KeyUse use) const {
  const std::lock_guard look(table_);
  for (const EntryPtr& e : entries_)
    if (e->stored.info.label.view() == label && e->stored.info.use == use) return e;
  return nullptr;
}

// Files first: after a power cut in between some uses are still there, and a second remove takes them.
Status KeyStoreImpl::erase_one(const EntryPtr& old) {
  const Status gone = store_.remove(crypto::key_path(old->stored.info.label, old->stored.info.use));
  if (!gone && gone.error().code != Code::missing) return gone;
  const std::lock_guard change(table_);
  for (size_t i = 0; i < entries_.size(); ++i)
    if (entries_[i] == old) { entries_.remove(i); break; }
  return {};
}

bool KeyStoreImpl::is_protected(const EntryPtr& e) const {
  const Digest d = hash(Hash::sha256, e->spki);
  const std::lock_guard look(table_);
  for (const Digest& p : protected_)
    if (equal_bytes(p.view(), d.view())) return true;
  return false;
}

Status KeyStoreImpl::remove_one(const EntryPtr& e) {
  if (!is_protected(e)) return erase_one(e);
  const KeyLabel kept = kept_key_label(hash(Hash::sha256, e->spki));
  if (e->stored.info.label == kept) return Fault{Code::denied, "the key is still needed", 0};
  return move_one(e, kept);
}

Status KeyStoreImpl::remove(std::string_view label) {
  must_be_job();
  const std::lock_guard hold(changing_);
  if (first_of(label) == nullptr) return Fault{Code::missing, "no key with this label", 0};
  while (const EntryPtr e = first_of(label)) TRY(remove_one(e));
  return {};
}

// The new file first, then the old one goes: after a power cut in between the pair has two labels.
Status KeyStoreImpl::move_one(const EntryPtr& e, std::string_view to) {
  auto moved = std::make_shared<Entry>();
  moved->id = e->id;
  moved->stored.info = e->stored.info;
  (void)moved->stored.info.label.set(to);
  moved->stored.key.type = e->stored.key.type;
  moved->stored.key.bits = e->stored.key.bits;
  TRY(moved->stored.key.der.append(e->stored.key.der));
  TRY_ASSIGN(moved->spki, Blob::copy_of(e->spki));
  TRY_ASSIGN(moved->rsa_public, Blob::copy_of(e->rsa_public));
  TRY_ASSIGN(const Blob file, crypto::seal_key(moved->stored, device_key_.view(), random_));
  TRY(store_.write(crypto::key_path(to, e->stored.info.use), file));
  {
    const std::lock_guard change(table_);
    for (size_t i = entries_.size(); i-- > 0;) {
      const KeyInfo& k = entries_[i]->stored.info;
      if (k.label.view() == to && k.use == e->stored.info.use) entries_.remove(i);
    }
    TRY(entries_.push(moved));
  }
  return erase_one(e);
}

Status KeyStoreImpl::rename(std::string_view from, std::string_view to) {
  must_be_job();
  const std::lock_guard hold(changing_);
  if (!open_) return Fault{Code::denied, "the key store is closed: its device key is damaged", 0};
  if (to.empty() || !KeyLabel().set(to)) return Fault{Code::invalid, "a key label has 1 to 64 characters", 0};
  if (first_of(from) == nullptr) return Fault{Code::missing, "no key with this label", 0};
  bool moved_use[3] = {};   // of KeyUse
  while (const EntryPtr e = first_of(from)) {
    moved_use[static_cast<size_t>(e->stored.info.use)] = true;
    const EntryPtr old = exact(to, e->stored.info.use);
    if (old != nullptr && !equal_bytes(old->spki, e->spki) && is_protected(old)) TRY(remove_one(old));
    TRY(move_one(e, to));
  }
  for (const KeyUse use : {KeyUse::general, KeyUse::signature, KeyUse::encryption}) {   // a pair gave way to one key, or the other way round
    if (moved_use[static_cast<size_t>(use)]) continue;
    if (const EntryPtr old = exact(to, use)) TRY(remove_one(old));
  }
  return {};
}

Status KeyStoreImpl::protect(std::span<const Digest> spki_sha256) {
  List<Digest> next(general_arena());
  for (const Digest& d : spki_sha256) TRY(next.push(d));
  const std::lock_guard change(table_);
  protected_ = std::move(next);
  return {};
}

// `general` finds a general key, or else the signature key of a usage pair; a use finds its own key or a general one.
KeyRef KeyStoreImpl::find(std::string_view label, KeyUse use) const {
  const std::lock_guard hold(table_);
  KeyRef second;
  for (const EntryPtr& e : entries_) {
    const KeyInfo& i = e->stored.info;
    if (i.label.view() != label) continue;
    if (i.use == use) return KeyRef{e->id};
    if (i.use == KeyUse::general || (use == KeyUse::general && i.use == KeyUse::signature)) second = KeyRef{e->id};
  }
  return second;
}

Result<EntryPtr> KeyStoreImpl::entry(KeyRef key) const {
  const std::lock_guard hold(table_);
  for (const EntryPtr& e : entries_)
    if (e->id == key.id) return e;
  return Fault{Code::missing, "no such key", key.id};
}

Result<KeyInfo> KeyStoreImpl::info(KeyRef key) const {
  TRY_ASSIGN(const EntryPtr e, entry(key));
  return e->stored.info;
}

Result<Blob> KeyStoreImpl::public_key(KeyRef key) const {
  TRY_ASSIGN(const EntryPtr e, entry(key));
  return Blob::copy_of(e->spki);
}

Result<Blob> KeyStoreImpl::rsa_public_key(KeyRef key) const {
  TRY_ASSIGN(const EntryPtr e, entry(key));
  if (e->rsa_public.empty()) return Fault{Code::unsupported, "not an RSA key", 0};
  return Blob::copy_of(e->rsa_public);
}

// The table is not held during the calls: `each` may ask for more.
void KeyStoreImpl::list(Each each, void* context) const {
  for (size_t i = 0;; ++i) {
    EntryPtr e;
    {
      const std::lock_guard hold(table_);
      if (i >= entries_.size()) return;
      e = entries_[i];
    }
    if (!each(context, KeyRef{e->id}, e->stored.info)) return;
  }
}

Result<Blob> KeyStoreImpl::sign(KeyRef key, Hash h, Bytes message) {
  must_be_job();
  TRY_ASSIGN(const EntryPtr e, entry(key));
  const Digest digest = hash(h, message);
  if (e->stored.info.type != KeyType::rsa) return engines_.ec_sign(e->stored.key, e->spki, digest.view());
  const size_t size = (e->stored.info.bits + 7u) / 8u;
  uint8_t block[kMaxRsa / 8];
  Blob out;
  TRY(out.resize(size));
  TRY(crypto::pkcs1_pad_signature(h, digest, MutBytes(block, size)));
  TRY(engines_.rsa_private(e->stored.key, e->rsa_public, Bytes(block, size), out.mut()));
  return out;
}

Result<Blob> KeyStoreImpl::decrypt(KeyRef key, Bytes cipher) {
  must_be_job();
  TRY_ASSIGN(const EntryPtr e, entry(key));
  if (e->stored.info.type != KeyType::rsa) return Fault{Code::unsupported, "an EC key does not decrypt", 0};
  const size_t size = (e->stored.info.bits + 7u) / 8u;
  if (cipher.size() != size) return Fault{Code::untrusted, "RSA decryption failed", 0};
  Secret<kMaxRsa / 8> block;
  TRY(engines_.rsa_private(e->stored.key, e->rsa_public, cipher, block.mut().first(size)));
  return crypto::pkcs1_unpad_encryption(block.view().first(size));
}

Result<Blob> KeyStoreImpl::agree(KeyRef key, Bytes peer_spki) {
  must_be_job();
  TRY_ASSIGN(const EntryPtr e, entry(key));
  if (e->stored.info.type == KeyType::rsa) return Fault{Code::unsupported, "an RSA key does not agree", 0};
  return engines_.ecdh(e->stored.key, peer_spki);
}

Status KeyStoreImpl::rsa_private(KeyRef key, Bytes in, MutBytes out) {
  must_be_job();
  TRY_ASSIGN(const EntryPtr e, entry(key));
  if (e->stored.info.type != KeyType::rsa) return Fault{Code::invalid, "not an RSA key", 0};
  return engines_.rsa_private(e->stored.key, e->rsa_public, in, out);
}

Result<Blob> KeyStoreImpl::ec_sign(KeyRef key, Bytes digest) {
  must_be_job();
  TRY_ASSIGN(const EntryPtr e, entry(key));
  if (e->stored.info.type == KeyType::rsa) return Fault{Code::invalid, "not an EC key", 0};
  return engines_.ec_sign(e->stored.key, e->spki, digest);
}

constexpr size_t kNonce = 12;

Result<Blob> KeyStoreImpl::seal(std::string_view purpose, Bytes secret) {
  if (!open_) return Fault{Code::denied, "the key store is closed: its device key is damaged", 0};
  Blob out;
  TRY(out.resize(kNonce));
  TRY(random_.fill(out.mut()));
  TRY_ASSIGN(const Blob cipher, aes_gcm_seal(device_key_.view(), out.view(), as_bytes(purpose), secret));
  TRY(out.append(cipher));
  return out;
}

Result<Blob> KeyStoreImpl::open_sealed(std::string_view purpose, Bytes sealed) {
  if (!open_) return Fault{Code::denied, "the key store is closed: its device key is damaged", 0};
  if (sealed.size() < kNonce) return Fault{Code::untrusted, "sealed secret is damaged", 0};
  return aes_gcm_open(device_key_.view(), sealed.first(kNonce), as_bytes(purpose), sealed.subspan(kNonce));
}

}  // namespace

Status rename_key(Keys& keys, std::string_view from, std::string_view to) {
  return static_cast<KeyStoreImpl&>(keys).rename(from, to);
}

Status protect_keys(Keys& keys, std::span<const Digest> spki_sha256) {
  return static_cast<KeyStoreImpl&>(keys).protect(spki_sha256);
}

constexpr std::string_view kKept = "kept-";
constexpr size_t kKeptDigest = 12;   // bytes of it, in hex

KeyLabel kept_key_label(const Digest& spki_sha256) {
  char text[KeyLabel::kCapacity];
  FixedWriter w(text);
  w.put(kKept).hex_bytes(spki_sha256.data, kKeptDigest);
  return KeyLabel(w.view());
}

bool is_kept_key_label(std::string_view label) { return label.size() == kKept.size() + 2 * kKeptDigest && label.starts_with(kKept); }

std::unique_ptr<KeyStore> make_key_store(Store& store, Random& random, const Clock& clock) {
  return std::make_unique<KeyStoreImpl>(store, random, clock);
}

}  // namespace parley
