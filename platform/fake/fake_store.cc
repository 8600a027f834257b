// Files in memory.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/fake/fake_store.h"

#include <algorithm>

namespace parley::fake {
namespace {

constexpr Fault kOff{Code::io, "no power", 0};

class FakeFile final : public File {
 public:
  explicit FakeFile(std::shared_ptr<std::string> data) : data_(std::move(data)) {}
  uint64_t size() const override { return data_->size(); }
  Result<size_t> read_at(uint64_t offset, MutBytes to) override {
    if (offset >= data_->size()) return size_t{0};
    const size_t n = std::min<size_t>(to.size(), data_->size() - static_cast<size_t>(offset));
    std::copy_n(data_->begin() + static_cast<std::ptrdiff_t>(offset), n, to.begin());
    return n;
  }

 private:
  std::shared_ptr<std::string> data_;
};

}  // namespace

class FakeUpload final : public Upload {
 public:
  FakeUpload(FakeStore& store, std::string path) : store_(store), path_(std::move(path)) {}
  Status append(Bytes data) override {
    if (store_.off_) return kOff;
    const size_t fs = split_path(path_)->fs;
    if (store_.used(fs) + data_.size() + data.size() > store_.total[fs]) return Fault{Code::full, "no space left", 0};
    data_ += as_text(data);
    return {};
  }
  Status commit() override { return store_.put(path_, std::move(data_)); }

