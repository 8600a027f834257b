// An authority that is not connected: requests of phones go out as a list, certificates come back as a file.
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   # Parley CAPF requests 1                    one block for each phone, in the order of their names:
//   device: SEP001122334455
//   requested: 2026-11-24 21:20:11 UTC
//   subject: CN=SEP001122334455
//   key-sha256: <64 hex digits>                 of the DER form of the key below
//   -----BEGIN PUBLIC KEY-----                  SubjectPublicKeyInfo; a phone signs no request (capf.md 5.4)
//   -----END PUBLIC KEY-----
//
// Back come PEM certificates in any order, with any text between them; each belongs to the phone whose key it holds.
#pragma once

#include "modules/capf-server/capf_device.h"
#include "modules/crypto-pki/peer_trust.h"
#include "platform/sched/job.h"
#include "platform/store/store.h"

namespace parley::capf_server {

constexpr size_t kMaxLsc = 4096;                  // old phones have small buffers (capf.md 6)
constexpr size_t kMaxCertificateFile = 1024 * 1024;

Status write_request(Writer& out, std::string_view device, UnixTime requested, Bytes spki);

// The next certificate of a PEM text; `rest` moves behind it. Faults: missing (no more), invalid (not base 64, or too long).
Result<Blob> next_certificate(std::string_view& rest);

struct ExportJob final : Job {
  explicit ExportJob(Store& s) : store(s) {}
  void run() override { result = store.write(to, list.view()); }
  Store& store;
  Path to;
  Blob list;
  Status result;
};

// Which certificate is for which waiting phone, and is it good? Each phone has its own check: issuer, dates, name.
struct ImportJob final : Job {
  struct Wait {
    Text<kMaxDevice> device;
    Blob spki;
    std::unique_ptr<PeerJob> check;
    Blob certificate;                              // out: accepted
    Status verdict = Fault{Code::missing, "", 0};  // out: why not; missing: none came
  };
  explicit ImportJob(Store& s) : store(s) {}
  void run() override { result = work(); }
  Store& store;
  Path from;
  List<Wait> waiting{general_arena()};
  size_t strangers = 0;                            // certificates that no waiting phone asked for
  size_t broken = 0;
  Status result;

 private:
  Status work();
};

}  // namespace parley::capf_server
