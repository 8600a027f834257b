// The task of the system module: hashing of new secrets, reload at a time, passwords that must change their form.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/system/password_codec.h"
#include "modules/system/system_config.h"
#include "platform/sched/job.h"

namespace parley::system {

class System;

// A `secret` typed in plain is hashed on a worker; the configuration gets the hash when it is there.
class HashJob final : public Job {
 public:
  HashJob(Random& random, const PasswordText& plain) : random_(random), plain_(plain) {}
  ~HashJob() override;
  void run() override { result = secret_make(plain_, random_, hash); }
  Status result;
  CipherText hash;

 private:
  Random& random_;
  PasswordText plain_;
};

class Housekeeping final : public Task {
 public:
  explicit Housekeeping(System& system);
  Poll step() override;
  void look() { wake(); }                  // the configuration changed
  bool settled();                          // no plain secret waits for its hash
  void reload_after(Millis t) { reload_.start(t); }
  bool cancel_reload();

 private:
  const cli::Password* next_plain(Text<63>& user, uint8_t& privilege);
  void hash_next();
  void take_hash();
  System& system_;
  Timer reload_;
  JobSlot<HashJob> hash_;
  Text<63> user_;          // whose secret is hashed; empty: enable
  uint8_t privilege_ = 1;
};

}  // namespace parley::system
