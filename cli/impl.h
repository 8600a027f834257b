// Inside cli/: the parts of the engine (README.md: how one line travels).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/engine.h"
#include "cli/matcher.h"
#include "cli/row.h"
#include "cli/texts.h"
#include "modules/module.h"

namespace parley::cli {

constexpr size_t kConfigBytes = size_t{32} << 20;   // limit of the arena "configuration"
constexpr size_t kRecordMost = 8192;                // biggest record (checked when compiling)
constexpr size_t kLineMost = 4096;                  // longest line

struct Attached {
  const Module* module = nullptr;
  Instance* instance = nullptr;
  void* config = nullptr;
  bool again = false;       // configure() was called from inside apply()
  bool changed = false;     // bound while loading
};

// ---- Records (records.cc): what a row finds in memory
inline uint8_t* at(void* record, const Member& m) { return static_cast<uint8_t*>(record) + m.offset; }
inline const uint8_t* at(const void* record, const Member& m) { return static_cast<const uint8_t*>(record) + m.offset; }
inline uint32_t& id_of(void* record) { return *static_cast<uint32_t*>(record); }
inline uint32_t id_of(const void* record) { return *static_cast<const uint32_t*>(record); }

// A row with its syntax taken apart.
struct Plan {
  const Row& row;
  Layout layout;
  explicit Plan(const Row& r) : row(r) { lay_out(r.syntax, layout); }
  size_t first() const { return row.kind == Kind::flag ? 1 : 0; }
  const Member& member(const Element& e) const { return row.members[first() + static_cast<size_t>(e.slot)]; }
  std::string_view spec(const Element& e) const { return std::string_view(row.syntax + e.at, e.length); }
  bool is_key(const Element& e) const { return layout.arrow < 0 || e.at < layout.arrow; }
  bool same(const Element& e, const void* a, const void* b) const;        // slot content
  bool blank(const Element& e, const void* record) const;                 // an empty text, address...: cannot be written
  int compare_keys(const void* a, const void* b) const;
  bool has_kept() const;
};

// Memory that records of modules point to. The engine lives longer than the modules: it cannot look into their records at the
// end, so it knows its blocks itself.
class Blocks {
 public:
  explicit Blocks(Arena& arena) : arena_(arena) {}
  ~Blocks();
  Blocks(const Blocks&) = delete;
  Blocks& operator=(const Blocks&) = delete;
  void* allocate(size_t size);
  void release(void* p, size_t size);

 private:
  struct alignas(std::max_align_t) Head { Head* before; Head* after; size_t size; };
  Arena& arena_;
  Head* first_ = nullptr;
};

struct Tables {
  explicit Tables(Blocks& blocks) : blocks_(blocks) {}
  void* insert(TableBase& t, size_t size, size_t index);   // zero-filled entry; nullptr: no memory
  void remove(TableBase& t, size_t size, size_t index);
  void release(TableBase& t, size_t size);                 // the array

 private:
  Blocks& blocks_;
};
inline uint8_t* entry(const TableBase& t, size_t size, size_t i) { return static_cast<uint8_t*>(t.items) + size * i; }
struct Found { bool exists; size_t index; };              // index: where it is, or belongs
Found find_entry(const TableBase& t, const Plan& plan, const void* key, bool sorted);
bool find_id(const TableBase& t, size_t size, uint32_t id, size_t& index);

// ---- Binding (bind.cc): words into a record
struct Binder {
  const Plan& plan;
  const Words& words;
  const Match& match;
  PasswordRules* passwords = nullptr;
  bool loading = false;
  const Kept* kept = nullptr;

  enum class Which : uint8_t { all, key, content };
  // Verdict ok, refused (text written), invalid (offset set).
  Verdict bind(void* record, Which which, Writer& refusal, uint16_t& offset) const;
  void empty_lists(void* record, Which which) const;
  bool has_content() const;        // words behind "->"
  // Normalised text of the line; key_size: length of the part before "->" (all of it when there is none).
  void text(Writer& out, size_t& key_size) const;
};
void reset(const Row& row, void* record, const void* defaults);

bool in_hidden_group(const char* syntax, size_t at);     // inside [~ ]

// Defaults of a record: the initialisers, or what `fresh` of its block makes of its key (in `buffer`, kRecordMost bytes).
const void* defaults_for(const Row* block_row, const Record& record_type, const void* record, void* buffer);

// Ranged blocks (ranges.cc)
void set_range_for_print(const Row& row, void* record, const void* last, const void* defaults);
bool ranges_touch(const Row& row, const void* a, const void* b);

// ---- Writing (config_text.cc)
// The words of a row from a record, without indentation. False: nothing can be written (an empty value).
bool write_row(Writer& out, const Plan& plan, const void* record, const void* defaults, bool conceal = false);

// Undo log of one line.
class Transaction {
 public:
  Transaction(Engine::Impl& engine);
  ~Transaction();                  // undoes unless committed
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  Status save(void* at, size_t size);
  Status inserted(TableBase& t, size_t size, size_t index);
  // Takes the entry out; its memory is given back at commit.
  Status remove(TableBase& t, const Row& row, size_t index);
  // A single block is emptied: saved, what is below is released at commit.
  Status clear(void* record, const Row& row);
  Status new_kept(const Kept& k);
  Status old_kept(const Kept& k);
  void commit();

