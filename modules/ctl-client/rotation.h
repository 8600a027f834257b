// Keeps certificates that phones know in use until they know the next ones; one trust key after the other.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A trustpoint that phones meet (file signer, call manager, CAPF, TVS, servers of the CTL file) got another certificate, or another
// trustpoint was configured for a service. Then: the lists name both -> every phone has fetched them and went on -> the next one is
// used -> the lists name it alone. Until then the router shows and signs with the former one (Trustpoints::Holder), whose key
// pair the key store keeps. What is in use is durable, so each stage outlives a power cut.
#pragma once

#include "modules/crypto-pki/trustpoints.h"
#include "modules/ctl-client/ctl_config.h"
#include "modules/ctl-client/phone_memory.h"
#include "modules/ctl-client/role_book.h"

namespace parley::ctl_client {

constexpr std::string_view kRotationFile = "nvram:trust-rotation";

struct InUse {                       // of a label
  Text<63> label;
  Blob certificate;
  uint32_t roles = 0;                // bit n: role n; durable, because services tell theirs one after the other at boot
  UnixTime since = 0;                // the next one waits since then; 0: none waits
  bool named = false;                // while looking: somebody still means this label
  bool queued = false;               // its change waits for the end of another
};
struct Slot {                        // of a service
  Text<31> owner;
  Role role = Role::ccm;
  Text<63> label;                    // in use; the configured one may be another
  UnixTime since = 0;
  bool named = false, queued = false;
};
// Durable part. Fault invalid: damaged.
struct RotationState {
  static constexpr size_t kMaxLabels = 64, kMaxSlots = 32;
  List<InUse> labels{general_arena()};
  List<Slot> slots{general_arena()};
  Status encode(Blob& to) const;
  Status decode(Bytes from);
};

class Rotation final : public Task, public Trustpoints::Holder {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual const Ctl& settings() const = 0;
    virtual std::span<const RoleBook::Use> uses() const = 0;
    virtual Bytes served(ListKind kind) const = 0;
    virtual void rotation_moved() = 0;       // what is in use, or what the lists must name, has changed
  };
  Rotation(Env& env, Trustpoints& trustpoints, const PhoneMemory& memory, Owner& owner);
  ~Rotation() override;
  Poll step() override;

  void restore();                            // boot, before the scheduler runs
  void changed();                            // settings, uses, certificates, lists or memory: looks soon
  void look();                               // now
  void force();                              // the operator gave up the phones that wait
  bool open() const;                         // something waits: TVS answers are short-lived
  bool settled() const { return !dirty_ && !job_.busy(); }

  // What a service shows while `configured` is its setting.
  std::string_view in_use(std::string_view owner, Role role, std::string_view configured) const;
  // What the lists name: the certificate in use, and the one that comes after it (empty: none, or not its turn yet).
  struct Pair {
    Bytes now, next;
  };
  Pair of_label(std::string_view label) const;
  Pair of_use(const RoleBook::Use& use) const;

  // One open change, for `show`.
  struct Change {
    std::string_view label, to;              // trustpoints; the same one when its certificate changed
    Bytes now, next;
    Role roles[8] = {};
    size_t role_count = 0;
    UnixTime since = 0;
    bool queued = false;
    bool has(Role role) const;
    void add(Role role);
  };
  template <class Fn> void each_change(Fn fn) const;
  // Phones that would lose something if the change were made now.
  bool waits_for(const Change& change, const PhoneLists::Phone& phone) const;

  // Trustpoints::Holder
  Bytes held(std::string_view label) const override;
  bool needed_by(Bytes spki, Writer& names) const override;
  void give_up(Bytes spki) override;

 private:
  struct SaveJob;
  struct SweepJob;
  const InUse* find(std::string_view label) const;
  InUse* find(std::string_view label) { return const_cast<InUse*>(static_cast<const Rotation*>(this)->find(label)); }
  const Slot* slot_of(std::string_view owner, Role role) const;
  Bytes newest(std::string_view label) const;
  void name_all();
  void name(std::string_view label);
  void take_turns();
  bool move_ready(bool all);
  bool lost(const Change& change) const;
  bool ready(const Change& change) const;
  uint32_t roles_of(std::string_view label) const;
  Change change_of(const InUse& held) const;
  Change change_of(const Slot& slot) const;
  void protect();
  void save();
  void debug(std::string_view what, std::string_view label) const;

  Env& env_;
  Trustpoints& trustpoints_;
  const PhoneMemory& memory_;
  Owner& owner_;
  RotationState state_;
  Timer look_{*this}, end_{*this}, forget_{*this}, retry_{*this};
  JobSlot<SaveJob> job_;
  JobSlot<SweepJob> sweep_;
  List<Digest> given_up_{general_arena()};
  Digest protected_;                         // over the set that the key store has
  bool dirty_ = false, roles_changed_ = false, sweep_wanted_ = false, damaged_ = false, forgetting_ = false;
};

template <class Fn>
void Rotation::each_change(Fn fn) const {
  for (const InUse& l : state_.labels)
    if (l.since != 0) fn(change_of(l));
  for (const Slot& s : state_.slots)
    if (s.since != 0) fn(change_of(s));
}

// "  SEP001122334455", at most ten, then how many more.
void print_phones(Writer& out, std::span<const PhoneMac> phones, std::string_view indent);

}  // namespace parley::ctl_client
