// One phone from power-on to its register: what drives it, its lists and its file.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/test-phone/phone.h"

#include <algorithm>

#include "modules/test-phone/phone_jobs.h"

namespace parley::test_phone {

const char* step_name(Step s) {
  constexpr const char* kNames[kSteps] = {"address", "CTL", "ITL", "configuration file", "CAPF", "encrypted file", "TVS",
                                          "services", "signalling"};
  return kNames[static_cast<size_t>(s)];
}

namespace {

constexpr int kTurns = 16;
constexpr uint16_t kTvsPort = 2445;

Text<64> file_name(std::string_view before, std::string_view device, std::string_view behind) {
  char name[64];
  FixedWriter w(name);
  w.put(before).put(device).put(behind);
  return Text<64>(w.view());
}

bool busy(const Status& s) { return !s && s.error().code == Code::busy; }

}  // namespace

Phone::Phone(const PhoneParts& parts, const PhonePlan& plan, PhoneFlash& flash, PhoneWatcher& watcher)
    : Task(parts.scheduler, "Phone"), parts_(parts), flash_(flash), watcher_(watcher), fetch_(*this, parts_), link_(*this, parts_),
      capf_(*this, parts_, plan_, flash_, link_), tvs_(*this, plan_, flash_, link_), register_(*this, parts_, plan_, flash_, link_) {
  plan_.device = plan.device;
  plan_.model = plan.model;
  plan_.server = plan.server;
  plan_.from_ip = plan.from_ip;
  plan_.old = plan.old;
  plan_.auth_string = plan.auth_string;
  plan_.trial = plan.trial;
  plan_.stays = plan.stays;
  plan_.mic_key = plan.mic_key;
  (void)plan_.mic.append(plan.mic.view());
  plan_.connecting = plan.connecting;
  plan_.context = plan.context;
  if (plan_.old) can_ = {false, 2048};
}

Phone::~Phone() { stop(); }

void Phone::boot() {
  settings_ = {};
  capf_told_ = false;
  pauses_ = 0;
  begin(At::fetch_ctl);
  wake();
}

void Phone::stop() {
  fetch_.cancel();
  capf_.cancel();
  link_.close();
  job_.cancel();
  pause_.stop();
  at_ = At::over;
}

void Phone::tell(Step step, const Status& result, std::string_view note) {
  if (!result) ++failures_;
  watcher_.step_ended(step, result, note);
}

Poll Phone::step() {
  for (int n = 0; n < kTurns; ++n) {
    if (at_ == At::over) return Poll::done;
    if (!run()) return at_ == At::over ? Poll::done : Poll::pending;
  }
  return Poll::again;
}

void Phone::begin(At at) {
  at_ = at;
  asked_once_ = false;
  switch (at) {
    case At::fetch_ctl:
    case At::fetch_itl: return begin_lists(at);
    case At::fetch_file: return begin_file();
    case At::tvs: return begin_tvs();
    case At::services: return begin_services();
    case At::signalling: return begin_signalling();
    default: return;
  }
}

bool Phone::run() {
  switch (at_) {
    case At::fetch_ctl: got_list(ListKind::ctl); return at_ != At::fetch_ctl;
    case At::fetch_itl: got_list(ListKind::itl); return at_ != At::fetch_itl;
    case At::judge_ctl: judged_list(ListKind::ctl); return at_ != At::judge_ctl;
    case At::judge_itl: judged_list(ListKind::itl); return at_ != At::judge_itl;
    case At::fetch_file: got_file(); return at_ != At::fetch_file;
    case At::judge_file: judged_file(); return at_ != At::judge_file;
    case At::fetch_encrypted: got_encrypted(); return at_ != At::fetch_encrypted;
    case At::judge_encrypted: judged_encrypted(); return at_ != At::judge_encrypted;
    case At::pause:
      if (!pause_.fired()) return false;
      begin(At::fetch_file);
      return true;
    case At::capf: {
      const Status s = capf_.poll();
      if (busy(s)) return false;
      capf_ended(s);
      return true;
    }
    case At::asking:
    case At::tvs: {
      const Status s = tvs_.poll();
      if (busy(s)) return false;
      if (at_ == At::asking) {
        asked(s);
      } else {
        tell(Step::tvs, s);
        link_.close();
        begin(At::services);
      }
      return true;
    }
    case At::services: {
      const Status s = link_.poll();
      if (busy(s)) return false;
      services_ended(s);
      return true;
    }
    case At::signalling: {
      const Status s = register_.poll();
      if (busy(s)) return false;
      signalling_ended(s);
      return true;
    }
    case At::staying: {
      const Status s = register_.poll_order();
      if (busy(s)) return false;
      ordered(s);
      return true;
    }
    default: return false;
  }
}

// ---- lists

void Phone::begin_lists(At at) {
  const bool ctl = at == At::fetch_ctl;
  const auto own = file_name(ctl ? "CTL" : "ITL", plan_.device, ".tlv");
  const Status s = fetch_.start(plan_, own, ctl ? "CTLFile.tlv" : "ITLFile.tlv");
  if (s) return;
  tell(ctl ? Step::ctl : Step::itl, s);
  stop();
}

void Phone::got_list(ListKind kind) {
  const Status s = fetch_.poll();
  if (busy(s)) return;
  const bool ctl = kind == ListKind::ctl;
  const Step told = ctl ? Step::ctl : Step::itl;
  const At next = ctl && !plan_.old ? At::fetch_itl : At::fetch_file;
  if (s) {
    pending_list_ = fetch_.take();
    Blob copy;
    Status started = copy.append(pending_list_.view());
    if (started) started = start_judge(ctl ? At::judge_ctl : At::judge_itl, std::move(copy));
    if (started) return;
    tell(told, started);
  } else if (s.error().code == Code::missing) {
    const bool needed = plan_.old || (!ctl && flash_.trust.empty());
    if (needed) tell(told, Fault{Code::missing, "the server has no such list", 0});
    else tell(told, {}, "none on the server");
  } else {
    tell(told, s);
  }
  begin(next);
}

void Phone::judged_list(ListKind kind) {
  const auto done = job_.take();
  if (done == nullptr) return;
  const bool ctl = kind == ListKind::ctl;
  const At next = ctl && !plan_.old ? At::fetch_itl : At::fetch_file;
  Status result = done->result;
  if (result && done->verdict.by == ListVerdict::By::ask_tvs) {
    const At back = at_;
    if (ask_tvs(done->verdict.signer.view(), role::kSast, back)) return;
    result = Fault{Code::untrusted, "its signer is in no list of the phone, and TVS cannot be asked", 0};
  }
  if (result) {
    const Bytes kept = ctl ? flash_.trust.ctl.view() : flash_.trust.itl.view();
    const bool same = equal_bytes(kept, pending_list_.view());
    keep_list(kind, std::move(pending_list_),
              done->verdict.by == ListVerdict::By::first_list ? "first list, taken on trust" : same ? "unchanged" : "signed by a known signer");
  } else {
    tell(ctl ? Step::ctl : Step::itl, result);
  }
  begin(next);
}

void Phone::keep_list(ListKind kind, Blob file, std::string_view note) {
  (kind == ListKind::ctl ? flash_.trust.ctl : flash_.trust.itl) = std::move(file);
  tell(kind == ListKind::ctl ? Step::ctl : Step::itl, {}, note);
}

Status Phone::start_judge(At next, Blob file) {
  auto job = std::make_unique<JudgeJob>(parts_.keys);
  job->kind = next == At::judge_ctl ? JudgeJob::Kind::ctl : next == At::judge_itl ? JudgeJob::Kind::itl
              : next == At::judge_file ? JudgeJob::Kind::signed_file : JudgeJob::Kind::encrypted;
  job->name = fetch_.name();
  job->can = can_;
  job->file = std::move(file);
  job->key = flash_.key;
  job->open = !plan_.trial;
  TRY_ASSIGN(job->memory, flash_.trust.copy());
  TRY(job_.start(parts_.jobs, *this, std::move(job)));
  at_ = next;
  return {};
}

// ---- questions to TVS

uint32_t Phone::listed_server(std::initializer_list<uint16_t> roles) const {
  for (const Bytes list : {flash_.trust.itl.view(), flash_.trust.ctl.view()}) {
    const auto head = read_head(list);
    if (!head) continue;
    Records records(list, *head);
    Record r;
    while (records.next(r))
      if (r.ip != 0 && std::find(roles.begin(), roles.end(), r.role) != roles.end()) return r.ip;
  }
  return 0;
}

Endpoint Phone::tvs_server() const {
  if (settings_.tvs.ip != 0) return settings_.tvs;
  return {listed_server({role::kTvs}), kTvsPort};
}

bool Phone::ask_tvs(Bytes certificate, uint16_t wanted, At again) {
  const Endpoint server = tvs_server();
  if (plan_.old || asked_once_ || certificate.empty() || server.ip == 0 || !lists_role(role::kTvs, flash_.trust)) return false;
  Blob copy;                       // `certificate` may belong to the link
  if (!copy.append(certificate) || !tvs_.open(server, copy.view(), wanted)) return false;
  asked_once_ = true;
  again_ = again;
  at_ = At::asking;
  return true;
}

void Phone::asked(const Status& answer) {
  link_.close();
  const At again = again_;
  if (again == At::judge_ctl || again == At::judge_itl) {
    const ListKind kind = again == At::judge_ctl ? ListKind::ctl : ListKind::itl;
    if (answer) keep_list(kind, std::move(pending_list_), "TVS vouched for its signer");
    else tell(kind == ListKind::ctl ? Step::ctl : Step::itl, answer);
    return begin(kind == ListKind::ctl ? At::fetch_itl : At::fetch_file);
  }
  at_ = again;
  if (!answer) {
    if (again == At::capf) return capf_ended(answer);
    if (again == At::services) return services_ended(answer);
    return signalling_ended(answer);
  }
  if (again == At::capf) return begin_capf();
  if (again == At::services) return begin_services();
  begin_signalling();
}

// ---- file

void Phone::begin_file() {
  const auto name = file_name("", plan_.device, flash_.trust.empty() ? ".cnf.xml" : ".cnf.xml.sgn");
  const Status s = fetch_.start(plan_, name);
  if (s) return;
  tell(Step::file, s);
  stop();
}

void Phone::got_file() {
  const Status s = fetch_.poll();
  if (busy(s)) return;
  if (!s) {
    tell(Step::file, s.error().code == Code::missing ? Status(Fault{Code::missing, "the server has no file for this phone", 0}) : s);
    return stop();
  }
  if (flash_.trust.empty()) return use_file(fetch_.take().view(), false);
  const Status started = start_judge(At::judge_file, fetch_.take());
  if (started) return;
  tell(Step::file, started);
  stop();
}

void Phone::judged_file() {
  const auto done = job_.take();
  if (done == nullptr) return;
  if (done->result) return use_file(done->file.view().subspan(done->head.body_at), true);
  tell(Step::file, done->result);
  stop();
}

void Phone::use_file(Bytes xml, bool was_signed) {
  const auto read = read_settings(xml);
  if (!read) {
    tell(Step::file, read.error());
    return stop();
  }
  settings_ = *read;
  if (!capf_told_) {
    char note[32];
    FixedWriter w(note);
    w.put(was_signed ? "signed" : "plain").put(settings_.full ? "" : ", partial");
    tell(Step::file, {}, w.view());
  }
  after_file();
}

void Phone::got_encrypted() {
  const Status s = fetch_.poll();
  if (busy(s)) return;
  const Status started = s ? start_judge(At::judge_encrypted, fetch_.take()) : s;
  if (started) return;
  tell(Step::encrypted, started);
  begin(At::tvs);
}

void Phone::judged_encrypted() {
  const auto done = job_.take();
  if (done == nullptr) return;
  Status result = done->result;
  if (result && !plan_.trial) {
    const auto read = read_settings(done->plain.view());
    if (!read) result = read.error();
    else settings_ = *read;
  }
  if (result) tell(Step::encrypted, {}, plan_.trial ? "signature good; only the real phone can open it" : "opened");
  else tell(Step::encrypted, result);
  begin(At::tvs);
}

}  // namespace parley::test_phone
