// The row language: one declaration per command (cli/README.md). Constructors are checked when compiling.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "cli/command.h"
#include "cli/place.h"
#include "cli/syntax.h"
#include "cli/values.h"

namespace parley::cli {

struct Mode;
struct Block;

// ---- Records: plain structs; the initialisers are the defaults. Those of blocks and tables start with `uint32_t id = 0`.
struct Record {
  uint32_t size;
  const void* defaults;
};
template <class T> inline constexpr T kDefaults{};
template <class T> inline constexpr Record kRecord{sizeof(T), &kDefaults<T>};

// Entries of a list or keyed block; memory belongs to the engine. Modules read only. Entries move when others come or go:
// keep the id, not the pointer.
struct TableBase {
  void* items = nullptr;
  uint32_t count = 0;
  uint32_t room = 0;
};
template <class T>
struct Table : TableBase {
  static_assert(std::is_trivially_copyable_v<T>);
  using Entry = T;
  const T* begin() const { return static_cast<const T*>(items); }
  const T* end() const { return begin() + count; }
  size_t size() const { return count; }
  bool empty() const { return count == 0; }
  const T& operator[](size_t i) const { return begin()[i]; }
};
template <class T> struct ShapeOf<Table<T>> : ShapeIs<Shape::table> {};

struct Member {
  uint16_t offset = 0;
  uint16_t size = 0;
  uint16_t item = 0;        // Several: size of one item
};

enum class Kind : uint8_t { value, flag, list, sorted_list, single, block, action, store, stores, store_on, deprecated, builtin };

enum Attribute : uint16_t {
  kAlways = 1,       // value: also when default; flag: X or no X; store: bare keywords; block: header even if never entered
  kHidden = 2,       // accepted, never written, not in help
  kIfContent = 4,    // block with an empty body is not written
  kRanged = 8,       // block over first..last (line vty 0 4)
  kPending = 16,     // its function is not in this image
  kPositive = 32,    // flag whose `no` form is never written
  kAtBoot = 64,      // action that a startup-config may hold
};

using ActionFn = void (*)(Call& call, const void* arguments);
// Asked before the line takes effect. negated: the line began with `no`. May start a Dialogue (whose accepted() decides),
// refuse (Call::refuse), or do nothing: then the line takes effect at once. Not called while the startup-config is read.
using ConfirmFn = void (*)(Call& call, bool negated);

struct Row {
  static constexpr size_t kMembers = 10;
  const char* syntax = nullptr;
  const char* help = nullptr;
  const Record* owner = nullptr;       // record of the mode; nullptr: binds nothing of it
  const Record* record = nullptr;      // record the members are in: the owner, an entry, or the arguments
  const Block* block = nullptr;
  ActionFn action = nullptr;
  ConfirmFn confirm = nullptr;
  Member place;                        // list, block: the table or sub-record inside the owner
  Member members[kMembers];            // flag: [0] is the switch
  uint8_t member_count = 0;
  Kind kind = Kind::store;
  uint8_t level = 255;                 // privilege; 255 = default: 15, of EXEC rows 1
  uint16_t attributes = 0;
  bool is(Attribute a) const { return (attributes & a) != 0; }
};

namespace row_detail {

template <class T> union Probe {
  unsigned char bytes[sizeof(T)];
  T value;
  constexpr Probe() : value{} {}
};
template <class T> inline constexpr Probe<T> kProbe{};

// Byte offset of a member, without macro: the one byte with the same address.
template <class T, class M>
constexpr uint16_t offset_of(M T::* member) {
  static_assert(sizeof(T) < 8192, "record too big: put lists into tables");
  const void* target = &(kProbe<T>.value.*member);
  for (size_t i = 0; i < sizeof(T); ++i)
    if (static_cast<const void*>(&kProbe<T>.bytes[i]) == target) return static_cast<uint16_t>(i);
  return 0xffff;
}

struct Bound {
  Member member;
  Shape shape = Shape::none;
  bool is_signed = false;
};
template <class T, class M>
constexpr Bound bound(M T::* member) {
  Bound b;
  b.member.offset = offset_of(member);
  b.member.size = static_cast<uint16_t>(sizeof(M));
  b.member.item = static_cast<uint16_t>(ShapeOf<M>::kItem);
  b.shape = ShapeOf<M>::kShape;
  if constexpr (std::is_integral_v<M>) b.is_signed = std::is_signed_v<M>;
  return b;
}

// Reached while compiling = the name is the message.
void help_text_is_missing();
void help_text_is_longer_than_60();
void syntax_brackets_are_unbalanced();
void number_of_members_differs_from_the_syntax();
void too_many_members();
void range_is_empty();
void range_is_wider_than_the_member();
void member_type_does_not_fit_the_value();
void member_of_a_choice_is_not_one_byte();
void member_of_an_option_is_not_bool();
void repeated_value_needs_Several();
void first_member_of_a_flag_is_not_a_switch();
void record_does_not_start_with_id();
void row_has_no_leading_keyword();

constexpr bool fits(const Range& r, size_t size, bool is_signed) {
  if (r.lo < 0 && !is_signed) return false;
  const unsigned bits = static_cast<unsigned>(size * 8) - (is_signed ? 1u : 0u);
  const int64_t most = bits >= 63 ? INT64_MAX : (int64_t{1} << bits) - 1;
  return r.hi <= most && (!is_signed || r.lo >= -most - 1);
}

constexpr void check_word(const char* s, const Element& e, const Bound* b) {
  const Range r = e.value == Value::range ? range_of(std::string_view(s + e.at, e.length)) : Range{0, 86399};
  if (r.lo > r.hi) range_is_empty();
  if (b == nullptr) return;
  if (e.repeated != (b->member.item != 0)) repeated_value_needs_Several();
  if (b->shape != shape_needed(e.value)) member_type_does_not_fit_the_value();
  const size_t width = b->member.item != 0 ? b->member.item : b->member.size;
  if (e.value == Value::range && !fits(r, width, b->is_signed)) range_is_wider_than_the_member();
  if (e.value == Value::time && width < 4) range_is_wider_than_the_member();
  if (e.value == Value::minutes && width < 2) range_is_wider_than_the_member();
}

// bound == nullptr: a row that binds nothing (store); the syntax alone is checked.
constexpr void check(const char* s, const char* help, const Bound* bound, size_t count, size_t first) {
  if (help == nullptr || help[0] == '\0') help_text_is_missing();
  if (std::string_view(help).size() > 60) help_text_is_longer_than_60();
  Layout l;
  lay_out(s, l);
  if (l.wrong != nullptr) syntax_brackets_are_unbalanced();
  if (bound != nullptr && first + l.slots != count) number_of_members_differs_from_the_syntax();
  for (size_t i = 0; i < l.count; ++i) {
    const Element& e = l.elements[i];
    const Bound* b = bound == nullptr || e.slot < 0 ? nullptr : &bound[first + static_cast<size_t>(e.slot)];
    if (e.part == Part::value) check_word(s, e, b);
    if (b == nullptr) continue;
    const bool one_byte = b->shape == Shape::byte_enum || b->shape == Shape::boolean ||
                          (b->shape == Shape::integer && (b->member.item != 0 ? b->member.item : b->member.size) == 1);
    if (e.part == Part::choice && e.repeated != (b->member.item != 0)) repeated_value_needs_Several();
    if ((e.part == Part::choice || (e.part == Part::option && e.bars)) && !one_byte) member_of_a_choice_is_not_one_byte();
    if (((e.part == Part::option && !e.bars) || e.part == Part::amp) && b->shape != Shape::boolean) member_of_an_option_is_not_bool();
  }
}

template <class T> concept HasId = requires(T t) { { t.id } -> std::same_as<uint32_t&>; };
template <class T> constexpr void check_id() {
  static_assert(HasId<T>, "a record of a block or table starts with `uint32_t id = 0`");
  if (offset_of(&T::id) != 0) record_does_not_start_with_id();
}

template <size_t N>
constexpr Row base(Kind kind, const char* s, const char* help, const Bound (&bound)[N], size_t count, size_t first) {
  if (count > Row::kMembers) too_many_members();
  check(s, help, bound, count, first);
  Row r;
  r.kind = kind;
  r.syntax = s;
  r.help = help;
  r.member_count = static_cast<uint8_t>(count);
  for (size_t i = 0; i < count && i < Row::kMembers; ++i) r.members[i] = bound[i].member;
  return r;
}

constexpr Row unbound(Kind kind, const char* s, const char* help) {
  check(s, help, nullptr, 0, 0);
  Row r;
  r.kind = kind;
  r.syntax = s;
  r.help = help;
  return r;
}

template <auto Fn, class A> void with_arguments(Call& call, const void* a) { Fn(call, *static_cast<const A*>(a)); }
template <auto Fn> void without_arguments(Call& call, const void*) { Fn(call); }

}  // namespace row_detail

// ---- Row kinds (rows.md 2) -----------------------------------------------------------------------------------------

template <class T, class... Ms>
consteval Row value(const char* syntax, const char* help, Ms T::*... members) {
  const row_detail::Bound b[] = {row_detail::bound(members)...};
  Row r = row_detail::base(Kind::value, syntax, help, b, sizeof...(Ms), 0);
  r.owner = r.record = &kRecord<T>;
  return r;
}

// First member: the switch (bool, or an enum off / on / inherit).
template <class T, class... Ms>
consteval Row flag(const char* syntax, const char* help, Ms T::*... members) {
  const row_detail::Bound b[] = {row_detail::bound(members)...};
  if (b[0].shape != Shape::boolean && b[0].shape != Shape::byte_enum) row_detail::first_member_of_a_flag_is_not_a_switch();
  Row r = row_detail::base(Kind::flag, syntax, help, b, sizeof...(Ms), 1);
  r.owner = r.record = &kRecord<T>;
  return r;
}

namespace row_detail {
template <class T, class E, class... Ms>
constexpr Row entries(Kind kind, const char* syntax, const char* help, Table<E> T::* table, Ms E::*... members) {
  check_id<E>();
  const Bound b[] = {Bound{}, bound(members)...};
  const Bound* members_only = b + 1;
  if (sizeof...(Ms) > Row::kMembers) too_many_members();
  check(syntax, help, members_only, sizeof...(Ms), 0);
  Row r;
  r.kind = kind;
  r.syntax = syntax;
  r.help = help;
  r.member_count = static_cast<uint8_t>(sizeof...(Ms));
  for (size_t i = 0; i < sizeof...(Ms) && i < Row::kMembers; ++i) r.members[i] = members_only[i].member;
  r.owner = &kRecord<T>;
  r.record = &kRecord<E>;
  r.place = bound(table).member;
  return r;
}
}  // namespace row_detail

// Entries of a table, identified by the words before "->" (without "->": by the whole line); order of definition.
template <class T, class E, class... Ms>
consteval Row list(const char* syntax, const char* help, Table<E> T::* table, Ms E::*... members) {
  return row_detail::entries(Kind::list, syntax, help, table, members...);
}
template <class T, class E, class... Ms>
consteval Row sorted_list(const char* syntax, const char* help, Table<E> T::* table, Ms E::*... members) {
  return row_detail::entries(Kind::sorted_list, syntax, help, table, members...);
}

// One block: a sub-record of the mode's record.
template <class T, class S>
consteval Row block(const char* syntax, const char* help, const Block& block, S T::* singleton) {
  row_detail::check_id<S>();
  Row r = row_detail::unbound(Kind::single, syntax, help);
  r.owner = &kRecord<T>;
  r.record = &kRecord<S>;
  r.place = row_detail::bound(singleton).member;
  r.block = &block;
  return r;
}
// Many blocks: entries of a table, with their key members (and content behind "->").
template <class T, class E, class... Ms> requires(sizeof...(Ms) > 0)
consteval Row block(const char* syntax, const char* help, const Block& block, Table<E> T::* table, Ms E::*... key) {
  Row r = row_detail::entries(Kind::block, syntax, help, table, key...);
  r.block = &block;
  return r;
}

// A command without state. Fn: void(Call&) or void(Call&, const Args&); Args is a plain struct of defaults, at most 1 KB.
template <auto Fn>
consteval Row action(const char* syntax, const char* help) {
  const row_detail::Bound none[1] = {};
  Row r = row_detail::base(Kind::action, syntax, help, none, 0, 0);
  r.action = &row_detail::without_arguments<Fn>;
  return r;
}
template <auto Fn, class A, class... Ms> requires(sizeof...(Ms) > 0)
consteval Row action(const char* syntax, const char* help, Ms A::*... members) {
  static_assert(sizeof(A) <= 1024 && std::is_trivially_copyable_v<A>);
  const row_detail::Bound b[] = {row_detail::bound(members)...};
  Row r = row_detail::base(Kind::action, syntax, help, b, sizeof...(Ms), 0);
  r.record = &kRecord<A>;
  r.action = &row_detail::with_arguments<Fn, A>;
  return r;
}
// A command that is parsed and answered with "not in this image"; wrap it in pending().
consteval Row action(const char* syntax, const char* help) { return row_detail::unbound(Kind::action, syntax, help); }

// Class STORE: text kept by the engine. store: one text; stores: one per key (words before "->", else the whole line);
// store_on: on without being written, `no X` is kept.
consteval Row store(const char* syntax, const char* help) { return row_detail::unbound(Kind::store, syntax, help); }
consteval Row stores(const char* syntax, const char* help) { return row_detail::unbound(Kind::stores, syntax, help); }
consteval Row store_on(const char* syntax, const char* help) { return row_detail::unbound(Kind::store_on, syntax, help); }
consteval Row deprecated(const char* syntax) { return row_detail::unbound(Kind::deprecated, syntax, "Deprecated command"); }

// ---- Attributes ----------------------------------------------------------------------------------------------------

consteval Row with(Row r, Attribute a) { r.attributes = static_cast<uint16_t>(r.attributes | a); return r; }
consteval Row always(Row r) { return with(r, kAlways); }
consteval Row hidden(Row r) { return with(r, kHidden); }
consteval Row if_content(Row r) { return with(r, kIfContent); }
consteval Row ranged(Row r) { return with(r, kRanged); }       // last two members: first and last
consteval Row pending(Row r) { return with(r, kPending); }
consteval Row positive(Row r) { return with(r, kPositive); }
consteval Row at_boot(Row r) { return with(r, kAtBoot); }
consteval Row privilege(uint8_t level, Row r) { r.level = level; return r; }
template <ConfirmFn Fn> consteval Row confirm(Row r) { r.confirm = Fn; return r; }

// ---- Modes, blocks, sections ---------------------------------------------------------------------------------------

struct Mode {
  const char* name;           // "capf-server"
  const char* prompt;         // "(config-capf-server)"
  const char* title;          // "CAPF server": header of `?` is "<title> configuration commands:"
  std::span<const Row> rows;
  bool free_body = false;     // other lines are kept as text
};
enum class Body : uint8_t { rows, free };
inline constexpr Body free_body = Body::free;
consteval Mode mode(const char* name, const char* prompt, const char* title, std::span<const Row> rows, Body body = Body::rows) {
  return Mode{name, prompt, title, rows, body == Body::free};
}
consteval Mode mode(const char* name, const char* prompt, const char* title, Body) {  // only text
  return Mode{name, prompt, title, {}, true};
}

enum class Sorted : uint8_t { defined, by_key };

struct Block {
  const Mode* mode;
  const Record* record;
  Sorted sorted = Sorted::defined;
  // Rules inside one block, checked for each line. Pure. False: `text` holds the sentence ("% ..." is added when missing).
  bool (*verify)(Instance& instance, const void* old_record, const void* candidate, Writer& text) = nullptr;
  // Defaults that depend on the key: called on a record with its key set; the other members hold their initialisers.
  void (*fresh)(void* record) = nullptr;
  // A prompt that depends on the entry; nullptr = that of the mode.
  const char* (*prompt)(const void* record) = nullptr;
};
template <class T> consteval Block single(const Mode& mode) { return Block{&mode, &kRecord<T>}; }
template <class T> consteval Block entries(const Mode& mode, Sorted sorted) { return Block{&mode, &kRecord<T>, sorted}; }

namespace row_detail {
template <class> struct VerifyOf;
template <class T, class I> struct VerifyOf<bool (*)(I&, const T&, const T&, Writer&)> { using Record = T; using Owner = I; };
template <auto Fn> bool verify_thunk(Instance& i, const void* a, const void* b, Writer& text) {
  using V = VerifyOf<decltype(Fn)>;
  return Fn(static_cast<typename V::Owner&>(i), *static_cast<const typename V::Record*>(a), *static_cast<const typename V::Record*>(b), text);
}
template <class> struct FreshOf;
template <class T> struct FreshOf<void (*)(T&)> { using Record = T; };
template <auto Fn> void fresh_thunk(void* r) { Fn(*static_cast<typename FreshOf<decltype(Fn)>::Record*>(r)); }
template <class> struct PromptOf;
template <class T> struct PromptOf<const char* (*)(const T&)> { using Record = T; };
template <auto Fn> const char* prompt_thunk(const void* r) { return Fn(*static_cast<const typename PromptOf<decltype(Fn)>::Record*>(r)); }
}  // namespace row_detail

// verified<&check>(block): bool check(Owner&, const T& old, const T& candidate, Writer& text). The owner may be Instance.
template <auto Fn> consteval Block verified(Block b) { b.verify = &row_detail::verify_thunk<Fn>; return b; }
template <auto Fn> consteval Block fresh(Block b) { b.fresh = &row_detail::fresh_thunk<Fn>; return b; }
template <auto Fn> consteval Block prompted(Block b) { b.prompt = &row_detail::prompt_thunk<Fn>; return b; }

// A group of global rows with its place in the running-config. bang: "!" follows the group if it wrote something.
struct Section {
  Place place;
  std::span<const Row> rows;
  bool bang = true;
};

// Help text of a keyword that is not the last leading keyword of a row. One sorted table per module (by word, ASCII).
struct Gloss {
  const char* word;
  const char* text;         // at most 60 characters
};

}  // namespace parley::cli
