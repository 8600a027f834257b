// Blob: owned bytes charged to an arena.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstring>
#include <utility>

#include "platform/base/bytes.h"
#include "platform/base/memory.h"
#include "platform/base/secret.h"

namespace parley {
namespace {

constexpr Fault kNoMemory{Code::full, "memory limit reached", 0};

}  // namespace

Blob::Blob(Blob&& o) noexcept
    : arena_(o.arena_), data_(std::exchange(o.data_, nullptr)), size_(std::exchange(o.size_, 0)),
      capacity_(std::exchange(o.capacity_, 0)), ok_(std::exchange(o.ok_, true)), secret_(o.secret_) {}

Blob& Blob::operator=(Blob&& o) noexcept {
  if (this == &o) return *this;
  clear();
  arena_ = o.arena_;
  data_ = std::exchange(o.data_, nullptr);
  size_ = std::exchange(o.size_, 0);
  capacity_ = std::exchange(o.capacity_, 0);
  ok_ = std::exchange(o.ok_, true);
  secret_ = o.secret_;
  return *this;
}

Blob::~Blob() { clear(); }

Result<Blob> Blob::copy_of(Bytes b) {
  Blob blob;
  TRY(blob.reserve(b.size()));
  TRY(blob.append(b));
  return blob;
}

Status Blob::append(Bytes b) {
  if (b.empty()) return {};
  const size_t old = size_;
  if (b.size() > capacity_ - size_) {
    if (b.size() > SIZE_MAX - size_) return kNoMemory;
    const size_t need = size_ + b.size();
    // Doubling keeps appending cheap; near the limit of the arena the exact size may still fit.
    const size_t roomy = std::max<size_t>({need, capacity_ <= SIZE_MAX / 2 ? capacity_ * 2 : need, 64});
    if (!reserve(roomy)) TRY(reserve(need));
  }
  std::memcpy(data_ + old, b.data(), b.size());
  size_ = old + b.size();
  return {};
}

Status Blob::resize(size_t n) {
  if (n > capacity_) TRY(reserve(n));
  if (n > size_) std::memset(data_ + size_, 0, n - size_);
  if (n < size_ && secret_) wipe(data_ + n, size_ - n);
  size_ = n;
  return {};
}

Status Blob::reserve(size_t n) {
  if (n <= capacity_) return {};
  auto* bigger = static_cast<uint8_t*>(arena_->allocate(n));
  if (bigger == nullptr) return kNoMemory;
  if (size_ > 0) std::memcpy(bigger, data_, size_);
  if (data_ != nullptr) {
    if (secret_) wipe(data_, capacity_);
    arena_->release(data_, capacity_);
  }
  data_ = bigger;
  capacity_ = n;
  return {};
}

void Blob::write(std::string_view s) {
  if (!append(s)) ok_ = false;
}

void Blob::clear() {
  if (data_ != nullptr) {
    if (secret_) wipe(data_, capacity_);
    arena_->release(data_, capacity_);
  }
  data_ = nullptr;
  size_ = capacity_ = 0;
  ok_ = true;
}

}  // namespace parley
