// copy from and to tftp: (cli.md 7.8).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/feed.h"
#include "modules/system/copy_parts.h"
#include "modules/system/file_dialogues.h"
#include "modules/system/host_lookup.h"
#include "modules/system/running_copy.h"
#include "modules/system/system.h"
#include "platform/net/tftp_client.h"

namespace parley::system {
namespace {

using tftp::TftpClient;

constexpr size_t kPart = 64 * 1024;
constexpr size_t kLinesPerStep = 500;
constexpr uint64_t kBlocksPerMark = 10;
constexpr uint64_t kLargestFile = uint64_t{1} << 32;
constexpr uint16_t kPort = 69;

// One part of a file that arrives; the upload goes from job to job.
class UploadJob final : public Job {
 public:
  UploadJob(Store& store, Path path, std::unique_ptr<Upload> upload, Blob part, bool last)
      : upload_(std::move(upload)), store_(store), path_(path), part_(std::move(part)), last_(last) {}
  void run() override { result = work(); }
  std::unique_ptr<Upload> take() { return std::move(upload_); }
  bool last() const { return last_; }
  Status result;

 private:
  Status work() {
    if (upload_ == nullptr) {
      TRY_ASSIGN(upload_, store_.create(path_));
    }
    TRY(upload_->append(part_));
    return last_ ? upload_->commit() : Status();
  }
  std::unique_ptr<Upload> upload_;
  Store& store_;
  Path path_;
  Blob part_;
  bool last_;
};

// One part of a file that is sent; the first opens it.
class PartJob final : public Job {
 public:
  PartJob(Store& store, Path path, std::unique_ptr<File> file, uint64_t offset)
      : file_(std::move(file)), store_(store), path_(path), offset_(offset) {}
  void run() override { result = work(); }
  std::unique_ptr<File> take() { return std::move(file_); }
  Status result;
  Blob part;
  uint64_t size = 0;         // of the file

 private:
  Status work() {
    if (file_ == nullptr) {
      TRY_ASSIGN(file_, store_.open(path_));
    }
    size = file_->size();
    TRY(part.resize(kPart));
    size_t have = 0;
    while (have < kPart) {
      TRY_ASSIGN(const size_t n, file_->read_at(offset_ + have, part.mut().subspan(have)));
      if (n == 0) break;
      have += n;
    }
    return part.resize(have);
  }
  std::unique_ptr<File> file_;
  Store& store_;
  Path path_;
  uint64_t offset_;
};

// What both directions share: the questions about the server, the marks, the errors.
class TftpDialogue : public cli::Dialogue {
 public:
  TftpDialogue(System& system, const CopyEnds& ends) : system_(system), ends_(ends) {}

 protected:
  Env& env() { return system_.env(); }
  void ask_host(cli::Console& console) {
    char text[128];
    FixedWriter w(text);
    w.put("Address or name of remote host [").put(ends_.host).put("]? ");
    console.ask(w.view());
  }
  // False: said why not.
  bool take_host(cli::Console& console, std::string_view answer) {
    answer = trim(answer);
    const bool fits = answer.empty() || ends_.host.set(answer);
    const HostLookup* lookup = env().services.find<HostLookup>();
    const bool known = lookup != nullptr ? lookup->resolve(ends_.host, address_) : parse_ipv4(ends_.host, address_);
    if (fits && !ends_.host.empty() && known) return true;
    console.put("?Invalid host address or name\n");
    return false;
  }
  void put_url(Writer& out) { out.put("tftp://").put(ends_.host).put('/').put(ends_.name); }
  void put_error(cli::Console& console, const char* doing, std::string_view text) {
    console.put("%Error ").put(doing).put(' ');
    put_url(console);
    console.put(" (").put(text).put(")\n");
  }
  void failed(cli::Console& console) {
    if (marks_ + dots_ > 0 || loading_) console.put('\n');
    const Fault f = client_->result().error();
    const bool began = client_->blocks() > 0;
    const char* doing = !began ? "opening" : ends_.from_tftp ? "reading" : "writing";
    if (f.code == Code::timeout) put_error(console, doing, "Timed out");
    else if (f.code == Code::full && ends_.from_tftp) put_error(console, doing, "File is too large");
    else if (f.code == Code::io && !client_->peer_text().empty()) put_error(console, doing, client_->peer_text());
    else put_error(console, doing, error_text(f.code));
  }
  // One '!' for ten blocks and for the rest of them, one '.' for each repeated packet.
  void put_marks(cli::Console& console) {
    const bool whole = client_->ended() && client_->result().has_value();
    const uint64_t marks = (client_->blocks() + (whole ? kBlocksPerMark - 1 : 0)) / kBlocksPerMark;
    for (; dots_ < client_->timeouts(); ++dots_) console.put('.');
    for (; marks_ < marks; ++marks_) console.put('!');
  }
  Poll busy(cli::Console& console) {
    console.put("% System is busy, try again later\n");
    return Poll::done;
  }

