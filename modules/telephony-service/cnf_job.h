// The slow part of phone files: comparing with what is stored, signing, writing. Runs on a worker thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/ctl-client/trust_file_wire.h"
#include "modules/telephony-service/phone_file.h"
#include "modules/telephony-service/settings_digest.h"
#include "platform/base/memory.h"
#include "platform/crypto/engine.h"
#include "platform/sched/job.h"
#include "platform/store/store.h"

namespace parley::telephony_service {

struct CnfItem {
  PhoneFileName name;
  FileSum inputs;                   // of all settings that decide about the files; zero: ask again next time
  FileSum content;                  // of all that the files are made of, stamps blank
  PhoneFile file;               // readable by everybody. in: stamp blank; out: final
  PhoneFile secret;             // for the owner of phone_key only; empty: no encrypted file
  Blob phone_key;               // RSA public key of the phone
  Blob signed_file;             // out: empty when nothing signs
  Blob encrypted_file;          // out
  uint8_t signatures = 0;       // out: made now
  bool restored = false;        // out: taken from the store as it was
};
struct Signer {
  KeyRef key;
  Bytes certificate;
  Hash hash = Hash::sha1;
  uint32_t time = 0;            // of the signature
};
// `body` behind a signed header that bears `name`. [job]
Result<Blob> sign_phone_file(Keys& keys, const Signer& signer, std::string_view name, Bytes body);
// "NAME.sgn", "NAME.enc.sgn"
Text<40> signed_name(std::string_view plain);
Text<40> encrypted_name(std::string_view plain);

struct CnfJob final : public Job {
  CnfJob(Store& s, Keys& k, Random& r) : store(s), keys(k), random(r), items(general_arena()), removed(general_arena()) {}
  void run() override;

  Store& store;
  Keys& keys;
  Random& random;
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
  bool restore_encrypted(CnfItem& item, const ctl_client::Record& signer, uint32_t signed_at);
  Result<Blob> encrypt(CnfItem& item);
  Status save();
};

}  // namespace parley::telephony_service