 private:
  enum class Op : uint8_t { save, inserted, removed, cleared, new_kept, old_kept };
  struct Step {
    Op op;
    void* where = nullptr;
    const Row* row = nullptr;
    size_t size = 0;
    size_t index = 0;
    size_t saved = 0;              // offset in bytes_
    Kept kept = {};
  };
  Status keep(Step step, const void* bytes, size_t size);
  void undo(const Step& step);
  Engine::Impl& engine_;
  List<Step> steps_;
  Blob bytes_;
  bool committed_ = false;
};

struct Collector {
  explicit Collector(Arena& arena) : line(arena), data(arena) {}
  bool used = false;
  bool banner = false;
  bool bad = false;                // dots, odd digits
  bool half = false;
  uint8_t nibble = 0;
  char delimiter[3] = {};
  Text<96> serial;
  Position at;
  RunOptions options;
  Blob line;                       // the command
  Blob data;
};

struct ModeRows {
  const Mode* mode;
  RowSet rows;
};

struct SectionRef {
  const Section* section;
  uint16_t module;
};

// Where configuration text is written to.
struct Page {
  Writer& out;
  PrintScope scope;
  size_t lines = 0;
  bool bang = false;               // the last line was "!"
  size_t until = SIZE_MAX;         // rendering in pieces stops behind this line
  void line(size_t indent, std::string_view text);
  void mark();                     // "!", not twice
};

// What run() hands from stage to stage.
struct LineRun {
  Position& at;
  Console& console;
  const RunOptions& options;
  Outcome& out;
  const Words& words;
  size_t first = 0;                // first word behind no / default
  Sense sense = Sense::plain;
  const Kept* kept = nullptr;      // what a collector gathered
  bool kept_taken = false;
};

// What a configuration consists of besides the records of the modules; changed for another one as a whole (swap.cc).
struct Content {
  Arena arena{"configuration", kConfigBytes};
  TextPool texts{arena};
  Blocks blocks{arena};
  Tables tables{blocks};
};

struct Engine::Impl {
  Impl();

  Arena arena{"commands", kConfigBytes};
  std::unique_ptr<Content> content = std::make_unique<Content>();
  TextPool& texts() { return content->texts; }
  Blocks& blocks() { return content->blocks; }
  Tables& tables() { return content->tables; }
  Engine* self = nullptr;
  List<Attached> modules;
  List<SectionRef> sections;       // in written order
  List<ModeRows> modes;
  RowSet config_rows, exec_rows;
  bool full = false;               // add() met a limit
  Matcher matcher;
  PlainPasswords plain_passwords;
  PasswordRules* passwords = &plain_passwords;
  const bool* store_unknown = nullptr;
  void (*stored)(void*, std::string_view) = nullptr;
  void* stored_context = nullptr;
  uint32_t last_id = 0;
  uint64_t changes = 0;
  bool applying = false;
  bool scratch = false;                       // a dry run: actions and apply do nothing
  const SessionControl* locked_by = nullptr;  // configure exclusive
  Text<160> lock_text;
  List<std::unique_ptr<Instance>> owned{arena}; // of a scratch engine
  TextPool::Id body_last = TextPool::kNone;   // free body: where the last line went
  uint32_t body_owner = 0;
  mutable size_t hint_ = 0;                   // index where the last entry was found
  Collector collectors[8];
  alignas(16) uint8_t before_line[kRecordMost];   // the record as it was, for verify
  Text<96> prompt;
  Text<80> completion;

  // registration (register.cc)
  Status attach(const Module& module, Instance& instance);
  Status add_mode(const Mode& mode, uint16_t module);
  void check_rows(const Attached& a, std::span<const Row> rows, const Record* record, Writer* out, uint32_t& mistakes) const;
  const RowSet* rows_of(const Mode& mode) const;
  const RowSet& rows_at(const Position& at, size_t level) const;

  // positions (blocks.cc)
  void* record_at(const Position& at, size_t level, uint16_t module) const;   // nullptr: gone
  bool targets(const Position& at, size_t level, uint16_t module, TableBase*& table, size_t& from, size_t& to) const;
  void trim(Position& at) const;                 // drops levels whose block is gone
  Verdict enter_block(LineRun& run, const Match& m, size_t level, Position& to);
  Verdict enter_entry(LineRun& run, const Match& m, TableBase& table, Transaction& tx, void*& record, bool& created, Position::Level& l);
  Verdict enter_ranged(LineRun& run, const Plan& plan, const Match& m, TableBase& table, void* key, size_t& from, size_t& to);
  Verdict cut_range(LineRun& run, const Plan& plan, const Match& m, TableBase& table, void* key, bool fill, size_t& from, size_t& to,
                    bool& none);
  Verdict no_room(LineRun& run) const;
  Verdict remove_block(LineRun& run, const Match& m, size_t level, Transaction& tx);
  void init_entry(const Row& row, void* record, const void* key);
  Status split(const Plan& plan, TableBase& table, size_t index, int64_t from);
  Status copy_below(const Row& row, const void* from, void* to);
  void release_below(const Row& row, void* record);       // tables, kept bytes and texts of a removed block or entry
  void release_kept(const Row& row, void* record);
  void free_kept(const Kept& k);

