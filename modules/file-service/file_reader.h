// Reads one file for one transfer: from memory, or from the store with the next part read ahead by jobs.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/file-service/file_table.h"
#include "platform/sched/job.h"
#include "platform/store/store.h"

namespace parley::file_service {

constexpr size_t kChunk = 32768;   // a transfer looks at most this far back and ahead: two chunks are kept

// Opens the file when there is none yet, then reads one chunk.
class ChunkJob final : public Job {
 public:
  ChunkJob(Store& store, std::string_view path, std::shared_ptr<File> file, uint64_t chunk)
      : store_(store), path_(path), file_(std::move(file)), chunk_(chunk) {}
  void run() override;
  uint64_t chunk() const { return chunk_; }
  const std::shared_ptr<File>& file() const { return file_; }
  const Status& status() const { return status_; }
  Bytes data() const { return Bytes(data_, used_); }

 private:
  Store& store_;
  Path path_;
  std::shared_ptr<File> file_;
  uint64_t chunk_;
  Status status_;
  size_t used_ = 0;
  uint8_t data_[kChunk];
};

class FileReader {
 public:
  FileReader(Store& store, Jobs& jobs, Task& owner, std::shared_ptr<const Content> content);

  // ok: open, size() is known. Fault busy: the owner is woken, or should try again soon; missing, denied, io: no such file.
  Status open();
  uint64_t size() const { return size_; }
  // Bytes from `offset`; fewer than asked only at the end of the file. Fault busy as above; io.
  Result<size_t> read(uint64_t offset, MutBytes to);
  // What stands at `offset` (inside the file) without a copy: at least one byte, valid until the next call. Faults as read().
  Result<Bytes> view(uint64_t offset);
  // Nothing before `offset` will be read again: the chunk behind it is fetched into that room.
  void passed(uint64_t offset);

 private:
  Status want(uint64_t chunk);          // ok: it is here
  Status collect();                     // takes a finished job
  Status start(uint64_t chunk);
  const ChunkJob* slot(uint64_t chunk) const;

  Store& store_;
  Jobs& jobs_;
  Task& owner_;
  std::shared_ptr<const Content> content_;
  std::shared_ptr<File> file_;
  JobSlot<ChunkJob> job_;
  std::unique_ptr<ChunkJob> chunks_[2];  // chunk n stands in n % 2
  uint64_t size_ = 0;
};

}  // namespace parley::file_service
