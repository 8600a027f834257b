// The slow halves of backup and restore.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/trust-backup/backup_jobs.h"

#include <algorithm>

namespace parley::trust_backup {
namespace {

constexpr size_t kMaxFile = 2 * 1024 * 1024;
constexpr unsigned kTries = 5;        // files that change while they are read
constexpr unsigned kDepth = 3;        // folders in folders
constexpr std::string_view kNever[] = {"nvram:startup-config", "nvram:rollback-config", "nvram:config-register", kReplacementJournal};

struct Listing {
  Status status;
  Path folder;
  List<Path> files{general_arena()}, folders{general_arena()};
};

bool take(void* context, const FileInfo& f) {
  auto& l = *static_cast<Listing*>(context);
  char text[Path::kCapacity];
  FixedWriter w(text);
  w.put(l.folder).put(l.folder.view().back() == ':' ? "" : "/").put(f.name);
  if (!w.ok()) l.status = Fault{Code::invalid, "a file name is too long", 0};
  else l.status = (f.folder ? l.folders : l.files).push(Path(w.view()));
  return l.status.has_value();
}

Status add_once(List<Path>& to, const Path& p) {
  if (std::find(to.begin(), to.end(), p) != to.end()) return {};
  if (to.size() == kMaxFilesInSet) return Fault{Code::full, "too many files for one copy", 0};
  return to.push(p);
}

Status add_folder(Store& store, const Path& folder, unsigned depth, List<Path>& to) {
  Listing l;
  l.folder = folder;
  const Status listed = store.list(folder, take, &l);
  if (!listed) return listed.error().code == Code::missing ? Status() : listed;
  TRY(l.status);
  for (const Path& p : l.files) TRY(add_once(to, p));
  if (depth > 0)
    for (const Path& p : l.folders) TRY(add_folder(store, p, depth - 1, to));
  return {};
}

Status read_all(Store& store, const Names& names, FileSet& out) {
  out.files.clear();
  TRY_ASSIGN(const List<Path> paths, names.expand(store));
  for (const Path& p : paths) {
    auto content = store.read(p, kMaxFile);
    if (!content && content.error().code == Code::missing) continue;   // went away meanwhile
    if (!content) return content.error();
    FileSet::Item item;
    item.path = p;
    item.content = std::move(*content);
    item.content.mark_secret();
    TRY(out.files.push(std::move(item)));
  }
  return {};
}

bool equal_sets(const FileSet& a, const FileSet& b) {
  return std::equal(a.files.begin(), a.files.end(), b.files.begin(), b.files.end(), [](const FileSet::Item& x, const FileSet::Item& y) {
    return x.path == y.path && equal_bytes(x.content, y.content);
  });
}

}  // namespace

bool may_come_back(std::string_view path) {
  if (std::find(std::begin(kNever), std::end(kNever), path) != std::end(kNever)) return false;
  return path.substr(0, 6) == "nvram:" || path.substr(0, 6) == "flash:" || path.substr(0, 6) == "slot0:";
}

void Names::add(std::string_view path, bool folder) {
  Name n{Path(), folder};
  complete_ = n.path.set(path) && names_.push(n) && complete_;
}

Result<List<Path>> Names::expand(Store& store) const {
  if (!complete_) return Fault{Code::full, "no memory for the names of files", 0};
  List<Path> out(general_arena());
  for (const Name& n : names_) {
    if (n.folder) TRY(add_folder(store, n.path, kDepth, out));
    else if (store.info(n.path)) TRY(add_once(out, n.path));
  }
  return out;
}

// Other tasks go on writing: what was read twice the same is one state of the router.
Status CollectJob::work() {
  bool steady = false;
  for (unsigned i = 0; i < kTries && !steady; ++i) {
    FileSet again;
    TRY(read_all(store, names, copy.files));
    TRY(read_all(store, names, again));
    steady = equal_sets(copy.files, again);
  }
  if (!steady) return Fault{Code::busy, "the files change all the time, try again later", 0};
  if (copy.files.files.empty()) return Fault{Code::missing, "there is nothing to copy", 0};
  TRY_ASSIGN(sealed, seal_copy(copy, passphrase, random));
  TRY(open_copy(sealed, passphrase));      // a copy that cannot be opened is found now, not when it is needed
  size = sealed.size();
  return to.empty() ? Status() : store.write(to, sealed);
}

Status OpenJob::work() {
  if (!from.empty()) {
    TRY_ASSIGN(sealed, store.read(from, kMaxCopy));
  }
  if (only_look) return look_at_copy(sealed);
  TRY_ASSIGN(copy, open_copy(sealed, passphrase));
  for (const FileSet::Item& i : copy.files.files)
    if (!may_come_back(i.path)) return Fault{Code::denied, "the copy holds a file that is none of its business", 0};
  return {};
}

Status StageJob::work() {
  for (FileSet::Item& i : copy.files.files)
    for (const auto change : changes) TRY(change(i.path, i.content));
  TRY_ASSIGN(const List<Path> now, names.expand(store));
  for (const Path& p : now) {
    const bool comes = std::any_of(copy.files.files.begin(), copy.files.files.end(), [&](const FileSet::Item& i) { return i.path == p; });
    if (!comes && may_come_back(p)) TRY(copy.files.removed.push(p));
  }
  // The journal and then the files: room for both, or nothing is begun.
  uint64_t bytes = 0;
  for (const FileSet::Item& i : copy.files.files) bytes += i.content.size() + 512;
  TRY_ASSIGN(const Store::Space space, store.space("nvram:"));
  if (space.free < 2 * bytes) return Fault{Code::full, "no room in nvram: for the files", 0};
  return stage_replacement(store, copy.files);
}

}  // namespace parley::trust_backup
