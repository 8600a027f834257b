// Slow work of a certificate server: its own key and certificate, issued certificates, revocation lists.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/crypto-pki/certificate.h"
#include "modules/crypto-pki/chain_file.h"
#include "modules/crypto-pki/serial_file.h"
#include "platform/sched/job.h"

namespace parley::crypto_pki {

// What an enabled server signs with. Shared with jobs, never changed.
struct Identity {
  Text<63> label;
  KeyRef key;
  Certificate certificate;
  Hash hash = Hash::sha256;
};
using IdentityPtr = std::shared_ptr<const Identity>;

enum class Level : uint8_t { minimum, names, complete };   // `database level`

struct Database {                  // where the files of a server go
  Level level = Level::minimum;
  Path folder{"nvram:"};           // ends with ':' or '/'
};

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

struct IssueOrder {
  Blob csr;                        // DER, its signature was checked
  uint64_t serial = 0;
  UnixTime not_before = 0, not_after = 0;
  Text<127> crl_url;
  Database database;
  std::shared_ptr<SerialFile> serials;
};
// [job] Serial made durable, certificate signed, database files written. Faults: invalid (request), io, full, missing (key).
Result<Blob> issue_certificate(const IssueOrder& order, const Identity& ca, Keys& keys, Store& store);

class IssueJob final : public Job {
 public:
  IssueJob(Keys& keys, Store& store) : keys_(keys), store_(store) {}
  void run() override { result = issue_certificate(order, *ca, keys_, store_); }
  IssueOrder order;
  IdentityPtr ca;
  uint32_t request_id = 0;
  Result<Blob> result = Fault{Code::cancelled, "not run", 0};

 private:
  Keys& keys_;
  Store& store_;
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

// Is what a request asks for acceptable at all? Fault invalid with the reason.
struct Csr;
Status judge_request(const Csr& csr);

// 000:534: issued certificates end one (calendar) month before the CA's own.
UnixTime month_before(UnixTime t);

Bytes serial_bytes(uint64_t serial, uint8_t (&buffer)[8]);   // magnitude, at least one byte

}  // namespace parley::crypto_pki
