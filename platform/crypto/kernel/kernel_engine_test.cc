// The kernel engine over sockets to a thread that stands for the kernel, and over the real one where there is one.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <thread>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

#include "platform/crypto/engine_chain.h"
#include "platform/crypto/kernel/kernel_engine.h"
#include "platform/crypto/software/symmetric.h"
#include "platform/crypto/test_keys.h"
#include "platform/posix/alg_socket.h"
#include "platform/posix/clock.h"

#include <CppUTest/TestHarness.h>

using namespace parley;
using namespace parley::crypto;

namespace {

constexpr char kProc[] =
    "name         : cbc(aes)\ndriver       : cbc-aes-soc\npriority     : 3000\nselftest     : passed\ninternal     : no\ntype         : skcipher\n\n"
    "name         : cbc(aes)\ndriver       : cbc(aes-generic)\npriority     : 100\nselftest     : passed\ninternal     : no\n\n"
    "name         : sha256\ndriver       : sha256-broken\npriority     : 9000\nselftest     : unknown\ninternal     : no\n\n"
    "name         : sha256\ndriver       : sha256-ce\npriority     : 200\nselftest     : passed\ninternal     : no\n\n"
    "name         : gcm(aes)\ndriver       : __gcm-aes\npriority     : 400\nselftest     : passed\ninternal     : yes\n";

// One end of a socket pair instead of AF_ALG; the other end hashes what comes until asked, or plays a fault.
class FakeAlg final : public posix::AlgSocket {
 public:
  enum class Play { works, wrong, closes, silent } play = Play::works;
  std::vector<std::string> asked;
  ~FakeAlg() override {
    for (auto& t : threads_) t.join();
  }
  Result<Blob> algorithms() override { return Blob::copy_of(as_bytes(std::string_view(kProc))); }

 private:
  Result<posix::Fd> open(const char* type, const char* name, const Bytes*, size_t) override {
    asked.push_back(std::string(type) + " " + name);
    if (std::string(name) != "sha256") return Fault{Code::unsupported, "no such algorithm", 0};
    int pair[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return Fault{Code::io, "no pair", 0};
    const timeval patience{0, 200'000};
    (void)::setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    threads_.emplace_back([end = pair[1], how = play] { serve(end, how); });
    return posix::Fd(pair[0]);
  }
  // A stream has no "give me the digest"; a pause says that the data is complete.
  static void serve(int fd, Play how) {
    std::vector<uint8_t> data;
    uint8_t b[8192];
    const timeval pause{0, 30'000};
    (void)::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &pause, sizeof pause);
    for (ssize_t n; (n = ::recv(fd, b, sizeof b, 0)) > 0;) data.insert(data.end(), b, b + n);
    Digest d = software_hash(Hash::sha256, nullptr, data, {});
    if (how == Play::wrong) d.data[3] ^= 1;
    if (how == Play::silent) ::usleep(400'000);
    if (how == Play::works || how == Play::wrong) (void)::send(fd, d.data, d.size, MSG_NOSIGNAL);
    ::close(fd);
  }
  std::vector<std::thread> threads_;
};

}  // namespace

TEST_GROUP(KernelEngine) {
  posix::PosixClock clock;
  FakeAlg kernel;
};

TEST(KernelEngine, ReadsTheListOfDrivers) {
  KernelDriver d = best_driver(kProc, "cbc(aes)");
  STRCMP_EQUAL("cbc-aes-soc", d.name.c_str());
  CHECK(d.hardware);
  d = best_driver(kProc, "sha256");   // the one with higher priority did not pass the kernel's test
  STRCMP_EQUAL("sha256-ce", d.name.c_str());
  CHECK(!d.hardware);
  CHECK(best_driver(kProc, "gcm(aes)").name.empty());
  CHECK(best_driver("", "sha256").name.empty());
  CHECK(best_driver("::::\nname\n: x", "sha256").name.empty());
  for (const char* cpu : {"sha1-ssse3", "cbc-aes-aesni", "ctr(aes-generic)", "cryptd(__cbc-aes-neonbs)", "sha512-arm", "gcm-aes-ce"})
    CHECK_TEXT(!best_driver("name : a\ndriver : " + std::string(cpu) + "\n", "a").hardware, cpu);
  for (const char* device : {"cbc-aes-caam", "rk-sha256", "mtk-cbc-aes", "safexcel-gcm-aes", "atmel-ctr-aes"})
    CHECK_TEXT(best_driver("name : a\ndriver : " + std::string(device) + "\n", "a").hardware, device);
}

TEST(KernelEngine, SlowerThanSoftwareIsNotUsed) {
  CHECK(make_kernel_engine(kernel, clock, KernelUse::when_faster) == nullptr);   // each request costs the pause
  CHECK(!kernel.asked.empty());
}

TEST(KernelEngine, RightAnswersAndFaults) {
  const auto e = make_kernel_engine(kernel, clock, KernelUse::always);
  CHECK(e != nullptr);
  CHECK(e->offers(CryptoOp::hash, 4096) && !e->offers(CryptoOp::hash, 4095));
  CHECK(!e->offers(CryptoOp::aes_cbc, SIZE_MAX));   // in the list, but not there
  CHECK(!e->offers(CryptoOp::rsa_private, 0));
  const std::vector<uint8_t> text(100'000, 3);
  Digest d;
  CHECK(e->hash(Hash::sha256, nullptr, text, as_bytes("more"), d).has_value());
  CHECK(equal_bytes(d.view(), software_hash(Hash::sha256, nullptr, text, as_bytes("more")).view()));
  kernel.play = FakeAlg::Play::closes;
  CHECK(e->hash(Hash::sha256, nullptr, text, {}, d).error().code == Code::io);
  kernel.play = FakeAlg::Play::silent;
  CHECK(e->hash(Hash::sha256, nullptr, text, {}, d).error().code == Code::timeout);
  CHECK(e->hash(Hash::md5, nullptr, text, {}, d).error().code == Code::unsupported);
}

TEST(KernelEngine, FaultsCostNoRequest) {
  fake::TestKeys t;
  auto e = make_kernel_engine(kernel, clock, KernelUse::always);
  t.keys->add_engine(std::move(e));
  const std::vector<uint8_t> text(5000, 3);
  const Digest right = software_hash(Hash::sha256, nullptr, text, {});
  for (const FakeAlg::Play p : {FakeAlg::Play::works, FakeAlg::Play::closes, FakeAlg::Play::silent}) {
    kernel.play = p;
    CHECK(equal_bytes(hash(Hash::sha256, text).view(), right.view()));
  }
}

TEST(KernelEngine, WrongDriverIsFoundBeforeItIsUsed) {
  kernel.play = FakeAlg::Play::wrong;
  const auto e = make_kernel_engine(kernel, clock, KernelUse::always);
  CHECK(e != nullptr);
  CHECK((self_test(*e) & 1u << static_cast<unsigned>(CryptoOp::hash)) != 0);
}

// Where the kernel has AF_ALG: every algorithm against software.
TEST(KernelEngine, TheRealKernel) {
  posix::AlgSocket real;
  const auto e = make_kernel_engine(real, clock, KernelUse::always);
  if (e == nullptr) {
    Digest d;
    CHECK(real.hash("sha256", nullptr, {}, {}, MutBytes(d.data, 32)).error().code == Code::unsupported);
    return;
  }
  LONGS_EQUAL(0, self_test(*e));
}
