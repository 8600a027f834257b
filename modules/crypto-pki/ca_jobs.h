// Slow work of a certificate server: its own key and certificate, revocation lists.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/crypto-pki/ca_issue.h"
#include "modules/crypto-pki/chain_file.h"

namespace parley::crypto_pki {

// New server: key pair (if missing), certificate with the first serial and its copy in nvram:. Killed before the end: the key
// is found again, the serial number is not used again, no certificate exists. Server with a certificate: checks key and
// serial numbers.
class StartAuthorityJob final : public Job {
 public:
  StartAuthorityJob(Store& store, Keys& keys, std::shared_ptr<SerialFile> serials)
      : store_(store), keys_(keys), serials_(std::move(serials)) {}
  void run() override { result = work(); }

  Text<63> label;
  KeyLabel key_label;
  Blob existing;                   // CA certificate, empty: make one
  uint16_t key_bits = 2048;
  Blob name;                       // whole Name: subject and issuer
  UnixTime now = 0, end = 0;
  uint64_t first_serial = 1;
  Hash hash = Hash::sha256;
  bool generated = false;          // out: a key pair was made

  Result<IdentityPtr> result = Fault{Code::cancelled, "not run", 0};

 private:
  Result<IdentityPtr> work();
  Result<IdentityPtr> adopt(std::shared_ptr<Identity> made);
  Store& store_;
  Keys& keys_;
  std::shared_ptr<SerialFile> serials_;
};

// Next revocation list: the entries of the last one, new number, new dates; written to the database folder.
class CrlJob final : public Job {
 public:
  CrlJob(Keys& keys, Store& store) : keys_(keys), store_(store) {}
  void run() override { result = work(); }
  IdentityPtr ca;
  std::shared_ptr<SerialFile> serials;
  uint64_t number = 0;
  UnixTime now = 0, next = 0;
  Path path;
  Result<Blob> result = Fault{Code::cancelled, "not run", 0};

 private:
  Result<Blob> work();
  Keys& keys_;
  Store& store_;
};

}  // namespace parley::crypto_pki
