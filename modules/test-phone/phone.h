// One phone from power-on to its register: lists, file, certificate, encrypted file, services, signalling.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DOC
// A Task that does what a telephone does at its boot, over real sockets, with its own reading and judging of all it is given.
//
//   CTL -> ITL -> file -+-> CAPF -> file again -+-> encrypted file -> TVS -> services -> signalling -> over
//                       +-----------------------+
//
// A phone that `stays` keeps its connection to the call manager, boots again after a reset, and registers again after a restart.
//
// A step that fails is told to the watcher; the phone goes on with what it has as long as that makes sense: with the lists it
// had before, with the LSC it has. Without a file it stops. Where a certificate stands in no list, newer phones ask TVS
// (`asking`) and try again once.
#pragma once

#include <initializer_list>

#include "modules/test-phone/capf_talk.h"
#include "modules/test-phone/fetch.h"
#include "modules/test-phone/talks.h"

namespace parley::test_phone {

enum class Step : uint8_t { address, ctl, itl, file, capf, encrypted, tvs, services, signalling };
constexpr size_t kSteps = 9;
const char* step_name(Step s);

class PhoneWatcher {
 public:
  virtual ~PhoneWatcher() = default;
  // note: may be empty. Not to destroy the phone.
  virtual void step_ended(Step step, const Status& result, std::string_view note) = 0;
};

class Phone final : public Task {
 public:
  Phone(const PhoneParts& parts, const PhonePlan& plan, PhoneFlash& flash, PhoneWatcher& watcher);
  ~Phone() override;
  void boot();
  bool over() const { return at_ == At::over; }
  size_t failures() const { return failures_; }
  Poll step() override;

 private:
  class JudgeJob;
  enum class At : uint8_t { idle, fetch_ctl, judge_ctl, fetch_itl, judge_itl, fetch_file, judge_file, capf, pause, fetch_encrypted,
                            judge_encrypted, tvs, services, signalling, staying, asking, over };
  bool run();                      // false: wait
  void begin(At at);
  void begin_lists(At at);
  void got_list(ListKind kind);
  void judged_list(ListKind kind);
  void keep_list(ListKind kind, Blob file, std::string_view note);
  void begin_file();
  void got_file();
  void judged_file();
  void use_file(Bytes xml, bool was_signed);
  void after_file();
  bool wants_capf() const;
  void begin_capf();
  void capf_ended(const Status& result);
  void after_capf();
  void got_encrypted();
  void judged_encrypted();
  void begin_tvs();
  void begin_services();
  void services_ended(const Status& result);
  void begin_signalling();
  void signalling_ended(const Status& result);
  void ordered(const Status& result);

  Status start_judge(At next, Blob file);
  bool ask_tvs(Bytes certificate, uint16_t wanted, At again);   // false: cannot be asked
  void asked(const Status& answer);
  Endpoint tvs_server() const;
  uint32_t listed_server(std::initializer_list<uint16_t> roles) const;   // address of the first such record; 0: none
  bool own_certificate_matches() const;
  void tell(Step step, const Status& result, std::string_view note = {});
  void stop();

  PhoneParts parts_;
  PhonePlan plan_;
  PhoneFlash& flash_;
  PhoneWatcher& watcher_;
  Abilities can_;
  Fetch fetch_;
  SecureLink link_;
  CapfTalk capf_;
  TvsTalk tvs_;
  RegisterTalk register_;
  JobSlot<JudgeJob> job_;
  Timer pause_{*this};
  At at_ = At::idle, again_ = At::idle;
  PhoneSettings settings_;
  Blob pending_list_;              // waits for the answer of TVS
  Fault pending_why_;
  bool asked_once_ = false;        // in this step
  bool capf_told_ = false;
  unsigned pauses_ = 0;
  size_t failures_ = 0;
};

}  // namespace parley::test_phone
