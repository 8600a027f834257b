// Several files in one piece.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/crypto/file_set.h"

#include "platform/crypto/engine.h"
#include "platform/store/path.h"

namespace parley {
namespace {

constexpr uint32_t kMagic = 0x50544A31;   // "PTJ1"
constexpr size_t kHead = 4 + 32;

bool put_number(Blob& out, uint32_t v) {
  uint8_t bytes[4];
  ByteWriter w{MutBytes(bytes)};
  w.u32(v);
  return out.append(w.view()).has_value();
}

bool put_path(Blob& out, const Path& p) {
  const uint8_t size = static_cast<uint8_t>(p.size());
  return out.append(Bytes(&size, 1)) && out.append(p.view());
}

Result<Path> take_path(ByteReader& r) {
  const size_t size = r.u8();
  const std::string_view text = as_text(r.take(size));
  Path p;
  if (!r.ok() || !p.set(text)) return Fault{Code::invalid, "a name in the set of files is broken", 0};
  TRY(split_file_path(text));
  return p;
}

bool has(const FileSet& set, const Path& p) {
  for (const FileSet::Item& i : set.files)
    if (i.path == p) return true;
  return false;
}

}  // namespace

Status write_file_set(const FileSet& set, Blob& out) {
  const size_t begin = out.size();
  bool ok = put_number(out, static_cast<uint32_t>(set.removed.size()));
  for (const Path& p : set.removed) ok = ok && put_path(out, p);
  ok = ok && put_number(out, static_cast<uint32_t>(set.files.size()));
  for (const FileSet::Item& i : set.files) {
    if (out.size() - begin + i.content.size() + 256 > kMaxFileSet) return Fault{Code::full, "the files are too large for one piece", 0};
    ok = ok && put_path(out, i.path) && put_number(out, static_cast<uint32_t>(i.content.size())) && out.append(i.content.view());
  }
  if (!ok) return Fault{Code::full, "no memory for a set of files", 0};
  return {};
}

Result<FileSet> read_file_set(Bytes bytes) {
  const Fault broken{Code::invalid, "the set of files is broken", 0};
  FileSet set;
  ByteReader r(bytes);
  const size_t removed = r.u32();
  if (removed > kMaxFilesInSet) return broken;
  for (size_t i = 0; i < removed; ++i) {
    TRY_ASSIGN(Path p, take_path(r));
    TRY(set.removed.push(p));
  }
  const size_t files = r.u32();
  if (files > kMaxFilesInSet) return broken;
  for (size_t i = 0; i < files; ++i) {
    FileSet::Item item;
    TRY_ASSIGN(item.path, take_path(r));
    const size_t size = r.u32();
    if (!r.ok() || size > r.left() || has(set, item.path)) return broken;
    item.content.mark_secret();
    TRY(item.content.append(r.take(size)));
    TRY(set.files.push(std::move(item)));
  }
  if (!r.done()) return broken;
  return set;
}

Status stage_replacement(Store& store, const FileSet& set) {
  Blob body;
  body.mark_secret();
  TRY(write_file_set(set, body));
  Blob journal;
  journal.mark_secret();
  const Digest sum = hash(Hash::sha256, body.view());
  if (!put_number(journal, kMagic)) return Fault{Code::full, "no memory for a set of files", 0};
  TRY(journal.append(sum.view()));
  TRY(journal.append(body.view()));
  return store.write(kReplacementJournal, journal.view());
}

namespace {

Status put_in_place(Store& store, const FileSet& set) {
  for (const Path& p : set.removed) {
    const Status gone = store.remove(p);
    if (!gone && gone.error().code != Code::missing) return gone;
  }
  for (const FileSet::Item& i : set.files) {
    const std::string_view path = i.path;
    for (size_t at = path.find('/'); at != std::string_view::npos; at = path.find('/', at + 1))
      if (path[at - 1] != ':') (void)store.make_folder(path.substr(0, at));   // exists: as well
    TRY(store.write(path, i.content.view()));
  }
  return store.remove(kReplacementJournal);
}

}  // namespace

Result<bool> finish_replacement(Store& store) {
  auto journal = store.read(kReplacementJournal, kMaxFileSet + kHead);
  if (!journal) {
    if (journal.error().code == Code::missing) return false;
    return journal.error();
  }
  journal->mark_secret();
  Result<FileSet> set = Fault{Code::invalid, "the journal of a replacement is damaged", 0};
  ByteReader r(journal->view());
  const uint32_t magic = r.u32();
  const Bytes sum = r.take(32), body = r.rest();
  if (r.ok() && magic == kMagic && equal_bytes(hash(Hash::sha256, body).view(), sum)) set = read_file_set(body);
  if (!set) {
    (void)store.remove(kReplacementJournal);
    return set.error();
  }
  TRY(put_in_place(store, *set));
  return true;
}

}  // namespace parley