  System& system_;
  CopyEnds ends_;
  uint32_t address_ = 0;
  Monotonic began_{};
  bool loading_ = false;
  uint64_t marks_ = 0, dots_ = 0;
  std::unique_ptr<TftpClient> client_;
};

// copy tftp: X
class FetchDialogue final : public TftpDialogue {
 public:
  using TftpDialogue::TftpDialogue;
  Poll step(cli::Console& console, const std::string_view* answer) override;

 private:
  enum class At : uint8_t { begin, host, source, name, look, overwrite, transfer, lines };
  Poll next_question(cli::Console& console);
  Poll take_name(cli::Console& console, std::string_view answer);
  Poll start(cli::Console& console);
  Poll transfer(cli::Console& console);
  Poll store(cli::Console& console);
  Poll feed(cli::Console& console);
  void complete(cli::Console& console, uint64_t bytes) { put_copied(console, env().clock, began_, bytes); }

  At at_ = At::begin;
  JobSlot<InfoJob> look_;
  JobSlot<UploadJob> slot_;
  std::unique_ptr<Upload> upload_;
  Blob text_;
  std::unique_ptr<cli::Feed> feed_;
};

Poll FetchDialogue::next_question(cli::Console& console) {
  if (ends_.host.empty()) {
    at_ = At::host;
    ask_host(console);
  } else if (address_ == 0 && !take_host(console, {})) {
    return Poll::done;
  } else if (ends_.name.empty()) {
    at_ = At::source;
    console.ask("Source filename []? ");
  } else {
    at_ = At::name;
    ask_destination(console, ends_, leaf_of(ends_.name));
  }
  return Poll::pending;
}

Poll FetchDialogue::take_name(cli::Console& console, std::string_view answer) {
  if (!take_destination(console, ends_, leaf_of(ends_.name), answer)) return Poll::done;
  if (ends_.to_running || ends_.to.view() == kStartup) return start(console);
  if (!look_.start(env().jobs, console.task(), std::make_unique<InfoJob>(env().store, ends_.to))) return busy(console);
  at_ = At::look;
  return Poll::pending;
}

Poll FetchDialogue::start(cli::Console& console) {
  at_ = At::transfer;
  began_ = env().clock.now();
  console.put("Accessing ");
  put_url(console);
  console.put("...\n");
  TftpClient::Plan plan;
  plan.server = {address_, kPort};
  (void)plan.name.set(ends_.name);
  const bool configuration = ends_.to_running || ends_.to.view() == kStartup;
  plan.limit = configuration ? kMaxConfiguration : kLargestFile;
  plan.part = ends_.to_running ? kMaxConfiguration + 1 : kPart;
  client_ = std::make_unique<TftpClient>(env().scheduler, env().net, console.task(), plan);
  return Poll::pending;
}

Poll FetchDialogue::transfer(cli::Console& console) {
  if (client_->started() && !loading_) {
    loading_ = true;
    console.put("Loading ").put(ends_.name).put(" from ").put(ends_.host);
    Text<32> interface;
    const HostLookup* lookup = env().services.find<HostLookup>();
    if (lookup != nullptr && lookup->way_to(address_, interface)) console.put(" (via ").put(interface).put(')');
    console.put(": ");
  }
  if (loading_) put_marks(console);
  if (client_->ended() && !client_->result()) {
    failed(console);
    return Poll::done;
  }
  if (!ends_.to_running) return store(console);
  if (!client_->ended()) return Poll::pending;
  console.put("\n[OK - ").dec(static_cast<int64_t>(client_->bytes())).put(" bytes]\n\n");
  text_ = client_->take();
  cli::FeedOptions options;
  options.line_name = console.line_name();
  options.user = console.user();
  options.hostname = system_.hostname();
  feed_ = std::make_unique<cli::Feed>(env().cli, console.task(), text_.text(), console, options);
  at_ = At::lines;
  return feed(console);
}

// Parts go to the file while the transfer runs; the last one makes it visible.
Poll FetchDialogue::store(cli::Console& console) {
  if (auto job = slot_.take()) {
    if (!job->result) {
      console.put("\n%Error writing ");
      put_display(console, ends_.to);
      console.put(" (").put(error_text(job->result.error().code)).put(")\n");
      return Poll::done;
    }
    if (job->last()) {
      console.put("\n[OK - ").dec(static_cast<int64_t>(client_->bytes())).put(" bytes]\n\n");
      complete(console, client_->bytes());
      return Poll::done;
    }
    upload_ = job->take();
  }
  if (slot_.busy() || (client_->waiting() < kPart && !client_->ended())) return Poll::pending;
  const bool last = client_->ended();
  auto job = std::make_unique<UploadJob>(env().store, ends_.to, std::move(upload_), client_->take(), last);
  return slot_.start(env().jobs, console.task(), std::move(job)) ? Poll::pending : busy(console);
}

Poll FetchDialogue::feed(cli::Console& console) {
  const Poll p = feed_->run(kLinesPerStep);
  if (p == Poll::again) console.task().wake();
  if (p != Poll::done) return Poll::pending;
  complete(console, text_.size());
  return Poll::done;
}

Poll FetchDialogue::step(cli::Console& console, const std::string_view* answer) {
  if (at_ == At::begin) return next_question(console);
  if (at_ == At::transfer) return transfer(console);
  if (at_ == At::lines) return feed(console);
  if (at_ == At::look) {
    auto job = look_.take();
    if (job == nullptr) return Poll::pending;
    if (!job->exists) return start(console);
    at_ = At::overwrite;
    ask_overwrite(console);
    return Poll::pending;
  }
  if (answer == nullptr) return Poll::pending;
  switch (at_) {
    case At::host: return take_host(console, *answer) ? next_question(console) : Poll::done;
    case At::source:
      if (!ends_.name.set(trim(*answer)) || ends_.name.empty()) {
        console.put("% Invalid file name\n");
        return Poll::done;
      }
      return next_question(console);
    case At::name: return take_name(console, *answer);
    case At::overwrite: return confirmed(*answer) ? start(console) : Poll::done;
    default: return Poll::done;
  }
}

// copy X tftp:
class SendDialogue final : public TftpDialogue {
 public:
  using TftpDialogue::TftpDialogue;
  Poll step(cli::Console& console, const std::string_view* answer) override;

