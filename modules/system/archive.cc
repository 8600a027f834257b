// Numbered copies of the running configuration.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/archive.h"

#include <algorithm>

#include "modules/system/config_dialogues.h"
#include "modules/system/system_actions.h"
#include "modules/system/system_messages.h"
#include "platform/base/memory.h"
#include "platform/log/log.h"

namespace parley::system {
namespace {

constexpr std::string_view kNoArchive = "Archive feature not enabled";
constexpr uint32_t kMostNumber = 999999999;

// Numbers of the copies, ascending.
Status find_copies(Store& store, std::string_view prefix, List<uint32_t>& numbers) {
  struct Search {
    std::string_view leaf;
    List<uint32_t>& numbers;
    bool room = true;
  } search{leaf_of(prefix), numbers};
  TRY(store.list(prefix.substr(0, prefix.size() - search.leaf.size()), [](void* context, const FileInfo& f) {
    auto& s = *static_cast<Search*>(context);
    uint64_t n = 0;
    const std::string_view name = f.name;
    if (f.folder || !name.starts_with(s.leaf) || !parse_dec(name.substr(s.leaf.size()), kMostNumber, n)) return true;
    s.room = s.numbers.push(static_cast<uint32_t>(n)).has_value();
    return s.room;
  }, &search));
  if (!search.room) return Fault{Code::full, "no memory for the list of copies", 0};
  std::sort(numbers.begin(), numbers.end());
  return {};
}

bool copy_name(std::string_view prefix, uint32_t number, Path& name) {
  char text[Path::kCapacity];
  FixedWriter w(text);
  w.put(prefix).dec(number);
  return w.ok() && name.set(w.view());
}

uint32_t next_number(const List<uint32_t>& numbers) { return numbers.empty() ? 1 : numbers[numbers.size() - 1] + 1; }

class ArchiveListJob final : public cli::TextJob {
 public:
  ArchiveListJob(Store& store, const ArchivePlace& place) : store_(store), place_(place) {}
  void run() override {
    List<uint32_t> numbers(general_arena());
    if (const Status s = find_copies(store_, place_.prefix, numbers); !s) {
      text.put("%Error opening ").put(place_.prefix).put(" (").put(error_text(s.error().code)).put(")\n");
      return;
    }
    text.put("The maximum archive configurations allowed is ").dec(static_cast<int64_t>(place_.maximum)).put(".\n");
    text.put("There are currently ").dec(static_cast<int64_t>(numbers.size())).put(" archive configurations saved.\n");
    text.put("The next archive file will be named ").put(place_.prefix).dec(next_number(numbers)).put('\n');
    text.put(" Archive #  Name\n");
    for (size_t i = 0; i < std::max(place_.maximum, numbers.size()); ++i) {
      text.put("   ").dec(static_cast<int64_t>(i + 1));
      if (i < numbers.size()) {
        text.pad(i < 9 ? 8 : 7).put(place_.prefix).dec(numbers[i]).put(i + 1 == numbers.size() ? " <- Most Recent" : "");
      }
      text.put('\n');
    }
  }

 private:
  Store& store_;
  ArchivePlace place_;
};

class ArchiveDialogue final : public cli::Dialogue {
 public:
  explicit ArchiveDialogue(System& system) : system_(system) {}
  Poll step(cli::Console& console, const std::string_view*) override {
    if (copy_ == nullptr) copy_ = std::make_unique<ArchiveCopy>(system_, console.task());
    if (copy_->step() != Poll::done) return Poll::pending;
    if (!copy_->result) {
      console.put("%Error opening ").put(copy_->name()).put(" (").put(error_text(copy_->result.error().code)).put(")\n");
    }
    return Poll::done;
  }

