// A phone asks TVS about a certificate, and registers at the call manager.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/test-phone/talks.h"

#include <algorithm>

namespace parley::test_phone {
namespace {

constexpr Fault kBusy{Code::busy, "under way", 0};
constexpr size_t kTvsHead = 10, kMostTvsBody = 16384;
constexpr size_t kSccpHead = 8, kMostSccpBody = 8192;
constexpr Millis kTvsLimit{30'000}, kRegisterLimit{20'000};
constexpr uint32_t kKeepAlive = 0x0000, kRegister = 0x0001, kRegisterAck = 0x0081, kRegisterReject = 0x009D, kReset = 0x009F;
constexpr Millis kSignOfLife{15'000};
constexpr uint32_t kDeviceType = 437;      // 7975
constexpr uint8_t kSccpVersion = 17;

Result<size_t> tvs_body(Bytes head) {
  ByteReader r(head);
  const bool tvs = r.u8() == 0x57 && r.u8() == 1;
  r.skip(6);
  const size_t size = r.u16();
  if (!tvs || size > kMostTvsBody) return Fault{Code::invalid, "the server does not speak TVS", 0};
  return size;
}

Result<size_t> sccp_body(Bytes head) {
  const size_t size = ByteReader(head).u32le();
  if (size < 4 || size > kMostSccpBody) return Fault{Code::invalid, "the server does not speak SCCP", 0};
  return size;
}

// A server that is both answers for either.
bool includes(Bytes roles, uint16_t wanted) {
  using namespace role;
  for (const uint8_t r : roles) {
    if (r == wanted) return true;
    if (r == kCcmTftp && (wanted == kCcm || wanted == kTftp)) return true;
  }
  return false;
}

}  // namespace

// ---- TVS

TvsTalk::TvsTalk(Task& owner, const PhonePlan& plan, PhoneFlash& flash, SecureLink& link)
    : plan_(plan), flash_(flash), link_(link), frames_(kTvsHead, &tvs_body), timer_(owner) {}

Status TvsTalk::open(Endpoint server, Bytes certificate, uint16_t wanted) {
  frames_.reset();
  role_ = wanted;
  certificate_.clear();
  TRY(certificate_.append(certificate));
  LinkPlan link;
  link.to = server;
  link.roles[0] = role::kTvs;
  at_ = At::connecting;
  timer_.start(kTvsLimit);
  return link_.open(plan_, flash_, link);
}

Status TvsTalk::ask() {
  char name[48];
  FixedWriter device(name);
  device.put('\1').put(plan_.model).put('-').put(plan_.device);
  ElementWriter w;
  w.element(1, as_bytes(device.view())).element(2, certificate_.view());
  TRY_ASSIGN(const Blob body, w.take());
  Blob message;
  TRY(message.resize(kTvsHead));
  ByteWriter head(message.mut());
  head.u8(0x57);
  head.u8(1);
  head.u8(1);
  head.u8(0);
  head.u32(1);
  head.u16(static_cast<uint16_t>(body.size()));
  TRY(message.append(body.view()));
  return link_.write(message.view());
}

Status TvsTalk::poll() {
  if (timer_.fired()) {
    link_.close();
    return Fault{Code::timeout, "TVS does not answer", 0};
  }
  if (at_ == At::connecting) {
    TRY(link_.poll());
    TRY(ask());
    at_ = At::asked;
  }
  TRY(link_.flush());
  TRY(frames_.poll(link_));
  const Status answer = on_answer();
  timer_.stop();
  link_.close();
  return answer;
}

Status TvsTalk::on_answer() {
  Bytes status, roles;
  const Bytes body = frames_.body();
  if (frames_.head()[2] != 2 || !find_element(body, 7, status) || status.size() != 1)
    return Fault{Code::invalid, "TVS sent no answer", 0};
  const bool right = status[0] == 0 && find_element(body, 8, roles) && includes(roles, role_);
  if (!right) return Fault{Code::untrusted, "TVS does not vouch for the certificate", 0};
  TrustMemory::Vouched v;
  v.role = role_;
  v.certificate = std::move(certificate_);
  return flash_.trust.vouched.push(std::move(v));
}

// ---- signalling

RegisterTalk::RegisterTalk(Task& owner, const PhoneParts&, const PhonePlan& plan, PhoneFlash& flash, SecureLink& link)
    : plan_(plan), flash_(flash), link_(link), frames_(kSccpHead, &sccp_body), timer_(owner) {}

Status RegisterTalk::open(Endpoint server, uint8_t mode, bool stays) {
  frames_.reset();
  stays_ = stays;
  order_ = Order::none;
  text_.clear();
  accepted_ = false;
  LinkPlan link;
  link.to = server;
  link.roles[0] = role::kCcm;
  link.roles[1] = role::kCcmTftp;
  link.role_count = 2;
  link.prove = true;
  link.plain = mode == 1;
  link.old = plan_.old;
  if (plan_.old) link.offer = mode == 2 ? TlsOffer::tls1_0_null : TlsOffer::tls1_0;
  at_ = At::connecting;
  timer_.start(kRegisterLimit);
  return link_.open(plan_, flash_, link);
}

Status RegisterTalk::ask() {
  uint8_t bytes[12 + 36 + 8] = {};
  ByteWriter w{MutBytes(bytes)};
  w.u32le(sizeof bytes - 8);
  w.u32le(0);
  w.u32le(kRegister);
  w.text(plan_.device);
  w.fill(16 - plan_.device.size(), 0);
  w.u32le(0);                      // user
  w.u32le(1);                      // instance
  w.u32(plan_.from_ip);
  w.u32le(kDeviceType);
  w.u32le(0);
  w.u32le(0);
  w.u8(kSccpVersion);
  w.u8(0);
  w.u8(0x72);
  w.u8(0x85);
  return link_.write(Bytes(bytes));
}

Status RegisterTalk::poll() {
  if (timer_.fired()) {
    link_.close();
    return Fault{Code::timeout, "the call manager does not answer", 0};
  }
  if (at_ == At::connecting) {
    TRY(link_.poll());
    TRY(ask());
    at_ = At::asked;
  }
  TRY(link_.flush());
  for (;;) {
    TRY(frames_.poll(link_));
    ByteReader r(frames_.body());
    const uint32_t id = r.u32le();
    if (id != kRegisterAck && id != kRegisterReject) continue;
    accepted_ = id == kRegisterAck;
    const Bytes text = r.take(std::min<size_t>(r.left(), 32));
    if (!accepted_) (void)text_.set(as_text(text.first(size_t(std::find(text.begin(), text.end(), uint8_t{0}) - text.begin()))));
    timer_.stop();
    if (stays_) timer_.start(kSignOfLife);
    else link_.close();
    return {};
  }
}

Status RegisterTalk::keep_alive() {
  uint8_t bytes[12];
  ByteWriter w{MutBytes(bytes)};
  w.u32le(4);
  w.u32le(0);
  w.u32le(kKeepAlive);
  timer_.start(kSignOfLife);
  return link_.write(Bytes(bytes));
}

Status RegisterTalk::poll_order() {
  if (timer_.fired()) TRY(keep_alive());
  for (;;) {
    if (const Status sent = link_.flush(); !sent && sent.error().code != Code::busy) return sent;
    TRY(frames_.poll(link_));
    ByteReader r(frames_.body());
    if (r.u32le() != kReset) continue;
    order_ = r.u32le() == 2 ? Order::restart : Order::reset;
    timer_.stop();
    link_.close();
    return {};
  }
}

}  // namespace parley::test_phone
