// Remembers durably which lists each phone fetched and went on with; hears it from file-service.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/ctl-client/phone_lists.h"
#include "modules/file-service/publisher.h"
#include "modules/module.h"
#include "platform/sched/job.h"
#include "platform/sched/task.h"
#include "platform/store/store.h"

namespace parley::ctl_client {

// fetch --> changed --> saved in one job at once, then at most once a second --> owner hears
class PhoneMemory final : public Task, private Publisher::Watcher {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void memory_changed() = 0;         // and it is durable
    virtual Bytes served(ListKind kind) const = 0;   // the list that phones fetch now; empty: none
  };
  PhoneMemory(Env& env, Publisher& publisher, Owner& owner);
  ~PhoneMemory() override;
  Poll step() override;

  void restore();                              // boot, before the scheduler runs
  void set_phones(std::span<const PhoneMac> phones);
  void list_restored(ListKind kind);           // the list of the last run is served again
  void went_on(const PhoneMac& mac);           // CAPF or TLS registration: it has judged its lists
  void forget(const PhoneMac& mac);
  void set_trial(uint32_t ip) { trial_ip_ = ip; }   // what this address fetches counts for nobody
  const PhoneLists& lists() const { return lists_; }
  // Everything that is known is durable: decisions may stand on it.
  bool settled() const { return !dirty_ && !job_.busy(); }

 private:
  struct SaveJob;
  // An address that fetched files: telephones ask for common lists without their name.
  struct Address {
    uint32_t ip = 0;
    Monotonic when{};
    PhoneMac mac;
    bool known = false, several = false;       // several phones behind it: tells nothing
    Blob waiting[2];                           // common lists that came before a file of its own
  };
  void fetched(std::string_view name, Bytes content, uint32_t peer_ip) override;
  void own_file(const PhoneMac& mac, uint32_t ip);
  void common_list(ListKind kind, Bytes content, uint32_t ip);
  void list_fetched(const PhoneMac& mac, ListKind kind, Bytes content);
  void assume(ListKind kind, std::span<const PhoneMac> phones);
  void touched(bool changed);
  Address& address(uint32_t ip);
  bool fresh(const Address& a) const;
  void debug(const PhoneMac& mac, std::string_view what) const;

  Env& env_;
  Publisher& publisher_;
  Owner& owner_;
  PhoneLists lists_;
  List<Address> addresses_{general_arena()};
  JobSlot<SaveJob> job_;
  Timer next_{*this};
  uint32_t trial_ip_ = 0;
  bool dirty_ = false;
  bool blank_ = false;                         // nothing was remembered at boot
  bool assume_ = false;                        // nothing is known: each phone may hold what is served
};

constexpr std::string_view kMemoryFile = "nvram:phone-lists";

}  // namespace parley::ctl_client
