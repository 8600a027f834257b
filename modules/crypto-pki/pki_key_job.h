// Slow work on key pairs: making and removing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/crypto/key_rename.h"
#include "platform/sched/job.h"

namespace parley::crypto_pki {

class GenerateKeyJob final : public Job {
 public:
  explicit GenerateKeyJob(Keys& keys) : keys_(keys) {}
  void run() override {
    if (replace) (void)keys_.remove(label);
    if (both) {   // usage-keys: one pair to sign with, one to decrypt with
      result = keys_.generate(label, type, bits, KeyUse::signature, exportable);
      const uint16_t second = encryption_bits == 0 ? bits : encryption_bits;
      if (!result) return;
      if (const Result<KeyRef> other = keys_.generate(label, type, second, KeyUse::encryption, exportable); !other) result = other.error();
    } else {
      result = keys_.generate(label, type, bits, KeyUse::general, exportable);
    }
  }
  KeyLabel label;
  KeyType type = KeyType::rsa;
  uint16_t bits = 2048, encryption_bits = 0;
  bool exportable = false, both = false, replace = false;
  Result<KeyRef> result = Fault{Code::cancelled, "not run", 0};

 private:
  Keys& keys_;
};

class RemoveKeyJob final : public Job {
 public:
  explicit RemoveKeyJob(Keys& keys) : keys_(keys) {}
  void run() override { result = keys_.remove(label); }
  KeyLabel label;
  Status result = Fault{Code::cancelled, "not run", 0};

 private:
  Keys& keys_;
};

class RenameKeyJob final : public Job {
 public:
  explicit RenameKeyJob(Keys& keys) : keys_(keys) {}
  void run() override { result = rename_key(keys_, from, to); }
  KeyLabel from, to;
  Status result = Fault{Code::cancelled, "not run", 0};

 private:
  Keys& keys_;
};

}  // namespace parley::crypto_pki
