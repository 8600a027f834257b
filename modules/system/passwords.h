// PasswordRules of the router: policy, types 0, 1, 6, 7, 8, 9, the master key (commands.md section 0).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/password.h"
#include "modules/system/password_codec.h"
#include "platform/base/secret.h"

namespace parley::system {

// What decides how a password is kept.
struct PasswordSettings {
  bool encrypt_password = true;    // telephony-service: `encrypt password`
  bool aes = false;                // `password encryption aes`
  bool service_encryption = false; // `service password-encryption`
  uint8_t min_length = 0;          // `security passwords min-length`: of users, lines and enable
};

class Passwords final : public cli::PasswordRules {
 public:
  explicit Passwords(Random& random) : random_(random) {}
  ~Passwords() override;

  bool parse(cli::PasswordKind kind, int typed, std::string_view text, bool loading, cli::Password& out,
             Writer& refusal) override;

  void set(const PasswordSettings& s) { settings_ = s; }
  const PasswordSettings& settings() const { return settings_; }
  void set_key(const Type6Key& key);
  void forget_key();
  bool has_key() const { return has_key_; }
  bool is_key(const Type6Key& key) const;
  bool encrypts() const { return settings_.encrypt_password && settings_.aes && has_key_; }

  // A stored password was kept under other settings: brings it to the present form. True: it changed.
  bool convert(cli::PasswordKind kind, cli::Password& p);
  // Re-keying: opens with the old key what is type 6 and seals it with the new one (000:120).
  bool rekey(cli::Password& p, const Type6Key& next);
  // The plain text of any reversible form. Fault unsupported: one-way; untrusted: unreadable.
  Status plain(const cli::Password& p, PasswordText& out) const;

 private:
  bool keep6(std::string_view text, bool policy, bool loading, cli::Password& out, Writer& refusal);
  bool keep_plain(std::string_view text, bool policy, bool loading, cli::Password& out, Writer& refusal);
  Random& random_;
  PasswordSettings settings_;
  Type6Key key_;
  bool has_key_ = false;
};

}  // namespace parley::system
