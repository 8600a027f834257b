// A matched line takes effect: candidate, verify, commit, apply (rows.md 5, steps 5 and 6).
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstring>

#include "cli/adding.h"
#include "cli/impl.h"
#include "cli/value_kinds.h"

namespace parley::cli {
namespace {

std::string_view leading_words(const Row& row) {
  const uint16_t last = last_leading(row.syntax);
  if (last == 0xffff) return row.syntax;
  const Lexeme x = lexeme_at(row.syntax, last);
  return std::string_view(row.syntax, size_t{x.at} + x.length);
}

// Bytes of the record that a row's members span.
void span_of(const Row& row, size_t& from, size_t& to) {
  from = row.member_count == 0 ? 0 : SIZE_MAX;
  to = 0;
  for (size_t i = 0; i < row.member_count; ++i) {
    const Member& m = row.members[i];
    if (m.offset < from) from = m.offset;
    if (size_t{m.offset} + m.size > to) to = size_t{m.offset} + m.size;
  }
}

void put_sentence(Text<400>& text, std::string_view s) {
  char buffer[400];
  FixedWriter w(buffer);
  if (!s.empty() && s.front() != '%' && !s.starts_with("Error")) w.put("% ");
  w.put(s);
  (void)text.set(w.view());
}

}  // namespace

void Engine::Impl::notice(LineRun& run, const Row& row) {
  if (!row.is(kPending) || run.sense != Sense::plain || run.options.loading) return;
  char buffer[200];
  FixedWriter w(buffer);
  w.put("% Note: '").put(leading_words(row)).put("' is stored; its function is not in this image");
  (void)run.out.text.set(w.view());
}

// Rules of one block. old_record and now: whole records.
Verdict Engine::Impl::checked(LineRun& run, const Block* block, uint16_t module, const void* old_record, const void* now) {
  if (block == nullptr || block->verify == nullptr) return Verdict::ok;
  char buffer[400];
  FixedWriter w(buffer);
  if (block->verify(*modules[module].instance, old_record, now, w)) return Verdict::ok;
  put_sentence(run.out.text, w.view());
  return Verdict::refused;
}

Verdict Engine::Impl::checked_module(LineRun& run, uint16_t module) {
  if (run.options.startup) return Verdict::ok;
  const char* wrong = modules[module].instance->verify();
  if (wrong == nullptr) return Verdict::ok;
  put_sentence(run.out.text, wrong);
  return Verdict::refused;
}

// One line took effect. While apply() runs, configure() may change more: then the module is applied again afterwards.
void Engine::Impl::applied(uint16_t module, const RunOptions& options) {
  if (scratch) return;
  if (options.startup) { modules[module].changed = true; return; }
  modules[module].again = true;
  if (applying) return;
  applying = true;
  for (size_t rounds = 0, i = 0; i < modules.size() && rounds < 64; ++i) {
    if (!modules[i].again) continue;
    modules[i].again = false;
    modules[i].instance->apply();
    ++rounds;
    i = static_cast<size_t>(-1);      // look at all again
  }
  applying = false;
}

// The items of the line are added to those that are there, in place of an equal one; `no` with items takes only those.
Verdict Engine::Impl::change_items(LineRun& run, const Plan& plan, const Binder& b, void* record) {
  const Member& m = plan.row.members[0];
  const Element* e = plan.layout.elements;
  while (e->slot < 0) ++e;                               // adding(): there is one
  uint8_t* list = at(record, m);
  alignas(16) uint8_t merged[kRecordMost];
  memcpy(merged, list, m.size);
  memset(list, 0, m.size);
  char text[400];
  FixedWriter refusal(text);
  const Verdict v = b.bind(record, Binder::Which::all, refusal, run.out.offset);
  if (v == Verdict::refused) (void)run.out.text.set(refusal.view());
  if (v != Verdict::ok) return v;
  uint32_t count = 0, typed = 0;
  memcpy(&count, merged, sizeof count);
  memcpy(&typed, list, sizeof typed);
  if (run.sense != Sense::plain && typed == 0) return Verdict::ok;
  const size_t room = (m.size - 4u) / m.item;
  for (uint32_t i = 0; i < typed; ++i) {
    const uint8_t* item = list + 4 + size_t{i} * m.item;
    uint32_t k = 0;
    while (k < count && kind_of(e->value).compare(merged + 4 + size_t{k} * m.item, item, m.item, plan.spec(*e)) != 0) ++k;
    uint8_t* to = merged + 4 + size_t{k} * m.item;
    if (run.sense != Sense::plain) {
      if (k == count) continue;
      memmove(to, to + m.item, (--count - size_t{k}) * m.item);
      continue;
    }
    if (k == room) {
      FixedWriter w(text);
      w.put("% Too many values, at most ").dec(static_cast<int64_t>(room));
      (void)run.out.text.set(w.view());
      return Verdict::refused;
    }
    memcpy(to, item, m.item);
    count = k == count ? count + 1 : count;
  }
  memset(list, 0, m.size);
  memcpy(list, &count, sizeof count);
  memcpy(list + 4, merged + 4, size_t{count} * m.item);
  return Verdict::ok;
}

Verdict Engine::Impl::change_member(LineRun& run, const Plan& plan, const Binder& b, void* record, Transaction& tx, const void* defaults) {
  const Row& row = plan.row;
  size_t from = 0, to = 0;
  span_of(row, from, to);
  if (!tx.save(static_cast<uint8_t*>(record) + from, to - from)) return no_room(run);
  for (size_t i = 0; i < plan.layout.count; ++i) {
    const Element& e = plan.layout.elements[i];
    if (e.slot < 0 || (e.value != Value::cert_hex && e.value != Value::banner)) continue;
    if (!tx.old_kept(*reinterpret_cast<const Kept*>(at(static_cast<const void*>(record), plan.member(e))))) return no_room(run);
  }
  if (row.is(kAdding)) return change_items(run, plan, b, record);
  reset(row, record, defaults);
  if (row.kind == Kind::flag && run.sense != Sense::defaults) *at(record, row.members[0]) = run.sense == Sense::plain ? 1 : 0;
  if (run.sense != Sense::plain) return Verdict::ok;
  char text[400];
  FixedWriter refusal(text);
  const Verdict v = b.bind(record, Binder::Which::all, refusal, run.out.offset);
  if (v == Verdict::refused) (void)run.out.text.set(refusal.view());
  return v;
}

Verdict Engine::Impl::change_entry(LineRun& run, const Plan& plan, const Binder& b, void* record, Transaction& tx) {
  const Row& row = plan.row;
  const size_t size = row.record->size;
  TableBase& table = *reinterpret_cast<TableBase*>(at(record, row.place));
  alignas(16) uint8_t candidate[kRecordMost];
  memcpy(candidate, row.record->defaults, size);
  char text[400];
  FixedWriter refusal(text);
  const bool plain = run.sense == Sense::plain;
  const Verdict v = b.bind(candidate, plain ? Binder::Which::all : Binder::Which::key, refusal, run.out.offset);
  if (v == Verdict::refused) (void)run.out.text.set(refusal.view());
  if (v != Verdict::ok) return v;
  const Found f = find_entry(table, plan, candidate, row.kind == Kind::sorted_list);
  if (!plain) return !f.exists || tx.remove(table, row, f.index) ? Verdict::ok : no_room(run);
  if (f.exists) {
    uint8_t* e = entry(table, size, f.index);
    if (!tx.save(e, size)) return no_room(run);
    for (size_t i = 0; i < plan.layout.count; ++i) {
      const Element& x = plan.layout.elements[i];
      if (x.slot >= 0 && (x.value == Value::cert_hex || x.value == Value::banner) &&
          !tx.old_kept(*reinterpret_cast<const Kept*>(at(static_cast<const void*>(e), plan.member(x))))) return no_room(run);
    }
    id_of(candidate) = id_of(static_cast<const void*>(e));
    memcpy(e, candidate, size);
    return Verdict::ok;
  }
  void* e = tables().insert(table, size, f.index);
  if (e == nullptr || !tx.inserted(table, size, f.index)) return no_room(run);
  memcpy(e, candidate, size);
  id_of(e) = ++last_id;
  return Verdict::ok;
}

// Members and entries, in each record the mode works on.
Verdict Engine::Impl::change(LineRun& run, const Match& m, size_t level, Transaction& tx) {
  const Row& row = *m.ref.row;
  const Plan plan(row);
  const Binder binder{plan, run.words, m, passwords, run.options.loading, run.kept};
  const Row* block_row = level == 0 ? nullptr : run.at.levels[level].row;
  const Block* block = block_row == nullptr ? nullptr : block_row->block;
  TableBase* table = nullptr;
  size_t from = 0, to = 0;
  if (!targets(run.at, level, m.ref.module, table, from, to)) return Verdict::invalid;
  alignas(16) uint8_t buffer[kRecordMost];
  for (size_t i = from; i <= to; ++i) {
    void* record = table == nullptr ? record_at(run.at, level, m.ref.module) : entry(*table, block_row->record->size, i);
    if (block != nullptr && block->verify != nullptr) {
      memcpy(before_line, record, block->record->size);
      for (const Row& r : block->mode->rows)               // tables move when they grow: not for the old record
        if (r.kind == Kind::list || r.kind == Kind::sorted_list || r.kind == Kind::block)
          *reinterpret_cast<TableBase*>(at(static_cast<void*>(before_line), r.place)) = TableBase{};
    }
    const bool entries = row.kind == Kind::list || row.kind == Kind::sorted_list;
    Verdict v = entries ? change_entry(run, plan, binder, record, tx)
                        : change_member(run, plan, binder, record, tx, defaults_for(block_row, *row.owner, record, buffer));
    if (v == Verdict::ok) v = checked(run, block, m.ref.module, before_line, record);
    if (v != Verdict::ok) return v;
  }
  return Verdict::ok;
}

Verdict Engine::Impl::change_text(LineRun& run, const Match& m, size_t level) {
  const Row& row = *m.ref.row;
  const Plan plan(row);
  const Binder binder{plan, run.words, m, passwords, run.options.loading, nullptr};
  char buffer[kLineMost + 4];
  FixedWriter w(buffer);
  const bool negative = row.kind == Kind::store_on;       // kept in its `no` form
  if (negative) w.put("no ");
  size_t key = 0;
  binder.text(w, key);
  const std::string_view text = w.view();
  key = row.kind == Kind::store ? 0 : (negative ? text.size() : key);
  TableBase* table = nullptr;
  size_t from = 0, to = 0;
  if (!targets(run.at, level, m.ref.module, table, from, to)) return Verdict::invalid;
  for (size_t i = from; i <= to; ++i) {
    uint32_t owner = 0;
    if (level != 0) owner = table == nullptr ? run.at.levels[level].owner : id_of(static_cast<const void*>(entry(*table, run.at.levels[level].row->record->size, i)));
    if ((run.sense == Sense::plain) != negative && !(negative && run.sense == Sense::defaults)) {
      if (!texts().put(owner, &row, text, key)) return no_room(run);
      continue;
    }
    const TextPool::Id id = texts().find(owner, &row, text.substr(0, key));
    if (id != TextPool::kNone) texts().erase(id);
  }
  ++changes;
  notice(run, row);
  return Verdict::ok;
}

Verdict Engine::Impl::act(LineRun& run, const Match& m, size_t level) {
  const Row& row = *m.ref.row;
  char text[400];
  FixedWriter w(text);
  if (row.action == nullptr) {
    w.put("% '").put(leading_words(row)).put("' is not in this image");
    (void)run.out.text.set(w.view());
    return Verdict::refused;
  }
  if (run.options.startup && !row.is(kAtBoot)) {
    w.put("% '").put(leading_words(row)).put("' cannot be used in the startup-config");
    (void)run.out.text.set(w.view());
    return Verdict::refused;
  }
  alignas(16) uint8_t arguments[1024] = {};
  if (row.record != nullptr) {
    memcpy(arguments, row.record->defaults, row.record->size);
    const Plan plan(row);
    const Binder binder{plan, run.words, m, passwords, run.options.loading, nullptr};
    const Verdict v = binder.bind(arguments, Binder::Which::all, w, run.out.offset);
    if (v == Verdict::refused) (void)run.out.text.set(w.view());
    if (v != Verdict::ok) return v;
  }
  if (scratch) {
    w.put("% '").put(leading_words(row)).put("' acts at once: a replacement does not run it");
    (void)run.out.text.set(w.view());
    return Verdict::ok;
  }
  Call call;
  call.instance = modules[m.ref.module].instance;
  call.record = record_at(run.at, run.at.in_config() ? level : 0, m.ref.module);
  call.console = &run.console;
  call.line = run.words.text.substr(run.words.words[run.first].at, run.words.end - run.words.words[run.first].at);
  call.at = &run.at;
  row.action(call, arguments);
  run.out.dialogue = std::move(call.dialogue);
  if (call.refusal.empty()) return Verdict::ok;
  (void)run.out.text.set(call.refusal);
  return Verdict::refused;
}

namespace {
// Runs the question of a row; when it was accepted, the line itself.
class Confirmed final : public Dialogue {
 public:
  Confirmed(Engine& engine, const Position& at, std::unique_ptr<Dialogue> question, Blob line, const RunOptions& options)
      : engine_(engine), at_(at), question_(std::move(question)), line_(std::move(line)), options_(options) {
    options_.confirmed = true;
  }
  Poll step(Console& console, const std::string_view* answer) override {
    if (inner_ != nullptr) return inner_->step(console, answer);
    const Poll p = question_->step(console, answer);
    if (p != Poll::done || !question_->accepted()) return p;
    Outcome out = engine_.run(at_, line_.text(), console, options_);
    if (!out.text.empty()) console.put(out.text).put('\n');
    inner_ = std::move(out.dialogue);
    return inner_ == nullptr ? Poll::done : inner_->step(console, nullptr);
  }
  void cancelled(Console& console) override { current().cancelled(console); }
  bool accepts(std::string_view line) const override { return inner_ != nullptr ? inner_->accepts(line) : question_->accepts(line); }

