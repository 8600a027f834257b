// The module file-service: publishes phone files and serves them by TFTP, HTTP and HTTPS.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DOC
// Phones fetch their trust lists and their configuration from here. Two sets of names exist: what other modules publish
// through the service Publisher (ctl-client: CTLFile.tlv; telephony-service: SEP<MAC>.cnf.xml and its signed twin), and
// what the operator publishes by `tftp-server` lines. The published set wins over a line of the same name, and a name in
// the right case wins over one that differs in case.
//
// A publisher builds all files of one change first and shows them in one step (begin ... commit): no phone sees a new list
// beside an old configuration. A transfer keeps the content it began with, whatever is published meanwhile.
//
// The port is open while there is something to serve. Nothing is ever written by a client, and a name is only looked up in
// the two sets: no request can name a file of the store that was not published. A request for a signed file that does not
// exist is answered "file not found"; the unsigned file is never given in its place.
//
// Story of one request: tftp_server receives it on port 69, tftp_wire reads it, a TftpSession from the pool answers from
// a socket of its own (bound to the address that was asked). Memory content is sent at once; a file of the store is read by
// jobs, one chunk ahead. Full pool: the request is dropped and counted, the client repeats it. Newer phones try HTTP on port
// 6970 first, soft clients fetch their trust list from HTTPS 6972 (http_files): same table, same readers.
//
// Not here: access lists.
#include "modules/file-service/file_service.h"

#include <utility>

#include "config.h"
#include "modules/file-service/file_messages.h"

namespace parley::file_service {

FileService::FileService(Env& env) : env_(env), tftp_(env, *this), http_(env, *this) { env.services.provide<Publisher>(this); }

Status FileService::start() {
  if (!reserved_) TRY(tftp_.reserve(CONFIG_TFTP_TRANSFERS));
  TRY(http_.start(CONFIG_FILE_HTTP_CONNECTIONS));
  reserved_ = true;
  started_ = true;
  enable();
  return {};
}

void FileService::stop() {
  started_ = false;
  tftp_.close();
  http_.stop();
}

void FileService::apply() {
  stage_rows();
  rows_.commit();
  enable();
}

// All rows anew; what is no longer there is dropped.
void FileService::stage_rows() {
  rows_.stage_none();
  for (const ServedFile& row : config_.files) {
    if (row.access_list != 0) {
      env_.log(kNoAccessLists, row.path, unsigned{row.access_list});
      continue;
    }
    const std::string_view path = row.path;
    std::string_view name = row.alias.empty() ? path.substr(path.find(':') + 1) : row.alias.view();
    if (!name.empty() && name.front() == '/') name.remove_prefix(1);
    auto content = std::make_shared<Content>();
    if (content->path.set(path)) (void)rows_.stage(name, std::move(content));
  }
}

// The HTTP ports belong to the phones: a `tftp-server` line alone does not open them.
void FileService::enable() {
  tftp_.set_enabled(started_ && published_.size() + rows_.size() > 0);
  http_.set_enabled(started_ && published_.size() > 0);
}

void FileService::begin() { ++depth_; }

Status FileService::stage(std::string_view name, Content content) {
  TRY(published_.stage(name, std::make_shared<Content>(std::move(content))));
  if (depth_ == 0) commit();
  return {};
}

Status FileService::put_memory(std::string_view name, Blob content) { return stage(name, Content{std::move(content), {}}); }

Status FileService::put_path(std::string_view name, std::string_view path) {
  Content content;
  if (!content.path.set(path)) return Fault{Code::invalid, "path too long", 0};
  return stage(name, std::move(content));
}

Status FileService::put_same(std::string_view name, std::string_view other) {
  TRY(published_.stage_same(other, name));
  if (depth_ == 0) commit();
  return {};
}

void FileService::drop(std::string_view name) {
  if (published_.find(name, true) == nullptr && depth_ == 0) return;
  (void)published_.stage(name, nullptr);
  if (depth_ == 0) commit();
}

void FileService::commit() {
  if (depth_ > 0 && --depth_ > 0) return;
  published_.commit();
  enable();
}

bool FileService::serving(Transport transport) const {
  switch (transport) {
    case Transport::tftp: return tftp_.listening();
    case Transport::http: return http_.listening();
    case Transport::https: return http_.listening_secure();
  }
  return false;
}

Result<Blob> FileService::read(std::string_view name) const {
  const auto entry = published_.find(name, true);
  if (entry == nullptr || !entry->content->path.empty()) return Fault{Code::missing, "not published from memory", 0};
  return Blob::copy_of(entry->content->bytes.view());
}

bool FileService::counters(std::string_view name, Counters& out) const {
  const auto entry = published_.find(name, true);
  if (entry == nullptr) return false;
  out = entry->counters;
  return true;
}

void FileService::watch(Watcher& w) {
  w.next_ = watchers_;
  watchers_ = &w;
}

void FileService::unwatch(Watcher& w) {
  for (Watcher** at = &watchers_; *at != nullptr; at = &(*at)->next_) {
    if (*at != &w) continue;
    *at = w.next_;
    return;
  }
}

void FileService::fetched(const Entry& file, const Content& content, uint32_t peer_ip) {
  for (Watcher* w = watchers_; w != nullptr;) {
    Watcher* next = w->next_;
    w->fetched(file.name, content.bytes, peer_ip);
    w = next;
  }
}

std::shared_ptr<Entry> FileService::find(std::string_view name) {
  for (const bool exact : {true, false})
    for (FileTable* table : {&published_, &rows_})
      if (auto entry = table->find(name, exact)) return entry;
  return nullptr;
}

namespace {

std::unique_ptr<Instance> create(Env& env) { return std::make_unique<FileService>(env); }

constexpr const char* kNeeds[] = {Trustpoints::kService, HttpRoutes::kService};
constexpr const char* kProvides[] = {Publisher::kService};

}  // namespace

extern const cli::Row kExec[3];

}  // namespace parley::file_service

namespace parley {

const Module kFileService{
    .name = "file-service",
    .summary = "Files for phones by TFTP, HTTP and HTTPS",
    .needs = file_service::kNeeds,
    .provides = file_service::kProvides,
    .sections = file_service::kSections,
    .exec = file_service::kExec,
    .messages = file_service::kMessages,
    .create = file_service::create,
    .glossary = file_service::kGloss,
};

}  // namespace parley
