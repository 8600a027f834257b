// Remembers durably which lists each phone fetched and went on with.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/phone_memory.h"

#include <algorithm>

#include "modules/ctl-client/ctl_messages.h"
#include "platform/log/debug_subjects.h"

namespace parley::ctl_client {
namespace {

constexpr Millis kBetween{1000};          // writes while a thousand phones boot
constexpr Millis kAgain{10000};
constexpr Seconds kSameBoot{600};         // the files of one boot of a phone come within this time
constexpr size_t kMaxAddresses = 512;
constexpr size_t kMaxWaiting = 64 * 1024;
constexpr size_t kMaxFile = 1024 * 1024;

// "SEP001122334455" -> address; false: another kind of name.
bool read_mac(std::string_view text, PhoneMac& mac) {
  if (text.size() != 12) return false;
  for (size_t i = 0; i < 12; ++i) {
    const char c = ascii_lower(text[i]);
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) return false;
    uint8_t& byte = mac.bytes[i / 2];
    byte = static_cast<uint8_t>(i % 2 == 0 ? digit << 4 : byte | digit);
  }
  return true;
}

}  // namespace

struct PhoneMemory::SaveJob final : Job {
  explicit SaveJob(Store& s) : store(s) {}
  void run() override { result = store.write(kMemoryFile, file.view()); }
  Store& store;
  Blob file;
  Status result;
};

PhoneMemory::PhoneMemory(Env& env, Publisher& publisher, Owner& owner)
    : Task(env.scheduler, "Phone lists"), env_(env), publisher_(publisher), owner_(owner) {
  publisher_.watch(*this);
}

PhoneMemory::~PhoneMemory() { publisher_.unwatch(*this); }

void PhoneMemory::restore() {
  auto file = env_.store.read(kMemoryFile, kMaxFile);
  Status read = file ? lists_.decode(file->view()) : Status(file.error());
  if (read) return;
  blank_ = true;
  assume_ = !owner_.served(ListKind::ctl).empty() || !owner_.served(ListKind::itl).empty();
  if (read.error().code != Code::missing) env_.log(kMemoryDamaged, read.error().what);
}

void PhoneMemory::set_phones(std::span<const PhoneMac> phones) {
  lists_.set_phones(phones);
  if (!assume_ || phones.empty()) return;
  assume_ = false;
  for (const ListKind kind : {ListKind::ctl, ListKind::itl}) assume(kind, phones);
}

void PhoneMemory::assume(ListKind kind, std::span<const PhoneMac> phones) {
  const Bytes list = owner_.served(kind);
  if (list.empty()) return;
  for (const PhoneMac& mac : phones) touched(lists_.fetched(mac, kind, list, 0));
}

void PhoneMemory::list_restored(ListKind kind) {
  if (!blank_) return;
  List<PhoneMac> known(general_arena());
  for (const PhoneLists::Phone& p : lists_.phones())
    if (p.configured && !known.push(p.mac)) break;
  if (known.empty()) assume_ = true;           // when they come
  else assume(kind, {known.begin(), known.size()});
}

void PhoneMemory::touched(bool changed) {
  if (!changed) return;
  dirty_ = true;
  wake();
}

void PhoneMemory::went_on(const PhoneMac& mac) {
  const bool changed = lists_.went_on(mac);
  if (changed) debug(mac, "has taken the lists that it fetched");
  touched(changed);
}

void PhoneMemory::forget(const PhoneMac& mac) {
  lists_.forget(mac);
  touched(true);
}

void PhoneMemory::list_fetched(const PhoneMac& mac, ListKind kind, Bytes content) {
  const bool changed = lists_.fetched(mac, kind, content, env_.clock.wall());
  if (changed) debug(mac, kind == ListKind::ctl ? "fetched a CTL file" : "fetched an ITL file");
  touched(changed);
}

