// Reads one file for one transfer.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/file-service/file_reader.h"

#include <algorithm>
#include <cstring>

namespace parley::file_service {

void ChunkJob::run() {
  if (file_ == nullptr) {
    auto opened = store_.open(path_);
    if (!opened) {
      status_ = opened.error();
      return;
    }
    file_ = std::move(opened).value();
  }
  while (used_ < kChunk) {
    const auto got = file_->read_at(chunk_ * kChunk + used_, MutBytes(data_ + used_, kChunk - used_));
    if (!got) {
      status_ = got.error();
      return;
    }
    if (*got == 0) return;
    used_ += *got;
  }
}

FileReader::FileReader(Store& store, Jobs& jobs, Task& owner, std::shared_ptr<const Content> content)
    : store_(store), jobs_(jobs), owner_(owner), content_(std::move(content)) {}

Status FileReader::open() {
  if (content_->path.empty()) {
    size_ = content_->bytes.size();
    return {};
  }
  return want(0);
}

Result<size_t> FileReader::read(uint64_t offset, MutBytes to) {
  if (offset >= size_) return size_t{0};
  const size_t n = static_cast<size_t>(std::min<uint64_t>(to.size(), size_ - offset));
  if (content_->path.empty()) {
    std::memcpy(to.data(), content_->bytes.data() + offset, n);
    return n;
  }
  for (size_t done = 0; done < n;) {
    TRY_ASSIGN(const Bytes data, view(offset + done));
    const size_t part = std::min(n - done, data.size());
    std::memcpy(to.data() + done, data.data(), part);
    done += part;
  }
  return n;
}

Result<Bytes> FileReader::view(uint64_t offset) {
  if (content_->path.empty()) return content_->bytes.view().subspan(static_cast<size_t>(offset));
  TRY(want(offset / kChunk));
  const Bytes data = slot(offset / kChunk)->data();
  const size_t begin = static_cast<size_t>(offset % kChunk);
  if (begin >= data.size()) return Fault{Code::io, "the file became shorter", 0};
  return data.subspan(begin);
}

const ChunkJob* FileReader::slot(uint64_t chunk) const {
  const ChunkJob* c = chunks_[chunk % 2].get();
  return c != nullptr && c->chunk() == chunk ? c : nullptr;
}

Status FileReader::collect() {
  std::unique_ptr<ChunkJob> done = job_.take();
  if (done == nullptr) return {};
  if (!done->status()) return done->status().error();
  if (file_ == nullptr) {
    file_ = done->file();
    size_ = file_->size();
  }
  chunks_[done->chunk() % 2] = std::move(done);
  return {};
}

Status FileReader::start(uint64_t chunk) {
  return job_.start(jobs_, owner_, std::make_unique<ChunkJob>(store_, content_->path, file_, chunk));
}

Status FileReader::want(uint64_t chunk) {
  TRY(collect());
  if (slot(chunk) == nullptr) {
    if (!job_.busy()) TRY(start(chunk));
    return Fault{Code::busy, "the file is being read", 0};
  }
  return {};
}

void FileReader::passed(uint64_t offset) {
  const uint64_t next = offset / kChunk + 1;
  if (content_->path.empty() || next * kChunk >= size_ || slot(next) != nullptr || job_.busy()) return;
  (void)start(next);   // a full queue is no harm: read() asks again
}

}  // namespace parley::file_service
