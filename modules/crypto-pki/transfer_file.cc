// One file of an import or export.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/transfer_file.h"

#include "modules/crypto-pki/database_files.h"

namespace parley::crypto_pki {
namespace {

constexpr uint16_t kTftpPort = 69;

}  // namespace

bool is_transfer_place(std::string_view url) {
  tftp::Url parts;
  return is_local_place(url) || tftp::parse_url(url, parts);
}

TransferName::TransferName(std::string_view url, std::string_view label, std::string_view suffix) {
  tftp::Url parts;
  remote_ = tftp::parse_url(url, parts);
  const size_t colon = url.find(':') + 1;
  const std::string_view name = remote_ ? parts.name : url.substr(colon);
  (void)where_.set(remote_ ? parts.host : url.substr(0, colon));
  char text[160];
  FixedWriter w(text);
  w.put(name);
  if (name.empty() || name.back() == '/') w.put(label);
  w.put(suffix);
  (void)name_.set(w.view());
}

std::string_view TransferName::host_question() {
  char text[160];
  FixedWriter w(text);
  w.put("Address or name of remote host [").put(where_).put("]? ");
  (void)question_.set(w.view());
  return question_;
}

void TransferName::host_answer(std::string_view answer) {
  if (!trim(answer).empty()) (void)where_.set(trim(answer));
}

std::string_view TransferName::question(std::string_view side) {
  char text[220];
  FixedWriter w(text);
  w.put(side).put(" filename [").put(name_).put("]? ");
  (void)question_.set(w.view());
  return question_;
}

void TransferName::answer(std::string_view answer) {
  if (!trim(answer).empty()) (void)name_.set(trim(answer));
}

Text<256> TransferName::place() const {
  if (!remote_ && name_.view().find(':') != std::string_view::npos) return Text<256>(name_.view());   // another file system
  char text[256];
  FixedWriter w(text);
  if (remote_) w.put("tftp://").put(where_).put('/').put(name_);
  else w.put(where_).put(name_);
  return Text<256>(w.view());
}

Result<Endpoint> FileTransfer::server_of(const tftp::Url& url) const {
  Endpoint server{0, kTftpPort};
  if (url.name.empty()) return Fault{Code::invalid, "there is no name of a file", 0};
  if (parse_ipv4(url.host, server.ip)) return server;
  if (context_.interfaces != nullptr && context_.interfaces->resolve(url.host, server.ip)) return server;
  return Fault{Code::missing, "the name of the TFTP server cannot be resolved", 0};
}

Status FileTransfer::get(Task& owner, std::string_view place, size_t limit) {
  tftp::Url url;
  if (!tftp::parse_url(place, url)) {
    return read_.start(context_.jobs, owner, std::make_unique<ReadFileJob>(context_.store, Path(place.substr(0, Path::kCapacity)), limit));
  }
  TRY_ASSIGN(const Endpoint server, server_of(url));
  reading_ = true;
  client_ = tftp::TftpClient::get(context_.scheduler, context_.net, owner, server, url.name, limit);
  return client_ == nullptr ? Status(Fault{Code::full, "no memory", 0}) : Status();
}

Status FileTransfer::put(Task& owner, std::string_view place, Blob data) {
  tftp::Url url;
  if (!tftp::parse_url(place, url)) {
    const Path path(place.substr(0, Path::kCapacity));
    return write_.start(context_.jobs, owner, std::make_unique<WriteFileJob>(context_.store, path, std::move(data)));
  }
  TRY_ASSIGN(const Endpoint server, server_of(url));
  reading_ = false;
  client_ = tftp::TftpClient::put(context_.scheduler, context_.net, owner, server, url.name, std::move(data));
  return client_ == nullptr ? Status(Fault{Code::full, "no memory", 0}) : Status();
}

bool FileTransfer::done() {
  if (client_ != nullptr) {
    if (!client_->ended()) return false;
    result_ = client_->result();
    if (reading_) data_ = client_->take();
    client_.reset();
    return true;
  }
  if (const std::unique_ptr<ReadFileJob> job = read_.take()) {
    result_ = job->result ? Status() : Status(job->result.error());
    if (job->result) data_ = std::move(*job->result);
    return true;
  }
  const std::unique_ptr<WriteFileJob> job = write_.take();
  if (job != nullptr) result_ = job->result;
  return job != nullptr;
}

}  // namespace parley::crypto_pki
