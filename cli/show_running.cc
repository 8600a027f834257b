// The running-config as text.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/show_running.h"

#include "cli/session.h"

namespace parley::cli {
namespace {

void write_comment(Writer& out, std::string_view what, const Text<64>& at, const Text<64>& by) {
  out.put(what).put(at);
  if (!by.empty()) out.put(" by ").put(by);
  out.put('\n');
}

void write_head(Writer& out, const RunningHead& head) {
  out.put("!\n");
  if (head.changed_at.empty()) out.put("! No configuration change since last restart\n");
  else write_comment(out, "! Last configuration change at ", head.changed_at, head.changed_by);
  if (!head.saved_at.empty()) write_comment(out, "! NVRAM config last updated at ", head.saved_at, head.saved_by);
  out.put("!\nversion ").put(head.version).put('\n');
}

Status no_memory(const Blob& text) {
  if (text.ok()) return {};
  return Fault{Code::full, "no memory for the configuration text", 0};
}

}  // namespace

Status render_running(Engine& engine, const RunningHead& head, PrintScope scope, Blob& to) {
  write_head(to, head);
  engine.print(to, scope);
  to.write("end\n");
  return no_memory(to);
}

bool RunningText::step(const RunningHead& head, Blob& to, size_t lines) {
  if (starts_ == 0 || engine_.changes() != changes_) {
    ++starts_;
    changes_ = engine_.changes();
    at_ = PrintCursor{};
    at_.scope = scope_;
    to.clear();
    write_head(to, head);
  }
  if (!engine_.print_some(to, at_, starts_ > kMostRestarts ? SIZE_MAX : lines) && to.ok()) return false;
  to.write("end\n");
  return true;
}

void show_size(Writer& out, size_t size) {
  out.put("Building configuration...\n\nCurrent configuration : ").dec(static_cast<int64_t>(size)).put(" bytes\n");
}

bool show_block(std::string_view text, std::string_view header_line, Writer& out) {
  const std::string_view block = find_block(text, header_line);
  if (block.empty()) return false;
  constexpr std::string_view kBefore = "!\n", kAfter = "end\n";
  show_size(out, kBefore.size() + block.size() + kAfter.size());
  out.put(kBefore).put(block).put(kAfter);
  return true;
}

void show_startup(const std::string_view* text, Writer& out) {
  if (text == nullptr) {
    out.put("startup-config is not present\n");
    return;
  }
  out.put("Using ").dec(static_cast<int64_t>(text->size())).put(" out of ").dec(kNvramBytes).put(" bytes\n").put(*text);
  if (!text->empty() && text->back() != '\n') out.put('\n');
}

std::string_view find_block(std::string_view text, std::string_view header_line) {
  size_t begin = std::string_view::npos;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    const size_t next = end == std::string_view::npos ? text.size() : end + 1;
    const std::string_view line = text.substr(at, next - at);
    if (begin != std::string_view::npos && line.front() != ' ') return text.substr(begin, at - begin);
    if (begin == std::string_view::npos && equal_nocase(trim(line), header_line) && line.front() != ' ') begin = at;
    at = next;
  }
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

}  // namespace parley::cli
