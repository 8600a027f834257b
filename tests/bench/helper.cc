// The benchmark's own program over the product's code: a TLS server that only shakes hands, and a writer of SCEP requests.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "modules/crypto-pki/name.h"
#include "modules/crypto-pki/scep_client_jobs.h"
#include "platform/crypto/software/wolf.h"
#include "platform/crypto/test_keys.h"
#include "platform/posix/clock.h"
#include "platform/posix/jobs.h"
#include "platform/posix/net.h"
#include "platform/posix/random.h"
#include "platform/tls/make_tls.h"

using namespace parley;

namespace {

constexpr uint32_t kLocal = 0x7f000001;
volatile std::sig_atomic_t g_stop = 0;

// Accepts, shakes hands, waits for the peer's end.
class Greeter final : public Task {
 public:
  Greeter(Scheduler& s, Tls& tls, Net& net, std::shared_ptr<TlsContext> context)
      : Task(s, "greeter"), tls_(tls), context_(std::move(context)), listener_(net.listen(*this, {kLocal, 0}, 512).value()) {}
  uint16_t port() const { return listener_->local().port; }
  uint64_t established = 0, failed = 0;
  size_t open = 0, most_open = 0;

 private:
  struct Peer { std::unique_ptr<TlsSession> session; bool counted = false; };
  Poll step() override {
    for (int i = 0; i < 8; ++i) {
      if (waiting_ == nullptr) {
        Result<std::unique_ptr<Stream>> s = listener_->accept(*this);
        if (!s) break;
        waiting_ = std::move(*s);
      }
      auto t = tls_.accept(*this, context_, std::move(waiting_));
      if (t) peers_.push_back({std::move(*t)});
      else ++failed;
    }
    for (size_t i = peers_.size(); i-- > 0;) {
      Peer& p = peers_[i];
      if (p.session->established() && !p.counted) p.counted = true, ++established, ++open, most_open = open > most_open ? open : most_open;
      uint8_t b[2000];
      const Result<size_t> n = p.session->read(b);
      if (n || n.error().code == Code::busy) continue;
      if (p.counted) --open;
      else if (++failed == 1) std::fprintf(stderr, "handshake: %s %u\n", n.error().what, n.error().detail);
      std::swap(peers_[i], peers_.back());
      peers_.pop_back();
    }
    return Poll::pending;
  }
  Tls& tls_;
  std::shared_ptr<TlsContext> context_;
  std::unique_ptr<Listener> listener_;
  std::unique_ptr<Stream> waiting_;
  std::vector<Peer> peers_;
};

// KEY.pem CERT.der CA.der. Prints the port; at SIGTERM what happened.
int serve_tls(const char* key, const char* certificate, const char* ca) {
  posix::PosixClock clock;
  auto poller = posix::Poller::make().value();
  Scheduler scheduler(clock, *poller);
  auto jobs = posix::ThreadJobs::make(2, 64).value();
  posix::PosixNet net(*poller, 1200);
  fake::TestKeys t;
  auto tls = make_tls(scheduler, *jobs, *t.keys, clock, {.handshakes = 256});
  const auto own = fake::file_bytes(certificate), root = fake::file_bytes(ca);
  const Bytes chain[] = {own}, anchors[] = {root};
  TlsConfig c;
  c.client_cert = ClientCert::required;
  const Result<KeyRef> k = t.keys->import_key("bench", fake::file_bytes(key), "", false);
  if (!k) return 1;
  c.key = *k;
  c.chain = chain;
  c.chain_count = 1;
  c.anchors = anchors;
  c.anchor_count = 1;
  auto context = tls->server_context(c);
  if (!context) return std::fprintf(stderr, "%s\n", context.error().what), 1;
  crypto_thread_allowed(false);
  Greeter greeter(scheduler, *tls, net, *context);
  const size_t before = crypto::wolf_arena().used();
  size_t per_session = 0;
  std::printf("port %u\n", greeter.port());
  std::fflush(stdout);
  std::signal(SIGTERM, [](int) { g_stop = 1; });
  while (g_stop == 0) {
    scheduler.run_once(Millis(200));
    if (greeter.open > 20 && greeter.open == greeter.most_open) per_session = (crypto::wolf_arena().used() - before) / greeter.open;
  }
  uint32_t longest = 0;
  for (const Task* task = scheduler.first_task(); task != nullptr; task = scheduler.next_task(task))
    longest = task->usage().longest_us > longest ? task->usage().longest_us : longest;
  std::printf("established %llu failed %llu most-open %zu longest-step-us %u bytes-per-session %zu\n",
              static_cast<unsigned long long>(greeter.established), static_cast<unsigned long long>(greeter.failed), greeter.most_open,
              longest, per_session);
  std::fflush(stdout);
  std::_Exit(0);
}

// CA.der COUNT FOLDER: COUNT different PKCSReq messages of one key.
int write_requests(const char* ca, int count, const std::string& folder) {
  posix::PosixClock clock;
  posix::PosixRandom random;
  fake::TestKeys t;
  const auto root = fake::file_bytes(ca);
  const Result<KeyRef> key = t.keys->generate("client", KeyType::rsa, 2048, KeyUse::general, false);
  if (!key || root.empty()) return 1;
  for (int i = 0; i < count; ++i) {
    crypto_pki::ScepRequestJob job(*t.keys, random);
    job.state = std::make_shared<crypto_pki::Enrolling>();
    job.state->key = *key;
    job.state->ca = std::move(*Blob::copy_of(root));
    job.state->recipient = std::move(*Blob::copy_of(root));
    job.csr.subject = std::move(*crypto_pki::parse_name("CN=SEP" + std::to_string(100000 + i) + ",O=bench"));
    job.now = clock.wall();
    job.run();
    if (!job.result) return std::fprintf(stderr, "%s\n", job.result.error().what), 1;
    std::FILE* f = std::fopen((folder + "/" + std::to_string(i)).c_str(), "wb");
    if (f == nullptr || std::fwrite(job.result->data(), 1, job.result->size(), f) != job.result->size()) return 1;
    std::fclose(f);
  }
  return 0;
}

// COUNT: CPU time of RSA-2048 signatures through the key store.
int sign(int count) {
  posix::PosixClock clock;
  fake::TestKeys t;
  const KeyRef key = *t.keys->generate("k", KeyType::rsa, 2048, KeyUse::general, false);
  const uint64_t begin = clock.cpu_us();
  for (int i = 0; i < count; ++i)
    if (!t.keys->sign(key, Hash::sha256, as_bytes("x"))) return 1;
  std::printf("sign-us %.1f\n", static_cast<double>(clock.cpu_us() - begin) / count);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "tls" && argc == 5) return serve_tls(argv[2], argv[3], argv[4]);
  if (what == "scep" && argc == 5) return write_requests(argv[2], std::atoi(argv[3]), argv[4]);
  if (what == "sign" && argc == 3) return sign(std::atoi(argv[2]));
  std::fprintf(stderr, "usage: bench-helper tls KEY CERT CA | scep CA COUNT FOLDER | sign COUNT\n");
  return 2;
}
