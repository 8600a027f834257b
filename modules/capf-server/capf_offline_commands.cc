// capf-server export requests, capf-server import certificates: the way to an authority that is not connected.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/capf-server/capf_actions.h"
#include "modules/capf-server/capf_messages.h"
#include "modules/capf-server/capf_offline.h"
#include "modules/capf-server/capf_service.h"
#include "modules/system/paths.h"

namespace parley::capf_server {
namespace {

class ExportDialogue final : public cli::Dialogue {
 public:
  ExportDialogue(CapfService& service, Path to) : service_(service), to_(to) {}
  Poll step(cli::Console& console, const std::string_view*) override {
    if (job_.busy()) return finish(console);
    auto job = std::make_unique<ExportJob>(service_.env().store);
    job->to = to_;
    job->list.put("# Parley CAPF requests 1\n");
    const Status listed = service_.list_requests(job->list, count_);
    if (!listed || !job->list.ok()) return console.put("% No memory for the list of requests\n"), Poll::done;
    if (count_ == 0) return console.put("% No phone waits for an offline authority\n"), Poll::done;
    if (job_.start(service_.env().jobs, console.task(), std::move(job))) return Poll::pending;
    return console.put("% System is busy, try again later\n"), Poll::done;
  }

 private:
  Poll finish(cli::Console& console) {
    const auto done = job_.take();
    if (done == nullptr) return Poll::pending;
    if (done->result) {
      console.dec(static_cast<int64_t>(count_)).put(" requests written to ");
      system::put_display(console, to_);
      console.put('\n');
    } else {
      console.put("%Error writing ");
      system::put_display(console, to_);
      console.put(" (").put(system::error_text(done->result.error().code)).put(")\n");
    }
    return Poll::done;
  }
  CapfService& service_;
  Path to_;
  size_t count_ = 0;
  JobSlot<ExportJob> job_;
};

class ImportDialogue final : public cli::Dialogue {
 public:
  ImportDialogue(CapfService& service, Path from) : service_(service), from_(from) {}
  Poll step(cli::Console& console, const std::string_view*) override {
    if (job_.busy()) return finish(console);
    auto job = std::make_unique<ImportJob>(service_.env().store);
    job->from = from_;
    if (!service_.list_waiting(job->waiting)) return console.put("% No memory for the requests\n"), Poll::done;
    if (job->waiting.empty()) return console.put("% No phone waits for an offline authority\n"), Poll::done;
    if (job_.start(service_.env().jobs, console.task(), std::move(job))) return Poll::pending;
    return console.put("% System is busy, try again later\n"), Poll::done;
  }

 private:
  Poll finish(cli::Console& console) {
    const auto done = job_.take();
    if (done == nullptr) return Poll::pending;
    if (!done->result) {
      console.put("%Error opening ");
      system::put_display(console, from_);
      console.put(" (").put(system::error_text(done->result.error().code)).put(")\n");
      return Poll::done;
    }
    size_t taken = 0, refused = 0;
    for (ImportJob::Wait& w : done->waiting) {
      if (!w.verdict && w.verdict.error().code == Code::missing) continue;
      const Status kept = w.verdict ? service_.take_certificate(w.device, w.spki, w.certificate) : w.verdict;
      ++(kept ? taken : refused);
      if (!kept) console.put("% ").put(w.device).put(": ").put(kept.error().what).put('\n');
    }
    if (done->broken != 0) console.put("% ").dec(static_cast<int64_t>(done->broken)).put(" certificates cannot be read\n");
    if (done->strangers != 0) console.put("% ").dec(static_cast<int64_t>(done->strangers)).put(" certificates that no waiting phone asked for\n");
    console.dec(static_cast<int64_t>(taken)).put(" certificates imported, ").dec(static_cast<int64_t>(refused)).put(" refused\n");
    return Poll::done;
  }
  CapfService& service_;
  Path from_;
  JobSlot<ImportJob> job_;
};

template <class D>
void start(cli::Call& call, std::string_view url) {
  const auto path = system::resolve(url, "flash:");
  if (!path || system::name_of(*path).empty()) return call.out().put("% Invalid file name\n"), void();
  call.start(std::make_unique<D>(call.module<CapfService>(), *path));
}

}  // namespace

void export_requests(cli::Call& call, const OfflineArguments& a) { start<ExportDialogue>(call, a.url); }
void import_certificates(cli::Call& call, const OfflineArguments& a) { start<ImportDialogue>(call, a.url); }

Status CapfService::list_requests(Writer& out, size_t& count) {
  for (size_t i = 0; i < devices_.size(); ++i) {
    const Device& d = devices_[i];
    if (d.requested.empty() || !d.pending.empty()) continue;
    TRY(write_request(out, d.name, d.requested_at, d.requested.view()));
    ++count;
  }
  return {};
}

Status CapfService::list_waiting(List<ImportJob::Wait>& out) {
  for (size_t i = 0; i < devices_.size(); ++i) {
    const Device& d = devices_[i];
    if (d.requested.empty() || !d.pending.empty()) continue;
    ImportJob::Wait w;
    w.device = d.name;
    w.check = validation(PeerUse::phone_lsc, d.name);
    TRY(w.spki.append(d.requested.view()));
    if (w.check == nullptr) return Fault{Code::full, "no memory", 0};
    TRY(out.push(std::move(w)));
  }
  return {};
}

// The phone gets it at its next contact, without making another key.
Status CapfService::take_certificate(std::string_view device, Bytes spki, Bytes certificate) {
  Device* d = devices_.find(device);
  if (d == nullptr || !equal_bytes(d->requested, spki) || d->in_session) return Fault{Code::busy, "the phone is connected, import again", 0};
  d->pending.clear();
  TRY(d->pending.append(certificate));
  save(*d);
  env_.log(kImported, d->name);
  return {};
}

}  // namespace parley::capf_server
