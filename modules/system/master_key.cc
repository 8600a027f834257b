// The master key of type 6 passwords.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/master_key.h"

#include "cli/engine.h"
#include "modules/system/passwords.h"
#include "modules/system/system.h"
#include "modules/system/system_actions.h"
#include "platform/sched/job.h"

namespace parley::system {
namespace {

constexpr std::string_view kFile = "nvram:master-key";
constexpr std::string_view kPurpose = "config-key";
constexpr size_t kMinKey = 8;
constexpr size_t kMaxSealed = 256;

// Derives the key and keeps it; with `old`, only compares (the operator has to know the key that is replaced).
class KeyJob final : public Job {
 public:
  enum class What : uint8_t { store, compare, remove };
  KeyJob(System& s, What what, std::string_view master) : env_(s.env()), what_(what) { (void)master_.set(master); }
  ~KeyJob() override { wipe(&master_, sizeof master_); }
  void run() override {
    if (what_ == What::remove) {
      result = env_.store.remove(kFile);
      if (!result && result.error().code == Code::missing) result = {};
      return;
    }
    result = type6_key(master_, key);
    if (!result || what_ == What::compare) return;
    auto sealed = env_.keys.seal(kPurpose, Bytes(key.data, sizeof key.data));
    result = sealed ? env_.store.write(kFile, *sealed) : Status(sealed.error());
  }
  Status result;
  Type6Key key;

 private:
  Env& env_;
  What what_;
  Text<127> master_;
};

class SetKey final : public cli::Dialogue {
 public:
  SetKey(System& system, std::string_view key) : system_(system) { (void)new_.set(key); }
  ~SetKey() override { wipe(&new_, sizeof new_); }

  Poll step(cli::Console& console, const std::string_view* answer) override {
    switch (at_) {
      case At::begin:
        if (system_.passwords().has_key() && new_.empty()) return ask(console, At::old_key, "Old key: ");
        return new_.empty() ? ask(console, At::new_key, "New key: ") : derive(console);
      case At::old_key:
        if (answer == nullptr) return Poll::pending;
        return start(console, KeyJob::What::compare, *answer, At::comparing);
      case At::comparing: {
        auto job = slot_.take();
        if (job == nullptr) return Poll::pending;
        if (!job->result || !system_.passwords().is_key(job->key)) {
          console.put("Incorrect Key\n");
          return Poll::done;
        }
        return ask(console, At::new_key, "New key: ");
      }
      case At::new_key:
        if (answer == nullptr) return Poll::pending;
        (void)new_.set(*answer);
        return ask(console, At::confirm, "Confirm key: ");
      case At::confirm:
        if (answer == nullptr) return Poll::pending;
        if (new_.view() != *answer) {
          console.put("% Keys do not match\n");
          return Poll::done;
        }
        return derive(console);
      case At::deriving: return finish(console);
    }
    return Poll::done;
  }

 private:
  enum class At : uint8_t { begin, old_key, comparing, new_key, confirm, deriving };
  Poll ask(cli::Console& console, At next, std::string_view prompt) {
    at_ = next;
    console.ask(prompt, cli::Echo::off);
    return Poll::pending;
  }
  Poll start(cli::Console& console, KeyJob::What what, std::string_view key, At next) {
    at_ = next;
    if (slot_.start(system_.env().jobs, console.task(), std::make_unique<KeyJob>(system_, what, key))) return Poll::pending;
    console.put("% System is busy, try again later\n");
    return Poll::done;
  }
  Poll derive(cli::Console& console) {
    if (new_.size() < kMinKey) {
      console.put("% Invalid password: Minimum 8 characters\n");
      return Poll::done;
    }
    return start(console, KeyJob::What::store, new_, At::deriving);
  }
  Poll finish(cli::Console& console) {
    auto job = slot_.take();
    if (job == nullptr) return Poll::pending;
    if (!job->result) console.put("% The key could not be stored\n");
    else system_.use_master_key(job->key);
    return Poll::done;
  }

  System& system_;
  Text<127> new_;
  At at_ = At::begin;
  JobSlot<KeyJob> slot_;
};

class DeleteKey final : public cli::Dialogue {
 public:
  explicit DeleteKey(System& system) : system_(system) {}
  Poll step(cli::Console& console, const std::string_view* answer) override {
    if (!asked_) {
      console.put("WARNING: All type 6 encrypted keys will become unusable\n");
      return ask(console);
    }
    if (!slot_.busy()) {
      if (answer == nullptr) return Poll::pending;
      const std::string_view a = trim(*answer);
      if (!a.empty() && starts_nocase("no", a)) return Poll::done;
      if (a.empty() || !starts_nocase("yes", a)) {
        console.put("% Please answer 'yes' or 'no'.\n");
        return ask(console);
      }
      if (slot_.start(system_.env().jobs, console.task(),
                      std::make_unique<KeyJob>(system_, KeyJob::What::remove, std::string_view()))) {
        return Poll::pending;
      }
      console.put("% System is busy, try again later\n");
      return Poll::done;
    }
    auto job = slot_.take();
    if (job == nullptr) return Poll::pending;
    if (job->result) system_.passwords().forget_key();
    else console.put("% The key could not be removed\n");
    return Poll::done;
  }

 private:
  Poll ask(cli::Console& console) {
    asked_ = true;
    console.ask("Continue with master key deletion ? [yes/no]: ");
    return Poll::pending;
  }
  System& system_;
  bool asked_ = false;
  JobSlot<KeyJob> slot_;
};

}  // namespace

Status load_master_key(Store& store, Keys& keys, Passwords& passwords) {
  TRY_ASSIGN(const Blob sealed, store.read(kFile, kMaxSealed));
  TRY_ASSIGN(Blob plain, keys.open_sealed(kPurpose, sealed));
  plain.mark_secret();
  Type6Key key;
  if (plain.size() != sizeof key.data) return Fault{Code::untrusted, "master key is damaged", 0};
  memcpy(key.data, plain.data(), sizeof key.data);
  passwords.set_key(key);
  return {};
}

std::unique_ptr<cli::Dialogue> set_master_key(System& system, std::string_view key) {
  return std::make_unique<SetKey>(system, key);
}
std::unique_ptr<cli::Dialogue> delete_master_key(System& system) { return std::make_unique<DeleteKey>(system); }

void do_config_key(cli::Call& call, const KeyArgs& a) { call.start(set_master_key(call.module<System>(), a.key)); }
void do_no_config_key(cli::Call& call) { call.start(delete_master_key(call.module<System>())); }

}  // namespace parley::system
