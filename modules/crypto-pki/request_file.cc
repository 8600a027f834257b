// Requests of a certificate server in nvram:.
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   "PKIR" | version u8 = 1 | number u32 | state u8 | profile u8 | received u64 | address u32 |
//   flags u8 | SHA-256 of the message, 32 bytes | transaction size u8, text | key of the sender u24, DER | request size u24, DER |
//   certificate size u24, DER                                      big-endian
#include "modules/crypto-pki/request_file.h"

#include "modules/crypto-pki/chain_file.h"
#include "modules/crypto-pki/csr.h"

namespace parley::crypto_pki {
namespace {

constexpr uint32_t kMagic = 0x504b4952;   // "PKIR"
enum Flag : uint8_t { kVouched = 1, kFromRa = 2, kByHand = 4, kAnswered = 8 };
constexpr size_t kDigest = 32;
constexpr size_t kMaxFile = 64 * 1024;
constexpr std::string_view kSuffix = ".req";
constexpr Fault kDamaged{Code::invalid, "a file of a waiting request is damaged", 0};

}  // namespace

Path request_path(std::string_view label, uint32_t id) {
  char suffix[24];
  FixedWriter w(suffix);
  w.put('.').hex(id, 8).put(kSuffix);
  return labelled_path("nvram:pki/", label, w.view());
}

Result<Blob> encode_request(const Request& r) {
  Blob out;
  TRY(out.resize(4 + 1 + 4 + 1 + 1 + 8 + 4 + 1 + kDigest + 1 + r.transaction.size() + 3 + r.spki.size() + 3 + r.csr.size() + 3 + r.certificate.size()));
  if (out.size() > kMaxFile) return Fault{Code::full, "the request is too large to be kept", 0};
  ByteWriter w(out.mut());
  w.u32(kMagic);
  w.u8(1);
  w.u32(r.id);
  w.u8(static_cast<uint8_t>(r.state));
  w.u8(static_cast<uint8_t>(r.profile));
  w.u64(static_cast<uint64_t>(r.received));
  w.u32(r.peer_ip);
  w.u8(static_cast<uint8_t>((r.vouched ? kVouched : 0) | (r.from_ra ? kFromRa : 0) | (r.by_hand ? kByHand : 0) | (r.answered ? kAnswered : 0)));
  w.bytes(Bytes(r.message.data, kDigest));
  w.u8(static_cast<uint8_t>(r.transaction.size()));
  w.text(r.transaction);
  w.u24(static_cast<uint32_t>(r.spki.size()));
  w.bytes(r.spki);
  w.u24(static_cast<uint32_t>(r.csr.size()));
  w.bytes(r.csr);
  w.u24(static_cast<uint32_t>(r.certificate.size()));
  w.bytes(r.certificate);
  PARLEY_CHECK(w.ok());
  return out;
}

Result<Request> decode_request(Bytes file) {
  ByteReader r(file);
  if (r.u32() != kMagic || r.u8() != 1) return kDamaged;
  Request out;
  out.id = r.u32();
  const uint8_t state = r.u8(), profile = r.u8();
  out.received = static_cast<UnixTime>(r.u64());
  out.peer_ip = r.u32();
  const uint8_t flags = r.u8();
  const Bytes message = r.take(kDigest);
  const bool named = out.transaction.set(as_text(r.take(r.u8())));
  const Bytes sender = r.take(r.u24());
  const Bytes csr = r.take(r.u24());
  const Bytes certificate = r.take(r.u24());
  if (!r.done() || !named || out.id == 0 || state > static_cast<uint8_t>(RequestState::issued)) return kDamaged;
  if (profile > static_cast<uint8_t>(Profile::subordinate)) return kDamaged;
  out.state = static_cast<RequestState>(state);
  out.profile = static_cast<Profile>(profile);
  out.vouched = (flags & kVouched) != 0;
  out.from_ra = (flags & kFromRa) != 0;
  out.by_hand = (flags & kByHand) != 0;
  out.answered = (flags & kAnswered) != 0;
  for (size_t i = 0; i < message.size(); ++i) out.message.data[i] = message[i];
  out.message.size = static_cast<uint8_t>(message.size());
  TRY_ASSIGN(const Csr request, parse_csr(csr, out.vouched ? CsrProof::vouched : CsrProof::signature));
  out.fingerprint = hash(Hash::md5, request.der);
  TRY(out.csr.append(request.der));
  TRY(out.spki.append(sender));
  TRY(out.key.append(request.spki));
  TRY(out.subject.append(request.subject));
  TRY(out.certificate.append(certificate));
  return out;
}

namespace {

struct Found {
  std::string_view prefix;
  List<Text<128>> names{general_arena()};
  Status status;
};

bool collect(void* context, const FileInfo& info) {
  auto* f = static_cast<Found*>(context);
  const std::string_view name = info.name.view();
  if (name.size() != f->prefix.size() + 8 + kSuffix.size() || name.substr(0, f->prefix.size()) != f->prefix) return true;
  if (name.substr(name.size() - kSuffix.size()) != kSuffix) return true;
  f->status = f->names.push(info.name);
  return f->status.has_value();
}

}  // namespace

Result<List<Request>> read_requests(Store& store, std::string_view label, size_t& damaged) {
  const Path prefix = labelled_path("nvram:pki/", label, ".");
  Found found;
  found.prefix = prefix.view().substr(std::string_view("nvram:pki/").size());
  const Status listed = store.list("nvram:pki", &collect, &found);   // sorted: by number
  if (!listed && listed.error().code != Code::missing) return listed.error();
  TRY(found.status);
  List<Request> out{general_arena()};
  for (const Text<128>& name : found.names) {
    char path[Path::kCapacity];
    FixedWriter w(path);
    w.put("nvram:pki/").put(name);
    TRY_ASSIGN(const Blob bytes, store.read(w.view(), kMaxFile));
    Result<Request> r = decode_request(bytes);
    if (r) TRY(out.push(std::move(*r)));
    else ++damaged;
  }
  return out;
}

Status save_request(Store& store, const RequestFile& file) {
  if (!file.bytes.empty()) return write_pki_file(store, file.path, file.bytes);
  const Status gone = store.remove(file.path);
  return !gone && gone.error().code == Code::missing ? Status() : gone;
}

void SaveRequestsJob::run() {
  for (const RequestFile& f : files) {
    const Status saved = save_request(store_, f);
    if (!saved) result = saved;
  }
}

}  // namespace parley::crypto_pki
