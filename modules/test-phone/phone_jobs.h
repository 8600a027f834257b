// Slow work of a phone. Only for phone.cc and phone_steps.cc.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/test-phone/phone.h"

namespace parley::test_phone {

// Judges what was fetched, and opens it when it is encrypted.
class Phone::JudgeJob final : public Job {
 public:
  enum class Kind : uint8_t { ctl, itl, signed_file, encrypted };
  explicit JudgeJob(KeyStore& k) : keys(k) {}
  void run() override { result = judge(); }

  KeyStore& keys;
  Kind kind = Kind::ctl;
  Text<64> name;
  Abilities can;
  TrustMemory memory;
  Blob file;
  KeyRef key;
  bool open = true;                // encrypted: this phone has the key

  Status result;
  ListVerdict verdict;
  FileHead head;                   // views into `file`
  Blob plain;

 private:
  Status judge() {
    if (kind == Kind::ctl || kind == Kind::itl) {
      TRY_ASSIGN(verdict, judge_list(file.view(), kind == Kind::ctl ? ListKind::ctl : ListKind::itl, memory, can));
      return {};
    }
    TRY_ASSIGN(head, judge_signed(file.view(), name, memory, can));
    const bool encrypted = head.kind == FileKind::encrypted_file;
    if (encrypted != (kind == Kind::encrypted)) return Fault{Code::invalid, "another kind of file than was asked for", 0};
    if (!encrypted || !open) return {};
    TRY_ASSIGN(plain, open_encrypted(file.view(), head, keys, key));
    return {};
  }
};

}  // namespace parley::test_phone
