// The TLS profiles against gnutls-cli and openssl s_client over real sockets and worker threads. Native target only; a
// client that is not installed is passed over.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/crypto/test_keys.h"
#include "platform/posix/clock.h"
#include "platform/posix/jobs.h"
#include "platform/posix/net.h"
#include "platform/tls/make_tls.h"

#include <CppUTest/TestHarness.h>

using namespace parley;
using fake::TestKeys;

namespace {

constexpr uint32_t kLocal = 0x7f000001;
const std::string kKeys = "tests/vectors/keys/", kOut = "build/tls-interop.txt";

#if defined(__x86_64__)
bool have(const char* program) { return std::system(("command -v " + std::string(program) + " >/dev/null 2>&1").c_str()) == 0; }
#else
bool have(const char*) { return false; }
#endif

// Sends back what comes; remembers how the last session ended.
class Echo final : public Task {
 public:
  Echo(Scheduler& s, Tls& tls, Net& net, std::shared_ptr<TlsContext> context)
      : Task(s, "echo"), tls_(tls), context_(std::move(context)), listener_(net.listen(*this, {kLocal, 0}, 16).value()) {}
  uint16_t port() const { return listener_->local().port; }
  std::string last;
  int established = 0;

 private:
  Poll step() override {
    for (;;) {
      Result<std::unique_ptr<Stream>> s = listener_->accept(*this);
      if (!s) break;
      auto t = tls_.accept(*this, context_, std::move(*s));
      if (t) sessions_.push_back({std::move(*t), false});
    }
    for (size_t i = sessions_.size(); i-- > 0;) {
      auto& [session, counted] = sessions_[i];
      if (session->established() && !counted) {
        counted = true;
        ++established;
        last = std::string(session->info().version.view()) + " " + std::string(session->info().suite.view());
        if (session->info().legacy) last += " legacy";
        if (!session->info().peer_certificate.empty()) last += " with certificate";
      }
      uint8_t b[2000];
      Result<size_t> n = session->read(b);
      for (; n; n = session->read(b)) (void)session->write(Bytes(b, *n));
      if (n.error().code == Code::busy) continue;
      if (!counted) last = std::string(n.error().what) + " " + std::to_string(n.error().detail);
      sessions_.erase(sessions_.begin() + static_cast<long>(i));
    }
    return Poll::pending;
  }
  struct Open { std::unique_ptr<TlsSession> session; bool counted; };
  Tls& tls_;
  std::shared_ptr<TlsContext> context_;
  std::unique_ptr<Listener> listener_;
  std::vector<Open> sessions_;
};

}  // namespace

TEST_GROUP(TlsInterop) {
  posix::PosixClock clock;
  std::unique_ptr<posix::Poller> poller = posix::Poller::make().value();
  Scheduler scheduler{clock, *poller};
  std::unique_ptr<posix::ThreadJobs> jobs = posix::ThreadJobs::make(2, 64).value();
  posix::PosixNet net{*poller, 64};
  TestKeys t;
  std::unique_ptr<Tls> tls = make_tls(scheduler, *jobs, *t.keys, clock);
  std::unique_ptr<Echo> echo;

  void setup() override { clock.set_wall(1800000000); }

  void serve(TlsProfile profile, const char* own, ClientCert cert = ClientCert::none) {
    const auto certificate = TestKeys::certificate(own), ca = TestKeys::certificate("capf");
    const Bytes chain[] = {certificate}, anchors[] = {ca};
    TlsConfig c;
    c.profile = profile;
    c.client_cert = cert;
    c.key = t.keys->find(own) ? t.keys->find(own) : t.import(own);
    c.chain = chain;
    c.chain_count = 1;
    c.anchors = anchors;
    c.anchor_count = 1;
    echo = std::make_unique<Echo>(scheduler, *tls, net, *tls->server_context(c));
  }
  // Runs the command with PORT replaced while the server works; its output.
  std::string client(std::string command) {
    for (size_t at; (at = command.find("PORT")) != std::string::npos;) command.replace(at, 4, std::to_string(echo->port()));
    const pid_t child = ::fork();
    if (child == 0) {
      const int out = ::open(kOut.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
      ::dup2(out, 1);
      ::dup2(out, 2);
      ::execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr));
      ::_exit(127);
    }
    int status = 0;
    for (int i = 0; i < 3000 && ::waitpid(child, &status, WNOHANG) == 0; ++i) scheduler.run_once(Millis(5));
    for (int i = 0; i < 20; ++i) scheduler.run_once(Millis(1));
    const auto text = fake::file_bytes(kOut);
    return std::string(text.begin(), text.end());
  }
  std::string gnutls(const std::string& priority, const std::string& more = "") {
    echo->last = "";
    return client("(printf 'hello there\\n'; sleep 0.3) | timeout 8 gnutls-cli --insecure --no-ca-verification -p PORT 127.0.0.1 "
                  "--priority '" + priority + "' " + more);
  }
  std::string openssl(const std::string& options) {
    echo->last = "";
    return client("(printf 'hello there\\n'; sleep 0.3) | timeout 8 openssl s_client -connect 127.0.0.1:PORT -attime 1800000000 " + options);
  }
  static void has(const std::string& text, const char* what) {
    if (text.find(what) == std::string::npos) FAIL(("missing: " + std::string(what) + "\nin: " + text).c_str());
  }
  static std::string suite(const std::string& version, const std::string& name) {
    return "NONE:" + version + ":+RSA:" + name + ":+SHA1:+MD5:+COMP-NULL:+SIGN-ALL:+CTYPE-X509:+GROUP-ALL";
  }
};

