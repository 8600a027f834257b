// File systems of the router in folders of the host.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DOC: how a file is replaced. Data go to a new file in DIR/<fs>/.parley-uploads, which is synced, renamed over the old
// name, and the folder is synced. The old content is whole until the rename and the new one after it; commit() returns
// after the last sync, so what was acknowledged survives a power cut. What an interrupted upload left is removed at
// start. A group of files shares the sync of their folder. `system:` takes the same way without the syncs and is emptied at start.
#include "platform/posix/store.h"

#include <algorithm>
#include <cerrno>
#include <new>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "platform/posix/durable.h"
#include "platform/posix/store_tree.h"

namespace parley::posix {
namespace {

constexpr const char* kUploads = ".parley-uploads";
constexpr size_t kSystemFs = 3;
constexpr size_t kGroup = 16;
constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;

class FolderFile final : public File {
 public:
  FolderFile(Fd fd, uint64_t size) : fd_(std::move(fd)), size_(size) {}
  uint64_t size() const override { return size_; }
  Result<size_t> read_at(uint64_t offset, MutBytes to) override {
    size_t have = 0;
    while (have < to.size()) {
      const ssize_t n = retry([&] {
        return ::pread(fd_.get(), to.data() + have, to.size() - have, static_cast<off_t>(offset + have));
      });
      if (n < 0) return last_fault("cannot read");
      if (n == 0) break;
      have += static_cast<size_t>(n);
    }
    return have;
  }

 private:
  Fd fd_;
  uint64_t size_;
};

Result<Fd> open_folder(int parent, const char* name) {
  if (::mkdirat(parent, name, 0700) != 0 && errno != EEXIST) return last_fault("cannot make the data folder");
  Fd fd(::openat(parent, name, kFolderFlags));
  if (!fd) return last_fault("cannot open the data folder");
  return fd;
}

}  // namespace

class FolderUpload final : public Upload {
 public:
  FolderUpload(FolderStore& store, const SplitPath& path, Fd fd, Text<16> temporary)
      : store_(store), disk_(store.disk(path)), path_(path.name), fd_(std::move(fd)), temporary_(temporary) {}
  ~FolderUpload() override {
    if (committed_) return;
    fd_.close();
    (void)durable::unlink(disk_.uploads.get(), temporary_.c_str());
    store_.discharge(disk_, size_);
  }
  Status append(Bytes data) override {
    if (data.empty()) return {};
    if (!store_.charge(disk_, data.size())) return Fault{Code::full, "no space left", 0};
    size_ += data.size();
    return durable::write_all(fd_.get(), data);
  }
  Status commit() override {
    TRY(put());
    return sync_folder();
  }
  // Under its name, with its data on the disk. sync_folder() makes the name durable.
  Status put() {
    PARLEY_CHECK(!committed_);
    if (disk_.durable) TRY(durable::sync(fd_.get()));
    TRY_ASSIGN(Place place, find_place(disk_.root.get(), path_.view()));
    TRY(store_.put_in_place(disk_, temporary_.c_str(), place));
    committed_ = true;
    folder_ = std::move(place.folder);
    return {};
  }
  Status sync_folder() { return disk_.durable ? durable::sync_folder(folder_.get()) : Status{}; }
  bool same_folder(const FolderUpload& o) const { return &disk_ == &o.disk_ && folder_of(path_) == folder_of(o.path_); }

