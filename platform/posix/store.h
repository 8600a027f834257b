// The router's file systems as folders of the host: DIR/flash, DIR/nvram, DIR/slot0, DIR/system.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <mutex>

#include "platform/posix/fd.h"
#include "platform/store/path.h"

namespace parley::posix {

class FolderUpload;
struct Place;

struct StoreLimits {   // bytes, in the order of kFileSystems
  uint64_t total[4] = {uint64_t{1} << 30, uint64_t{32} << 20, uint64_t{1} << 30, uint64_t{256} << 20};
};

class FolderStore final : public Store {
 public:
  // Makes the folders, removes leftovers of uploads that a power cut ended, and empties system:.
  // Fault busy: another router uses this folder.
  static Result<std::unique_ptr<FolderStore>> open_at(const char* folder, const StoreLimits& limits = {});
  ~FolderStore() override = default;

  Result<Blob> read(std::string_view path, size_t max_bytes) override;
  Result<std::unique_ptr<File>> open(std::string_view path) override;
  Status write(std::string_view path, Bytes data) override;
  void write_group(std::span<NewFile> files) override;
  Result<std::unique_ptr<Upload>> create(std::string_view path) override;
  Status remove(std::string_view path) override;
  Status rename(std::string_view from, std::string_view to) override;
  Status make_folder(std::string_view path) override;
  Status remove_folder(std::string_view path) override;
  Result<FileInfo> info(std::string_view path) override;
  Status list(std::string_view folder, Each each, void* context) override;
  Result<Space> space(std::string_view fs) override;

 private:
  friend class FolderUpload;
  struct Disk {
    Fd root;
    Fd uploads;                 // DIR/<fs>/.parley-uploads
    bool durable = true;        // system: does not outlive the program and is never synced
    uint64_t total = 0;
    uint64_t used = 0;          // guarded by lock_
  };
  FolderStore() = default;
  Status open_disk(int parent, size_t fs);
  Disk& disk(const SplitPath& p) { return disks_[p.fs]; }
  bool charge(Disk& d, uint64_t bytes);
  void discharge(Disk& d, uint64_t bytes);
  Result<std::unique_ptr<FolderUpload>> begin(std::string_view path);
  void write_some(std::span<NewFile> files);
  Status put_in_place(Disk& d, const char* temporary, const Place& place);

  Fd lock_file_;
  Disk disks_[4];
  mutable std::mutex lock_;      // also held over rename and unlink, so that `used` fits what is there
  std::atomic<uint32_t> last_upload_{0};
};

}  // namespace parley::posix
