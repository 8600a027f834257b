// Questions and steps of `backup trust` and `restore trust`.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/trust-backup/backup_dialogues.h"

#include "modules/module.h"
#include "modules/system/host_facts.h"
#include "modules/system/host_lookup.h"
#include "modules/system/paths.h"
#include "modules/trust-backup/trust_backup_messages.h"

namespace parley::trust_backup {

using tftp::TftpClient;

namespace {

constexpr size_t kMinPassphrase = 8;
constexpr uint16_t kTftp = 69;

class Steps : public cli::Dialogue {
 public:
  Steps(Env& env, const Place& place, std::span<TrustFiles::Owner* const> owners) : env_(env), place_(place), owners_(owners) {}
  ~Steps() override { wipe(&passphrase_, sizeof passphrase_); }

 protected:
  Poll ask_passphrase(cli::Console& console, std::string_view prompt) {
    console.ask(prompt, cli::Echo::off);
    return Poll::pending;
  }
  Poll busy(cli::Console& console) {
    console.put("% System is busy, try again later\n");
    return Poll::done;
  }
  Poll transfer_failed(cli::Console& console, const char* doing) {
    const Fault f = client_->result().error();
    console.put("%Error ").put(doing).put(' ').put(place_.shown).put(" (");
    if (f.code == Code::timeout) console.put("Timed out");
    else if (f.code == Code::io && !client_->peer_text().empty()) console.put(client_->peer_text());
    else console.put(system::error_text(f.code));
    console.put(")\n");
    return Poll::done;
  }
  Names names() const {
    Names n;
    for (const TrustFiles::Owner* o : owners_) o->trust_files(n);
    return n;
  }

  Env& env_;
  Place place_;
  std::span<TrustFiles::Owner* const> owners_;
  Passphrase passphrase_;
  std::unique_ptr<TftpClient> client_;
};

class Backup final : public Steps {
 public:
  using Steps::Steps;
  Poll step(cli::Console& console, const std::string_view* answer) override {
    switch (at_) {
      case At::begin:
        at_ = At::passphrase;
        return ask_passphrase(console, "Passphrase: ");
      case At::passphrase:
        if (answer == nullptr) return Poll::pending;
        if (answer->size() < kMinPassphrase || !passphrase_.set(*answer)) {
          console.put("% Invalid passphrase: 8 to 127 characters\n");
          return Poll::done;
        }
        at_ = At::again;
        return ask_passphrase(console, "Confirm passphrase: ");
      case At::again:
        if (answer == nullptr) return Poll::pending;
        if (passphrase_.view() != *answer) {
          console.put("% Passphrases do not match\n");
          return Poll::done;
        }
        return collect(console);
      case At::collecting: return collected(console);
      case At::sending: return sent(console);
    }
    return Poll::done;
  }

 private:
  enum class At : uint8_t { begin, passphrase, again, collecting, sending };
  Poll collect(cli::Console& console) {
    auto job = std::make_unique<CollectJob>(env_.store, env_.random);
    job->names = names();
    job->passphrase = passphrase_;
    job->to = place_.path;
    job->copy.made = env_.clock.wall();
    if (const HostFacts* facts = env_.services.find<HostFacts>()) (void)job->copy.router.set(facts->host_name());
    at_ = At::collecting;
    return job_.start(env_.jobs, console.task(), std::move(job), JobClass::slow) ? Poll::pending : busy(console);
  }
  Poll collected(cli::Console& console) {
    auto job = job_.take();
    if (job == nullptr) return Poll::pending;
    if (!job->result) {
      console.put("%Error writing ").put(place_.shown).put(" (").put(job->result.error().what).put(")\n");
      return Poll::done;
    }
    files_ = job->copy.files.files.size();
    size_ = job->size;
    if (!place_.path.empty()) return done(console);
    client_ = TftpClient::put(env_.scheduler, env_.net, console.task(), {place_.server, kTftp}, place_.name, std::move(job->sealed));
    at_ = At::sending;
    return Poll::pending;
  }
  Poll sent(cli::Console& console) {
    if (!client_->ended()) return Poll::pending;
    return client_->result() ? done(console) : transfer_failed(console, "writing");
  }
  Poll done(cli::Console& console) {
    console.put("[OK - ").dec(static_cast<int64_t>(size_)).put(" bytes, ").dec(static_cast<int64_t>(files_)).put(" files]\n");
    env_.log(kMade, static_cast<uint64_t>(files_), place_.shown);
    return Poll::done;
  }
  At at_ = At::begin;
  JobSlot<CollectJob> job_;
  size_t files_ = 0, size_ = 0;
};

class Restore final : public Steps {
 public:
  using Steps::Steps;
  Poll step(cli::Console& console, const std::string_view* answer) override {
    switch (at_) {
      case At::begin: return begin(console);
      case At::fetching:
        if (!client_->ended()) return Poll::pending;
        if (!client_->result()) return transfer_failed(console, "reading");
        sealed_ = client_->take();
        return look(console);
      case At::looking: return looked(console);
      case At::passphrase:
        if (answer == nullptr) return Poll::pending;
        return passphrase_.set(*answer) ? open(console) : refused(console, {Code::untrusted, "wrong passphrase", 0});
      case At::opening: return opened(console);
      case At::question:
        if (answer == nullptr) return Poll::pending;
        if (trim(*answer).empty() || !starts_nocase("yes", trim(*answer))) return Poll::done;
        return stage(console);
      case At::staging: return staged(console);
    }
    return Poll::done;
  }
  bool accepts(std::string_view line) const override {
    const std::string_view word = trim(line);
    return at_ != At::question || word.empty() || starts_nocase("yes", word) || starts_nocase("no", word);
  }

