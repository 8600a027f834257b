// The module trust-verification: answers phones that ask whether to trust (TVS).
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DOC
// A telephone that meets a certificate which its trust lists do not name asks here (TLS, TCP 2445): is this one trusted, and
// for what? The answer is a list of roles and how long the phone may remember it, or "no".
//
// Story of one question: the phone connects, checks our certificate against its ITL (role TVS), sends the certificate it met.
// TvsSession reads the frame (tvs_wire), TrustTable finds it by the SHA-256 of its DER form, one write carries the answer. The
// phone may ask more on the same connection; thirty idle seconds end it.
//
// The table is nobody's to edit: TrustRoles (ctl-client) tells which certificates this router shows and in which roles. A
// certificate that was replaced stays for thirty days with its roles (never as a signer) and its old lifetime, also over a
// restart (nvram:trust-table), so that a phone that was off meanwhile finds its way back.
//
// Nothing in a request proves who asks: the name is only logged, and only when it looks like one.
#include "modules/trust-verification/trust_verification.h"

#include "modules/trust-verification/tvs_messages.h"
#include "modules/trust-verification/tvs_service.h"

namespace parley::trust_verification {
namespace {

std::unique_ptr<Instance> create(Env& env) { return std::make_unique<TvsService>(env); }

constexpr const char* kNeeds[] = {Interfaces::kService, Trustpoints::kService, TrustRoles::kService};

}  // namespace

extern const cli::Row kExec[3];

}  // namespace parley::trust_verification

namespace parley {

extern const Module kTrustVerification;
const Module kTrustVerification{
    .name = "trust-verification",
    .summary = "answers phones that ask whether to trust (TVS)",
    .needs = trust_verification::kNeeds,
    .provides = {},
    .sections = trust_verification::kSections,
    .exec = trust_verification::kExec,
    .messages = trust_verification::kMessages,
    .create = &trust_verification::create,
    .glossary = trust_verification::kGloss,
};

}  // namespace parley