 private:
  static std::string_view folder_of(const Path& path) {
    const size_t slash = path.view().rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.view().substr(0, slash);
  }
  FolderStore& store_;
  FolderStore::Disk& disk_;
  Path path_;
  Fd fd_, folder_;
  Text<16> temporary_;
  uint64_t size_ = 0;
  bool committed_ = false;
};

Result<std::unique_ptr<FolderStore>> FolderStore::open_at(const char* folder, const StoreLimits& limits) {
  std::unique_ptr<FolderStore> store(new (std::nothrow) FolderStore);
  if (store == nullptr) return Fault{Code::full, "no memory for the store", 0};
  TRY(make_host_folders(folder));
  Fd parent(::open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!parent) return last_fault("cannot open the data folder");
  store->lock_file_ = Fd(::openat(parent.get(), ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!store->lock_file_) return last_fault("cannot open the lock file of the data folder");
  if (::flock(store->lock_file_.get(), LOCK_EX | LOCK_NB) != 0)
    return Fault{Code::busy, "the data folder is in use by another router", 0};
  for (size_t i = 0; i < 4; ++i) {
    store->disks_[i].total = limits.total[i];
    store->disks_[i].durable = i != kSystemFs;
    TRY(store->open_disk(parent.get(), i));
  }
  return store;
}

Status FolderStore::open_disk(int parent, size_t fs) {
  Disk& d = disks_[fs];
  const std::string_view fs_name(kFileSystems[fs]);
  const Text<16> name(fs_name.substr(0, fs_name.size() - 1));
  TRY_ASSIGN(d.root, open_folder(parent, name.c_str()));
  if (fs == kSystemFs) TRY(empty_folder(d.root.get()));
  TRY_ASSIGN(d.uploads, open_folder(d.root.get(), kUploads));
  TRY(empty_folder(d.uploads.get()));
  TRY_ASSIGN(d.used, bytes_below(d.root.get()));
  return {};
}

bool FolderStore::charge(Disk& d, uint64_t bytes) {
  const std::lock_guard<std::mutex> hold(lock_);
  if (d.used > d.total || bytes > d.total - d.used) return false;
  d.used += bytes;
  return true;
}

void FolderStore::discharge(Disk& d, uint64_t bytes) {
  const std::lock_guard<std::mutex> hold(lock_);
  d.used -= bytes < d.used ? bytes : d.used;
}

Status FolderStore::put_in_place(Disk& d, const char* temporary, const Place& place) {
  const std::lock_guard<std::mutex> hold(lock_);
  const uint64_t old = file_bytes(place);
  TRY(durable::rename(d.uploads.get(), temporary, place.folder.get(), place.name.c_str()));
  d.used -= old < d.used ? old : d.used;
  return {};
}

Result<Blob> FolderStore::read(std::string_view path, size_t max_bytes) {
  TRY_ASSIGN(const std::unique_ptr<File> file, open(path));
  if (file->size() > max_bytes) return Fault{Code::full, "file is too large", static_cast<uint32_t>(file->size())};
  Blob content;
  TRY(content.resize(static_cast<size_t>(file->size())));
  TRY_ASSIGN(const size_t n, file->read_at(0, content.mut()));
  TRY(content.resize(n));
  return content;
}

Result<std::unique_ptr<File>> FolderStore::open(std::string_view path) {
  TRY_ASSIGN(const SplitPath split, split_file_path(path));
  TRY_ASSIGN(const Place place, find_place(disk(split).root.get(), split.name));
  Fd fd(::openat(place.folder.get(), place.name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat st {};
  if (!fd || ::fstat(fd.get(), &st) != 0) return last_fault("no such file");
  if (!S_ISREG(st.st_mode)) return Fault{Code::denied, "not a file", 0};
  auto* file = new (std::nothrow) FolderFile(std::move(fd), static_cast<uint64_t>(st.st_size));
  if (file == nullptr) return Fault{Code::full, "no memory for an open file", 0};
  return std::unique_ptr<File>(file);
}

Status FolderStore::write(std::string_view path, Bytes data) {
  TRY_ASSIGN(const std::unique_ptr<FolderUpload> upload, begin(path));
  TRY(upload->append(data));
  return upload->commit();
}

void FolderStore::write_group(std::span<NewFile> files) {
  while (!files.empty()) {
    const auto some = files.first(std::min(files.size(), kGroup));
    write_some(some);
    files = files.subspan(some.size());
  }
}

void FolderStore::write_some(std::span<NewFile> files) {
  std::unique_ptr<FolderUpload> uploads[kGroup];
  const auto write_data = [this](const NewFile& f, std::unique_ptr<FolderUpload>& to) -> Status {
    TRY_ASSIGN(to, begin(f.path));
    return to->append(f.data);
  };
  for (size_t i = 0; i < files.size(); ++i) files[i].result = write_data(files[i], uploads[i]);
  for (size_t i = 0; i < files.size(); ++i)
    if (files[i].result) files[i].result = uploads[i]->put();
  bool synced[kGroup] = {};
  for (size_t i = 0; i < files.size(); ++i) {
    if (synced[i] || !files[i].result) continue;
    const Status folder = uploads[i]->sync_folder();
    for (size_t k = i; k < files.size(); ++k) {
      if (!files[k].result || !uploads[i]->same_folder(*uploads[k])) continue;
      synced[k] = true;
      files[k].result = folder;
    }
  }
}

Result<std::unique_ptr<Upload>> FolderStore::create(std::string_view path) {
  TRY_ASSIGN(std::unique_ptr<FolderUpload> upload, begin(path));
  return std::unique_ptr<Upload>(std::move(upload));
}

Result<std::unique_ptr<FolderUpload>> FolderStore::begin(std::string_view path) {
  TRY_ASSIGN(const SplitPath split, split_file_path(path));
  Disk& d = disk(split);
  TRY_ASSIGN(const Place place, find_place(d.root.get(), split.name));
  if (is_folder(place)) return Fault{Code::denied, "is a folder", 0};
  char text[16];
  FixedWriter name(text);
  name.dec(++last_upload_);
  const Text<16> temporary(name.view());
  TRY_ASSIGN(Fd fd, durable::create(d.uploads.get(), temporary.c_str()));
  auto* upload = new (std::nothrow) FolderUpload(*this, split, std::move(fd), temporary);
  if (upload == nullptr) return Fault{Code::full, "no memory for an upload", 0};
  return std::unique_ptr<FolderUpload>(upload);
}

Status FolderStore::remove(std::string_view path) {
  TRY_ASSIGN(const SplitPath split, split_file_path(path));
  Disk& d = disk(split);
  TRY_ASSIGN(const Place place, find_place(d.root.get(), split.name));
  if (is_folder(place)) return Fault{Code::denied, "is a folder", 0};
  {
    const std::lock_guard<std::mutex> hold(lock_);
    const uint64_t old = file_bytes(place);
    TRY(durable::unlink(place.folder.get(), place.name.c_str()));
    d.used -= old < d.used ? old : d.used;
  }
  if (d.durable) TRY(durable::sync_folder(place.folder.get()));
  return {};
}

Status FolderStore::rename(std::string_view from, std::string_view to) {
  TRY_ASSIGN(const SplitPath a, split_file_path(from));
  TRY_ASSIGN(const SplitPath b, split_file_path(to));
  if (a.fs != b.fs) return Fault{Code::invalid, "other file system", 0};
  Disk& d = disk(a);
  TRY_ASSIGN(const Place source, find_place(d.root.get(), a.name));
  TRY_ASSIGN(const Place target, find_place(d.root.get(), b.name));
  {
    const std::lock_guard<std::mutex> hold(lock_);
    const uint64_t old = a.name == b.name ? 0 : file_bytes(target);
    TRY(durable::rename(source.folder.get(), source.name.c_str(), target.folder.get(), target.name.c_str()));
    d.used -= old < d.used ? old : d.used;
  }
  if (!d.durable) return {};
  TRY(durable::sync_folder(target.folder.get()));
  return durable::sync_folder(source.folder.get());
}

Status FolderStore::make_folder(std::string_view path) {
  TRY_ASSIGN(const SplitPath split, split_file_path(path));
  Disk& d = disk(split);
  TRY_ASSIGN(const Place place, find_place(d.root.get(), split.name));
  TRY(durable::make_folder(place.folder.get(), place.name.c_str()));
  if (d.durable) TRY(durable::sync_folder(place.folder.get()));
  return {};
}

Status FolderStore::remove_folder(std::string_view path) {
  TRY_ASSIGN(const SplitPath split, split_file_path(path));
  Disk& d = disk(split);
  TRY_ASSIGN(const Place place, find_place(d.root.get(), split.name));
  TRY(durable::remove_folder(place.folder.get(), place.name.c_str()));
  if (d.durable) TRY(durable::sync_folder(place.folder.get()));
  return {};
}

Result<FileInfo> FolderStore::info(std::string_view path) {
  TRY_ASSIGN(const SplitPath split, split_path(path));
  if (split.name.empty()) return FileInfo{{}, 0, 0, true};
  TRY_ASSIGN(const Place place, find_place(disk(split).root.get(), split.name));
  return info_of(place);
}

Status FolderStore::list(std::string_view folder, Each each, void* context) {
  TRY_ASSIGN(const SplitPath split, split_path(folder));
  return list_sorted(disk(split).root.get(), split.name, each, context);
}

Result<Store::Space> FolderStore::space(std::string_view fs) {
  TRY_ASSIGN(const SplitPath split, split_path(fs));
  const Disk& d = disk(split);
  struct statvfs host {};
  if (::fstatvfs(d.root.get(), &host) != 0) return last_fault("cannot ask for the free space");
  const uint64_t host_free = uint64_t{host.f_bavail} * host.f_frsize;
  const std::lock_guard<std::mutex> hold(lock_);
  const uint64_t free = d.used < d.total ? d.total - d.used : 0;
  return Space{d.total, free < host_free ? free : host_free};
}

}  // namespace parley::posix