 private:
  enum class At : uint8_t { begin, fetching, looking, passphrase, opening, question, staging };
  Poll begin(cli::Console& console) {
    if (!place_.path.empty()) return look(console);
    client_ = TftpClient::get(env_.scheduler, env_.net, console.task(), {place_.server, kTftp}, place_.name, kMaxCopy);
    at_ = At::fetching;
    return Poll::pending;
  }
  Poll run(cli::Console& console, std::unique_ptr<OpenJob> job, At next) {
    job->sealed = std::move(sealed_);
    at_ = next;
    return job_.start(env_.jobs, console.task(), std::move(job), JobClass::slow) ? Poll::pending : busy(console);
  }
  Poll look(cli::Console& console) {
    auto job = std::make_unique<OpenJob>(env_.store);
    job->from = place_.path;
    job->only_look = true;
    return run(console, std::move(job), At::looking);
  }
  Poll looked(cli::Console& console) {
    auto job = job_.take();
    if (job == nullptr) return Poll::pending;
    if (!job->result && job->sealed.empty()) {
      console.put("%Error opening ").put(place_.shown).put(" (").put(system::error_text(job->result.error().code)).put(")\n");
      return Poll::done;
    }
    if (!job->result) return refused(console, job->result.error());
    sealed_ = std::move(job->sealed);
    at_ = At::passphrase;
    return ask_passphrase(console, "Passphrase: ");
  }
  Poll open(cli::Console& console) {
    auto job = std::make_unique<OpenJob>(env_.store);
    job->passphrase = passphrase_;
    return run(console, std::move(job), At::opening);
  }
  Poll opened(cli::Console& console) {
    auto job = job_.take();
    if (job == nullptr) return Poll::pending;
    if (!job->result) return refused(console, job->result.error());
    copy_ = std::move(job->copy);
    const Calendar c = to_calendar(copy_.made);
    console.put("Copy of router ").put(copy_.router).put(", made ").put(month_name(c.month)).put(' ').dec(c.day).put(' ').dec(c.year).put(' ');
    console.dec(c.hour, 2, '0').put(':').dec(c.minute, 2, '0').put(':').dec(c.second, 2, '0').put(" UTC: ");
    console.dec(static_cast<int64_t>(copy_.files.files.size())).put(" files\n");
    console.put("% All keys, certificates and trust lists of this router will be replaced.\n");
    console.ask("Continue? [no]: ");
    at_ = At::question;
    return Poll::pending;
  }
  Poll stage(cli::Console& console) {
    auto job = std::make_unique<StageJob>(env_.store);
    for (const TrustFiles::Owner* o : owners_)
      if (o->restoring() != nullptr && !job->changes.push(o->restoring())) return busy(console);
    job->names = names();
    files_ = copy_.files.files.size();
    router_ = copy_.router;
    job->copy = std::move(copy_);
    at_ = At::staging;
    return stage_.start(env_.jobs, console.task(), std::move(job), JobClass::slow) ? Poll::pending : busy(console);
  }
  Poll staged(cli::Console& console) {
    auto job = stage_.take();
    if (job == nullptr) return Poll::pending;
    if (!job->result) return refused(console, job->result.error());
    env_.log(kStaged, static_cast<uint64_t>(files_), router_);
    console.put("[OK - ").dec(static_cast<int64_t>(files_)).put(" files]\n% They take effect at the next reload\n");
    return Poll::done;
  }
  Poll refused(cli::Console& console, const Fault& why) {
    env_.log(kRefused, why.what);
    console.put("% Nothing was changed: ").put(why.what).put('\n');
    return Poll::done;
  }

  At at_ = At::begin;
  JobSlot<OpenJob> job_;
  JobSlot<StageJob> stage_;
  Blob sealed_;
  Copy copy_;
  size_t files_ = 0;
  Text<63> router_;
};

}  // namespace

bool find_place(const Env& env, std::string_view url, Place& out, Writer& refusal) {
  (void)out.shown.set(url.substr(0, 160));
  tftp::Url parts;
  if (tftp::parse_url(url, parts)) {
    const HostLookup* lookup = env.services.find<HostLookup>();
    const bool known = lookup != nullptr ? lookup->resolve(parts.host, out.server) : parse_ipv4(parts.host, out.server);
    if (known && !parts.name.empty() && out.name.set(parts.name)) return true;
    refusal.put("% A copy on a TFTP server needs address and name: tftp://<host>/<file>");
    return false;
  }
  const auto path = system::resolve(url, "flash:");
  const std::string_view fs = path ? system::fs_of(*path) : std::string_view();
  if ((fs != "flash:" && fs != "slot0:") || system::name_of(*path).empty()) {
    refusal.put("% A sealed copy lies on flash:, slot0: or tftp:");
    return false;
  }
  out.path = *path;
  return true;
}

std::unique_ptr<cli::Dialogue> backup(Env& env, const Place& place, std::span<TrustFiles::Owner* const> owners) {
  return std::make_unique<Backup>(env, place, owners);
}
std::unique_ptr<cli::Dialogue> restore(Env& env, const Place& place, std::span<TrustFiles::Owner* const> owners) {
  return std::make_unique<Restore>(env, place, owners);
}

}  // namespace parley::trust_backup