 private:
  Dialogue& current() { return inner_ != nullptr ? *inner_ : *question_; }
  Engine& engine_;
  Position at_;
  std::unique_ptr<Dialogue> question_, inner_;
  Blob line_;
  RunOptions options_;
};
}  // namespace

// True: the line does not take effect now (verdict says why: a dialogue runs, or refused).
bool Engine::Impl::ask_first(LineRun& run, const Match& m, size_t level, Verdict& verdict) {
  const Row& row = *m.ref.row;
  if (row.confirm == nullptr || run.options.confirmed || run.options.startup || scratch) return false;
  Call call;
  call.instance = modules[m.ref.module].instance;
  call.record = record_at(run.at, level, m.ref.module);
  call.console = &run.console;
  call.line = run.words.text.substr(run.words.words[run.first].at, run.words.end - run.words.words[run.first].at);
  call.at = &run.at;
  call.negated = run.sense != Sense::plain;
  row.confirm(call, call.negated);
  verdict = Verdict::ok;
  if (!call.refusal.empty()) {
    (void)run.out.text.set(call.refusal);
    verdict = Verdict::refused;
    return true;
  }
  if (call.dialogue == nullptr) return false;
  Blob line(arena);
  if (!line.append(run.words.text)) { verdict = no_room(run); return true; }
  Position at = run.at;
  at.depth = static_cast<uint8_t>(level + 1);
  run.out.dialogue = std::make_unique<Confirmed>(*self, at, std::move(call.dialogue), std::move(line), run.options);
  return true;
}

// The line was accepted by the mode at `level`.
Verdict Engine::Impl::execute(LineRun& run, const Match& m, size_t level) {
  const Row& row = *m.ref.row;
  Verdict v = Verdict::ok;
  Position to = run.at;
  to.depth = static_cast<uint8_t>(level + 1);
  if (ask_first(run, m, level, v)) {
    if (v == Verdict::ok) run.at = to;
    return v;
  }
  const bool block = row.kind == Kind::single || row.kind == Kind::block;
  if (row.kind == Kind::action) {
    const Position before = run.at;
    run.at = to;
    v = act(run, m, level);
    if (v != Verdict::ok) run.at = before;
    return v;
  }
  if (row.kind == Kind::deprecated) {
    char text[200];
    FixedWriter w(text);
    w.put("% Warning: the command '").put(leading_words(row)).put("' is deprecated and has no effect");
    if (run.sense == Sense::plain) (void)run.out.text.set(w.view());
  } else if (block && run.sense == Sense::plain) {
    v = enter_block(run, m, level, to);
    if (v == Verdict::ok) notice(run, row);
  } else if (row.kind == Kind::store || row.kind == Kind::stores || row.kind == Kind::store_on) {
    v = change_text(run, m, level);
  } else {
    Transaction tx(*this);
    v = run.kept != nullptr && !tx.new_kept(*run.kept) ? no_room(run) : Verdict::ok;
    run.kept_taken = true;
    if (v == Verdict::ok) v = block ? remove_block(run, m, level, tx) : change(run, m, level, tx);
    if (v == Verdict::ok) v = checked_module(run, m.ref.module);
    if (v != Verdict::ok) return v;
    tx.commit();
    ++changes;
    notice(run, row);
    applied(m.ref.module, run.options);
  }
  if (v == Verdict::ok) run.at = to;
  return v;
}

}  // namespace parley::cli
