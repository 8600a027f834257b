// A phone at its CAPF server.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/test-phone/capf_talk.h"

#include "modules/crypto-pki/certificate.h"

namespace parley::test_phone {
namespace {

constexpr Fault kBusy{Code::busy, "under way", 0};
constexpr Millis kAnswer{60'000};
constexpr size_t kHead = 8, kMostBody = 16384;
constexpr uint8_t kDone = 1, kFailed = 7;

enum Command : uint8_t {
  kAuthRequest = 1, kAuthResponse, kKeyRequest, kKeyResponse, kStoreRequest = 9, kStoreResponse, kFetchRequest, kFetchResponse,
  kDeleteRequest, kDeleteResponse, kEnd, kInProgress = 17
};
enum Tag : uint8_t {
  kReason = 1, kCertificate = 4, kSignedData = 6, kVersion = 7, kPublicKey = 9, kKeySize = 10, kPassword = 11, kDeviceName = 13,
  kKeyType = 17, kCurve = 18, kSha2SignedData = 20
};

Result<size_t> body_size(Bytes head) {
  ByteReader r(head);
  if (r.u8() != 0x55) return Fault{Code::invalid, "the server does not speak CAPF", 0};
  r.skip(5);
  const size_t size = r.u16();
  if (size > kMostBody) return Fault{Code::invalid, "a message of the CAPF server is too long", 0};
  return size;
}

Status wrapped(ElementWriter& w, Bytes der, bool mic) {   // element 4: 01, length, 00, kind, DER
  Blob value;
  const auto size = static_cast<uint16_t>(der.size() + 2);
  const uint8_t head[] = {1, static_cast<uint8_t>(size >> 8), static_cast<uint8_t>(size), 0, uint8_t(mic ? 2 : 1)};
  TRY(value.append(Bytes(head)));
  TRY(value.append(der));
  w.element(kCertificate, value.view());
  return {};
}

struct WantedKey {
  KeyType type = KeyType::rsa;
  uint16_t bits = 0;
};
// Fault unsupported: a key that this phone cannot make. P-521 is none of its curves.
Result<WantedKey> wanted_key(Bytes body, bool old) {
  constexpr Fault kCannot{Code::unsupported, "no such key", 0};
  Bytes type, value;
  const bool ec = find_element(body, kKeyType, type) && type.size() == 1 && type[0] == 1;
  if (!ec && !type.empty() && (type.size() != 1 || type[0] != 0)) return kCannot;
  if (!ec) {
    if (!find_element(body, kKeySize, value) || value.size() != 2) return kCannot;
    return WantedKey{KeyType::rsa, ByteReader(value).u16()};
  }
  if (old || !find_element(body, kCurve, value) || value.size() != 1 || value[0] > 1) return kCannot;
  return value[0] == 0 ? WantedKey{KeyType::ec_p256, 256} : WantedKey{KeyType::ec_p384, 384};
}

}  // namespace

// RSA: PKCS#1 type 1 with the bare hash, as phones do it; EC: ECDSA (capf.md 5.2).
class CapfTalk::ProofJob final : public Job {
 public:
  ProofJob(KeyStore& k, KeyRef r) : keys(k), key(r) {}
  void run() override {
    result = sign(Hash::sha1, sha1);
    if (result) result = sign(Hash::sha512, sha512);
  }
  Status sign(Hash h, Blob& out) {
    TRY_ASSIGN(const KeyInfo info, keys.info(key));
    if (info.type != KeyType::rsa) {
      TRY_ASSIGN(out, keys.sign(key, h, data.view()));
      return {};
    }
    const size_t size = info.bits / 8u;
    const Digest d = hash(h, data.view());
    if (size < d.size + 11u) return Fault{Code::unsupported, "the key is too short for the proof", info.bits};
    Blob block;
    TRY(block.resize(size));
    ByteWriter w(block.mut());
    w.u16(1);
    w.fill(size - d.size - 3, 0xFF);
    w.u8(0);
    w.bytes(d.view());
    TRY(out.resize(size));
    return keys.rsa_private(key, block.view(), out.mut());
  }
  KeyStore& keys;
  KeyRef key;
  Blob data, certificate, sha1, sha512;
  bool mic = false;
  Status result;
};

class CapfTalk::KeyJob final : public Job {
 public:
  explicit KeyJob(KeyStore& k) : keys(k) {}
  void run() override {
    (void)keys.remove(label);
    auto made = keys.generate(label, type, bits, KeyUse::general, false);
    auto read = made ? keys.public_key(*made) : Result<Blob>(made.error());
    if (!read) {
      result = read.error();
      return;
    }
    key = *made;
    spki = std::move(*read);
  }
  KeyStore& keys;
  KeyLabel label;
  KeyType type = KeyType::rsa;
  uint16_t bits = 0;
  KeyRef key;
  Blob spki;
  Status result;
};

CapfTalk::CapfTalk(Task& owner, const PhoneParts& parts, const PhonePlan& plan, PhoneFlash& flash, SecureLink& link)
    : owner_(owner), parts_(parts), plan_(plan), flash_(flash), link_(link), frames_(kHead, &body_size), timer_(owner) {}

CapfTalk::~CapfTalk() = default;

void CapfTalk::cancel() {
  proof_job_.cancel();
  key_job_.cancel();
  timer_.stop();
  frames_.reset();
  link_.close();
  at_ = At::over;
}

Status CapfTalk::open(const PhoneSettings& settings, bool look_only) {
  cancel();
  look_only_ = look_only;
  mode_ = settings.capf_mode;
  outcome_ = Outcome::nothing;
  if (settings.capf.ip == 0) return Fault{Code::missing, "the phone's file names no CAPF server", 0};
  LinkPlan link;
  link.to = settings.capf;
  link.roles[0] = role::kCapf;
  link.old = plan_.old;
  link.offer = plan_.old ? TlsOffer::tls1_0 : TlsOffer::by_profile;
  TRY(link_.open(plan_, flash_, link));
  at_ = At::connecting;
  timer_.start(kAnswer);
  return {};
}

Status CapfTalk::poll() {
  if (timer_.fired()) {
    cancel();
    return Fault{Code::timeout, "the CAPF server does not answer", 0};
  }
  for (;;) {
    switch (at_) {
      case At::connecting:
        TRY(link_.poll());
        if (look_only_) {
          cancel();
          outcome_ = Outcome::looked;
          return {};
        }
        at_ = At::listening;
        break;
      case At::listening:
        TRY(link_.flush());
        TRY(frames_.poll(link_));
        timer_.start(kAnswer);
        TRY(on_message());
        break;
      case At::proving:
        proof_ = proof_job_.take();
        if (proof_ == nullptr) return kBusy;
        TRY(proof_->result);
        TRY(answer_auth());
        break;
      case At::making: TRY(answer_key()); break;
      case At::over: return {};
    }
  }
}

Status CapfTalk::on_message() {
  ByteReader head(frames_.head());
  head.skip(1);
  const uint8_t command = head.u8();
  session_ = head.u32();
  switch (command) {
    case kAuthRequest: return on_auth();
    case kKeyRequest: return on_key(frames_.body());
    case kStoreRequest: return on_store(frames_.body());
    case kFetchRequest: return on_fetch();
    case kDeleteRequest: return on_delete();
    case kEnd: return on_end(frames_.body());
    default: return {};            // not meant for us
  }
}

Status CapfTalk::say(uint8_t command, ElementWriter&& body) {
  TRY_ASSIGN(const Blob elements, body.take());
  Blob message;
  TRY(message.resize(kHead));
  ByteWriter w(message.mut());
  w.u8(0x55);
  w.u8(command);
  w.u32(session_);
  w.u16(static_cast<uint16_t>(elements.size()));
  TRY(message.append(elements.view()));
  return link_.write(message.view());
}

// Mode 0 asks for nothing; what a server begins by itself it begins only with proof.
bool CapfTalk::shows_certificate() const {
  const bool mic = !plan_.mic.empty(), lsc = !flash_.lsc.empty();
  if (mode_ == 1 || mode_ == 2) return false;
  return mode_ == 4 ? mic : mic || lsc;
}

Status CapfTalk::on_auth() {
  if (!shows_certificate()) return answer_auth();
  const bool mic = mode_ == 4 || flash_.lsc.empty();
  auto job = std::make_unique<ProofJob>(parts_.keys, mic ? plan_.mic_key : flash_.key);
  job->mic = mic;
  TRY(job->certificate.append(mic ? plan_.mic.view() : flash_.lsc.view()));
  TRY(job->data.append(plan_.device.view()));
  TRY(job->data.append(std::string_view("\0", 1)));
  TRY(job->data.append(job->certificate.view()));
  TRY(proof_job_.start(parts_.jobs, owner_, std::move(job)));
  at_ = At::proving;
  return {};
}

Status CapfTalk::answer_auth() {
  ElementWriter w;
  w.byte(kReason, kDone).byte(kVersion, plan_.old ? 2 : 3);
  w.text(kPassword, mode_ == 1 ? plan_.auth_string.view() : std::string_view()).text(kDeviceName, plan_.device);
  if (proof_ != nullptr) {
    TRY(wrapped(w, proof_->certificate.view(), proof_->mic));
    w.element(kSignedData, proof_->sha1.view());
    if (!plan_.old) {
      Blob value;
      const size_t size = proof_->sha512.size();
      const uint8_t head[] = {3, static_cast<uint8_t>(size >> 8), static_cast<uint8_t>(size)};
      TRY(value.append(Bytes(head)));
      TRY(value.append(proof_->sha512.view()));
      w.element(kSha2SignedData, value.view());
    }
  }
  proof_.reset();
  at_ = At::listening;
  return say(kAuthResponse, std::move(w));
}

Status CapfTalk::on_key(Bytes body) {
  const auto wanted = wanted_key(body, plan_.old);
  if (!wanted) {
    ElementWriter w;
    w.byte(kReason, kFailed);
    return say(kKeyResponse, std::move(w));
  }
  TRY(say(kInProgress, {}));
  auto job = std::make_unique<KeyJob>(parts_.keys);
  char label[64];
  FixedWriter name(label);
  name.put(plan_.device).put(flash_.slot == 0 ? " LSC b" : " LSC a");
  job->label = name.view();
  job->type = wanted->type;
  job->bits = wanted->bits;
  TRY(key_job_.start(parts_.jobs, owner_, std::move(job), JobClass::slow));
  at_ = At::making;
  return {};
}

Status CapfTalk::answer_key() {
  const auto done = key_job_.take();
  if (done == nullptr) return kBusy;
  TRY(done->result);
  new_key_ = done->key;
  new_spki_ = std::move(done->spki);
  if (plan_.trial) outcome_ = Outcome::key_accepted;   // unless the server says no
  ElementWriter w;
  w.element(kPublicKey, new_spki_.view());
  at_ = At::listening;
  timer_.start(kAnswer);
  return say(kKeyResponse, std::move(w));
}

Status CapfTalk::on_store(Bytes body) {
  Bytes value;
  if (!find_element(body, kCertificate, value) || value.size() < 6) return Fault{Code::invalid, "the CAPF server sent no certificate", 0};
  const Bytes der = value.subspan(5);
  const auto c = crypto_pki::parse_certificate(der);
  const bool good = c && equal_bytes(c->spki, new_spki_.view()) &&
                    as_text(crypto_pki::name_value(c->subject, crypto_pki::NameKey::common_name)) == plan_.device.view();
  ElementWriter w;
  w.byte(kReason, good ? kDone : kFailed);
  if (!good) {
    (void)say(kStoreResponse, std::move(w));
    return Fault{Code::untrusted, "the certificate is not for this phone and its key", 0};
  }
  flash_.lsc.clear();
  TRY(flash_.lsc.append(der));
  flash_.key = new_key_;
  flash_.slot ^= 1;
  outcome_ = Outcome::stored;
  return say(kStoreResponse, std::move(w));
}

Status CapfTalk::on_fetch() {
  const bool mic = flash_.lsc.empty();
  const Bytes der = mic ? plan_.mic.view() : flash_.lsc.view();
  ElementWriter w;
  w.byte(kReason, der.empty() ? kFailed : kDone);
  if (!der.empty()) TRY(wrapped(w, der, mic));
  outcome_ = Outcome::handed_in;
  return say(kFetchResponse, std::move(w));
}

Status CapfTalk::on_delete() {
  ElementWriter w;
  w.byte(kReason, flash_.lsc.empty() ? kFailed : kDone);
  flash_.lsc.clear();
  outcome_ = Outcome::deleted;
  return say(kDeleteResponse, std::move(w));
}

Status CapfTalk::on_end(Bytes body) {
  Bytes value;
  const uint8_t reason = find_element(body, kReason, value) && value.size() == 1 ? value[0] : uint8_t{0xFF};
  cancel();
  if (reason == 0 || reason == kDone) return {};
  if (reason == 9) return Fault{Code::denied, "the CAPF server does not know this phone", reason};
  return Fault{Code::denied, "the CAPF server refused", reason};
}

}  // namespace parley::test_phone
