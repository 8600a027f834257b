// The blocking half of the file commands.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/file_jobs.h"

#include "platform/crypto/engine.h"

namespace parley::system {
namespace {

void put_error(Writer& out, const char* doing, std::string_view path, Code code) {
  out.put("%Error ").put(doing).put(' ');
  put_display(out, path);
  out.put(" (").put(error_text(code)).put(")\n");
}

void put_date(Writer& out, UnixTime t) {
  const Calendar c = to_calendar(t);
  out.put(month_name(c.month)).put(' ').dec(c.day, 2).put(' ').dec(c.year).put(' ');
  out.dec(c.hour, 2, '0').put(':').dec(c.minute, 2, '0').put(':').dec(c.second, 2, '0').put(" +00:00");
}

}  // namespace

void DirJob::run() {
  struct Walk {
    Writer& out;
    int number = 0;
  } walk{text};
  text.put("Directory of ");
  put_display(text, path_);
  text.put("\n\n");
  const Status s = store_.list(path_, [](void* context, const FileInfo& f) {
    auto& w = *static_cast<Walk*>(context);
    w.out.dec(++w.number, 5).put(f.folder ? "  drw-  " : "  -rw-  ").dec(static_cast<int64_t>(f.size), 12).put("  ");
    put_date(w.out, f.modified);
    w.out.put("  ").put(f.name).put('\n');
    return true;
  }, &walk);
  if (!s) {
    text.clear();
    put_error(text, "opening", path_, s.error().code);
    return;
  }
  if (walk.number == 0) text.put("No files in directory\n");
  const auto space = store_.space(fs_of(path_));
  if (space) {
    text.put('\n').dec(static_cast<int64_t>(space->total)).put(" bytes total (");
    text.dec(static_cast<int64_t>(space->free)).put(" bytes free)\n");
  }
}

void MoreJob::run() {
  auto content = store_.read(path_, kMoreLimit);
  if (!content) {
    if (content.error().code == Code::full) {
      text.put("% File is too large to be shown\n");
    } else {
      put_error(text, "opening", path_, content.error().code);
    }
    return;
  }
  for (uint8_t b : content->view()) {
    const char c = static_cast<char>(b);
    if (c == '\r') continue;
    text.put(c == '\n' || c == '\t' || (b >= 0x20 && b != 0x7f) ? c : '.');
  }
  if (!content->empty() && content->view().back() != '\n') text.put('\n');
}

void VerifyJob::run() {
  constexpr size_t kLimit = size_t{64} << 20;
  auto content = store_.read(path_, kLimit);
  if (!content) {
    put_error(text, "opening", path_, content.error().code);
    return;
  }
  text.put("File size is ").dec(static_cast<int64_t>(content->size())).put(" bytes\n");
  const Digest md5 = hash(Hash::md5, *content);
  const Digest sha = hash(Hash::sha256, *content);
  text.put("MD5 hash     : ").hex_bytes(md5.data, md5.size, false).put('\n');
  text.put("SHA-256 hash : ").hex_bytes(sha.data, sha.size, false).put('\n');
}

void SpaceJob::run() {
  text.put("File Systems:\n\n       Size(b)       Free(b)      Type  Flags  Prefixes\n");
  for (const char* fs : kFileSystems) {
    const auto space = store_.space(fs);
    if (!space) continue;
    const std::string_view name(fs);
    const bool system = name == "system:";
    text.put(name == "flash:" ? "*" : " ");
    text.dec(static_cast<int64_t>(space->total), 13).dec(static_cast<int64_t>(space->free), 14);
    text.right(system ? "opaque" : name == "nvram:" ? "nvram" : "disk", 10).put("     rw  ").put(fs).put('\n');
  }
}

void ChangeJob::run() {
  Status s;
  const char* doing = "deleting";
  switch (what_) {
    case What::remove: s = store_.remove(path_); break;
    case What::rename: s = store_.rename(path_, to_); doing = "renaming"; break;
    case What::make_folder: s = store_.make_folder(path_); doing = "Creating dir"; break;
    case What::remove_folder: s = store_.remove_folder(path_); doing = "Removing dir"; break;
  }
  if (!s) {
    put_error(text, doing, path_, s.error().code);
    return;
  }
  if (what_ == What::make_folder || what_ == What::remove_folder) {
    text.put(what_ == What::make_folder ? "Created dir " : "Removed dir ");
    put_display(text, path_);
    text.put('\n');
  }
}

}  // namespace parley::system
