// An Env for module tests.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_env.h"

#include <algorithm>

namespace parley::test {
namespace {

class MemoryFile final : public File {
 public:
  explicit MemoryFile(std::string data) : data_(std::move(data)) {}
  uint64_t size() const override { return data_.size(); }
  Result<size_t> read_at(uint64_t offset, MutBytes to) override {
    if (offset >= data_.size()) return size_t{0};
    const auto n = static_cast<size_t>(std::min<uint64_t>(to.size(), data_.size() - offset));
    std::copy_n(data_.begin() + static_cast<std::ptrdiff_t>(offset), n, to.begin());
    return n;
  }

 private:
  std::string data_;
};

const Fault kMissing{Code::missing, "no such file", 0};

class LineWriter final : public Writer {
 public:
  std::string text;
  void write(std::string_view s) override { text += s; }
};

}  // namespace

Result<Blob> MemoryStore::read(std::string_view path, size_t max_bytes) {
  const auto found = files.find(std::string(path));
  if (found == files.end()) return kMissing;
  if (found->second.size() > max_bytes) return Fault{Code::full, "file too large", 0};
  return Blob::copy_of(found->second);
}
Result<std::unique_ptr<File>> MemoryStore::open(std::string_view path) {
  const auto found = files.find(std::string(path));
  if (found == files.end()) return kMissing;
  return std::unique_ptr<File>(std::make_unique<MemoryFile>(found->second));
}
Status MemoryStore::write(std::string_view path, Bytes data) {
  if (fail_writes_after == 0) return Fault{Code::full, "no space", 0};
  if (fail_writes_after > 0) --fail_writes_after;
  ++writes;
  files[std::string(path)] = std::string(as_text(data));
  return {};
}
Status MemoryStore::remove(std::string_view path) {
  return files.erase(std::string(path)) != 0 ? Status{} : Status{kMissing};
}
Status MemoryStore::rename(std::string_view from, std::string_view to) {
  const auto found = files.find(std::string(from));
  if (found == files.end()) return kMissing;
  files[std::string(to)] = found->second;
  files.erase(found);
  return {};
}
Status MemoryStore::make_folder(std::string_view) { return {}; }
Result<FileInfo> MemoryStore::info(std::string_view path) {
  const auto found = files.find(std::string(path));
  if (found == files.end()) return kMissing;
  FileInfo i;
  i.size = found->second.size();
  return i;
}
Status MemoryStore::list(std::string_view folder, Each each, void* context) {
  for (const auto& [name, data] : files) {
    if (name.compare(0, folder.size(), folder) != 0) continue;
    FileInfo i;
    std::string_view rest = std::string_view(name).substr(folder.size());
    if (!rest.empty() && rest.front() == '/') rest.remove_prefix(1);
    (void)i.name.set(rest);
    i.size = data.size();
    if (!each(context, i)) break;
  }
  return {};
}

void RecordingLog::emit(const LogMessage& m, std::initializer_list<LogArg> args) {
  LineWriter w;
  w.put('%').put(m.facility).put('-').dec(m.severity).put('-').put(m.mnemonic).put(": ");
  auto arg = args.begin();
  for (std::string_view format = m.format; !format.empty();) {
    const size_t at = std::min(format.find("{}"), format.size());
    w.put(format.substr(0, at));
    format.remove_prefix(at);
    if (format.empty()) break;
    if (arg != args.end()) (arg++)->print(w);
    format.remove_prefix(2);
  }
  lines.push_back(w.text);
}
bool RecordingLog::has(const char* mnemonic) const {
  return std::any_of(lines.begin(), lines.end(), [&](const std::string& l) { return l.find(mnemonic) != std::string::npos; });
}

struct UdpNet::Socket final : Datagram {
  Socket(UdpNet& n, Task& o, Endpoint l) : net(n), owner(o), at(l) { net.sockets_.push_back(this); }
  ~Socket() override { net.sockets_.erase(std::find(net.sockets_.begin(), net.sockets_.end(), this)); }
  Result<size_t> receive(MutBytes to, Endpoint& from, uint32_t& local_ip) override {
    if (inbox.empty()) return Fault{Code::busy, "nothing", 0};
    const Packet p = inbox.front();
    inbox.pop_front();
    from = p.from;
    local_ip = p.to.ip;
    const size_t n = std::min(to.size(), p.data.size());
    std::copy_n(p.data.begin(), n, to.begin());
    return n;
  }
  Status send(Endpoint to, Bytes data) override {
    net.sent.push_back({at, to, std::string(as_text(data))});
    return {};
  }
  Endpoint local() const override { return at; }
  UdpNet& net;
  Task& owner;
  Endpoint at;
  std::deque<Packet> inbox;
};

bool UdpNet::deliver(const Endpoint& from, uint16_t to_port, const std::string& data, uint32_t to_ip) {
  for (Socket* s : sockets_) {
    if (s->at.port != to_port) continue;
    s->inbox.push_back({from, {to_ip, to_port}, data});
    s->owner.wake();
    return true;
  }
  return false;
}

Result<std::unique_ptr<Datagram>> UdpNet::bind(Task& owner, Endpoint local) {
  if (refuse_bind) return Fault{Code::exists, "address in use", 0};
  if (local.port == 0) local.port = next_port_++;
  return std::unique_ptr<Datagram>(std::make_unique<Socket>(*this, owner, local));
}

TestEnv::TestEnv(fake::FakeJobs::Mode mode, Keys* keys)
    : jobs(mode), engine(std::make_unique<cli::Engine>()),
      env{world.scheduler, jobs, world.clock, net, links, tls, keys != nullptr ? *keys : no_keys, store, log, random, services,
          *engine} {}

TestEnv::~TestEnv() = default;

}  // namespace parley::test
