// Folders of the host: finding, listing, emptying.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/posix/store_tree.h"

#include <algorithm>
#include <cerrno>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/base/memory.h"

namespace parley::posix {
namespace {

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;
constexpr int kMaxDepth = 64;   // a path of 160 characters cannot be deeper; stops at what others put there

Result<Fd> open_below(int folder, const char* name) {
  Fd fd(::openat(folder, name, kFolderFlags));
  if (!fd) return last_fault("no such folder");
  return fd;
}

class Entries {
 public:
  // The descriptor stays with the caller.
  explicit Entries(int folder) : dir_(nullptr) {
    Fd own(::openat(folder, ".", kFolderFlags));
    if (!own) return;
    dir_ = ::fdopendir(own.get());
    if (dir_ != nullptr) (void)own.release();
  }
  ~Entries() { if (dir_ != nullptr) ::closedir(dir_); }
  Entries(const Entries&) = delete;
  Entries& operator=(const Entries&) = delete;
  bool ok() const { return dir_ != nullptr; }
  const char* next() {
    for (;;) {
      const dirent* e = ::readdir(dir_);
      if (e == nullptr) return nullptr;
      const std::string_view name(e->d_name);
      if (name != "." && name != "..") return e->d_name;
    }
  }

 private:
  DIR* dir_;
};

bool stat_of(int folder, const char* name, struct stat& st) {
  return ::fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

FileInfo to_info(std::string_view name, const struct stat& st) {
  FileInfo info;
  (void)info.name.set(name);
  info.folder = S_ISDIR(st.st_mode);
  info.size = info.folder ? 0 : static_cast<uint64_t>(st.st_size);
  info.modified = st.st_mtime;
  return info;
}

Status empty_at_depth(int folder, int depth) {
  if (depth > kMaxDepth) return Fault{Code::invalid, "folders are nested too deeply", 0};
  Entries entries(folder);
  if (!entries.ok()) return last_fault("cannot read a folder");
  while (const char* name = entries.next()) {
    struct stat st {};
    if (!stat_of(folder, name, st)) continue;
    const bool is_dir = S_ISDIR(st.st_mode);
    if (is_dir) {
      TRY_ASSIGN(const Fd below, open_below(folder, name));
      TRY(empty_at_depth(below.get(), depth + 1));
    }
    if (::unlinkat(folder, name, is_dir ? AT_REMOVEDIR : 0) != 0) return last_fault("cannot remove a leftover");
  }
  return {};
}

Result<uint64_t> bytes_at_depth(int folder, int depth) {
  if (depth > kMaxDepth) return Fault{Code::invalid, "folders are nested too deeply", 0};
  Entries entries(folder);
  if (!entries.ok()) return last_fault("cannot read a folder");
  uint64_t sum = 0;
  while (const char* name = entries.next()) {
    struct stat st {};
    if (!stat_of(folder, name, st)) continue;
    if (S_ISREG(st.st_mode)) sum += static_cast<uint64_t>(st.st_size);
    if (!S_ISDIR(st.st_mode)) continue;
    TRY_ASSIGN(const Fd below, open_below(folder, name));
    TRY_ASSIGN(const uint64_t part, bytes_at_depth(below.get(), depth + 1));
    sum += part;
  }
  return sum;
}

}  // namespace

Status make_host_folders(const char* path) {
  Text<4000> part;
  const std::string_view all(path);
  for (size_t end = all.find('/', 1);; end = all.find('/', end + 1)) {
    if (!part.set(all.substr(0, end))) return Fault{Code::invalid, "name of the data folder is too long", 0};
    if (::mkdir(part.c_str(), 0700) != 0 && errno != EEXIST && errno != EISDIR)
      return last_fault("cannot make the data folder");
    if (end == std::string_view::npos) return {};
  }
}

Result<Place> find_place(int root, std::string_view name) {
  TRY_ASSIGN(Fd folder, open_below(root, "."));
  for (size_t slash = name.find('/'); slash != std::string_view::npos; slash = name.find('/')) {
    const Text<kMaxNamePart> part(name.substr(0, slash));
    TRY_ASSIGN(folder, open_below(folder.get(), part.c_str()));
    name.remove_prefix(slash + 1);
  }
  return Place{std::move(folder), Text<kMaxNamePart>(name)};
}

uint64_t file_bytes(const Place& place) {
  struct stat st {};
  const bool file = stat_of(place.folder.get(), place.name.c_str(), st) && S_ISREG(st.st_mode);
  return file ? static_cast<uint64_t>(st.st_size) : 0;
}

bool is_folder(const Place& place) {
  struct stat st {};
  return stat_of(place.folder.get(), place.name.c_str(), st) && S_ISDIR(st.st_mode);
}

Result<FileInfo> info_of(const Place& place) {
  struct stat st {};
  if (!stat_of(place.folder.get(), place.name.c_str(), st)) return last_fault("no such file");
  return to_info(place.name, st);
}

Status empty_folder(int folder) { return empty_at_depth(folder, 0); }
Result<uint64_t> bytes_below(int folder) { return bytes_at_depth(folder, 0); }

Status list_sorted(int root, std::string_view folder, Store::Each each, void* context) {
  Fd at;
  if (folder.empty()) {
    TRY_ASSIGN(at, open_below(root, "."));
  } else {
    TRY_ASSIGN(const Place place, find_place(root, folder));
    TRY_ASSIGN(at, open_below(place.folder.get(), place.name.c_str()));
  }
  List<FileInfo> found(general_arena());
  Entries entries(at.get());
  if (!entries.ok()) return last_fault("cannot read a folder");
  while (const char* name = entries.next()) {
    struct stat st {};
    if (std::string_view(name).starts_with(kReservedName) || !stat_of(at.get(), name, st)) continue;
    TRY(found.push(to_info(name, st)));
  }
  std::sort(found.begin(), found.end(), [](const FileInfo& a, const FileInfo& b) { return a.name.view() < b.name.view(); });
  for (const FileInfo& info : found)
    if (!each(context, info)) break;
  return {};
}

}  // namespace parley::posix
