// What sessions ask of the router.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/session_host.h"

#include "cli/job_dialogue.h"
#include "modules/system/config_dialogues.h"
#include "modules/system/system.h"
#include "modules/system/system_messages.h"
#include "platform/log/log.h"

namespace parley::system {
namespace {

constexpr size_t kMaxSaved = size_t{4} << 20;   // a file that `| append` grows

// Writes command output to a file, behind what it holds when asked to.
class OutputJob final : public cli::TextJob {
 public:
  OutputJob(Store& store, Path path, Blob output, bool append)
      : store_(store), path_(path), output_(std::move(output)), append_(append) {}
  void run() override {
    Status s;
    if (append_) {
      auto old = store_.read(path_, kMaxSaved);
      if (old) {
        s = old->append(output_);
        output_ = std::move(*old);
      } else if (old.error().code != Code::missing) {
        s = old.error();
      }
    }
    if (s) s = store_.write(path_, output_);
    if (s) return;
    text.put("%Error opening ");
    put_display(text, path_);
    text.put(" (").put(error_text(s.error().code)).put(")\n");
  }

 private:
  Store& store_;
  Path path_;
  Blob output_;
  bool append_;
};

}  // namespace

std::string_view SessionServices::hostname() const { return system_.hostname(); }
bool SessionServices::domain_lookup() const { return system_.domain_lookup(); }

std::string_view SessionServices::alias(std::string_view word) const {
  for (const Alias& a : system_.settings().aliases)
    if (equal_nocase(a.name, word)) return a.line;
  return {};
}

void SessionServices::banner(cli::Banner which, Writer& out) {
  const SystemConfig& c = system_.settings();
  const cli::Kept& text = which == cli::Banner::motd ? c.banner_motd
                          : which == cli::Banner::login ? c.banner_login
                          : which == cli::Banner::exec ? c.banner_exec : c.banner_incoming;
  if (text.size == 0) return;
  const std::string_view lines = as_text(text.view());
  out.put(lines);
  if (!lines.ends_with('\n')) out.put('\n');
}

void SessionServices::configured(const cli::Console& by) {
  const std::string_view line = by.line_name();
  if (by.user().empty()) {
    system_.env().log(kMsgConfigured, line == "con0" ? std::string_view("console") : line);
    return;
  }
  char text[160];
  FixedWriter w(text);
  w.put(by.user()).put(" on ").put(line == "con0" ? std::string_view("console") : line);
  system_.env().log(kMsgConfigured, w.view());
}

std::unique_ptr<cli::Dialogue> SessionServices::save_output(std::string_view url, bool append, Blob text) {
  auto path = resolve(url, system_.folder());
  if (!path) return nullptr;
  Env& env = system_.env();
  return cli::run_job(env.jobs, std::make_unique<OutputJob>(env.store, *path, std::move(text), append));
}

}  // namespace parley::system