TEST(TlsInterop, OldPhonesOverGnutls) {
  if (!have("gnutls-cli")) return;
  serve(TlsProfile::legacy, "tftp1024");
  const struct { const char* name; const char* expected; } rows[] = {
      {"+NULL", "NULL-SHA"}, {"+AES-128-CBC", "AES128-SHA"}, {"+AES-256-CBC", "AES256-SHA"}, {"+3DES-CBC", "DES-CBC3-SHA"}};
  for (const char* version : {"+VERS-TLS1.0", "+VERS-TLS1.1", "+VERS-TLS1.2"}) {
    for (const auto& r : rows) {
      const std::string out = gnutls(suite(version, r.name));
      has(out, "hello there");
      has(echo->last, r.expected);
      has(echo->last, "legacy");
    }
  }
  has(echo->last, "TLSv1.2");
}

TEST(TlsInterop, PhoneWithoutAnyExtension) {
  if (!have("gnutls-cli")) return;
  serve(TlsProfile::legacy, "tftp");
  for (const char* cipher : {"+NULL", "+AES-128-CBC"}) {
    const std::string out = gnutls(suite("+VERS-TLS1.0", cipher) + ":%NO_EXTENSIONS:%DISABLE_SAFE_RENEGOTIATION");
    has(out, "hello there");
    has(echo->last, "TLSv1");
  }
}

TEST(TlsInterop, OldPhoneShowsItsCertificate) {
  if (!have("gnutls-cli")) return;
  serve(TlsProfile::legacy, "tftp", ClientCert::required);
  const auto with = [](const std::string& n) { return "--x509certfile " + kKeys + n + ".pem --x509keyfile " + kKeys + n + ".pem"; };
  for (const char* n : {"lsc2048", "lsc1024"}) {
    has(gnutls(suite("+VERS-TLS1.0", "+AES-128-CBC"), with(n)), "hello there");
    has(echo->last, "with certificate");
  }
  const int before = echo->established;
  (void)gnutls(suite("+VERS-TLS1.0", "+AES-128-CBC"), with("othercaroot"));
  (void)gnutls(suite("+VERS-TLS1.0", "+AES-128-CBC"));
  LONGS_EQUAL(before, echo->established);
}

TEST(TlsInterop, ModernRefusesOldVersionsAndSuites) {
  if (!have("gnutls-cli")) return;
  serve(TlsProfile::modern, "tftp");
  for (const char* version : {"+VERS-TLS1.0", "+VERS-TLS1.1", "+VERS-TLS1.2"})
    for (const char* cipher : {"+NULL", "+AES-128-CBC", "+AES-128-GCM"}) {
      (void)gnutls(suite(version, cipher) + ":+AEAD:+SHA256");
      CHECK_TEXT(echo->last.find("TLSv") == std::string::npos, (std::string(version) + cipher + " " + echo->last).c_str());
      CHECK(!echo->last.empty());
    }
  LONGS_EQUAL(0, echo->established);
  has(gnutls("NORMAL"), "hello there");
  LONGS_EQUAL(1, echo->established);
}

