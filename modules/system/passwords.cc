// PasswordRules of the router.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/passwords.h"

namespace parley::system {
namespace {

using cli::Password;
using cli::PasswordKind;

bool store(Password& out, uint8_t type, std::string_view text) {
  out = Password{};
  out.set = 1;
  out.type = type;
  return out.text.set(text);
}

bool refuse(Writer& refusal, std::string_view text) {
  refusal.put(text);
  return false;
}

bool refuse_policy(Writer& refusal) { return refuse(refusal, kPolicyText); }

bool is_pin(std::string_view s) {
  if (s.empty() || s.size() > 8) return false;
  for (char c : s) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

}  // namespace

Passwords::~Passwords() { forget_key(); }

void Passwords::set_key(const Type6Key& key) {
  key_ = key;
  has_key_ = true;
}

void Passwords::forget_key() {
  wipe(key_.data, sizeof key_.data);
  has_key_ = false;
}

bool Passwords::is_key(const Type6Key& key) const {
  return has_key_ && equal_constant_time(Bytes(key.data, sizeof key.data), Bytes(key_.data, sizeof key_.data));
}

bool Passwords::keep_plain(std::string_view text, bool policy, bool loading, Password& out, Writer& refusal) {
  if (policy && !loading && !policy_holds(text)) return refuse_policy(refusal);
  if (!encrypts()) return store(out, 0, text) || refuse(refusal, "% Password is too long");
  CipherText cipher;
  if (!type6_seal(key_, text, random_, cipher)) return refuse(refusal, "% Password is too long");
  return store(out, 6, cipher) || refuse(refusal, "% Password is too long");
}

// commands.md 0.3: a type 6 string that this key does not open is kept as typed and is of no use.
bool Passwords::keep6(std::string_view text, bool policy, bool loading, Password& out, Writer& refusal) {
  PasswordText plain;
  const bool readable = settings_.aes && has_key_ && type6_open(key_, text, plain).has_value();
  if (!readable) return store(out, 6, text) || refuse(refusal, "% Password is too long");
  if (policy && !loading && !policy_holds(plain)) return refuse_policy(refusal);
  return encrypts() ? store(out, 6, text) : store(out, 0, plain);
}

bool Passwords::parse(PasswordKind kind, int typed, std::string_view text, bool loading, Password& out, Writer& refusal) {
  if (text.empty() || text.size() > Text<126>::kCapacity) return refuse(refusal, "% Password is too long");
  const uint8_t type = typed < 0 ? 0 : static_cast<uint8_t>(typed);
  const bool local = kind == PasswordKind::pw07 || kind == PasswordKind::pws;
  if (local && type == 0 && !loading && text.size() < settings_.min_length) {
    refusal.put("% Password too short - must be at least ").dec(settings_.min_length).put(" characters. Password configuration failed");
    return false;
  }
  CipherText cipher;
  switch (kind) {
    case PasswordKind::ata:
      if (type == 0 && !loading && !four_digits(text)) return refuse_policy(refusal);
      if (type == 6) return keep6(text, false, loading, out, refusal);
      return keep_plain(text, false, loading, out, refusal);
    case PasswordKind::pin:
      if (type == 0 && !is_pin(text)) return refuse(refusal, "% A PIN has 1 to 8 digits");
      [[fallthrough]];
    case PasswordKind::pw6: {
      const bool policy = kind == PasswordKind::pw6;
      if (type == 6) return keep6(text, policy, loading, out, refusal);
      return keep_plain(text, policy, loading, out, refusal);
    }
    case PasswordKind::pw01:
      if (type == 1) return store(out, 1, text);
      if (settings_.service_encryption && type7_encode(text, random_.below(16), cipher)) return store(out, 1, cipher);
      return store(out, 0, text);
    case PasswordKind::pw07: {
      PasswordText plain;
      if (type == 7) {
        if (!type7_decode(text, plain)) return refuse(refusal, "% Invalid encrypted password");
        return store(out, 7, text);
      }
      if (settings_.service_encryption && type7_encode(text, random_.below(16), cipher)) return store(out, 7, cipher);
      return store(out, 0, text);
    }
    case PasswordKind::pws:
      if (type != 0 && !secret_form(type, text)) return refuse(refusal, "% Invalid encrypted password");
      return store(out, type, text);   // a plain one is hashed by a job of the accounts
  }
  return false;
}

Status Passwords::plain(const Password& p, PasswordText& out) const {
  switch (p.type) {
    case 0:
      if (!out.set(p.text)) return Fault{Code::invalid, "password is too long", 0};
      return {};
    case 1:
    case 7:
      if (!type7_decode(p.text, out)) return Fault{Code::untrusted, "not a valid encoded password", 0};
      return {};
    case 6:
      if (!has_key_) return Fault{Code::untrusted, "no master key", 0};
      return type6_open(key_, p.text, out);
    default:
      return Fault{Code::unsupported, "one-way secret", 0};
  }
}

bool Passwords::convert(PasswordKind kind, Password& p) {
  if (p.set == 0) return false;
  PasswordText text;
  CipherText cipher;
  switch (kind) {
    case PasswordKind::pw6:
    case PasswordKind::pin:
    case PasswordKind::ata:
      if (p.type == 0 && encrypts()) {
        return type6_seal(key_, p.text, random_, cipher).has_value() && store(p, 6, cipher);
      }
      if (p.type == 6 && !encrypts() && has_key_ && plain(p, text)) return store(p, 0, text);
      return false;
    case PasswordKind::pw01:
    case PasswordKind::pw07:
      if (p.type != 0 || !settings_.service_encryption || !type7_encode(p.text, random_.below(16), cipher)) return false;
      return store(p, kind == PasswordKind::pw01 ? 1 : 7, cipher);
    case PasswordKind::pws:
      return false;
  }
  return false;
}

bool Passwords::rekey(Password& p, const Type6Key& next) {
  PasswordText text;
  CipherText cipher;
  if (p.set == 0 || p.type != 6 || !plain(p, text)) return false;
  return type6_seal(next, text, random_, cipher).has_value() && store(p, 6, cipher);
}

}  // namespace parley::system
