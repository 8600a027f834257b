// Layouts of show crypto pki ... (commands.md 2.3): pure functions from state to text.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/authority.h"
#include "modules/crypto-pki/enrolment.h"
#include "modules/crypto-pki/peer_trust_service.h"
#include "modules/crypto-pki/trust_store.h"

namespace parley::crypto_pki {

void print_time(UnixTime t, Writer& out);                 // "05:42:38 UTC Jul 7 2006"

// One certificate of `trustpoint`; `labels`: all trustpoints that have it, with a blank between.
void print_certificate(const Stored& s, std::string_view labels, bool verbose, std::string_view storage, Writer& out);
// Below a verbose certificate: what path validation says of it now.
void print_validation(const PeerTrustService& peers, std::string_view label, const Stored& s, Writer& out);
void print_pending_request(const Enrolment& e, std::string_view host_name, Writer& out);
void print_trustpoint_status(const TrustStore& store, const Entry& e, bool requested, Writer& out);
void print_trustpoint(const Entry& e, std::string_view scep_url, Writer& out);
void print_server(const Authority& a, Writer& out);
void print_requests(const Authority& a, Writer& out);
void print_issued(const Authority& a, Writer& out);   
void print_crl(const Authority& a, Writer& out);
void print_fetched(const RevocationCheck& revocation, Writer& out);      // lists of others
void print_peer_counters(const PeerTrustService& peers, Writer& out);

// The certificate of a request that came by hand.
void print_granted(Bytes certificate, bool pem, Writer& out);

}  // namespace parley::crypto_pki
