// Slow work of a certificate server: its own key and certificate, revocation lists.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/crypto-pki/ca_issue.h"
#include "modules/crypto-pki/chain_file.h"
#include "modules/crypto-pki/request_file.h"

namespace parley::crypto_pki {

// The authority that follows when the certificate of this one ends (RFC 8894 2.6, 4.7).
struct Successor {
  IdentityPtr identity;                    // nullptr: none
  std::shared_ptr<const Blob> message;     // answer of GetNextCACert, signed by the authority of today
};

// What is kept outside of the router of a new authority's key and certificate; no passphrase: nothing.
struct ArchiveOrder {
  bool pem = false;                        // else PKCS#12
  Text<127> passphrase;
  Database database;
  ArchiveOrder() = default;
  ArchiveOrder(const ArchiveOrder&) = default;
  ArchiveOrder& operator=(const ArchiveOrder&) = default;
  ~ArchiveOrder() { wipe(&passphrase, sizeof passphrase); }
};

// New server: key pair (if missing), certificate with the first serial and its copy in nvram:. Killed before the end: the key
// is found again, the serial number is not used again, no certificate exists. Server with a certificate: checks key and
// serial numbers.
class StartAuthorityJob final : public Job {
 public:
  StartAuthorityJob(Store& store, Keys& keys, Random& random, std::shared_ptr<SerialFile> serials, std::shared_ptr<IssuedIndex> index)
      : store_(store), keys_(keys), random_(random), serials_(std::move(serials)), index_(std::move(index)) {}
  void run() override { result = work(); }

  Text<63> label;
  KeyLabel key_label;
  ServerMode mode = ServerMode::root;
  bool transparent = false;
  Blob upper;                      // not root: certificates of the trustpoint, back to back
  Blob existing;                   // certificate of the server, empty: make one (root)
  Blob next;                       // certificate of its successor, empty: none
  KeyLabel next_key_label;
  ArchiveOrder archive;
  uint16_t key_bits = 2048;
  Blob name;                       // whole Name: subject and issuer
  UnixTime now = 0, end = 0;
  uint64_t first_serial = 1;
  Hash hash = Hash::sha256;
  bool load_requests = false;      // after a boot
  bool generated = false;          // out: a key pair was made
  List<Request> requests{general_arena()};   // out: those that wait since before the boot
  size_t damaged = 0;              // out: files of requests that could not be read
  Successor successor;             // out

  Result<IdentityPtr> result = Fault{Code::cancelled, "not run", 0};

 private:
  Result<IdentityPtr> work();
  Result<IdentityPtr> adopt(std::shared_ptr<Identity> made);
  Result<KeyRef> key_pair();
  Status write_archive(Bytes certificate);
  KeyLabel archive_key() const;
  Status check_role(Identity& made) const;
  Store& store_;
  Keys& keys_;
  Random& random_;
  std::shared_ptr<SerialFile> serials_;
  std::shared_ptr<IssuedIndex> index_;
};

// Next revocation list: what the index says, with a new number; written to the database.
class CrlJob final : public Job {
 public:
  CrlJob(Keys& keys, Store& store) : keys_(keys), store_(store) {}
  void run() override { result = work(); }
  IdentityPtr ca;
  std::shared_ptr<SerialFile> serials;
  std::shared_ptr<IssuedIndex> index;
  uint64_t number = 0;
  UnixTime now = 0, next = 0;
  UnixTime ended = 0;              // certificates that ended before are left out (RFC 5280 3.3)
  Database database;
  Result<Blob> result = Fault{Code::cancelled, "not run", 0};

 private:
  Result<Blob> work();
  Keys& keys_;
  Store& store_;
};

// Key pair and certificate of the successor. Its certificate begins when that of today ends; its number comes from the same
// series, because the name is the same.
class RolloverJob final : public Job {
 public:
  explicit RolloverJob(Keys& keys) : keys_(keys) {}
  void run() override { result = work(); }
  IdentityPtr ca;                  // of today
  KeyLabel key_label;              // a key pair of this name is a leftover
  uint16_t key_bits = 2048;
  UnixTime end = 0;
  std::shared_ptr<SerialFile> serials;
  Result<Successor> result = Fault{Code::cancelled, "not run", 0};

 private:
  Result<Successor> work();
  Keys& keys_;
};

// Durable in the index when it is done; the list that tells others comes after it.
class RevokeJob final : public Job {
 public:
  void run() override { result = index->revoke(serial, now, reason, end_if_unknown); }
  std::shared_ptr<IssuedIndex> index;
  uint64_t serial = 0;
  UnixTime now = 0, end_if_unknown = 0;
  uint8_t reason = 0;
  Status result = Fault{Code::cancelled, "not run", 0};
};

}  // namespace parley::crypto_pki
