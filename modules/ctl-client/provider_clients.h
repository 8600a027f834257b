// The CTL providers that `server cme A username ...` names: asks them, remembers them, tells when they say something new.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/ctl-client/ctl_config.h"
#include "modules/ctl-client/provider_query.h"
#include "modules/module.h"

namespace parley {
class PasswordPolicy;
}

namespace parley::ctl_client {

class ProviderClients final : public Task {
 public:
  static constexpr std::string_view kPath = "nvram:ctl-providers";
  ProviderClients(Env& env, Task& owner);        // owner: woken when records changed
  ~ProviderClients() override;
  void start(Trustpoints& trustpoints);          // at boot: reads what was kept
  void configure(const Ctl& config);             // asks new ones by itself
  const ProviderBook& book() const { return book_; }
  bool take_changed();                           // records changed since the last call

  // For `regenerate`: asks all of them now.
  void ask_all();
  bool busy() const;                             // somebody is asked, or the file is written
  void wait(Task* waiter) { waiter_ = waiter; }  // woken when it is not busy any more; nullptr: nobody
  size_t size() const { return asked_.size(); }
  struct View {
    uint32_t ip = 0;
    const Status& result;                        // of the last exchange
    bool asked = false, transient = false;
    Bytes unknown;                               // a certificate that must be accepted first; empty: none
    bool changed = false;                        // another one was accepted before
    const KnownProvider* known = nullptr;
  };
  View operator[](size_t i) const;
  Status confirm(size_t i);                      // the operator accepts unknown(); kept when busy() ends
  bool kept() const { return kept_; }
  void show(Writer& out) const;

  Poll step() override;

 private:
  struct Asked;
  class SaveJob;
  void ask(Asked& a);
  void finished(Asked& a);
  void save();

  Env& env_;
  Task& owner_;
  Trustpoints* trustpoints_ = nullptr;
  PeerTrust* peers_ = nullptr;
  PasswordPolicy* passwords_ = nullptr;
  Task* waiter_ = nullptr;
  ProviderBook book_;
  List<std::unique_ptr<Asked>> asked_{general_arena()};
  std::unique_ptr<JobSlot<SaveJob>> save_job_;
  bool save_again_ = false, kept_ = true, changed_ = false;
  Timer timer_{*this};
};

}  // namespace parley::ctl_client