TEST(TlsInterop, ModernOverOpenssl) {
  if (!have("openssl")) return;
  for (const char* own : {"tftp", "httpsec"}) {
    serve(TlsProfile::modern, own, ClientCert::optional);
    const std::string trust = "-verify_return_error -CAfile " + kKeys + own + ".pem ";
    for (const char* n : {"lsc2048", "lscec"}) {
      const std::string mine = "-cert " + kKeys + n + ".pem -key " + kKeys + n + ".pem ";
      has(openssl(trust + "-tls1_3 " + mine), "hello there");
      has(echo->last, "TLSv1.3 ");
      has(echo->last, "with certificate");
      has(openssl(trust + "-tls1_2 " + mine), "hello there");
      has(echo->last, "TLSv1.2 ECDHE-");
      CHECK(echo->last.find("legacy") == std::string::npos);
    }
    has(openssl(trust), "hello there");
    CHECK(echo->last.find("with certificate") == std::string::npos);
  }
}

TEST(TlsInterop, ModernRefusesWeakClientCertificates) {
  if (!have("openssl")) return;
  serve(TlsProfile::modern, "tftp", ClientCert::required);
  (void)openssl("-cert " + kKeys + "lsc1024.pem -key " + kKeys + "lsc1024.pem");
  LONGS_EQUAL(0, echo->established);
  (void)openssl("");
  LONGS_EQUAL(0, echo->established);
}

TEST(TlsInterop, ManyAtOnce) {
  if (!have("openssl")) return;
  serve(TlsProfile::modern, "tftp", ClientCert::required);
  const std::string one = "(printf 'hello there\\n'; sleep 1) | timeout 10 openssl s_client -quiet -connect 127.0.0.1:PORT -cert " + kKeys +
                          "lsc2048.pem -key " + kKeys + "lsc2048.pem & ";
  std::string all;
  for (int i = 0; i < 8; ++i) all += one;
  const std::string out = client(all + "wait");
  LONGS_EQUAL(8, echo->established);
  size_t hellos = 0;
  for (size_t at = 0; (at = out.find("hello there", at)) != std::string::npos; ++at) ++hellos;
  LONGS_EQUAL(8, hellos);
}

TEST(TlsInterop, WeAreClientOfOpenssl) {
  if (!have("openssl")) return;
  serve(TlsProfile::modern, "tftp");   // its task owns the connection
  const uint16_t port = static_cast<uint16_t>(20000 + ::getpid() % 20000);
  const auto mine = TestKeys::certificate("lsc2048"), anchor = TestKeys::certificate("tvs");
  const Bytes chain[] = {mine}, anchors[] = {anchor};
  TlsConfig c;
  c.key = t.import("lsc2048");
  c.chain = chain;
  c.chain_count = 1;
  c.anchors = anchors;
  c.anchor_count = 1;
  for (const char* version : {"-tls1_2", "-tls1_3"}) {
    const pid_t child = ::fork();
    if (child == 0) {
      const std::string command = "exec timeout 10 openssl s_server -accept " + std::to_string(port) + " -quiet -rev -Verify 1 -CAfile " + kKeys +
                                  "capf.pem -attime 1800000000 -naccept 1 -cert " + kKeys + "tvs.pem -key " + kKeys + "tvs.pem " + version + " >/dev/null 2>&1";
      ::execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr));
      ::_exit(127);
    }
    auto context = *tls->client_context(c);
    std::string got;
    for (int attempt = 0; attempt < 20 && got.empty(); ++attempt) {
      for (int i = 0; i < 10; ++i) scheduler.run_once(Millis(5));
      auto raw = net.connect(*echo, {kLocal, port});
      CHECK(raw.has_value());
      auto s = tls->connect(*echo, context, std::move(*raw), "");
      CHECK(s.has_value());
      for (int i = 0; i < 1000 && !(*s)->established() && (*s)->failure(); ++i) scheduler.run_once(Millis(5));
      if (!(*s)->established()) continue;
      CHECK((*s)->write(as_bytes("abc\n")).has_value());
      uint8_t b[100];
      for (int i = 0; i < 400 && got.empty(); ++i) {
        scheduler.run_once(Millis(5));
        const Result<size_t> n = (*s)->read(b);
        if (n) got.assign(reinterpret_cast<char*>(b), *n);
      }
    }
    STRCMP_EQUAL("cba\n", got.c_str());
    int status = 0;
    ::waitpid(child, &status, 0);
  }
}