  // one line (engine.cc, commit.cc)
  Outcome run(Position& at, std::string_view line, Console& console, const RunOptions& options);
  void run_exec(LineRun& run);
  void run_config(LineRun& run);
  void match_level(LineRun& run, size_t level, Match& m);
  bool own_command(const LineRun& run, size_t level) const;
  bool first_word_exact(const LineRun& run, const Match& m) const;
  size_t exact_parent(LineRun& run, size_t level, Match& m);
  bool match_own_no(const RowSet& rows, const Words& words, Match& m);
  bool builtin(LineRun& run, const Match& m);
  Verdict execute(LineRun& run, const Match& m, size_t level);
  Verdict change(LineRun& run, const Match& m, size_t level, Transaction& tx);
  Verdict change_items(LineRun& run, const Plan& plan, const Binder& b, void* record);
  Verdict change_member(LineRun& run, const Plan& plan, const Binder& b, void* record, Transaction& tx, const void* defaults);
  Verdict change_entry(LineRun& run, const Plan& plan, const Binder& b, void* record, Transaction& tx);
  Verdict change_text(LineRun& run, const Match& m, size_t level);
  Verdict act(LineRun& run, const Match& m, size_t level);
  bool ask_first(LineRun& run, const Match& m, size_t level, Verdict& verdict);
  Verdict checked(LineRun& run, const Block* block, uint16_t module, const void* old_record, const void* now);
  Verdict checked_module(LineRun& run, uint16_t module);
  void applied(uint16_t module, const RunOptions& options);
  bool keep_body(LineRun& run);
  bool keep_unknown(LineRun& run);
  void notice(LineRun& run, const Row& row);
  void exchange(Impl& other);                    // everything but changes
  bool locked_out(Console& console) const;      // another session holds `configure exclusive`

  // collectors (collect.cc)
  bool needs_collector(const LineRun& run, const Match& m) const;
  Verdict open_collector(LineRun& run, const Match& m, size_t level);
  Verdict take_banner(LineRun& run, const Match& m, size_t level, std::string_view rest);
  Outcome collect(Position& at, std::string_view line, Console& console);
  Outcome finish_collector(Position& at, Console& console);
  Outcome bad_certificate(Position& at, Verdict verdict);
  void close_collector(Position& at);

  // help (help.cc)
  struct ItemList {
    static constexpr size_t kMax = 400;
    HelpItem items[kMax];
    bool leading[kMax] = {};
    size_t count = 0;
  };
  bool add_next(ItemList& items, std::string_view start, bool typing, bool own_no);
  Matched look(const Position& at, std::string_view line, const RunOptions& options, Words& words, ItemList& items, bool& can_end);
  void add_item(ItemList& items, const HelpItem& item, bool leading) const;
  const char* text_of_word(const Next& n, std::string_view word) const;

  // writing (config_text.cc)
  void write_rows(Page& page, std::span<const Row> rows, uint16_t module, const void* record, const void* defaults, uint32_t owner,
                  size_t indent);
  void write_body(Page& page, const Row& block_row, uint16_t module, const void* record, size_t indent);
  void write_block(Page& page, const Row& row, uint16_t module, const void* record, size_t indent);
  // From entry `first`; the index behind the last one written (page.until).
  size_t write_entries(Page& page, const Row& row, uint16_t module, const TableBase& table, size_t indent, size_t first = 0);
  void write_line(Page& page, const Plan& plan, const void* record, const void* defaults, size_t indent);
  TextPool::Id write_texts(Page& page, TextPool::Id from, size_t indent);
  void write_texts(Page& page, const Row& row, uint32_t owner, size_t indent);
  void write_free(Page& page, const void* slot, uint32_t owner, size_t indent);
  TextPool::Id write_stored(Page& page, TextPool::Id from);
  bool print_row(Page& page, const Row& row, uint16_t module, PrintCursor& at);
};

extern const Mode kStoreMode;
extern const Row kConfigBuiltins[];
extern const size_t kConfigBuiltinCount;
extern const Row kExecBuiltins[];
extern const size_t kExecBuiltinCount;
enum class Builtin : uint8_t { none, exit, end, quit, run_exec, configure, logout };
Builtin builtin_of(const Row& row);

constexpr uint16_t kNoModule = 0xffff;

}  // namespace parley::cli
