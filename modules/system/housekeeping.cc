// The task of the system module.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/housekeeping.h"

#include "cli/engine.h"
#include "modules/system/system.h"
#include "platform/base/secret.h"

namespace parley::system {

HashJob::~HashJob() { wipe(&plain_, sizeof plain_); }

Housekeeping::Housekeeping(System& system)
    : Task(system.env().scheduler, "System"), system_(system), reload_(*this) {}

bool Housekeeping::cancel_reload() {
  const bool was = reload_.running();
  reload_.stop();
  return was;
}

const cli::Password* Housekeeping::next_plain(Text<63>& user, uint8_t& privilege) {
  const SystemConfig& c = system_.settings();
  user.clear();
  if (c.enable_secret.set != 0 && c.enable_secret.type == 0) return &c.enable_secret;
  for (const User& u : c.users) {
    if (u.kind != UserSecret::secret || u.secret.set == 0 || u.secret.type != 0) continue;
    user = u.name;
    privilege = u.privilege;
    return &u.secret;
  }
  return nullptr;
}

bool Housekeeping::settled() {
  Text<63> user;
  uint8_t privilege = 1;
  return next_plain(user, privilege) == nullptr;
}

void Housekeeping::hash_next() {
  const cli::Password* p = next_plain(user_, privilege_);
  if (p == nullptr) return;
  PasswordText plain;
  (void)plain.set(p->text);
  (void)hash_.start(system_.env().jobs, *this, std::make_unique<HashJob>(system_.env().random, plain));
  wipe(&plain, sizeof plain);
}

void Housekeeping::take_hash() {
  auto job = hash_.take();
  if (job == nullptr || !job->result) return;
  Text<63> user;
  uint8_t privilege = 1;
  if (next_plain(user, privilege) == nullptr || !(user == user_)) return;   // changed meanwhile: hash again
  char text[320];
  FixedWriter w(text);
  if (user_.empty()) w.put("enable secret 9 ");
  else w.put("username ").put(user_).put(" privilege ").dec(privilege).put(" secret 9 ");
  w.put(job->hash);
  (void)system_.env().cli.configure("", w.view());
}

Poll Housekeeping::step() {
  if (reload_.fired()) {
    if (Power* power = system_.env().services.find<Power>()) power->reload("scheduled");
  }
  if (hash_.busy()) take_hash();
  if (!hash_.busy()) hash_next();
  return Poll::pending;
}

}  // namespace parley::system
