// The 'flash' of phones that leave nothing behind.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/test-phone/phone_store.h"

namespace parley::test_phone {
namespace {

constexpr Fault kMissing{Code::missing, "no such file", 0};

}  // namespace

PhoneStore::Entry* PhoneStore::find(std::string_view path) {
  for (Entry& e : entries_)
    if (e.path.view() == path) return &e;
  return nullptr;
}

Result<Blob> PhoneStore::read(std::string_view path, size_t max_bytes) {
  const Lock::Held held(lock_);
  const Entry* e = find(path);
  if (e == nullptr) return kMissing;
  if (e->content.size() > max_bytes) return Fault{Code::full, "the file is too large", 0};
  return Blob::copy_of(e->content.view());
}

Status PhoneStore::write(std::string_view path, Bytes data) {
  const Lock::Held held(lock_);
  Entry made(arena_);
  if (!made.path.set(path)) return Fault{Code::denied, "the name is too long", 0};
  TRY(made.content.append(data));
  if (Entry* e = find(path)) {
    *e = std::move(made);
    return {};
  }
  return entries_.push(std::move(made));
}

Status PhoneStore::remove(std::string_view path) {
  const Lock::Held held(lock_);
  for (size_t i = 0; i < entries_.size(); ++i)
    if (entries_[i].path.view() == path) {
      entries_.remove(i);
      return {};
    }
  return kMissing;
}

Status PhoneStore::rename(std::string_view from, std::string_view to) {
  TRY_ASSIGN(const Blob content, read(from, kBytes));
  TRY(write(to, content.view()));
  return remove(from);
}

Result<FileInfo> PhoneStore::info(std::string_view path) {
  const Lock::Held held(lock_);
  const Entry* e = find(path);
  if (e == nullptr) return kMissing;
  FileInfo out;
  (void)out.name.set(path.substr(path.find_last_of(":/") + 1));
  out.size = e->content.size();
  return out;
}

Status PhoneStore::list(std::string_view folder, Each each, void* context) {
  const Lock::Held held(lock_);
  for (const Entry& e : entries_) {
    const std::string_view path = e.path.view();
    if (path.size() <= folder.size() + 1 || !path.starts_with(folder) || path[folder.size()] != '/') continue;
    FileInfo f;
    (void)f.name.set(path.substr(folder.size() + 1));
    f.size = e.content.size();
    if (!each(context, f)) break;
  }
  return {};
}

}  // namespace parley::test_phone
