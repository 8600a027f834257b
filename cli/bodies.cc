// Lines kept as they are: bodies of free blocks and unknown global blocks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/impl.h"

namespace parley::cli {

const Mode kStoreMode = mode("store-block", "(config-store)", "Stored text", free_body);

namespace {
constexpr uint32_t kStoreOwner = 0x80000000u;   // owner of a store block's body = this + id of its header text

std::string_view other_form(std::string_view text, char (&buffer)[kLineMost + 4]) {  // X <-> no X
  if (text.starts_with("no ")) return text.substr(3);
  FixedWriter w(buffer);
  w.put("no ").put(text);
  return w.view();
}

// Among the lines of one level of indentation: behind `from`, until the level ends.
TextPool::Id sibling(const TextPool& texts, TextPool::Id from, size_t indent, std::string_view text) {
  for (TextPool::Id i = from; i != TextPool::kNone && texts.indent(i) >= indent; i = texts.next(i))
    if (texts.indent(i) == indent && texts.text(i) == text) return i;
  return TextPool::kNone;
}
}  // namespace

// One line of a free body. Always true.
bool Engine::Impl::keep_body(LineRun& run) {
  const Position::Level& level = run.at.levels[run.at.depth - 1];
  const std::string_view text = run.words.rest(0);
  const size_t raw = run.words.words[0].at;
  const size_t base = level.indent + 1u;
  size_t indent = raw > base ? raw - base : 0;
  if (body_owner != level.owner) { body_owner = level.owner; body_last = TextPool::kNone; }
  run.out.verdict = Verdict::ok;
  // The line above that is indented less is the parent.
  TextPool::Id parent = body_last;
  while (parent != TextPool::kNone && texts().indent(parent) >= indent) parent = texts().previous(parent);
  if (parent == TextPool::kNone) indent = 0;
  const TextPool::Id from = parent == TextPool::kNone ? texts().first(level.owner, level.mode) : texts().next(parent);
  const TextPool::Id same = sibling(texts(), from, indent, text);
  if (same != TextPool::kNone) { body_last = same; return true; }
  char buffer[kLineMost + 4];
  const TextPool::Id other = sibling(texts(), from, indent, other_form(text, buffer));
  ++changes;
  TextPool::Id after = parent;                    // behind the last line below the parent
  for (TextPool::Id i = from; i != TextPool::kNone && texts().indent(i) >= indent; i = texts().next(i)) after = i;
  if (other != TextPool::kNone) {
    after = texts().previous(other);
    texts().erase(other);
    if (text.starts_with("no ")) { body_last = after; return true; }
  }
  const auto put = texts().put(level.owner, level.mode, text, text.size(), static_cast<uint16_t>(indent), after, false);
  if (!put) { run.out.verdict = no_room(run); return true; }
  body_last = *put;
  return true;
}

// with `service store-unknown`: a global line that nothing knows, and the indented lines behind it.
bool Engine::Impl::keep_unknown(LineRun& run) {
  if (store_unknown == nullptr || !*store_unknown || run.words.words[0].at != 0) return false;
  const std::string_view text = run.words.rest(0);
  ++changes;
  run.out.verdict = Verdict::ok;
  if (text.starts_with("no ")) {
    const TextPool::Id id = texts().find(0, &kStoreMode, text.substr(3));
    if (id != TextPool::kNone) {
      texts().forget(kStoreOwner + id, &kStoreMode);
      texts().erase(id);
      run.at.depth = 1;
      return true;
    }
  }
  const auto header = texts().put(0, &kStoreMode, text, text.size());
  if (!header) { run.out.verdict = no_room(run); return true; }
  if (stored != nullptr) stored(stored_context, text);
  run.at.depth = 2;
  Position::Level& l = run.at.levels[1];
  l = Position::Level{};
  l.mode = &kStoreMode;
  l.owner = kStoreOwner + *header;
  body_owner = l.owner;
  body_last = TextPool::kNone;
  return true;
}

}  // namespace parley::cli
