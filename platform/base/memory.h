// Accounts of memory: named arenas and pools, all listed by `show memory`.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

#include "platform/base/result.h"

namespace parley {

// Heap account with a limit. Thread-safe. Not copied; lives as long as the program or its owner.
// Appears in each_arena() from its first allocation on.
class Arena {
 public:
  constexpr Arena(const char* name, size_t limit_bytes) : name_(name), limit_(limit_bytes) {}
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  void* allocate(size_t bytes);              // nullptr: over the limit, or no memory
  void release(void* p, size_t bytes);
  const char* name() const { return name_; }
  size_t limit() const { return limit_; }
  size_t used() const { return used_; }
  size_t peak() const { return peak_; }
  uint64_t refused() const { return refused_; }

  // Tests: the n-th allocation from now on (1 = the next) and all after it fail; 0 = never.
  static void fail_from(uint64_t n);
  static uint64_t allocations();

 private:
  friend void each_arena(void (*each)(void* context, const Arena& arena), void* context);
  void list_once();
  const char* name_;
  size_t limit_;
  std::atomic<size_t> used_{0};
  std::atomic<size_t> peak_{0};
  std::atomic<uint32_t> refused_{0};
  std::atomic<bool> listed_{false};
  Arena* next_ = nullptr;
};

// What `show memory` says about a pool, whatever its type.
class PoolAccount {
 public:
  const char* name() const { return name_; }
  size_t block_bytes() const { return block_; }
  size_t count() const { return count_; }
  size_t used() const { return used_; }
  size_t peak() const { return peak_; }
  uint64_t refused() const { return refused_; }

 protected:
  PoolAccount(const char* name, size_t block_bytes) : name_(name), block_(block_bytes) {}
  ~PoolAccount() = default;
  PoolAccount(const PoolAccount&) = delete;
  PoolAccount& operator=(const PoolAccount&) = delete;
  void enlist();
  void unlist();

  size_t count_ = 0;
  size_t used_ = 0;
  size_t peak_ = 0;
  uint64_t refused_ = 0;

 private:
  friend void each_pool(void (*each)(void* context, const PoolAccount& pool), void* context);
  const char* name_;
  size_t block_;
  PoolAccount* next_ = nullptr;
};

// All accounts in the order of their first use. `each` must not make or destroy accounts.
void each_arena(void (*each)(void* context, const Arena& arena), void* context);
void each_pool(void (*each)(void* context, const PoolAccount& pool), void* context);

// Fixed number of objects of one type; memory is taken once by reserve(). Not thread-safe.
// get() constructs, put() destroys. A refused get() is counted: the caller logs and answers "busy".
template <class T>
class Pool final : public PoolAccount {
 public:
  Pool(const char* name, Arena& arena) : PoolAccount(name, sizeof(Cell)), arena_(&arena) {}
  ~Pool() { drop(); }

  Status reserve(size_t count) {
    PARLEY_CHECK(cells_ == nullptr && count > 0);
    cells_ = static_cast<Cell*>(arena_->allocate(sizeof(Cell) * count));
    if (cells_ == nullptr) return Fault{Code::full, "no memory for a pool", 0};
    count_ = count;
    enlist();
    for (size_t i = 0; i < count; ++i) {
      cells_[i].next = free_;
      free_ = &cells_[i];
    }
    return {};
  }
  template <class... Args>
  T* get(Args&&... args) {
    if (free_ == nullptr) { ++refused_; return nullptr; }
    Cell* c = free_;
    free_ = c->next;
    if (++used_ > peak_) peak_ = used_;
    return new (c->bytes) T(std::forward<Args>(args)...);
  }
  void put(T* t) {
    t->~T();
    Cell* c = reinterpret_cast<Cell*>(t);
    c->next = free_;
    free_ = c;
    --used_;
  }
  // Gives the memory back, so that reserve() may follow again. All objects were put back before.
  void free_all() {
    PARLEY_CHECK(used_ == 0);
    drop();
  }

 private:
  void drop() {
    if (cells_ == nullptr) return;
    unlist();
    arena_->release(cells_, sizeof(Cell) * count_);
    cells_ = free_ = nullptr;
    count_ = 0;
  }
  union Cell {
    Cell* next;
    alignas(T) unsigned char bytes[sizeof(T)];
  };
  Arena* arena_;
  Cell* cells_ = nullptr;
  Cell* free_ = nullptr;
};

// Growable array charged to an arena. Elements are moved when it grows: keep indexes, not pointers.
template <class T>
class List {
 public:
  explicit List(Arena& arena) : arena_(&arena) {}
  List(List&& o) noexcept
      : arena_(o.arena_), data_(std::exchange(o.data_, nullptr)), size_(std::exchange(o.size_, 0)),
        capacity_(std::exchange(o.capacity_, 0)) {}
  List& operator=(List&& o) noexcept {
    std::swap(arena_, o.arena_);
    std::swap(data_, o.data_);
    std::swap(size_, o.size_);
    std::swap(capacity_, o.capacity_);
    return *this;
  }
  List(const List&) = delete;
  List& operator=(const List&) = delete;
  ~List() { clear(); }

  Status push(T value) {
    if (size_ == capacity_) TRY(grow());
    new (&data_[size_++]) T(std::move(value));
    return {};
  }
  Status reserve(size_t count) {  // afterwards push() cannot fail up to this size
    while (capacity_ < count) TRY(grow());
    return {};
  }
  void remove(size_t i) {  // keeps the order
    PARLEY_CHECK(i < size_);
    for (size_t k = i; k + 1 < size_; ++k) data_[k] = std::move(data_[k + 1]);
    data_[--size_].~T();
  }
  void clear() {
    for (size_t i = 0; i < size_; ++i) data_[i].~T();
    if (data_ != nullptr) arena_->release(data_, capacity_ * sizeof(T));
    data_ = nullptr;
    size_ = capacity_ = 0;
  }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](size_t i) { PARLEY_CHECK(i < size_); return data_[i]; }
  const T& operator[](size_t i) const { PARLEY_CHECK(i < size_); return data_[i]; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }

 private:
  Status grow() {
    const size_t want = capacity_ == 0 ? 8 : capacity_ * 2;
    T* bigger = static_cast<T*>(arena_->allocate(want * sizeof(T)));
    if (bigger == nullptr) return Fault{Code::full, "no memory for a list", 0};
    for (size_t i = 0; i < size_; ++i) {
      new (&bigger[i]) T(std::move(data_[i]));
      data_[i].~T();
    }
    if (data_ != nullptr) arena_->release(data_, capacity_ * sizeof(T));
    data_ = bigger;
    capacity_ = want;
    return {};
  }
  Arena* arena_;
  T* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace parley
