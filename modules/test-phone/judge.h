// What a phone believes: its memory of lists, and how it judges what it fetches. Pure, for worker threads (trust-files.md 2.2, 3, 4).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/test-phone/tlv_file.h"
#include "platform/base/memory.h"
#include "platform/crypto/key_store.h"

namespace parley::test_phone {

enum class ListKind : uint8_t { ctl, itl };

// Lists in 'flash', and what TVS vouched for since the phone booted.
struct TrustMemory {
  Blob ctl, itl;
  struct Vouched {
    uint16_t role = 0;
    Blob certificate;
  };
  List<Vouched> vouched{general_arena()};
  bool empty() const { return ctl.empty() && itl.empty(); }
  Result<TrustMemory> copy() const;
};

// Old phones know SHA-1 and RSA up to 2048 bits only.
struct Abilities {
  bool sha512 = true;
  uint16_t most_bits = 4096;
};

struct ListVerdict {
  enum class By : uint8_t { memory, first_list, ask_tvs } by = By::memory;
  Blob signer;                     // certificate of the signer; for ask_tvs
};
// The list itself: structure, records against their certificates, signature by a SAST of its own, then by whom in memory.
// Faults: invalid (not a list), untrusted (`what` says why).
Result<ListVerdict> judge_list(Bytes file, ListKind kind, const TrustMemory& memory, const Abilities& can);

// A `.sgn` that was asked for by `name`: signed by a TFTP or CCM+TFTP record in memory. The head; the body begins at body_at.
Result<FileHead> judge_signed(Bytes file, std::string_view name, const TrustMemory& memory, const Abilities& can);

// Opens what judge_signed() accepted. [job] Fault untrusted: not for this key, or changed.
Result<Blob> open_encrypted(Bytes file, const FileHead& head, KeyStore& keys, KeyRef key);

// Certificates that may stand behind a server of one of these roles.
Status trusted_for(std::span<const uint16_t> roles, const TrustMemory& memory, List<Blob>& out);
bool lists_role(uint16_t role, const TrustMemory& memory);

}  // namespace parley::test_phone
