// The kernel engine.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The user API has hashes, ciphers and AEAD. It has no public-key operations ("akcipher" was never merged), so RSA and EC stay
// with the other engines. Each operation costs about ten system calls; only long data pays, and only with a device that is
// faster than the CPU. So every algorithm is timed at its start against software, with 4 and with 64 KiB, and offered from
// the shorter length at which it wins. A driver that never answers holds the worker that asked it: the kernel gives no
// way to take a request back, a driver's own watchdog must.
#include "platform/crypto/kernel/kernel_engine.h"

#include "platform/base/secret.h"
#include "platform/crypto/software/symmetric.h"

namespace parley::crypto {

namespace {

constexpr size_t kShort = 4096, kLong = 65536;   // longer requests do not fit into the kernel's socket buffers at once
constexpr size_t kTag = 16;
constexpr int kRounds = 3;

constexpr const char* kHashNames[] = {nullptr, "sha1", "sha256", "sha384", "sha512"};   // in the order of Hash; no MD5
constexpr const char* kHmacNames[] = {nullptr, "hmac(sha1)", "hmac(sha256)", "hmac(sha384)", "hmac(sha512)"};

// Implementations on the CPU itself, by the endings of their names.
constexpr std::string_view kOnCpu[] = {"-generic", "-lib", "-ssse3", "-avx",  "-avx2", "-avx512", "-ni",    "-aesni", "-ce",
                                       "-neon",    "-asm", "-arm",   "-arm64", "-simd", "-fixed-time", "-neonbs"};

bool on_cpu(std::string_view driver) {
  if (driver.find("aesni") != std::string_view::npos || driver.find("cryptd(") == 0 || driver.find("__") == 0) return true;
  if (driver.find('(') != std::string_view::npos) {   // a template around something: look at the something
    return driver.find("generic") != std::string_view::npos || driver.find("-ce") != std::string_view::npos ||
           driver.find("-arm") != std::string_view::npos || driver.find("-asm") != std::string_view::npos;
  }
  for (const std::string_view end : kOnCpu)
    if (driver.size() >= end.size() && driver.substr(driver.size() - end.size()) == end) return true;
  return false;
}

// "name         : cbc(aes)" -> true and the value, when the key is this one.
bool field(std::string_view line, std::string_view key, std::string_view& value) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || trim(line.substr(0, colon)) != key) return false;
  value = trim(line.substr(colon + 1));
  return true;
}

struct Block {
  std::string_view name, driver;
  uint64_t priority = 0;
  bool internal = false, tested = true;
};

void read_line(std::string_view line, Block& b) {
  std::string_view v;
  if (field(line, "name", v)) b.name = v;
  else if (field(line, "driver", v)) b.driver = v;
  else if (field(line, "priority", v)) (void)parse_dec(v, UINT32_MAX, b.priority);
  else if (field(line, "internal", v)) b.internal = v == "yes";
  else if (field(line, "selftest", v)) b.tested = v == "passed";
}

class KernelEngine final : public Engine {
 public:
  KernelEngine(KernelCrypto& kernel, const Clock& clock) : kernel_(kernel), clock_(clock) {}

  const char* name() const override { return "kernel"; }
  EngineKind kind() const override { return hardware_ ? EngineKind::hardware : EngineKind::kernel; }
  bool offers(CryptoOp op, size_t bytes) const override {
    const bool hash = op == CryptoOp::hash;
    if (bytes == SIZE_MAX) return least_[static_cast<size_t>(op)] != SIZE_MAX;
    return bytes >= least_[static_cast<size_t>(op)] && (hash || bytes <= kLong);
  }

  Status hash(Hash h, const Bytes* key, Bytes a, Bytes b, Digest& out) override {
    const char* name = (key != nullptr ? kHmacNames : kHashNames)[static_cast<size_t>(h)];
    if (name == nullptr) return not_able();
    Digest d;
    d.size = static_cast<uint8_t>(hash_size(h));
    TRY(kernel_.hash(name, key, a, b, MutBytes(d.data, d.size)));
    out = d;
    return {};
  }

  Status cipher(const CipherOrder& o) override {
    if (o.in.size() > kLong || o.aad.size() > kShort) return not_able();
    if (o.mode == CipherMode::gcm) return gcm(o);
    Blob done;
    done.mark_secret();
    TRY(done.resize(o.in.size()));
    TRY(kernel_.cipher({"skcipher", o.mode == CipherMode::cbc ? "cbc(aes)" : "ctr(aes)", o.key, o.iv, o.encrypt}, o.in, done.mut()));
    copy(done, o.out);
    return {};
  }

