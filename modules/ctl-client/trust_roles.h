// Service TrustRoles: the certificates this router shows to phones, and what each is good for.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

#include "modules/ctl-client/trust_file_wire.h"
#include "platform/base/bytes.h"
#include "platform/base/text.h"

namespace parley {

class SecureListener;

using TrustRole = ctl_client::Role;

// A module that meets phones says with which trustpoint, in which role and at which address.
struct TrustUse {
  Text<63> trustpoint;
  TrustRole role = TrustRole::ccm;
  uint32_t ip = 0;
  Text<127> name;            // host name that phones know; empty: the dotted address
  const SecureListener* port = nullptr;   // where phones meet it, of the owner; nullptr: no port of its own
  bool operator==(const TrustUse&) const = default;
};

class TrustRoles {
 public:
  static constexpr const char* kService = "TrustRoles";
  virtual ~TrustRoles() = default;

  // What one module shows; replaces what it said before. owner: literal. Fault full: no memory, nothing changed.
  virtual Status set_uses(const char* owner, std::span<const TrustUse> uses) = 0;

  // Everything that phones of this router shall trust now: the uses of all modules, the servers and imports of the CTL file, the
  // signers (role sast: sast1, sast2 and recovery, nobody else). The same certificate may come with several roles.
  struct Trusted {
    Bytes certificate;           // DER
    TrustRole role = TrustRole::ccm;
    std::string_view source;     // trustpoint, or the name of the server, for `show`
    const TrustUse* use = nullptr;   // what a module of this router said; nullptr: from the CTL file or a signer
    bool listed = false;         // of a record of the CTL file; `source` is the name in it, or empty
  };
  using Each = void (*)(void* context, const Trusted& trusted);
  virtual void each_trusted(Each each, void* context) const = 0;
  // What the modules said; nullptr: nobody shows a certificate in this role.
  virtual const TrustUse* use_of(TrustRole role) const = 0;

  // Another trustpoint, or certificate, than the configured one may be in use while phones do not all know the next one:
  // what `owner` shows in this role. Listeners hear when it changes.
  virtual std::string_view in_use(std::string_view owner, TrustRole role, std::string_view configured) const = 0;
  virtual bool rotating() const = 0;     // some phones do not know the next certificates yet

  // Called on the scheduler after that set may have changed.
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void trust_roles_changed() = 0;
  };
  virtual void subscribe(Listener& l) = 0;
  virtual void unsubscribe(Listener& l) = 0;
};

}  // namespace parley