 private:
  FakeStore& store_;
  std::string path_;
  std::string data_;
};

FakeStore::FakeStore() { std::fill(std::begin(total), std::end(total), uint64_t{64} << 20); }

Result<std::string> FakeStore::key(std::string_view path) {
  TRY_ASSIGN(const SplitPath s, split_path(path));
  return std::string(kFileSystems[s.fs]) + std::string(s.name);
}

std::string FakeStore::text(const std::string& path) const {
  const auto at = files_.find(path);
  return at != files_.end() && at->second.data ? *at->second.data : std::string();
}

void FakeStore::power_on() {
  off_ = false;
  cut_ = 0;
  std::erase_if(files_, [](const auto& f) { return f.first.starts_with("system:"); });
}

Status FakeStore::step(const char* what, const std::string& path) {
  if (off_) return kOff;
  if (broken) return Fault{Code::io, "the disk is broken", 0};
  if (cut_ != 0 && steps.size() + 1 >= cut_) {
    off_ = true;
    return kOff;
  }
  steps.push_back(std::string(what) + " " + path);
  return {};
}

uint64_t FakeStore::used(size_t fs) const {
  uint64_t sum = 0;
  for (const auto& [name, node] : files_)
    if (node.data && name.starts_with(kFileSystems[fs])) sum += node.data->size();
  return sum;
}

Status FakeStore::parent_exists(const std::string& path) const {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {};
  const auto at = files_.find(path.substr(0, slash));
  if (at == files_.end() || at->second.data) return Fault{Code::missing, "no such folder", 0};
  return {};
}

Status FakeStore::put(const std::string& path, std::string data) {
  TRY(step("write", path));
  files_[path] = {std::make_shared<std::string>(std::move(data)), now};
  return {};
}

Result<Blob> FakeStore::read(std::string_view path, size_t max_bytes) {
  TRY_ASSIGN(const auto file, open(path));
  if (file->size() > max_bytes) return Fault{Code::full, "file is too large", 0};
  Blob b;
  TRY(b.resize(static_cast<size_t>(file->size())));
  TRY(file->read_at(0, b.mut()));
  return b;
}

Result<std::unique_ptr<File>> FakeStore::open(std::string_view path) {
  TRY(split_file_path(path));
  TRY_ASSIGN(const std::string k, key(path));
  if (off_) return kOff;
  const auto at = files_.find(k);
  if (at == files_.end()) return Fault{Code::missing, "no such file", 0};
  if (!at->second.data) return Fault{Code::denied, "not a file", 0};
  return std::unique_ptr<File>(new FakeFile(at->second.data));
}

Status FakeStore::write(std::string_view path, Bytes data) {
  TRY_ASSIGN(const auto upload, create(path));
  TRY(upload->append(data));
  return upload->commit();
}

Result<std::unique_ptr<Upload>> FakeStore::create(std::string_view path) {
  TRY(split_file_path(path));
  TRY_ASSIGN(const std::string k, key(path));
  if (off_) return kOff;
  TRY(parent_exists(k));
  const auto at = files_.find(k);
  if (at != files_.end() && !at->second.data) return Fault{Code::denied, "is a folder", 0};
  return std::unique_ptr<Upload>(new FakeUpload(*this, k));
}

Status FakeStore::remove(std::string_view path) {
  TRY(split_file_path(path));
  TRY_ASSIGN(const std::string k, key(path));
  const auto at = files_.find(k);
  if (at == files_.end()) return Fault{Code::missing, "no such file", 0};
  if (!at->second.data) return Fault{Code::denied, "is a folder", 0};
  TRY(step("remove", k));
  files_.erase(at);
  return {};
}

Status FakeStore::rename(std::string_view from, std::string_view to) {
  TRY_ASSIGN(const SplitPath a, split_file_path(from));
  TRY_ASSIGN(const SplitPath b, split_file_path(to));
  if (a.fs != b.fs) return Fault{Code::invalid, "other file system", 0};
  const std::string source = *key(from), target = *key(to);
  const auto at = files_.find(source);
  if (at == files_.end()) return Fault{Code::missing, "no such file", 0};
  TRY(parent_exists(target));
  TRY(step("rename", source + " " + target));
  const Node node = at->second;
  files_.erase(at);
  files_[target] = node;
  return {};
}

Status FakeStore::make_folder(std::string_view path) {
  TRY(split_file_path(path));
  TRY_ASSIGN(const std::string k, key(path));
  TRY(parent_exists(k));
  if (files_.count(k) != 0) return Fault{Code::exists, "name is in use", 0};
  TRY(step("mkdir", k));
  files_[k] = {nullptr, now};
  return {};
}

Status FakeStore::remove_folder(std::string_view path) {
  TRY(split_file_path(path));
  TRY_ASSIGN(const std::string k, key(path));
  const auto at = files_.find(k);
  if (at == files_.end() || at->second.data) return Fault{Code::missing, "no such folder", 0};
  const auto below = files_.lower_bound(k + "/");
  if (below != files_.end() && below->first.starts_with(k + "/")) return Fault{Code::exists, "folder is not empty", 0};
  TRY(step("rmdir", k));
  files_.erase(at);
  return {};
}

Result<FileInfo> FakeStore::info(std::string_view path) {
  TRY_ASSIGN(const SplitPath s, split_path(path));
  if (off_) return kOff;
  if (s.name.empty()) return FileInfo{{}, 0, 0, true};
  const auto at = files_.find(*key(path));
  if (at == files_.end()) return Fault{Code::missing, "no such file", 0};
  FileInfo i;
  (void)i.name.set(s.name.substr(s.name.rfind('/') + 1));
  i.folder = !at->second.data;
  i.size = i.folder ? 0 : at->second.data->size();
  i.modified = at->second.modified;
  return i;
}

Status FakeStore::list(std::string_view folder, Each each, void* context) {
  TRY_ASSIGN(const FileInfo self, info(folder));
  if (!self.folder) return Fault{Code::missing, "no such folder", 0};
  std::string prefix = *key(folder);
  if (!prefix.ends_with(':')) prefix += '/';
  std::vector<FileInfo> found;
  for (const auto& [name, node] : files_)
    if (name.starts_with(prefix) && name.find('/', prefix.size()) == std::string::npos) found.push_back(*info(name));
  std::sort(found.begin(), found.end(), [](const FileInfo& a, const FileInfo& b) { return a.name.view() < b.name.view(); });
  for (const FileInfo& i : found)
    if (!each(context, i)) break;
  return {};
}

Result<Store::Space> FakeStore::space(std::string_view fs) {
  TRY_ASSIGN(const SplitPath s, split_path(fs));
  const uint64_t taken = used(s.fs);
  return Space{total[s.fs], taken < total[s.fs] ? total[s.fs] - taken : 0};
}

}  // namespace parley::fake
