// Keys and certificates into and out of the router: the slow work of import and export commands.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/crypto-pki/certificate.h"
#include "modules/crypto-pki/chain_file.h"
#include "platform/sched/job.h"

namespace parley::crypto_pki {

using Passphrase = Text<127>;

// Brings a key pair in under its final label, if everything fits together: nothing is changed before that is known.
class ImportJob final : public Job {
 public:
  explicit ImportJob(Keys& keys) : keys_(keys) { key.mark_secret(); }
  ~ImportJob() override { wipe(&passphrase, sizeof passphrase); }
  void run() override;

  KeyLabel label;
  bool exportable = false;
  Passphrase passphrase;
  Blob pkcs12;                                 // DER or PEM-like base 64; or these three:
  Blob key;                                    // private key, PEM or DER
  Blob own, authorities;                       // certificates, PEM or DER; empty: none
  // out
  KeyType type = KeyType::rsa;
  ChainItems items{general_arena()};           // authorities, then the own certificate
  Status result = Fault{Code::cancelled, "not run", 0};

 private:
  Status work();
  Status read_pkcs12_file(List<Blob>& certificates);
  // The first `candidates` may be the own one; the others are authorities.
  Status sort_out(const List<Blob>& certificates, size_t candidates, Bytes spki);
  Keys& keys_;
};

// All certificates of a text (PEM blocks, bare base 64) or one of DER. Fault invalid: something else stands there.
Status read_certificates_text(Bytes file, List<Blob>& out);

// The private key of a label as PEM under a passphrase, or a PKCS#12 file with certificates.
class ExportJob final : public Job {
 public:
  ExportJob(Keys& keys, Random& random) : keys_(keys), random_(random) {}
  ~ExportJob() override { wipe(&passphrase, sizeof passphrase); }
  void run() override;
  KeyRef key;
  Text<64> name;
  bool pkcs12 = false;
  Passphrase passphrase;
  List<Blob> certificates{general_arena()};    // own first
  Result<Blob> result = Fault{Code::cancelled, "not run", 0};

 private:
  Keys& keys_;
  Random& random_;
};

class WriteFileJob final : public Job {
 public:
  WriteFileJob(Store& store, Path path, Blob data) : store_(store), path_(path), data_(std::move(data)) {}
  void run() override { result = store_.write(path_, data_); }
  Status result = Fault{Code::cancelled, "not run", 0};

 private:
  Store& store_;
  Path path_;
  Blob data_;
};

class ReadFileJob final : public Job {
 public:
  ReadFileJob(Store& store, Path path, size_t max_bytes) : store_(store), path_(path), max_(max_bytes) {}
  void run() override { result = store_.read(path_, max_); }
  Result<Blob> result = Fault{Code::cancelled, "not run", 0};

 private:
  Store& store_;
  Path path_;
  size_t max_;
};

}  // namespace parley::crypto_pki
