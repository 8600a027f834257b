// Which phone files differ from the published ones: first by their settings, then by their text.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/certificate.h"
#include "modules/telephony-service/cnf_builder.h"

namespace parley::telephony_service {

// What all files are made of. Asked in each step, because it may change between two: each file bears the sum of what it was made of.
FileSum CnfBuilder::shared_inputs() const {
  uint8_t facts[16];
  ByteWriter w{MutBytes(facts)};
  uint32_t tvs_ip = 0;
  uint16_t tvs_port = 0;
  owner_.tvs_of(tvs_ip, tvs_port);
  w.u8(owner_.server_secure());
  w.u8(owner_.https_paused());
  w.u32(tvs_ip);
  w.u16(tvs_port);
  return sum_of(sum_of_shared(owner_.settings()), w.view());
}

void CnfBuilder::take(PhoneFile& to, Result<PhoneFile> file) {
  if (file) to = std::move(*file);
  else fail("% No memory for phone files");
}

bool CnfBuilder::look_at_next(const FileSum& shared) {
  const Config& c = owner_.settings();
  if (next_phone_ == 0) return look_at_default(shared);
  if (next_phone_ <= c.phones.size()) return look_at_phone(shared, c.phones[next_phone_ - 1]);
  return look_at_pool(shared, c.register_pools[next_phone_ - 1 - c.phones.size()]);
}

// The same settings and the same signer: nothing is compared, nothing is signed.
bool CnfBuilder::unchanged(const PhoneFileName& name, const FileSum& inputs) {
  Made* known = find(name);
  if (known == nullptr) return false;
  known->seen = true;
  return !known->moved && known->inputs == inputs && known->signer == signer_;
}

bool CnfBuilder::look_at_default(const FileSum& shared) {
  CnfItem item;
  item.name = PhoneFileName(kDefaultFileName);
  item.inputs = sum_of(shared, as_bytes(kDefaultFileName));
  if (unchanged(item.name, item.inputs)) return false;
  take(item.file, write_default_file(owner_.settings().telephony, owner_.https_paused()));
  consider(std::move(item));
  return true;
}

bool CnfBuilder::look_at_phone(const FileSum& shared, const Ephone& phone) {
  if (phone.mac.empty()) return false;
  const Config& c = owner_.settings();
  CnfItem item;
  item.name = phone_file_name(phone.mac);
  PhoneFacts facts;
  facts.capf = owner_.capf_of(phone);
  facts.encrypted = encrypted_file(c, phone);
  const Bytes certificate = facts.encrypted ? owner_.certificate_of(phone) : Bytes();
  item.inputs = sum_of_phone(shared, phone, facts.capf, certificate);
  if (unchanged(item.name, item.inputs)) return false;
  facts.server_secure = owner_.server_secure();
  facts.https = https_services(c, phone);
  facts.https_paused = owner_.https_paused();
  owner_.tvs_of(facts.tvs_ip, facts.tvs_port);
  if (!facts.encrypted) {
    take(item.file, write_phone_file(c.telephony, phone, facts));
    return consider(std::move(item)), true;
  }
  // From here on nothing but the partial file is readable, whatever is missing for the encrypted one.
  if (!certificate.empty() && !phone_key(phone, certificate, item.phone_key)) item.inputs = {};
  if (item.phone_key.empty()) facts.capf.certificate_hash.clear();
  take(item.file, write_partial_file(c.telephony, phone, facts));
  if (!item.phone_key.empty()) take(item.secret, write_phone_file(c.telephony, phone, facts));
  consider(std::move(item));
  return true;
}

// No secure SIP lines (000:395-401): such a phone is told mode none and gets no certificate.
bool CnfBuilder::look_at_pool(const FileSum& shared, const RegisterPool& pool) {
  if (pool.mac.empty()) return false;
  const Config& c = owner_.settings();
  CnfItem item;
  item.name = phone_file_name(pool.mac);
  item.inputs = sum_of_pool(shared, pool);
  if (unchanged(item.name, item.inputs)) return false;
  Ephone phone;
  phone.mac = pool.mac;
  phone.type = pool.type;
  PhoneFacts facts;
  facts.sip = &pool;
  facts.https = https_services(c, pool);
  facts.https_paused = owner_.https_paused();
  owner_.tvs_of(facts.tvs_ip, facts.tvs_port);
  take(item.file, write_phone_file(c.telephony, phone, facts));
  consider(std::move(item));
  return true;
}

// The key that the encrypted file is made for. False: none that can take one; problem() says so as long as it lasts.
bool CnfBuilder::phone_key(const Ephone& phone, Bytes certificate, Blob& to) {
  const auto c = crypto_pki::parse_certificate(certificate);
  if (c && c->key.algorithm == crypto_pki::KeyAlgorithm::rsa && c->key.bits >= 1024) {
    if (!to.append(c->key.key)) fail("% No memory for phone files");
    return !aborted_;
  }
  char line[200];
  FixedWriter w(line);
  w.put("% The file of ephone ").dec(phone.tag).put(" is not made: its certificate has no RSA key of 1024 bits or more");
  problem_ = w.view();
  return false;
}

// Unchanged files with the same signer cost nothing, and no new encryption.
void CnfBuilder::consider(CnfItem item) {
  if (aborted_) return;
  item.content = sum_of(item.file.text.view());
  if (!item.secret.text.empty()) {
    item.content = sum_of(sum_of(item.content, item.phone_key.view()), item.secret.text.view());
    if (!signer_known_) {
      (void)problem_.set("% Encrypted files need 'tftp-server-credentials'");
      item.inputs = {};
    }
  }
  Made* known = find(item.name);
  if (known != nullptr && !known->moved && known->content == item.content && known->signer == signer_) {
    known->inputs = item.inputs;
    return;
  }
  if (next_ == nullptr) next_ = std::make_unique<CnfJob>(env_.store, env_.keys, env_.random);
  if (!next_->items.push(std::move(item))) fail("% No memory for phone files");
}

}  // namespace parley::telephony_service
