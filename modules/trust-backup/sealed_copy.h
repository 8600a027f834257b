// The file that `backup trust` writes: header, then everything under a passphrase. Pure functions over bytes.
// SPDX-License-Identifier: GPL-3.0-or-later
//
//    0  50 54 42 4b   "PTBK"
//    4  01 01 00 00   version; 1 = PBKDF2-HMAC-SHA256 and AES-256-GCM; reserved
//    8  rr rr rr rr   rounds
//   12  salt          16 bytes
//   28  nonce         12 bytes
//   40  sealed        cipher text and 16 bytes tag; bytes 0..39 are authenticated, too
//   inside: u64 time of the copy, u8+text name of the router, the files (platform/crypto/file_set.h)
#pragma once

#include "platform/base/time.h"
#include "platform/crypto/file_set.h"
#include "platform/crypto/random.h"

namespace parley::trust_backup {

constexpr size_t kHeader = 40, kTag = 16;
constexpr size_t kMaxCopy = kMaxFileSet + 1024;
constexpr uint32_t kRounds = 100'000, kMinRounds = 10'000, kMaxRounds = 1'000'000;

struct Copy {
  UnixTime made = 0;
  Text<63> router;
  FileSet files;
};

// [job] Slow: the passphrase is stretched.
Result<Blob> seal_copy(const Copy& copy, std::string_view passphrase, Random& random);
// Is it such a file, and not cut short? Faults: invalid, unsupported.
Status look_at_copy(Bytes file);
// [job] Faults: as above; untrusted: wrong passphrase, or the file was changed.
Result<Copy> open_copy(Bytes file, std::string_view passphrase);
// What is inside, for a reader that has opened it.
Result<Copy> read_content(Bytes content);

}  // namespace parley::trust_backup
