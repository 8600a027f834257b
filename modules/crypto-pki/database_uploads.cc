// Files of a certificate server that belong on a TFTP server.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/database_uploads.h"

#include <algorithm>

#include "modules/crypto-pki/chain_file.h"
#include "modules/crypto-pki/crl.h"
#include "modules/crypto-pki/pki_messages.h"

namespace parley::crypto_pki {
namespace {

constexpr Millis kFirstWait{10'000}, kLongestWait{600'000};
constexpr uint16_t kTftpPort = 69;

Path in_folder(const Path& folder, std::string_view name) {
  char text[Path::kCapacity];
  FixedWriter w(text);
  w.put(folder).put(name);
  return Path(w.view());
}

}  // namespace

// One that was being sent when the power failed goes first, unless there is a newer one.
Status TakeUploadJob::first_file(Text<128>& found) {
  const auto look = [](void* context, const FileInfo& info) {
    auto* out = static_cast<Text<128>*>(context);
    const bool file = !info.folder && info.name.size() > 2;
    if (file) *out = info.name;
    return !file || info.name.view()[0] != 'u';
  };
  const Status listed = store_.list(folder_.view().substr(0, folder_.size() - 1), look, &found);
  return !listed && listed.error().code == Code::missing ? Status() : listed;
}

Status TakeUploadJob::work() {
  if (!sent.empty()) {
    const Status gone = store_.remove(sent);
    if (!gone && gone.error().code != Code::missing) return gone;
  }
  TRY(first_file(name));
  if (name.empty()) return {};
  Path path = in_folder(folder_, name);
  char text[130];
  FixedWriter w(text);
  const bool was_sent = name.view()[0] == 'u';
  w.put(was_sent ? "" : "u").put(name);
  const Path being_sent = in_folder(folder_, w.view());
  if (!was_sent) TRY(store_.rename(path, being_sent));
  name = Text<128>(w.view());
  TRY_ASSIGN(content, store_.read(being_sent, kMaxCrl));
  return {};
}

void DatabaseUploads::kick() {
  look_ = true;
  wake();
}

Poll DatabaseUploads::step() {
  if (retry_.fired()) look_ = true;
  if (job_.busy()) taken();
  if (client_ != nullptr && client_->ended()) sent();
  if (!look_ || job_.busy() || client_ != nullptr || retry_.running()) return Poll::pending;
  auto job = std::make_unique<TakeUploadJob>(context_.store, folder());
  job->sent = sent_;
  if (job_.start(context_.jobs, *this, std::move(job))) look_ = false;
  else retry_.start(kFirstWait);
  return Poll::pending;
}

void DatabaseUploads::taken() {
  const std::unique_ptr<TakeUploadJob> job = job_.take();
  if (job == nullptr) return;
  if (!job->result) return failed(job->result.error().what);
  sent_ = Path();
  if (!job->name.empty()) send(job->name, std::move(job->content));
}

// "u" + 'd' or 'p' + kind + name of the file
void DatabaseUploads::send(std::string_view name, Blob content) {
  sending_ = in_folder(folder(), name);
  const unsigned kind = name.size() < 4 ? kFileKinds : static_cast<unsigned>(name[2] - '0');
  if (kind >= kFileKinds) return failed("a file of the queue has no place");
  const Path& own = database_.place[kind];
  const Path& place = name[1] == 'p' ? database_.publish[kind] : own.empty() ? database_.folder : own;
  tftp::Url url;
  Endpoint server;
  server.port = kTftpPort;
  if (!tftp::parse_url(place, url)) return failed("the place of the file is not configured any more");
  if (!parse_ipv4(url.host, server.ip)) return failed("the place of the file needs the address of a server");
  char file[200];
  FixedWriter w(file);
  w.put(url.name).put(name.substr(3));
  client_ = tftp::TftpClient::put(context_.scheduler, context_.net, *this, server, w.view(), std::move(content));
  if (client_ == nullptr) failed("no memory");
}

void DatabaseUploads::sent() {
  const Status result = client_->result();
  char why[160];
  FixedWriter w(why);
  if (!result) w.put(result.error().what).put(client_->peer_text().empty() ? "" : ": ").put(client_->peer_text());
  client_.reset();
  if (!result) return failed(w.view());
  if (told_) context_.log(kUploadsAgain, label_);
  told_ = false;
  wait_ = Millis(0);
  sent_ = sending_;
  kick();
}

void DatabaseUploads::failed(std::string_view why) {
  if (!told_) context_.log(kUploadFails, label_, why);
  told_ = true;
  wait_ = std::clamp(wait_ * 2, kFirstWait, kLongestWait);
  retry_.start(wait_);
}

}  // namespace parley::crypto_pki
