// The mail client against a server made of answers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include "modules/crypto-pki/smtp_client.h"
#include "platform/fake/fake_net.h"
#include "platform/fake/fake_time.h"

#include <CppUTest/TestHarness.h>

using namespace parley;
using namespace parley::crypto_pki;

namespace {

constexpr Endpoint kServer{0x0a000019, 25};

// Says one answer after each line (in DATA: after the dot), keeps what it heard.
class Server final : public Task {
 public:
  Server(Scheduler& s, fake::FakeNet& net, std::vector<std::string> answers) : Task(s, "server"), answers_(std::move(answers)) {
    listener_ = std::move(*net.listen(*this, kServer, 1));
  }
  Poll step() override {
    if (stream_ == nullptr) {
      auto got = listener_->accept(*this);
      if (!got) return Poll::pending;
      stream_ = std::move(*got);
      answer();
    }
    uint8_t bytes[256];
    for (auto n = stream_->read(bytes); n; n = stream_->read(bytes)) {
      for (size_t i = 0; i < *n; ++i) {
        heard += static_cast<char>(bytes[i]);
        if (bytes[i] != '\n') continue;
        const bool dot = heard.size() >= 5 && heard.compare(heard.size() - 5, 5, "\r\n.\r\n") == 0;
        if (!data_ || dot) answer();
      }
    }
    return Poll::pending;
  }
  std::string heard;

 private:
  void answer() {
    if (at_ == answers_.size()) return;
    const std::string& a = answers_[at_++];
    data_ = a.compare(0, 3, "354") == 0;
    for (const char c : a) {   // byte by byte
      const uint8_t b = static_cast<uint8_t>(c);
      (void)stream_->write(Bytes(&b, 1));
    }
  }
  std::vector<std::string> answers_;
  size_t at_ = 0;
  bool data_ = false;
  std::unique_ptr<Listener> listener_;
  std::unique_ptr<Stream> stream_;
};

class Sender final : public Task {
 public:
  Sender(Scheduler& s, Net& net) : Task(s, "sender"), client(*this, net) {}
  Poll step() override {
    if (client.step() == Poll::done) done = true;
    return Poll::pending;
  }
  SmtpClient client;
  bool done = false;
};

Mail mail() {
  Mail m;
  m.server = kServer;
  m.own_name = "R1.lab.example";
  m.from = "r@lab.example";
  m.to = "a@lab.example";
  m.subject = "ends";
  m.date = "Tue, 24 Nov 2026 17:00:00 +0000";
  m.text = "first\n.hidden\n";
  return m;
}

}  // namespace

TEST_GROUP(SmtpClient) {
  fake::World world;
  fake::FakeNet net;
  Status run(std::vector<std::string> answers, std::string* heard = nullptr, Millis time = Millis(1000)) {
    Server server(world.scheduler, net, std::move(answers));
    Sender sender(world.scheduler, net);
    server.wake();
    CHECK(sender.client.start(mail()).has_value());
    sender.wake();
    world.run_for(time);
    CHECK(sender.done);
    if (heard != nullptr) *heard = server.heard;
    return sender.client.result();
  }
};

TEST(SmtpClient, OneMail) {
  std::string heard;
  CHECK(run({"220-hello\r\n220 mail\r\n", "250-mail\r\n250-SIZE 1\r\n250 X\r\n", "250 ok\r\n", "251 ok\r\n", "354 go\r\n", "250 taken\r\n", "221 bye\r\n"},
            &heard).has_value());
  STRCMP_EQUAL("EHLO R1.lab.example\r\nMAIL FROM:<r@lab.example>\r\nRCPT TO:<a@lab.example>\r\nDATA\r\n"
               "From: <r@lab.example>\r\nTo: <a@lab.example>\r\nSubject: ends\r\nDate: Tue, 24 Nov 2026 17:00:00 +0000\r\n\r\n"
               "first\r\n..hidden\r\n.\r\nQUIT\r\n", heard.c_str());
}

TEST(SmtpClient, OldServersGetHelo) {
  std::string heard;
  CHECK(run({"220 x\r\n", "502 what\r\n", "250 x\r\n", "250 x\r\n", "250 x\r\n", "354 x\r\n", "250 x\r\n", "221 x\r\n"}, &heard).has_value());
  CHECK(heard.find("HELO R1.lab.example\r\nMAIL") != std::string::npos);
}

TEST(SmtpClient, WhatGoesWrongIsSaid) {
  const Status refused = run({"220 x\r\n", "250 x\r\n", "550 not you\r\n"});
  CHECK(refused.error().code == Code::denied && refused.error().detail == 550);
  CHECK(run({"SSH-2.0\r\n"}).error().code == Code::invalid);
  CHECK(run({std::string(9000, 'x')}).error().code == Code::full);
  CHECK(run({"220 x\r\n"}, nullptr, Millis(61'000)).error().code == Code::timeout);
  Sender sender(world.scheduler, net);
  Mail m = mail();
  m.to = "a@b>\r\nRCPT TO:<c@d";
  CHECK(sender.client.start(m).error().code == Code::invalid);
}
