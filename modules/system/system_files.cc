// EXEC commands over files: dir, cd, pwd, more, verify, delete, rename, mkdir, rmdir, squeeze.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/file_dialogues.h"
#include "modules/system/system.h"
#include "modules/system/system_actions.h"

namespace parley::system {
namespace {

// Says what is wrong with a name and gives false.
bool path_of(cli::Call& call, std::string_view typed, Path& out) {
  auto p = resolve(typed, call.module<System>().folder());
  if (!p) {
    call.out().put("%Error opening ").put(typed).put(" (").put(error_text(p.error().code)).put(")\n");
    return false;
  }
  out = *p;
  return true;
}

Env& env_of(cli::Call& call) { return call.module<System>().env(); }

void change(cli::Call& call, ChangeJob::What what, std::string_view from, std::string_view to, bool force) {
  Path path, target;
  if (!path_of(call, from, path)) return;
  if (!to.empty() && !path_of(call, to, target)) return;
  Env& env = env_of(call);
  call.start(std::make_unique<ChangeDialogue>(env.jobs, env.store, what, path, target, force));
}

// Deleted files take no room here, so there is nothing to squeeze out; the questions are those of the vendor's box.
class SqueezeDialogue final : public cli::Dialogue {
 public:
  explicit SqueezeDialogue(std::string_view fs) : fs_(fs) {}
  Poll step(cli::Console& console, const std::string_view* answer) override {
    if (asked_ > 0) {
      if (answer == nullptr) return Poll::pending;
      if (!confirmed(*answer)) return Poll::done;
    }
    if (asked_ == 2) {
      console.put("Squeeze of ").put(fs_).put(" complete\n");
      return Poll::done;
    }
    console.confirm(asked_ == 0 ? "All deleted files will be removed. Continue? [confirm]"
                                : "Squeeze operation may take a while. Continue? [confirm]");
    ++asked_;
    return Poll::pending;
  }

 private:
  Text<32> fs_;
  int asked_ = 0;
};

}  // namespace

void do_dir(cli::Call& call, const UrlArgs& a) {
  Path path;
  if (!path_of(call, a.url, path)) return;
  Env& env = env_of(call);
  call.start(cli::run_job(env.jobs, std::make_unique<DirJob>(env.store, path)));
}

void do_show_flash(cli::Call& call) {
  Env& env = env_of(call);
  call.start(cli::run_job(env.jobs, std::make_unique<DirJob>(env.store, Path("flash:"))));
}

void do_more(cli::Call& call, const UrlArgs& a) {
  Path path;
  if (!path_of(call, a.url, path)) return;
  Env& env = env_of(call);
  call.start(cli::run_job(env.jobs, std::make_unique<MoreJob>(env.store, path)));
}

void do_verify(cli::Call& call, const UrlArgs& a) {
  Path path;
  if (!path_of(call, a.url, path)) return;
  Env& env = env_of(call);
  call.start(cli::run_job(env.jobs, std::make_unique<VerifyJob>(env.store, path)));
}

void do_show_file_systems(cli::Call& call) {
  Env& env = env_of(call);
  call.start(cli::run_job(env.jobs, std::make_unique<SpaceJob>(env.store)));
}

void do_pwd(cli::Call& call) { call.out().put(call.module<System>().folder()).put('\n'); }

void do_cd(cli::Call& call, const UrlArgs& a) {
  Path path;
  if (a.url.empty()) {
    call.module<System>().set_folder("flash:");
  } else if (path_of(call, a.url, path)) {
    char text[Path::kCapacity];
    FixedWriter w(text);
    w.put(path);
    if (!path.view().ends_with(':') && !path.view().ends_with('/')) w.put('/');
    if (w.ok()) call.module<System>().set_folder(w.view());
  }
}


void do_delete(cli::Call& call, const UrlArgs& a) { change(call, ChangeJob::What::remove, a.url, "", a.option); }
void do_mkdir(cli::Call& call, const UrlArgs& a) { change(call, ChangeJob::What::make_folder, a.url, "", false); }
void do_rmdir(cli::Call& call, const UrlArgs& a) { change(call, ChangeJob::What::remove_folder, a.url, "", false); }
void do_rename(cli::Call& call, const TwoUrlArgs& a) { change(call, ChangeJob::What::rename, a.from, a.to, false); }

void do_squeeze(cli::Call& call, const UrlArgs& a) {
  Path path;
  if (!path_of(call, a.url, path)) return;
  const std::string_view fs = fs_of(path);
  call.start(std::make_unique<SqueezeDialogue>(fs.substr(0, fs.size() - 1)));
}

}  // namespace parley::system
