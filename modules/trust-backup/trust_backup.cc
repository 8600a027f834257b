// The module trust-backup: sealed copies of all keys, certificates and trust lists.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DOC
// Phones believe the keys of this router. When it breaks and its keys are gone, every phone must be reset by hand; with a copy of the
// keys another router takes its place and no phone notices. `backup trust URL` makes that copy, `restore trust URL` puts it in.
//
// Which files belong to it is said by the modules that own them (service TrustFiles). A copy is read until two readings are the
// same, sealed under a passphrase, opened once as a test, then written. It holds the device key of the router as well, so that the
// key files inside stay as they are.
//
// A restore opens the copy, asks, and writes one journal (platform/crypto/file_set.h): that is the moment from which the new files
// count. The boot code puts them in place before anybody reads them; power may fail at any point of that. Numbers of certificates that the
// broken router issued after the copy are skipped by crypto-pki (`restoring`).
#include "modules/trust-backup/trust_backup.h"

#include "cli/row.h"
#include "modules/trust-backup/backup_dialogues.h"
#include "modules/trust-backup/trust_backup_messages.h"

namespace parley::trust_backup {
namespace {

class TrustBackup final : public Instance, public TrustFiles, private TrustFiles::Owner {
 public:
  explicit TrustBackup(Env& e) : env(e) {
    env.services.provide<TrustFiles>(this);
    (void)owners_.push(this);
  }
  void* config() override { return &none_; }
  void apply() override {}
  Status start() override { return {}; }
  void stop() override {}
  void add(TrustFiles::Owner& owner) override { (void)owners_.push(&owner); }
  void remove(TrustFiles::Owner& owner) override {
    for (size_t i = owners_.size(); i-- > 0;)
      if (owners_[i] == &owner) owners_.remove(i);
  }
  std::span<TrustFiles::Owner* const> owners() const { return {owners_.begin(), owners_.size()}; }
  Env& env;

 private:
  // Of the platform and of `system`, which know no services: the keys with their device key, the key of type 6 passwords.
  void trust_files(Sink& sink) const override {
    sink.folder("nvram:keys");
    sink.file("nvram:master-key");
  }
  List<TrustFiles::Owner*> owners_{general_arena()};
  struct None { uint32_t id = 0; } none_;
};

struct UrlArgument {
  Text<160> url;
};

void start(cli::Call& call, const UrlArgument& a, decltype(backup)* command) {
  TrustBackup& self = call.module<TrustBackup>();
  Place place;
  char text[200];
  FixedWriter refusal(text);
  if (!find_place(self.env, a.url, place, refusal)) return call.out().put(refusal.view()).put('\n'), void();
  call.start(command(self.env, place, self.owners()));
}
void do_backup(cli::Call& call, const UrlArgument& a) { start(call, a, backup); }
void do_restore(cli::Call& call, const UrlArgument& a) { start(call, a, restore); }

constexpr cli::Row kExec[] = {
    cli::privilege(15, cli::action<do_backup>("backup trust URL", "Sealed copy of all signing keys", &UrlArgument::url)),
    cli::privilege(15, cli::action<do_restore>("restore trust URL", "Bring back a sealed copy of the signing keys", &UrlArgument::url)),
};

constexpr cli::Gloss kGloss[] = {
    {"backup", "Sealed copies"},
    {"restore", "Bring back a sealed copy"},
};

std::unique_ptr<Instance> create(Env& env) { return std::make_unique<TrustBackup>(env); }

constexpr const char* kProvides[] = {TrustFiles::kService};

}  // namespace
}  // namespace parley::trust_backup

namespace parley {

extern const Module kTrustBackup;
const Module kTrustBackup{
    .name = "trust-backup",
    .summary = "Sealed copies of keys, certificates and trust lists",
    .needs = {},
    .provides = trust_backup::kProvides,
    .sections = {},
    .exec = trust_backup::kExec,
    .messages = trust_backup::kMessages,
    .create = &trust_backup::create,
    .glossary = trust_backup::kGloss,
};

}  // namespace parley
