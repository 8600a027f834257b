// The slow part of phone files: comparing with what is stored, signing, writing. Runs on a worker thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/telephony-service/phone_file.h"
#include "platform/base/memory.h"
#include "platform/crypto/engine.h"
#include "platform/sched/job.h"
#include "platform/store/store.h"

namespace parley::telephony_service {

using FileDigest = parley::Digest;   // not the setting of that name

struct CnfItem {
  PhoneFileName name;
  FileDigest content;           // of the file with a blank stamp
  PhoneFile file;           // in: stamp blank; out: final
  Blob signed_file;         // out: empty when nothing signs
  bool restored = false;    // out: taken from the store as it was
};

struct CnfJob final : public Job {
  CnfJob(Store& s, Keys& k) : store(s), keys(k), items(general_arena()), removed(general_arena()) {}
  void run() override;

  Store& store;
  Keys& keys;
  List<CnfItem> items;
  List<PhoneFileName> removed;   // files to take off the store
  Text<32> folder;               // "flash:its"; empty: nothing is stored
  bool try_stored = false;       // the files of the last run may still be right
  KeyRef key;                    // 0: nothing is signed
  Blob certificate;              // of the signer
  Hash hash = Hash::sha1;
  uint32_t time = 0;             // of new signatures, also the stamp

  Status status;                 // out
  uint32_t newest = 0;           // out: newest timestamp that was found or made

 private:
  Status make(CnfItem& item);
  bool restore(CnfItem& item);
  Result<Blob> sign(const CnfItem& item);
  Status save(const CnfItem& item);
};

}  // namespace parley::telephony_service