 private:
  enum class At : uint8_t { begin, host, name, settle, open, transfer };
  void ask_name(cli::Console& console);
  Poll take_name(cli::Console& console, std::string_view answer);
  Poll settle(cli::Console& console);
  Poll read(cli::Console& console);
  Poll transfer(cli::Console& console);
  bool take_part(cli::Console& console, PartJob& job);

  At at_ = At::begin;
  std::unique_ptr<RunningCopy> running_;
  JobSlot<PartJob> slot_;
  std::unique_ptr<File> file_;
  uint64_t read_ = 0;
};

void SendDialogue::ask_name(cli::Console& console) {
  at_ = At::name;
  char text[256];
  FixedWriter w(text);
  w.put("Destination filename [");
  if (ends_.name.empty()) {   // the vendor's proposal is the host's name in small letters
    char proposal[128];
    FixedWriter p(proposal);
    if (ends_.from_running || ends_.from.view() == kStartup) {
      for (const char c : system_.hostname()) p.put(ascii_lower(c));
      p.put("-confg");
    } else {
      p.put(leaf_of(ends_.from));
    }
    (void)ends_.name.set(p.view());
  }
  w.put(ends_.name).put("]? ");
  console.ask(w.view());
}

Poll SendDialogue::take_name(cli::Console& console, std::string_view answer) {
  answer = trim(answer);
  if (!answer.empty() && !ends_.name.set(answer)) {
    console.put("% Invalid file name\n");
    return Poll::done;
  }
  began_ = env().clock.now();
  if (ends_.from_running) running_ = std::make_unique<RunningCopy>(system_, console.task());
  at_ = ends_.from_running ? At::settle : At::open;
  return ends_.from_running ? settle(console) : read(console);
}

// The running configuration; a secret that is not hashed yet is never sent.
Poll SendDialogue::settle(cli::Console& console) {
  if (running_->step() != Poll::done) return Poll::pending;
  if (!running_->ok()) {
    console.put("% The configuration is too large\n");
    return Poll::done;
  }
  at_ = At::transfer;
  client_ = TftpClient::put(env().scheduler, env().net, console.task(), {address_, kPort}, ends_.name, std::move(running_->text));
  running_.reset();
  return Poll::pending;
}

Poll SendDialogue::read(cli::Console& console) {
  auto job = std::make_unique<PartJob>(env().store, ends_.from, std::move(file_), read_);
  return slot_.start(env().jobs, console.task(), std::move(job)) ? Poll::pending : busy(console);
}

bool SendDialogue::take_part(cli::Console& console, PartJob& job) {
  if (!job.result) {
    console.put("%Error opening ");
    put_display(console, ends_.from);
    console.put(" (").put(error_text(job.result.error().code)).put(")\n");
    return false;
  }
  file_ = job.take();
  read_ += job.part.size();
  const bool last = job.part.size() < kPart;
  if (at_ == At::open) {
    TftpClient::Plan plan;
    plan.server = {address_, kPort};
    (void)plan.name.set(ends_.name);
    plan.write = plan.has_size = true;
    plan.size = job.size;
    client_ = std::make_unique<TftpClient>(env().scheduler, env().net, console.task(), plan);
    at_ = At::transfer;
  }
  client_->supply(std::move(job.part), last);
  return true;
}

Poll SendDialogue::transfer(cli::Console& console) {
  if (auto job = slot_.take()) {
    if (!take_part(console, *job)) return Poll::done;
  }
  if (client_ == nullptr) return Poll::pending;
  put_marks(console);
  if (client_->ended()) {
    if (!client_->result()) {
      failed(console);
      return Poll::done;
    }
    console.put('\n');
    put_copied(console, env().clock, began_, client_->bytes());
    return Poll::done;
  }
  if (client_->hungry() && !slot_.busy()) return read(console);
  return Poll::pending;
}

Poll SendDialogue::step(cli::Console& console, const std::string_view* answer) {
  switch (at_) {
    case At::begin:
      at_ = At::host;
      ask_host(console);
      return Poll::pending;
    case At::host:
      if (answer == nullptr) return Poll::pending;
      if (!take_host(console, *answer)) return Poll::done;
      ask_name(console);
      return Poll::pending;
    case At::name: return answer == nullptr ? Poll::pending : take_name(console, *answer);
    case At::settle: return settle(console);
    case At::open:
    case At::transfer: return transfer(console);
  }
  return Poll::done;
}

}  // namespace

std::unique_ptr<cli::Dialogue> fetch_file(System& system, const CopyEnds& ends) { return std::make_unique<FetchDialogue>(system, ends); }
std::unique_ptr<cli::Dialogue> send_file(System& system, const CopyEnds& ends) { return std::make_unique<SendDialogue>(system, ends); }

}  // namespace parley::system
