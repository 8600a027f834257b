// PhoneIssuer for the certificate servers of this router.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/phone_issue.h"

namespace parley::crypto_pki {
namespace {

class LocalIssue final : public PhoneIssue {
 public:
  LocalIssue(LocalPhoneIssuer& issuer, std::string_view label) : issuer_(issuer), label_(label) {}
  Status begin(Context& context, Task& owner, std::unique_ptr<IssueJob> job) {
    return slot_.start(context.jobs, owner, std::move(job));
  }
  Result<Blob> poll() override {
    if (!slot_.busy()) return Fault{Code::missing, "the certificate was handed out", 0};
    const std::unique_ptr<IssueJob> job = slot_.take();
    if (job == nullptr) return Fault{Code::busy, "the certificate is being made", 0};
    if (job->result) {
      if (Authority* a = issuer_.server(label_)) a->tell_issued(*job->result);
    }
    return std::move(job->result);
  }

 private:
  LocalPhoneIssuer& issuer_;
  Text<63> label_;
  JobSlot<IssueJob> slot_;
};

// Through an RA of this router: the authority behind it issues.
class ForwardedIssue final : public PhoneIssue {
 public:
  explicit ForwardedIssue(std::unique_ptr<Enrolment> e) : enrolment_(std::move(e)) {}
  Result<Blob> poll() override {
    if (!enrolment_->ended()) return Fault{Code::busy, "the authority has not answered yet", 0};
    if (enrolment_->at() == Enrolment::At::done) return Blob::copy_of(enrolment_->certificate());
    return Fault{enrolment_->refused() ? Code::denied : Code::io, enrolment_->failure(), 0};
  }

 private:
  std::unique_ptr<Enrolment> enrolment_;
};

}  // namespace

Authority* LocalPhoneIssuer::server(std::string_view label) {
  for (size_t i = 0; i < servers_.authority_count(); ++i) {
    if (servers_.authority(i).settings().label.view() == label) return &servers_.authority(i);
  }
  return nullptr;
}

// A trustpoint of another name means the server of this router whose certificate it has authenticated.
Result<Authority*> LocalPhoneIssuer::find(std::string_view trustpoint) {
  if (Authority* same = server(trustpoint)) return same;
  const Entry* e = store_.find(trustpoint);
  if (e == nullptr) return Fault{Code::missing, "no such trustpoint", 0};
  for (size_t i = 0; i < servers_.authority_count(); ++i) {
    Authority& a = servers_.authority(i);
    if (a.identity() == nullptr) continue;
    for (const Bytes ca : e->ca) {
      if (equal_bytes(ca, a.identity()->certificate.der)) return &a;
    }
  }
  return Fault{Code::unsupported, "the authority of the trustpoint is not a certificate server of this router", 0};
}

Status LocalPhoneIssuer::ready(std::string_view trustpoint) {
  TRY_ASSIGN(Authority* const authority, find(trustpoint));
  if (authority->settings().mode != ServerMode::registration) TRY(authority->latest_end());
  return {};
}

bool LocalPhoneIssuer::revoked(Bytes certificate) const {
  const auto c = parse_certificate(certificate);
  for (size_t i = 0; c && i < servers_.authority_count(); ++i) {
    if (servers_.authority(i).has_revoked(*c)) return true;
  }
  return false;
}

Result<std::unique_ptr<PhoneIssue>> LocalPhoneIssuer::issue(const PhoneRequest& request, Task& owner) {
  TRY_ASSIGN(Authority* const authority, find(request.trustpoint));
  if (authority->settings().mode == ServerMode::registration) {
    TRY_ASSIGN(auto e, authority->forward_phone(request.device, request.password, request.spki, owner));
    return std::unique_ptr<PhoneIssue>(std::make_unique<ForwardedIssue>(std::move(e)));
  }
  TRY_ASSIGN(IssueOrder order, authority->order_phone(request.device, request.spki));
  std::unique_ptr<IssueJob> job = authority->issue_job();
  job->order = std::move(order);
  job->ca = authority->phone_identity();
  auto issue = std::make_unique<LocalIssue>(*this, authority->settings().label);
  TRY(issue->begin(context_, owner, std::move(job)));
  return std::unique_ptr<PhoneIssue>(std::move(issue));
}

}  // namespace parley::crypto_pki