void PhoneMemory::fetched(std::string_view name, Bytes content, uint32_t ip) {
  if (trial_ip_ != 0 && ip == trial_ip_) return;
  if (name == "CTLFile.tlv") return common_list(ListKind::ctl, content, ip);
  if (name == "ITLFile.tlv") return common_list(ListKind::itl, content, ip);
  const bool list = name.size() == 22 && name.ends_with(".tlv");   // CTLSEP<MAC>.tlv
  PhoneMac mac;
  if (list && (name.starts_with("CTLSEP") || name.starts_with("ITLSEP")) && read_mac(name.substr(6, 12), mac)) {
    own_file(mac, ip);
    list_fetched(mac, name[0] == 'C' ? ListKind::ctl : ListKind::itl, content);
  } else if (name.starts_with("SEP") && name.size() > 15 && read_mac(name.substr(3, 12), mac)) {
    own_file(mac, ip);
    const std::string_view rest = name.substr(15);
    if (rest == ".cnf.xml.sgn" || rest == ".cnf.xml.enc.sgn") went_on(mac);
  }
}

PhoneMemory::Address& PhoneMemory::address(uint32_t ip) {
  Address* oldest = addresses_.begin();
  for (Address& a : addresses_) {
    if (a.ip == ip) return a;
    if (a.when < oldest->when) oldest = &a;
  }
  Address fresh;
  fresh.ip = ip;
  if (addresses_.size() < kMaxAddresses && addresses_.push(std::move(fresh))) return addresses_[addresses_.size() - 1];
  PARLEY_CHECK(oldest != addresses_.end());
  *oldest = Address();
  oldest->ip = ip;
  return *oldest;
}

bool PhoneMemory::fresh(const Address& a) const { return a.when != Monotonic{} && env_.clock.now() - a.when < kSameBoot; }

void PhoneMemory::own_file(const PhoneMac& mac, uint32_t ip) {
  Address& a = address(ip);
  const bool recent = fresh(a);
  if (a.known && !same_mac(a.mac, mac)) {
    a.several = recent;
    for (Blob& b : a.waiting) b.clear();
  }
  a.mac = mac;
  a.known = true;
  a.when = env_.clock.now();
  for (const ListKind kind : {ListKind::ctl, ListKind::itl}) {
    Blob& waiting = a.waiting[static_cast<size_t>(kind)];
    if (!waiting.empty() && recent && !a.several) list_fetched(mac, kind, waiting.view());
    waiting.clear();
  }
}

void PhoneMemory::common_list(ListKind kind, Bytes content, uint32_t ip) {
  Address& a = address(ip);
  if (!fresh(a)) {
    a.known = a.several = false;
    for (Blob& b : a.waiting) b.clear();
  }
  a.when = env_.clock.now();
  if (a.several) return;
  if (a.known) return list_fetched(a.mac, kind, content);
  auto copy = Blob::copy_of(content);
  if (copy && content.size() <= kMaxWaiting) a.waiting[static_cast<size_t>(kind)] = std::move(*copy);
}

Poll PhoneMemory::step() {
  if (const auto done = job_.take()) {
    if (!done->result) {
      env_.log(kMemoryNotWritten, done->result.error().what);
      dirty_ = true;
      next_.start(kAgain);
    } else if (!dirty_) {
      owner_.memory_changed();
    }
  }
  (void)next_.fired();
  if (!dirty_ || job_.busy() || next_.running()) return Poll::pending;
  auto job = std::make_unique<SaveJob>(env_.store);
  if (lists_.encode(job->file) && job_.start(env_.jobs, *this, std::move(job))) dirty_ = false;
  next_.start(kBetween);
  return Poll::pending;
}

void PhoneMemory::debug(const PhoneMac& mac, std::string_view what) const {
  if (DebugLine line(env_.log, "ctl-client"); line) line.out().put("CTL: SEP").hex_bytes(mac.bytes, sizeof mac.bytes).put(' ').put(what);
}

}  // namespace parley::ctl_client
