// A second configuration beside the running one: dry run, exchange as a whole, and the lock of `configure exclusive`.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstring>

#include "cli/impl.h"
#include "cli/session_control.h"

namespace parley::cli {
namespace {

const Record* record_of(const Module& module) {
  for (const Section& s : module.sections)
    for (const Row& r : s.rows)
      if (r.owner != nullptr) return r.owner;
  return nullptr;
}

// The record of a module without its function.
class ScratchInstance final : public Instance {
 public:
  explicit ScratchInstance(const Record* record) : size_(record == nullptr ? 0 : record->size) {
    const size_t units = (size_ + sizeof(std::max_align_t) - 1) / sizeof(std::max_align_t) + 1;
    memory_ = std::make_unique<std::max_align_t[]>(units);
    if (record != nullptr) memcpy(memory_.get(), record->defaults, size_);
  }
  void* config() override { return memory_.get(); }
  void apply() override {}
  Status start() override { return {}; }
  void stop() override {}

 private:
  size_t size_;
  std::unique_ptr<std::max_align_t[]> memory_;
};

}  // namespace

std::unique_ptr<Engine> Engine::scratch() {
  auto other = std::make_unique<Engine>();
  Impl& o = *other->impl_;
  o.scratch = true;
  o.passwords = impl_->passwords;
  o.last_id = impl_->last_id;
  for (const Attached& a : impl_->modules) {
    const Record* record = record_of(*a.module);
    auto instance = std::make_unique<ScratchInstance>(record);
    Instance& records = *instance;
    if (!o.owned.push(std::move(instance))) return nullptr;
    other->add(*a.module, records);
    const uint8_t* from = static_cast<const uint8_t*>(a.config);
    const uint8_t* flag = reinterpret_cast<const uint8_t*>(impl_->store_unknown);
    if (record != nullptr && flag >= from && flag < from + record->size)
      o.store_unknown = reinterpret_cast<const bool*>(static_cast<const uint8_t*>(records.config()) + (flag - from));
  }
  return o.full ? nullptr : std::move(other);
}

void Engine::Impl::exchange(Impl& b) {
  Impl& a = *this;
  std::swap(a.content, b.content);
  for (size_t i = 0; i < a.modules.size(); ++i) {
    const Record* record = record_of(*a.modules[i].module);
    if (record == nullptr) continue;
    uint8_t* x = static_cast<uint8_t*>(a.modules[i].config);
    std::swap_ranges(x, x + record->size, static_cast<uint8_t*>(b.modules[i].config));
  }
  a.last_id = b.last_id = std::max(a.last_id, b.last_id);
  a.hint_ = b.hint_ = 0;
  std::swap(a.body_last, b.body_last);
  std::swap(a.body_owner, b.body_owner);
}

void Engine::swap(Engine& scratch) {
  impl_->exchange(*scratch.impl_);
  ++impl_->changes;
  ++scratch.impl_->changes;
}

const char* Engine::verify_with(Engine& scratch) {
  impl_->exchange(*scratch.impl_);
  const char* wrong = nullptr;
  for (Attached& a : impl_->modules)
    if (wrong == nullptr) wrong = a.instance->verify();
  impl_->exchange(*scratch.impl_);
  return wrong;
}

bool Engine::Impl::locked_out(Console& console) const {
  return locked_by != nullptr && console.control() != nullptr && console.control() != locked_by;
}

bool Engine::lock(Position& at, Console& owner, Writer& refusal) {
  if (impl_->locked_out(owner)) {
    refusal.put(impl_->lock_text);
    return false;
  }
  impl_->locked_by = owner.control();
  char text[160];
  FixedWriter w(text);
  std::string_view number = owner.line_name();
  while (!number.empty() && (number.front() < '0' || number.front() > '9')) number.remove_prefix(1);
  w.put("Configuration mode is locked by process '").dec(owner.task().id()).put("' user '");
  w.put(owner.user().empty() ? std::string_view("unknown") : owner.user()).put("' from terminal '").put(number);
  w.put("'. Please try later.");
  (void)impl_->lock_text.set(w.view());
  enter_config(at);
  return true;
}

void Engine::unlock(const SessionControl* owner) {
  if (impl_->locked_by == owner) impl_->locked_by = nullptr;
}

}  // namespace parley::cli
