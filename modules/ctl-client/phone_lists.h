// Which trust lists each phone may hold, and what it would accept next: the rules of trust-files.md 2.2 over facts, not bytes.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A phone that fetched a list may have kept it or not (power, a signer it does not know). So each phone has a set of lists that it
// possibly holds, of each kind; it shrinks to one when the phone goes on to its signed file, which it does after it has judged the
// list. Whatever is asked here is true for every list it may hold.
#pragma once

#include <span>

#include "modules/ctl-client/trust_file_wire.h"
#include "modules/ctl-client/trust_list.h"
#include "platform/base/memory.h"
#include "platform/base/time.h"

namespace parley::ctl_client {

enum class ListKind : uint8_t { ctl, itl };

// SHA-256 of a certificate or of a file.
struct Sha256Id {
  uint8_t bytes[32] = {};
  bool operator==(const Sha256Id&) const = default;
};
Sha256Id sha256_id(Bytes data);

struct ListFacts {
  struct Entry {
    Role role = Role::sast;
    Sha256Id certificate;
  };
  ListKind kind = ListKind::ctl;
  Sha256Id id;                 // of the file
  Sha256Id signer;             // certificate of the SAST that signed it
  uint32_t timestamp = 0;
  List<Entry> entries{general_arena()};
  // CCM+TFTP is both.
  bool has(Role role, const Sha256Id& certificate) const;
};
// Fault invalid: not a list, or none that names its signer; full.
Result<ListFacts> facts_of(ListKind kind, Bytes file);

bool same_mac(const PhoneMac& a, const PhoneMac& b);

class PhoneLists {
 public:
  static constexpr size_t kPossible = 4, kMaxLists = 64, kMaxPhones = 4096, kMaxEntries = 96;
  static constexpr uint16_t kNone = 0xFFFF;

  struct Phone {
    PhoneMac mac;
    bool configured = false;
    UnixTime seen = 0;                        // newest fetch of a list
    uint16_t lists[2][kPossible];             // of ListKind; [0]: known to hold; kNone there: perhaps nothing
    Phone();
    bool holds_any() const;
    bool sure() const { return lists[0][1] == kNone && lists[1][1] == kNone; }
  };

  // Those that count. A phone that is not configured any more is remembered, but asked for nothing.
  void set_phones(std::span<const PhoneMac> phones);
  std::span<const Phone> phones() const { return {phones_.begin(), phones_.size()}; }
  const ListFacts& list(uint16_t index) const { return lists_[index]; }

  // Events. True: something changed.
  bool fetched(const PhoneMac& mac, ListKind kind, Bytes file, UnixTime now);
  bool went_on(const PhoneMac& mac);          // asked for what only a phone that has judged its lists asks for
  void forget(const PhoneMac& mac);           // it was reset by hand, or will be

  // Would it take a list of this kind from this signer? A kind it has not: nothing to lose.
  bool knows_signer(const Phone& phone, ListKind kind, const Sha256Id& certificate) const;
  bool trusts(const Phone& phone, Role role, const Sha256Id& certificate) const;
  // It trusts `old` for this role, and not `next`.
  bool loses(const Phone& phone, Role role, const Sha256Id& old, const Sha256Id& next) const;
  bool complete() const { return !overflow_; }   // false: more different lists are out than can be remembered

  // Bytes for nvram:. Fault invalid: damaged, or of another version.
  Status encode(Blob& to) const;
  Status decode(Bytes from);
  void clear();

 private:
  struct State { const ListFacts* ctl; const ListFacts* itl; };
  template <class Fn> bool every_state(const Phone& phone, Fn fn) const;
  Phone* find(const PhoneMac& mac);
  Phone* find_or_add(const PhoneMac& mac);
  uint16_t find_list(ListKind kind, const Sha256Id& id) const;
  uint16_t add_list(ListKind kind, Bytes file, const Sha256Id& id);
  void sweep();
  bool accepts(const State& state, const ListFacts& list) const;
  bool narrow(Phone& phone, ListKind kind);
  Status decode_lists(ByteReader& r);
  Status decode_phones(ByteReader& r);

  List<ListFacts> lists_{general_arena()};
  List<Phone> phones_{general_arena()};       // sorted by address
  bool overflow_ = false;
};

}  // namespace parley::ctl_client