  void probe(KernelUse use) {
    const Result<Blob> text = kernel_.algorithms();
    if (!text) return;
    measure(CryptoOp::hash, text->text(), "sha256", use);
    measure(CryptoOp::aes_cbc, text->text(), "cbc(aes)", use);
    measure(CryptoOp::aes_ctr, text->text(), "ctr(aes)", use);
    measure(CryptoOp::aes_gcm, text->text(), "gcm(aes)", use);
  }
  bool useful() const {
    for (const size_t n : least_)
      if (n != SIZE_MAX) return true;
    return false;
  }

 private:
  static void copy(Bytes from, MutBytes to) {
    for (size_t i = 0; i < to.size(); ++i) to[i] = from[i];
  }

  Status gcm(const CipherOrder& o) {
    Blob in, done;
    in.mark_secret();
    done.mark_secret();
    TRY(in.append(o.aad));
    TRY(in.append(o.in));
    if (!o.encrypt) TRY(in.append(o.tag));
    const size_t body = o.aad.size() + o.in.size();
    TRY(done.resize(body + (o.encrypt ? kTag : 0)));
    TRY(kernel_.cipher({"aead", "gcm(aes)", o.key, o.iv, o.encrypt, o.aad.size(), kTag}, in, done.mut()));
    copy(done.view().subspan(o.aad.size(), o.out.size()), o.out);
    if (o.encrypt) copy(done.view().subspan(body), o.tag);
    return {};
  }

  template <class Run>
  int64_t best_time(Run run) {
    int64_t best = INT64_MAX;
    for (int i = 0; i < kRounds; ++i) {
      const Monotonic begin = clock_.now();
      if (!run()) return INT64_MAX;
      const int64_t spent = (clock_.now() - begin).count();
      if (spent < best) best = spent;
    }
    return best;
  }

  // One request of `size` bytes; by this engine or in software.
  Status once(CryptoOp op, Blob& data, size_t size, bool ours) {
    static constexpr uint8_t kKey[16] = {1}, kIv[16] = {2};
    const MutBytes d = data.mut().first(size);
    if (op == CryptoOp::hash) {
      Digest out;
      if (ours) return hash(Hash::sha256, nullptr, d, {}, out);
      out = software_hash(Hash::sha256, nullptr, d, {});
      return {};
    }
    uint8_t tag[kTag];
    CipherOrder o{CipherMode::cbc, true, kKey, kIv, {}, d, d, {}};
    if (op == CryptoOp::aes_ctr) o.mode = CipherMode::ctr;
    if (op == CryptoOp::aes_gcm) o.mode = CipherMode::gcm, o.iv = Bytes(kIv, 12), o.tag = tag;
    return ours ? cipher(o) : software_cipher(o);
  }

  void measure(CryptoOp op, std::string_view text, std::string_view algorithm, KernelUse use) {
    const KernelDriver driver = best_driver(text, algorithm);
    if (driver.name.empty()) return;
    Blob data;
    if (!data.resize(kLong)) return;
    for (const size_t size : {kLong, kShort}) {
      const int64_t ours = best_time([&] { return once(op, data, size, true).has_value(); });
      const int64_t software = best_time([&] { return once(op, data, size, false).has_value(); });
      if (ours == INT64_MAX || (use == KernelUse::when_faster && ours >= software)) break;
      least_[static_cast<size_t>(op)] = size;
      hardware_ = hardware_ || driver.hardware;
    }
  }

  KernelCrypto& kernel_;
  const Clock& clock_;
  size_t least_[kCryptoOps] = {SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX};
  bool hardware_ = false;
};

}  // namespace

KernelDriver best_driver(std::string_view text, std::string_view algorithm) {
  Block b, best;
  const auto end_of_block = [&] {
    if (b.name == algorithm && !b.driver.empty() && !b.internal && b.tested && (best.driver.empty() || b.priority > best.priority)) best = b;
    b = Block();
  };
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (trim(line).empty()) end_of_block();
    else read_line(line, b);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  end_of_block();
  KernelDriver out;
  (void)out.name.set(best.driver.substr(0, 64));
  out.hardware = !best.driver.empty() && !on_cpu(best.driver);
  return out;
}

std::unique_ptr<Engine> make_kernel_engine(KernelCrypto& kernel, const Clock& clock, KernelUse use) {
  auto e = std::make_unique<KernelEngine>(kernel, clock);
  e->probe(use);
  if (!e->useful()) return nullptr;
  return e;
}

}  // namespace parley::crypto
