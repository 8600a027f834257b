// The module ctl-client: makes, keeps and publishes the trust list of the phones.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/crypto-pki/trustpoints.h"
#include "modules/ctl-client/ctl_config.h"
#include "modules/ctl-client/itl_keeper.h"
#include "modules/ctl-client/list_job.h"
#include "modules/ctl-client/provider_clients.h"
#include "modules/ctl-client/phone_memory.h"
#include "modules/ctl-client/published_list.h"
#include "modules/ctl-client/role_book.h"
#include "modules/ctl-client/rotation.h"
#include "modules/ctl-client/trust_list.h"
#include "modules/file-service/publisher.h"
#include "modules/module.h"
#include "modules/trust_files.h"
#include "platform/sched/task.h"

namespace parley::ctl_client {

class CtlClient final : public Instance, public TrustList, public TrustRoles, private ItlOwner, private PhoneMemory::Owner,
                        private Rotation::Owner, private Trustpoints::Listener, private TrustFiles::Owner {
 public:
  explicit CtlClient(Env& env);
  ~CtlClient() override;

  void* config() override { return &config_; }
  const char* verify() override;
  void apply() override;
  Status start() override;
  void stop() override;

  bool ctl_exists() const override { return !list_.empty(); }
  void set_phones(std::span<const PhoneMac> phones) override;
  void set_secure(bool secure) override;
  void set_digest(Hash digest) override;
  bool https_paused() const override { return config_.ctl.prepare_rollback; }
  void erase() override;
  void phone_went_on(const PhoneMac& phone) override;
  void set_trial(uint32_t ip) override;
  void subscribe(TrustList::Listener& l) override;
  void unsubscribe(TrustList::Listener& l) override;

  Status set_uses(const char* owner, std::span<const TrustUse> uses) override;
  void each_trusted(Each each, void* context) const override;
  std::string_view in_use(std::string_view owner, TrustRole role, std::string_view configured) const override;
  bool rotating() const override;
  const TrustUse* use_of(TrustRole role) const override { return roles_.use_of(role); }
  void subscribe(TrustRoles::Listener& l) override { roles_.subscribe(l); }
  void unsubscribe(TrustRoles::Listener& l) override { roles_.unsubscribe(l); }

  Status regenerate(bool strand) override { return begin_list(strand, false); }
  uint64_t made() const override { return made_; }
  void wait(Task& waiter) override;
  void forget(Task& waiter) override;
  std::string_view problem() const override { return problem_; }
  std::string_view signer() const { return signer_; }
  std::span<const PhoneMac> lost() const { return {lost_.begin(), lost_.size()}; }
  void show(Writer& out) const;
  ProviderClients* providers() const { return providers_.get(); }   // nullptr: not started
  void show_rotation(Writer& out) const;
  Log& log() { return env_.log; }

 private:
  class Worker;
  void trustpoints_changed(std::string_view label) override;
  void trust_files(TrustFiles::Sink& sink) const override;
  bool names(std::string_view label) const;
  Status plan(ListPlan& plan);
  // by_itself: nobody asked; nothing is made when it would say the same. Fault denied: lost() would be stranded.
  Status begin_list(bool strand, bool by_itself);
  Status submit(ListJob::Work work, std::unique_ptr<ListJob> job);
  void step();
  void finished(ListJob& job);
  void follow_soon();
  void follow_certificates();
  ItlFacts itl_facts() const override;
  bool may_decide() const override { return memory_->settled() && rotation_->settled(); }
  void itl_made(std::span<const PhoneMac> lost) override;
  Bytes served(ListKind kind) const override;
  bool phone_follows(const PhoneMac& phone) const override;
  void memory_changed() override;
  const Ctl& settings() const override { return config_.ctl; }
  std::span<const RoleBook::Use> uses() const override { return roles_.uses(); }
  void rotation_moved() override;
  Status ask_before_stranding(ListPlan& plan);
  bool introduces_signer() const;   // the CTL file names a wanted signer that does not sign yet
  std::span<const PhoneMac> phones() const { return {phones_.begin(), phones_.size()}; }
  Hash digest() const override { return digest_; }
  bool clock_set() const override;
  void publish();
  void tell();
  void moved();               // certificates, roles or settings

  Env& env_;
  Config config_;
  std::unique_ptr<Worker> worker_;
  Trustpoints* trustpoints_ = nullptr;
  Publisher* publisher_ = nullptr;
  List<TrustList::Listener*> listeners_;
  RoleBook roles_;
  List<PhoneMac> phones_;
  PublishedList published_{"CTL"};
  std::unique_ptr<PhoneMemory> memory_;
  std::unique_ptr<Rotation> rotation_;
  std::unique_ptr<ItlKeeper> itl_;
  std::unique_ptr<ProviderClients> providers_;
  JobSlot<ListJob> job_;
  List<Task*> waiters_;
  uint64_t made_ = 0;
  Blob list_;                 // what is published
  uint32_t last_time_ = 0;    // timestamp of the newest list
  Hash digest_ = Hash::sha1;
  bool secure_ = true;
  bool configured_ = false;
  bool paused_ = false;       // https_paused() as the listeners know it
  bool erase_wanted_ = false;
  bool restore_wanted_ = false;
  bool follow_wanted_ = false;
  List<PhoneMac> lost_{general_arena()};   // of the list that was planned last
  Text<200> problem_;
  Text<200> stale_;           // why the list does not follow its certificates, as logged
  Text<63> signer_;
};

}  // namespace parley::ctl_client
