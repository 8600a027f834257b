// The module test-phone.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DOC
// A telephone inside the router, for the one question an operator has: would this phone come up? It speaks to the router over its
// own address and real sockets, reads and judges by code of its own, and has its own keys, TLS and store, none of them the router's.
// The servers are told by PhoneBook::set_trial that it stands in for a real phone: capf-server checks its proof and its key, but
// issues nothing and uses up nothing; the secure signalling port takes its self-made certificate and reports no sign of life.
//
//   test phone --> PhoneBench (keys, TLS, memory) --> Phone (Task) --> TFTP, 6970, 3804, 2445, 443, 2443 of this router
#include "modules/test-phone/test_phone.h"

#include "cli/row.h"
#include "modules/test-phone/phone_bench.h"
#include "platform/tls/make_tls.h"

namespace parley::test_phone {

namespace {

constexpr uint16_t kKeyBits = 2048;

}  // namespace

Status PhoneBench::start() {
  book_ = env_.services.find<PhoneBook>();
  if (book_ == nullptr) return Fault{Code::missing, "test-phone needs telephony-service", 0};
  keys_ = make_key_store(store_, env_.random, env_.clock);
  tls_ = make_tls(env_.scheduler, env_.jobs, *keys_, env_.clock);
  return {};
}

void PhoneBench::stop() {
  if (keys_ == nullptr) return;
  tls_ = nullptr;
  keys_ = nullptr;
  kept_.clear();
  prepared_ = taken_ = false;
}

bool PhoneBench::take() {
  if (taken_) return false;
  return taken_ = true;
}

Status PhoneBench::prepare() {
  if (prepared_) return {};
  TRY(keys_->load());
  key_ = keys_->find("built-in phone");
  if (!key_) {
    TRY_ASSIGN(key_, keys_->generate("built-in phone", KeyType::rsa, kKeyBits, KeyUse::general, false));
  }
  prepared_ = true;
  return {};
}

PhoneParts PhoneBench::parts() { return {env_.scheduler, env_.net, env_.jobs, *tls_, *keys_, env_.clock}; }

PhoneFlash& PhoneBench::flash_of(std::string_view device, bool old) {
  for (Kept& k : kept_)
    if (k.device.view() == device && k.old == old) return *k.flash;
  if (kept_.size() == kMostKept) kept_.remove(0);
  Kept k;
  k.device = device;
  k.old = old;
  k.flash = std::make_unique<PhoneFlash>();
  PARLEY_CHECK(kept_.reserve(kMostKept) && kept_.push(std::move(k)));
  return *kept_[kept_.size() - 1].flash;
}

extern const cli::Row kExec[1];

namespace {

std::unique_ptr<Instance> create(Env& env) { return std::make_unique<PhoneBench>(env); }

constexpr const char* kNeeds[] = {PhoneBook::kService};

}  // namespace
}  // namespace parley::test_phone

namespace parley {

const Module kTestPhone{
    .name = "test-phone",
    .summary = "A built-in phone that boots against this router",
    .needs = test_phone::kNeeds,
    .provides = {},
    .sections = {},
    .exec = test_phone::kExec,
    .messages = {},
    .create = test_phone::create,
};

}  // namespace parley
