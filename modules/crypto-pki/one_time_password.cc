// The one-time enrolment password of a certificate server.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/one_time_password.h"

namespace parley::crypto_pki {

Result<Text<16>> OneTimePassword::generate(Random& random, UnixTime now, uint32_t minutes) {
  uint8_t raw[8];
  TRY(random.fill(raw));
  TRY(random.fill(salt_));
  char text[20];
  FixedWriter w(text);
  for (const uint8_t b : raw) w.hex(b, 2);
  wipe(raw, sizeof raw);
  digest_ = digest_of(w.view());
  end_ = now + static_cast<int64_t>(minutes) * 60;
  used_ = false;
  const Text<16> shown(w.view());
  wipe(text, sizeof text);
  return shown;
}

OneTimePassword::Verdict OneTimePassword::check(std::string_view challenge, UnixTime now) const {
  if (digest_.size == 0) return Verdict::none;
  if (challenge.empty()) return outstanding(now) ? Verdict::missing : Verdict::none;
  if (equal_constant_time(digest_of(challenge).view(), digest_.view())) {
    return used_ ? Verdict::used : now < end_ ? Verdict::right : Verdict::ended;
  }
  return outstanding(now) ? Verdict::wrong : Verdict::none;
}

}  // namespace parley::crypto_pki