 private:
  System& system_;
  std::unique_ptr<ArchiveCopy> copy_;
};

}  // namespace

// "$h" of the path is the host name.
ArchivePlace archive_place(const System& system) {
  const ArchiveSettings& settings = system.settings().archive;
  ArchivePlace place;
  char text[Path::kCapacity];
  FixedWriter w(text);
  std::string_view rest = settings.path;
  if (rest.empty()) return place;
  for (size_t at = rest.find("$h"); at != std::string_view::npos; at = rest.find("$h")) {
    w.put(rest.substr(0, at)).put(system.hostname());
    rest.remove_prefix(at + 2);
  }
  w.put(rest).put('-');
  auto path = w.ok() ? resolve(w.view(), "flash:") : Result<Path>(Fault{Code::invalid, "name is too long", 0});
  if (!path) return place;
  place.prefix = *path;
  place.maximum = settings.maximum;
  return place;
}

Status ArchiveJob::save() {
  List<uint32_t> numbers(general_arena());
  TRY(find_copies(store_, place_.prefix, numbers));
  const uint32_t next = next_number(numbers);
  if (!copy_name(place_.prefix, next, name)) return Fault{Code::invalid, "name is too long", 0};
  TRY(store_.write(name, text_));
  const size_t count = numbers.size() + 1;
  for (size_t i = 0; i < numbers.size() && count - i > place_.maximum; ++i) {
    Path old;
    if (copy_name(place_.prefix, numbers[i], old)) TRY(store_.remove(old));
  }
  return {};
}

Poll ArchiveCopy::step() {
  if (slot_.busy()) {
    auto job = slot_.take();
    if (job == nullptr) return Poll::pending;
    result = job->result;
    name_ = job->name.empty() ? place_.prefix : job->name;
    return Poll::done;
  }
  if (copy_.step() != Poll::done) return Poll::pending;
  name_ = place_.prefix;
  if (!copy_.ok()) {
    result = Fault{Code::full, "no memory for the configuration", 0};
    return Poll::done;
  }
  Env& env = system_.env();
  result = slot_.start(env.jobs, owner_, std::make_unique<ArchiveJob>(env.store, place_, std::move(copy_.text)));
  return result ? Poll::pending : Poll::done;
}

Archive::Archive(System& system) : Task(system.env().scheduler, "Archive"), system_(system), timer_(*this) {}

void Archive::apply() {
  const ArchiveSettings& s = system_.settings().archive;
  const uint32_t period = s.path.empty() ? 0 : s.period_min;
  if (period == period_min_) return;
  period_min_ = period;
  if (period == 0) timer_.stop();
  else timer_.start(Millis(int64_t{period} * 60000));
}

void Archive::saved() {
  if (!system_.settings().archive.write_memory) return;
  wanted_ = true;
  wake();
}

Poll Archive::step() {
  if (timer_.fired()) {
    timer_.start(Millis(int64_t{period_min_} * 60000));
    wanted_ = true;
  }
  if (copy_ == nullptr && wanted_) {
    wanted_ = false;
    if (!archive_place(system_).prefix.empty()) copy_ = std::make_unique<ArchiveCopy>(system_, *this);
  }
  if (copy_ == nullptr || copy_->step() != Poll::done) return Poll::pending;
  if (!copy_->result) system_.env().log(kMsgNotArchived, copy_->name(), error_text(copy_->result.error().code));
  copy_.reset();
  return wanted_ ? Poll::again : Poll::pending;
}

void do_archive_config(cli::Call& call) {
  System& s = call.module<System>();
  if (archive_place(s).prefix.empty()) return call.refuse(kNoArchive);
  call.start(std::make_unique<ArchiveDialogue>(s));
}

void do_show_archive(cli::Call& call) {
  System& s = call.module<System>();
  const ArchivePlace place = archive_place(s);
  if (place.prefix.empty()) return call.refuse(kNoArchive);
  call.start(cli::run_job(s.env().jobs, std::make_unique<ArchiveListJob>(s.env().store, place)));
}

bool check_archive(Instance&, const ArchiveSettings&, const ArchiveSettings& now, Writer& text) {
  if (now.path.empty() || resolve(now.path, "flash:")) return true;
  text.put("% The archive is a place on flash:, nvram: or slot0:");
  return false;
}

}  // namespace parley::system
