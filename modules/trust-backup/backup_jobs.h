// The slow halves of backup and restore: reading and sealing, opening, staging. Run on a worker thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/trust-backup/sealed_copy.h"
#include "modules/trust_files.h"
#include "platform/base/secret.h"
#include "platform/sched/job.h"

namespace parley::trust_backup {

using Passphrase = Text<127>;

// What the modules named.
class Names final : public TrustFiles::Sink {
 public:
  void file(std::string_view path) override { add(path, false); }
  void folder(std::string_view path) override { add(path, true); }
  // [job] All files that exist, each once.
  Result<List<Path>> expand(Store& store) const;
  bool complete() const { return complete_; }     // false: there was no memory

 private:
  struct Name {
    Path path;
    bool folder = false;
  };
  void add(std::string_view path, bool folder);
  List<Name> names_{general_arena()};
  bool complete_ = true;
};

struct CollectJob final : Job {
  CollectJob(Store& s, Random& r) : store(s), random(r) {}
  ~CollectJob() override { wipe(&passphrase, sizeof passphrase); }
  void run() override { result = work(); }
  Store& store;
  Random& random;
  Names names;
  Passphrase passphrase;
  Copy copy;                    // time and router are set; the files come
  Path to;                      // empty: `sealed` is wanted
  Blob sealed;
  size_t size = 0;              // of the sealed copy
  Status result;

 private:
  Status work();
};

struct OpenJob final : Job {
  explicit OpenJob(Store& s) : store(s) {}
  ~OpenJob() override { wipe(&passphrase, sizeof passphrase); }
  void run() override { result = work(); }
  Store& store;
  Path from;                    // empty: `sealed` is there
  Blob sealed;
  bool only_look = false;       // reads the file; the passphrase is not known yet
  Passphrase passphrase;
  Copy copy;
  Status result;

 private:
  Status work();
};

struct StageJob final : Job {
  explicit StageJob(Store& s) : store(s) {}
  void run() override { result = work(); }
  Store& store;
  List<TrustFiles::Owner::Restoring> changes{general_arena()};   // what modules do to files that come back
  Names names;                  // what this router has now
  Copy copy;
  Status result;

 private:
  Status work();
};

// May a copy bring this file? Keys, certificates and lists; never the configuration or what the boot reads.
bool may_come_back(std::string_view path);

}  // namespace parley::trust_backup
