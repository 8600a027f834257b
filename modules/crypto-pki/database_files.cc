// Files of a certificate server in the places of `database url`.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/database_files.h"

#include "modules/crypto-pki/chain_file.h"

namespace parley::crypto_pki {
namespace {

constexpr std::string_view kSuffixes[kFileKinds] = {".cnm", ".crl", ".cer", ".p12", ".pem", ".ser"};

Status write_local(Store& store, const Path& folder, std::string_view file, Bytes data) {
  const Path path = labelled_path(folder, "", file);
  const Status written = store.write(path, data);
  const bool inside = folder.view().back() == '/';
  if (written || written.error().code != Code::missing || !inside) return written;
  const Status made = store.make_folder(folder.view().substr(0, folder.size() - 1));
  if (!made && made.error().code != Code::exists) return made;
  return store.write(path, data);
}

// Name in the queue: 'd' (or 'p': published), kind, name of the file.
Status queue(Store& store, const Database& db, char use, size_t kind, const Path& file, Bytes data) {
  char text[Path::kCapacity];
  FixedWriter w(text);
  w.put(upload_folder(db.label)).put(use).dec(static_cast<int64_t>(kind)).put(file);
  const Path path(w.view());
  const Status written = store.write(path, data);
  if (written || written.error().code != Code::missing) return written;
  const Path folder = upload_folder(db.label);
  for (const std::string_view name : {std::string_view("nvram:pki"), folder.view().substr(0, folder.size() - 1)}) {
    const Status made = store.make_folder(name);
    if (!made && made.error().code != Code::exists) return made;
  }
  return store.write(path, data);
}

}  // namespace

bool is_remote_place(std::string_view url) { return starts_nocase(url, "tftp://"); }

Path upload_folder(std::string_view label) { return labelled_path("nvram:pki/", label, ".out/"); }

bool has_remote_place(const Database& db) {
  if (is_remote_place(db.folder)) return true;
  for (size_t k = 0; k < kFileKinds; ++k) {
    if (is_remote_place(db.place[k]) || is_remote_place(db.publish[k])) return true;
  }
  return false;
}

bool is_local_place(std::string_view url) {
  for (const std::string_view fs : {"nvram:", "flash:", "slot0:"}) {
    if (starts_nocase(url, fs)) return true;
  }
  return false;
}

Path place_from_url(std::string_view url) {
  char text[Path::kCapacity];
  FixedWriter w(text);
  w.put(url);
  if (!url.empty() && url.back() != ':' && url.back() != '/') w.put('/');
  return Path(w.view());
}

Path database_path(const Database& db, FileKind kind, std::string_view name) {
  const Path& own = db.place[static_cast<size_t>(kind)];
  return labelled_path(own.empty() ? db.folder : own, name, kSuffixes[static_cast<size_t>(kind)]);
}

Status write_database_file(Store& store, const Database& db, FileKind kind, std::string_view name, Bytes data) {
  const size_t k = static_cast<size_t>(kind);
  const Path file = labelled_path("", name, kSuffixes[k]);
  const Path& place = db.place[k].empty() ? db.folder : db.place[k];
  TRY(is_remote_place(place) ? queue(store, db, 'd', k, file, data) : write_local(store, place, file, data));
  if (db.publish[k].empty()) return {};
  return is_remote_place(db.publish[k]) ? queue(store, db, 'p', k, file, data) : write_local(store, db.publish[k], file, data);
}

}  // namespace parley::crypto_pki
