// The slow part of a trust list.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/list_job.h"

#include "modules/ctl-client/trust_file_build.h"
#include "modules/ctl-client/trust_file_verify.h"

namespace parley::ctl_client {
namespace {

constexpr size_t kMaxPem = 32 * 1024;

// The first certificate of a PEM text, or a bare DER one.
Result<Blob> read_certificate(Store& store, std::string_view path) {
  TRY_ASSIGN(Blob data, store.read(path, kMaxPem));
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----", kEnd = "-----END";
  const size_t begin = data.text().find(kBegin);
  if (begin != std::string_view::npos) {
    const std::string_view rest = data.text().substr(begin + kBegin.size());
    TRY_ASSIGN(data, base64_decode(rest.substr(0, rest.find(kEnd)), kMaxPem));
  }
  TRY(crypto_pki::parse_certificate(data.view()));
  return data;
}

struct AddressText {
  char bytes[16];
  FixedWriter writer{bytes};
  explicit AddressText(uint32_t ip) { writer.ipv4(ip); }
};

}  // namespace

void ListJob::run() {
  Status done;
  switch (work) {
    case Work::make: done = make(); break;
    case Work::remove:
      done = store.remove(kind.path);
      if (!done && done.error().code == Code::missing) done = {};
      break;
    case Work::restore: {
      auto list = load_list(store, kind);
      if (list) file = std::move(*list);
      else if (list.error().code != Code::missing) done = list.error();
      break;
    }
  }
  if (done) return;
  file.clear();
  if (!problem.empty()) return;
  char line[200];
  FixedWriter w(line);
  w.put("% ").put(kind.name.substr(0, 3)).put(" file: ").put(done.error().what);
  problem = w.view();
}

Status ListJob::add_record(Blob& body, PlannedRecord& record) {
  if (!record.file.empty()) {
    auto read = read_certificate(store, record.file);
    if (!read) {
      char line[200];
      FixedWriter w(line);
      w.put("% Error: cannot read certificate from ").put(record.file);
      problem = w.view();
      return read.error();
    }
    record.certificate = std::move(*read);
  }
  const AddressText address(record.ip);
  ServerName server;
  if (record.is_server) server = {record.name.empty() ? address.writer.view() : record.name.view(), record.ip};
  else if (record.role != Role::sast) server.has_dns_name = server.has_address = false;
  if (record.nonsecure) return append_nonsecure_record(body, record.role, server);
  TRY_ASSIGN(const crypto_pki::Certificate c, crypto_pki::parse_certificate(record.certificate.view()));
  return append_certificate_record(body, record.role, c, server);
}

// Same content, digest and signer: a new signature would only have another time.
bool ListJob::says_the_same(const Header& header, Bytes body) const {
  const auto old = read_file(stored);
  return old && equal_bytes(old->body(), body) && old->header.hash == header.hash && old->header.issuer == header.issuer &&
         equal_bytes(old->header.serial, header.serial);
}

Status ListJob::make() {
  Blob body;
  for (PlannedRecord& record : plan.records) TRY(add_record(body, record));
  TRY_ASSIGN(const crypto_pki::Certificate signer, crypto_pki::parse_certificate(plan.records[0].certificate.view()));
  TRY_ASSIGN(const Identity id, identity_of(signer));
  Header header;
  header.version = kTrustList;
  header.hash = hash;
  header.file_name = kind.name;
  header.timestamp = timestamp;
  id.put_into(header);
  if (if_changed && says_the_same(header, body.view())) return {};
  TRY_ASSIGN(const Draft draft, draft_file(header, body.view()));
  TRY_ASSIGN(const Blob signature, keys.sign(plan.signer_key, hash, draft.bytes.view()));
  TRY_ASSIGN(file, finish_file(draft, signature.view()));
  // A phone that once took a wrong list can only be helped by hand: nothing leaves that we would refuse ourselves.
  TRY(verify_ctl(file.view()));
  if (!stored.empty() && !strand) TRY(verify_successor(file.view(), stored.view()));
  return store.write(kind.path, file.view());
}

Result<Blob> load_list(Store& store, const ListFile& kind) {
  TRY_ASSIGN(Blob list, store.read(kind.path, kMaxTrustFile));
  TRY(verify_ctl(list.view()));
  return list;
}

}  // namespace parley::ctl_client
