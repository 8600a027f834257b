// Received certificates of a trustpoint in nvram:.
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   "PKIC" | version u8 = 1 | label size u8 | label | count u8 | count times { kind u8 | size u24 | DER }          big-endian
#include "modules/crypto-pki/chain_file.h"

namespace parley::crypto_pki {
namespace {

constexpr uint32_t kMagic = 0x504b4943;  // "PKIC"
constexpr size_t kMaxFile = 512 * 1024;
constexpr Fault kDamaged{Code::invalid, "a certificate file in nvram: is damaged", 0};

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

}  // namespace

Path labelled_path(std::string_view folder, std::string_view label, std::string_view suffix) {
  char text[Path::kCapacity];
  FixedWriter w(text);
  w.put(folder);
  for (const char c : label) {
    if (plain(c) || (c == '.' && w.view().size() > folder.size())) w.put(c);
    else w.put('%').hex(static_cast<unsigned char>(c), 2);
  }
  w.put(suffix);
  return Path(w.view());
}

Path chain_path(std::string_view label) { return labelled_path("nvram:pki/", label, ".chain"); }

Status write_pki_file(Store& store, const Path& path, Bytes data) {
  const Status written = store.write(path, data);
  if (written || written.error().code != Code::missing) return written;
  const Status made = store.make_folder("nvram:pki");
  if (!made && made.error().code != Code::exists) return made;   // another job was quicker
  return store.write(path, data);
}

Result<ChainItem> copy_item(ChainKind kind, Bytes der) {
  ChainItem item;
  item.kind = kind;
  TRY_ASSIGN(item.der, Blob::copy_of(der));
  return item;
}

Status write_chain(Store& store, std::string_view label, std::span<const ChainItem> items) {
  const Path path = chain_path(label);
  if (items.empty()) {
    const Status gone = store.remove(path);
    return !gone && gone.error().code == Code::missing ? Status() : gone;
  }
  size_t size = 7 + label.size();
  for (const ChainItem& i : items) size += 4 + i.der.size();
  if (size > kMaxFile || items.size() > 255) return Fault{Code::full, "too many certificates in a trustpoint", 0};
  Blob out;
  TRY(out.resize(size));
  ByteWriter w(out.mut());
  w.u32(kMagic);
  w.u8(1);
  w.u8(static_cast<uint8_t>(label.size()));
  w.text(label);
  w.u8(static_cast<uint8_t>(items.size()));
  for (const ChainItem& i : items) {
    w.u8(static_cast<uint8_t>(i.kind));
    w.u24(static_cast<uint32_t>(i.der.size()));
    w.bytes(i.der);
  }
  PARLEY_CHECK(w.ok());
  return write_pki_file(store, path, out);
}

namespace {

Result<ChainRecord> parse_chain(Bytes file) {
  ByteReader r(file);
  ChainRecord out;
  if (r.u32() != kMagic || r.u8() != 1 || !out.label.set(as_text(r.take(r.u8())))) return kDamaged;
  const unsigned count = r.u8();
  for (unsigned n = 0; n < count; ++n) {
    const uint8_t kind = r.u8();
    const Bytes der = r.take(r.u24());
    if (!r.ok() || kind > static_cast<uint8_t>(ChainKind::rollover)) return kDamaged;
    TRY_ASSIGN(ChainItem item, copy_item(static_cast<ChainKind>(kind), der));
    TRY(out.items.push(std::move(item)));
  }
  if (!r.done()) return kDamaged;
  return out;
}

bool is_chain_name(std::string_view name) {
  return name.size() > 6 && name.substr(name.size() - 6) == ".chain";
}

}  // namespace

Result<ChainItems> read_chain(Store& store, std::string_view label) {
  const Result<Blob> file = store.read(chain_path(label), kMaxFile);
  if (!file && file.error().code == Code::missing) return ChainItems(general_arena());
  if (!file) return file.error();
  TRY_ASSIGN(ChainRecord record, parse_chain(*file));
  return std::move(record.items);
}

Result<List<ChainRecord>> read_all_chains(Store& store, size_t& damaged) {
  List<Text<128>> names{general_arena()};
  const auto take = [](void* to, const FileInfo& info) {
    if (!info.folder && is_chain_name(info.name)) (void)static_cast<List<Text<128>>*>(to)->push(info.name);
    return true;
  };
  const Status listed = store.list("nvram:pki", take, &names);
  if (!listed && listed.error().code != Code::missing) return listed.error();
  List<ChainRecord> out{general_arena()};
  damaged = 0;
  for (const Text<128>& name : names) {
    char path[160];
    FixedWriter w(path);
    w.put("nvram:pki/").put(name);
    const Result<Blob> file = store.read(w.view(), kMaxFile);
    Result<ChainRecord> record = file ? parse_chain(*file) : Result<ChainRecord>(file.error());
    if (!record) { ++damaged; continue; }
    TRY(out.push(std::move(*record)));
  }
  return out;
}

}  // namespace parley::crypto_pki
