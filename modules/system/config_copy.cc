// copy SRC DST: between the running configuration and files, and between files.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/feed.h"
#include "modules/system/config_dialogues.h"
#include "modules/system/copy_parts.h"
#include "modules/system/file_dialogues.h"
#include "modules/system/running_copy.h"
#include "modules/system/system.h"

namespace parley::system {
namespace {

constexpr size_t kChunk = 64 * 1024;
constexpr size_t kLinesPerStep = 500;

// Copies one file to another name; nothing of the new file is visible before all of it is there.
class CopyJob final : public Job {
 public:
  CopyJob(Store& store, Path from, Path to) : store_(store), from_(from), to_(to) {}
  void run() override { result = copy(); }
  Status result;
  uint64_t bytes = 0;
  bool source_failed = false;

 private:
  Status copy() {
    auto in = store_.open(from_);
    if (!in) {
      source_failed = true;
      return in.error();
    }
    TRY_ASSIGN(std::unique_ptr<Upload> out, store_.create(to_));
    Blob chunk;
    TRY(chunk.resize(kChunk));
    for (;;) {
      TRY_ASSIGN(const size_t n, (*in)->read_at(bytes, chunk.mut()));
      if (n == 0) break;
      TRY(out->append(chunk.view().first(n)));
      bytes += n;
    }
    return out->commit();
  }
  Store& store_;
  Path from_;
  Path to_;
};

class CopyDialogue final : public cli::Dialogue {
 public:
  CopyDialogue(System& system, const CopyEnds& ends) : system_(system), ends_(ends) {}
  Poll step(cli::Console& console, const std::string_view* answer) override;

 private:
  enum class At : uint8_t { ask, name, look, overwrite, work };
  Env& env() { return system_.env(); }
  Poll look(cli::Console& console);
  Poll start(cli::Console& console);
  Poll save(cli::Console& console);
  Poll finish(cli::Console& console);
  Poll busy(cli::Console& console) {
    console.put("% System is busy, try again later\n");
    return Poll::done;
  }
  void error(cli::Console& console, std::string_view path, Code code) {
    console.put("%Error opening ").put(path).put(" (").put(error_text(code)).put(")\n");
  }
  void copied(cli::Console& console, uint64_t bytes) { put_copied(console, env().clock, began_, bytes); }

  System& system_;
  CopyEnds ends_;
  At at_ = At::ask;
  Monotonic began_{};
  JobSlot<InfoJob> look_;
  std::unique_ptr<RunningCopy> running_;
  JobSlot<SaveJob> save_;
  JobSlot<LoadJob> load_;
  JobSlot<CopyJob> copy_;
  Blob source_;
  std::unique_ptr<cli::Feed> feed_;
};

Poll CopyDialogue::look(cli::Console& console) {
  if (ends_.to_running || ends_.to.view() == kStartup) return start(console);
  if (!look_.start(env().jobs, console.task(), std::make_unique<InfoJob>(env().store, ends_.to))) return busy(console);
  at_ = At::look;
  return Poll::pending;
}

Poll CopyDialogue::start(cli::Console& console) {
  at_ = At::work;
  began_ = env().clock.now();
  Task& task = console.task();
  if (ends_.from_running) {
    console.put("Building configuration...\n");
    running_ = std::make_unique<RunningCopy>(system_, task);
    return save(console);
  }
  if (ends_.to_running) {
    auto job = std::make_unique<LoadJob>(env().store, ends_.from);
    return load_.start(env().jobs, task, std::move(job)) ? Poll::pending : busy(console);
  }
  auto job = std::make_unique<CopyJob>(env().store, ends_.from, ends_.to);
  return copy_.start(env().jobs, task, std::move(job)) ? Poll::pending : busy(console);
}

Poll CopyDialogue::save(cli::Console& console) {
  if (running_->step() != Poll::done) return Poll::pending;
  if (!running_->ok()) {
    console.put("% The configuration is too large\n");
    return Poll::done;
  }
  auto job = std::make_unique<SaveJob>(env().store, ends_.to, std::move(running_->text));
  running_.reset();
  return save_.start(env().jobs, console.task(), std::move(job)) ? Poll::pending : busy(console);
}

Poll CopyDialogue::finish(cli::Console& console) {
  if (running_ != nullptr) return save(console);
  if (auto job = save_.take()) {
    if (!job->result) {
      error(console, ends_.to, job->result.error().code);
    } else if (ends_.to.view() == kStartup) {
      console.put("[OK]\n");
      system_.saved();
    } else {
      copied(console, job->size());
    }
    return Poll::done;
  }
  if (auto job = load_.take()) {
    if (!job->result) {
      error(console, ends_.from, job->result.error().code);
      return Poll::done;
    }
    source_ = std::move(job->content);
    cli::FeedOptions options;
    options.line_name = console.line_name();
    options.user = console.user();
    options.hostname = system_.hostname();
    feed_ = std::make_unique<cli::Feed>(env().cli, console.task(), source_.text(), console, options);
  }
  if (feed_ != nullptr) {
    const Poll p = feed_->run(kLinesPerStep);
    if (p == Poll::again) console.task().wake();
    if (p != Poll::done) return Poll::pending;
    copied(console, source_.size());
    return Poll::done;
  }
  if (auto job = copy_.take()) {
    if (job->result) copied(console, job->bytes);
    else error(console, job->source_failed ? ends_.from.view() : ends_.to.view(), job->result.error().code);
    return Poll::done;
  }
  return Poll::pending;
}

Poll CopyDialogue::step(cli::Console& console, const std::string_view* answer) {
  switch (at_) {
    case At::ask:
      ask_destination(console, ends_, ends_.from_running ? std::string_view("running-config") : leaf_of(ends_.from));
      at_ = At::name;
      return Poll::pending;
    case At::name:
      if (answer == nullptr) return Poll::pending;
      if (!take_destination(console, ends_, ends_.from_running ? std::string_view("running-config") : leaf_of(ends_.from), *answer)) {
        return Poll::done;
      }
      return look(console);
    case At::look: {
      auto job = look_.take();
      if (job == nullptr) return Poll::pending;
      if (!job->exists) return start(console);
      ask_overwrite(console);
      at_ = At::overwrite;
      return Poll::pending;
    }
    case At::overwrite:
      if (answer == nullptr) return Poll::pending;
      return confirmed(*answer) ? start(console) : Poll::done;
    case At::work:
      return finish(console);
  }
  return Poll::done;
}

}  // namespace

std::unique_ptr<cli::Dialogue> copy_files(System& system, const CopyEnds& ends) {
  if (ends.from_tftp) return fetch_file(system, ends);
  if (ends.to_tftp) return send_file(system, ends);
  return std::make_unique<CopyDialogue>(system, ends);
}

}  // namespace parley::system
