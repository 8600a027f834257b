// Differences of two configuration texts, grouped by mode.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/config_diff.h"

#include <algorithm>

#include "platform/base/memory.h"

namespace parley::system {
namespace {

constexpr size_t kDeepest = 8;

struct Block {
  std::string_view header;
  std::string_view body;      // lines indented deeper, with their line ends
  bool matched = false;
};

std::string_view take_line(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

size_t indent_of(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

bool frame(std::string_view line) {
  const std::string_view t = trim(line);
  return t.empty() || t.front() == '!' || line == "end" || line.starts_with("version ") ||
         line.starts_with("Building configuration") || line.starts_with("Current configuration");
}

List<Block> parse(std::string_view text) {
  List<Block> blocks(general_arena());
  size_t level = SIZE_MAX;
  while (!text.empty()) {
    const char* begin = text.data();
    const std::string_view line = take_line(text);
    if (frame(line)) continue;
    if (level == SIZE_MAX) level = indent_of(line);
    if (indent_of(line) <= level || blocks.empty()) {
      if (!blocks.push(Block{line, {}, false})) break;
    } else {
      Block& last = blocks[blocks.size() - 1];
      const char* from = last.body.empty() ? begin : last.body.data();
      last.body = std::string_view(from, static_cast<size_t>(text.data() - from));
    }
  }
  return blocks;
}

// A password typed in plain that is not hashed yet is not repeated.
void put_line(Writer& out, char mark, std::string_view line) {
  const size_t plain = line.find(" secret 0 ");
  out.put(mark);
  if (plain == std::string_view::npos) out.put(line).put('\n');
  else out.put(line.substr(0, plain)).put(" secret 0 <not shown>\n");
}

void put_all(Writer& out, char mark, const Block& b) {
  put_line(out, mark, b.header);
  for (std::string_view body = b.body; !body.empty();) {
    const std::string_view line = take_line(body);
    if (!frame(line)) put_line(out, mark, line);
  }
}

void compare(std::string_view from, std::string_view to, Writer& out, size_t depth) {
  List<Block> old_blocks = parse(from), new_blocks = parse(to);
  List<uint32_t> order(general_arena());
  for (size_t i = 0; i < old_blocks.size(); ++i)
    if (!order.push(static_cast<uint32_t>(i))) return;
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return old_blocks[a].header < old_blocks[b].header; });
  List<uint32_t> partner(general_arena());
  for (Block& b : new_blocks) {
    const uint32_t* at = std::lower_bound(order.begin(), order.end(), b.header,
                                          [&](uint32_t i, std::string_view h) { return old_blocks[i].header < h; });
    while (at != order.end() && old_blocks[*at].header == b.header && old_blocks[*at].matched) ++at;
    const bool found = at != order.end() && old_blocks[*at].header == b.header;
    if (found) old_blocks[*at].matched = b.matched = true;
    if (!partner.push(found ? *at : 0)) return;
  }
  for (const Block& b : old_blocks)
    if (!b.matched) put_all(out, '-', b);
  for (size_t i = 0; i < new_blocks.size(); ++i) {
    const Block& b = new_blocks[i];
    if (!b.matched) {
      put_all(out, '+', b);
      continue;
    }
    const Block& was = old_blocks[partner[i]];
    if (was.body == b.body || depth == kDeepest) continue;
    Blob inner;
    compare(was.body, b.body, inner, depth + 1);
    if (!inner.empty()) out.put(' ').put(b.header).put('\n').put(inner.text());
  }
}

}  // namespace

void write_differences(std::string_view from, std::string_view to, Writer& out) { compare(from, to, out, 0); }

}  // namespace parley::system
