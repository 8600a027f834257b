// Service PhoneBook: the ephones as capf-server sees them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/phone_book.h"

#include <algorithm>

#include "cli/engine.h"
#include "modules/telephony-service/telephony_service.h"

namespace parley::telephony_service {
namespace {

Status type(cli::Engine& engine, uint16_t tag, std::string_view line) {
  char mode[24];
  FixedWriter w(mode);
  w.put("ephone ").dec(tag);
  return engine.configure(w.view(), line);
}

}  // namespace

PhoneEntry TelephonyService::entry_of(const Ephone& phone) const {
  PhoneEntry e;
  char name[16];
  FixedWriter w(name);
  w.put("SEP").hex_bytes(phone.mac.bytes, sizeof phone.mac.bytes);
  e.tag = phone.tag;
  e.device = w.view();
  std::copy_n(phone.mac.bytes, sizeof e.mac, e.mac);
  e.type = phone.type;
  e.own_string = !phone.capf_auth_str.empty();
  e.string = e.own_string ? phone.capf_auth_str.view() : config_.telephony.capf_auth_str.view();
  e.operation_set = phone.cert_operation_set;
  e.operation = phone.cert_operation;
  e.auth_mode = phone.cert_auth_mode;
  e.encrypted = encrypted_file(config_, phone);
  return e;
}

bool TelephonyService::find(std::string_view device, PhoneEntry& out) const {
  cli::Mac mac;
  const Ephone* phone = mac_of_device(device, mac.bytes) ? phone_of(mac) : nullptr;
  if (phone != nullptr) out = entry_of(*phone);
  return phone != nullptr;
}

void TelephonyService::each_phone(Each each, void* context) const {
  for (const Ephone& phone : config_.phones)
    if (!phone.mac.empty()) each(context, entry_of(phone));
}

size_t TelephonyService::some_phones(size_t first, size_t most, Each each, void* context) const {
  const size_t count = config_.phones.size();
  for (; first < count && most > 0; ++first, --most)
    if (!config_.phones[first].mac.empty()) each(context, entry_of(config_.phones[first]));
  return first < count ? first : 0;
}

Status TelephonyService::trust_of(uint16_t tag, PhoneTrust& out) const {
  const Telephony& t = config_.telephony;
  for (const Ephone& phone : config_.phones) {
    if (phone.tag != tag || phone.mac.empty()) continue;
    out.mode = device_mode_of(t, phone);
    out.server_secure = server_secure();
    out.encrypted = encrypted_file(config_, phone);
    out.https = https_services(config_, phone);
    out.session_wanted = notes_.of(phone.mac).auth_mode != 0;
    out.ip = t.source;
    out.file_signer = file_signer();
    out.signaling = in_use(TrustRole::ccm, t.secure_signaling);
    if (builder_ != nullptr) (void)out.problem.set(builder_->problem());
    return out.certificate.append(notes_.certificate(phone.mac));
  }
  return Fault{Code::missing, "no such phone", 0};
}

Status TelephonyService::set_string(uint16_t tag, std::string_view digits) {
  char line[40];
  FixedWriter w(line);
  w.put(digits.empty() ? "no capf-auth-str" : "capf-auth-str ").put(digits);
  return type(env_.cli, tag, w.view());
}

Status TelephonyService::operation_done(uint16_t tag) { return type(env_.cli, tag, "no cert-oper"); }

void TelephonyService::set_capf(const CapfFacts& facts) {
  if (notes_.set_server(facts)) rebuild();
  set_up_signalling();
}

void TelephonyService::set_session_wanted(std::string_view device, uint8_t auth_mode) {
  if (notes_.set_mode(device, auth_mode)) rebuild();
}

void TelephonyService::set_certificate(std::string_view device, Bytes certificate) {
  if (notes_.set_certificate(device, certificate)) rebuild();
}

void TelephonyService::certificate_given(std::string_view device) {
  if (links_ != nullptr) links_->certificate_given(device, builder_->begun());
}

void TelephonyService::set_trial(Bytes certificate) {
  if (certificate.empty()) trial_connections_.clear();
  if (certificate.empty() && trust_list_ != nullptr) trust_list_->set_trial(0);
  if (signalling_ != nullptr) signalling_->set_trial(certificate);
}

void TelephonyService::add_trial_connection(Endpoint local) {
  constexpr size_t kMost = 16;           // of one boot; the oldest are closed
  if (trial_connections_.size() == kMost) trial_connections_.remove(0);
  (void)trial_connections_.push(local);
  if (trust_list_ != nullptr) trust_list_->set_trial(local.ip);
}

bool TelephonyService::is_trial(Endpoint peer) const {
  return std::find(trial_connections_.begin(), trial_connections_.end(), peer) != trial_connections_.end();
}

bool TelephonyService::trial_from(uint32_t ip) const {
  return std::any_of(trial_connections_.begin(), trial_connections_.end(), [ip](const Endpoint& e) { return e.ip == ip; });
}

// The index may be older than the configuration: what it does not find is looked for.
const Ephone* TelephonyService::phone_of(const cli::Mac& mac) const {
  const cli::Table<Ephone>& phones = config_.phones;
  if (mac.empty()) return nullptr;
  if (by_mac_old_) {
    by_mac_.clear();
    by_mac_old_ = false;
    for (const Ephone& phone : phones)
      if (!by_mac_.add(key_hash(phone.mac.bytes))) break;
  }
  const uint32_t i = by_mac_.find(key_hash(mac.bytes), [&](uint32_t n) { return n < phones.size() && phones[n].mac == mac; });
  if (i != HashIndex::kNone) return &phones[i];
  const Ephone* found = std::find_if(phones.begin(), phones.end(), [&](const Ephone& phone) { return phone.mac == mac; });
  return found == phones.end() ? nullptr : found;
}

bool TelephonyService::secure_phone(std::string_view device, SecurePhone& out) const {
  cli::Mac mac;
  const Ephone* phone = mac_of_device(device, mac.bytes) ? phone_of(mac) : nullptr;
  if (phone == nullptr) return false;
  out.tag = phone->tag;
  out.mode = server_secure() ? device_mode_of(config_.telephony, *phone) : DeviceMode::none;
  out.certificate = notes_.certificate(phone->mac);
  return true;
}

void TelephonyService::phone_seen(std::string_view device, PhoneSign sign) {
  PhoneMac mac;
  if (mac_of_device(device, mac.bytes)) trust_list_->phone_went_on(mac);
  for (PhoneBook::Listener* l : book_listeners_) l->phone_seen(device, sign);
}

void TelephonyService::unsubscribe(PhoneBook::Listener& l) {
  for (size_t i = book_listeners_.size(); i-- > 0;)
    if (book_listeners_[i] == &l) book_listeners_.remove(i);
}

}  // namespace parley::telephony_service
