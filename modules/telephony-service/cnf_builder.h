// Keeps the published phone files equal to the configuration: compares, has changed ones signed, shows all in one step.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/crypto-pki/trustpoints.h"
#include "modules/file-service/publisher.h"
#include "modules/module.h"
#include "modules/telephony-service/capf_notes.h"
#include "modules/telephony-service/cnf_job.h"
#include "platform/base/index.h"
#include "platform/sched/task.h"

namespace parley::telephony_service {

// What the builder asks of the module.
class CnfOwner {
 public:
  virtual ~CnfOwner() = default;
  virtual const Config& settings() const = 0;
  virtual std::string_view file_signer() const { return settings().telephony.tftp_credentials; }   // trustpoint in use
  virtual bool server_secure() const = 0;     // effective server-security-mode
  virtual bool ctl_exists() const = 0;
  virtual bool https_paused() const = 0;
  virtual void tvs_of(uint32_t& ip, uint16_t& port) const = 0;
  virtual PhoneCapf capf_of(const Ephone& phone) const = 0;
  virtual Bytes certificate_of(const Ephone& phone) const = 0;   // empty: none is known
  virtual void files_made(bool changed) = 0;  // after each complete build
};

// idle --request--> preparing (a slice of phones each step; those whose settings are as they were are passed over) <--> working (one job: 16 changed files) --> publishing (slices) --> idle
class CnfBuilder final : public Task {
 public:
  CnfBuilder(Env& env, CnfOwner& owner, Trustpoints& trustpoints, Publisher& publisher);
  ~CnfBuilder() override;
  Poll step() override;

  void request(Millis delay);     // the files may differ from the configuration; several requests become one build
  void withdraw();                // nothing is published any more
  // A build that sees the present configuration, at once. The number is that of the build; ended() tells when it is over.
  uint64_t request_now();
  bool ended(uint64_t build) const { return finished_ >= build; }
  uint64_t begun() const { return started_; }   // the last build that was begun
  void wait(Task& waiter);   // woken at the end of each build, until forget()
  void forget(Task& waiter);
  std::string_view problem() const { return problem_; }
  uint64_t signatures() const { return signatures_; }

  size_t files() const { return made_.size(); }
  PhoneFileName file(size_t i) const { return made_[i].name; }
  bool encrypted(size_t i) const { return made_[i].encrypted; }
  bool has_signed() const { return signer_known_; }

 private:
  enum class At : uint8_t { idle, preparing, working, publishing };
  struct Made {
    PhoneFileName name;
    FileSum inputs;
    FileSum content;
    FileSum signer;              // zero: not signed
    bool seen = false;       // in this build
    bool encrypted = false;  // there is a .enc.sgn beside it
    bool moved = false;      // it goes to another place
  };
  bool begin();
  bool choose_signer();
  void prepare();
  FileSum shared_inputs() const;
  bool look_at_next(const FileSum& shared);       // these say: its text was written
  bool look_at_default(const FileSum& shared);
  bool look_at_phone(const FileSum& shared, const Ephone& phone);
  bool look_at_pool(const FileSum& shared, const RegisterPool& pool);
  bool unchanged(const PhoneFileName& name, const FileSum& inputs);
  bool phone_key(const Ephone& phone, Bytes certificate, Blob& to);
  void take(PhoneFile& to, Result<PhoneFile> file);
  void consider(CnfItem item);
  void note_removed();
  void hand_over();
  void take_results(CnfJob& job);
  void publish();
  void end();
  void fail(const char* what);
  Made* find(const PhoneFileName& name);
  Made* find_or_add(const PhoneFileName& name);
  void remove_made(const PhoneFileName& name);
  std::string_view folder() const;

  Env& env_;
  CnfOwner& owner_;
  Trustpoints& trustpoints_;
  Publisher& publisher_;
  Timer asked_;
  JobSlot<CnfJob> job_;
  size_t publish_next_ = 0;              // of done_
  std::unique_ptr<CnfJob> next_;         // is being filled
  List<Made> made_;                      // what phones see, or will see with the end of this build
  HashIndex by_name_;                    // of made_
  List<CnfItem> done_;                   // results that are not published yet
  List<PhoneFileName> removed_;
  At at_ = At::idle;
  bool dirty_ = false;
  bool aborted_ = false;
  bool first_ = true;                    // files of the last run may be in the store
  bool changed_ = false;
  bool signer_known_ = false;
  size_t next_phone_ = 0;                // 0: XMLDefault, then phones, then pools
  KeyRef key_;
  Blob certificate_;
  FileSum signer_;
  Hash hash_ = Hash::sha1;
  uint32_t time_ = 0, last_time_ = 0;
  uint64_t signatures_ = 0;
  uint64_t started_ = 0, finished_ = 0;   // builds
  Text<32> folder_;                       // of the files in made_
  List<Task*> waiters_;
  Text<200> problem_;
};

}  // namespace parley::telephony_service
