// The module capf-server: certificates for telephones (CAPF).
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DOC
// A telephone gets its certificate (LSC) here. It connects with TLS (port 3804), proves who it is as the operator scheduled it
// (PIN, its LSC, the certificate of its maker, or nothing), makes a key pair, sends the public key, and stores the certificate
// that the router's authority issued for it. Fetching and deleting certificates go the same way.
//
// CapfSession is one connection: transport and timers in capf_session.cc, the meaning of the phone's answers in
// capf_dialog.cc. Everything slow (proofs, keys, issuing, records) is a job or a task of another module; the session waits.
// CapfService decides what a phone is to do (plan), keeps what must survive a restart (capf_device, one file a phone in
// nvram:capf), and tells telephony-service what phone files must say. The certificate is "pending" from before the phone gets
// it and becomes "current" when the phone has confirmed: a connection that breaks anywhere loses nothing.
//
// The mode of the proof comes from our schedule, never from the phone.
#include "modules/capf-server/capf_server.h"

#include "modules/capf-server/capf_messages.h"
#include "modules/capf-server/capf_service.h"

namespace parley::capf_server {
namespace {

std::unique_ptr<Instance> create(Env& env) {
  auto service = std::make_unique<CapfService>(env);
  env.services.provide<CapfState>(service.get());
  return service;
}

constexpr const char* kProvides[] = {CapfState::kService};
constexpr const char* kNeeds[] = {Trustpoints::kService, PeerTrust::kService, PhoneIssuer::kService, TrustRoles::kService,
                                  PhoneBook::kService};

}  // namespace

extern const cli::Row kExec[7];

}  // namespace parley::capf_server

namespace parley {

extern const Module kCapfServer;
const Module kCapfServer{
    .name = "capf-server",
    .summary = "certificates for telephones (CAPF)",
    .needs = capf_server::kNeeds,
    .provides = capf_server::kProvides,
    .sections = capf_server::kSections,
    .exec = capf_server::kExec,
    .messages = capf_server::kMessages,
    .create = &capf_server::create,
    .glossary = capf_server::kGloss,
};

}  // namespace parley
