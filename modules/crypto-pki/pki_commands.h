// Commands of crypto-pki that act: EXEC, global configuration and show rows (pki_commands.cc) and their functions.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "cli/row.h"
#include "modules/crypto-pki/pki_config.h"

namespace parley::crypto_pki {

struct LabelArgument {
  Label label;
};
struct ServerRequest {
  Label label;
  uint8_t which = 0;      // 0 all, 1 the number
  uint32_t id = 0;
};
struct RevokeArguments {
  Label label;
  Text<24> serial;        // 0x.. hex, 0.. octal, else decimal
  uint8_t reason = 0;     // CRLReason of RFC 5280 5.3.1: the words stand in its order
};
struct PasswordRequest {
  Label label;
  uint16_t minutes = 60;
};
struct Pkcs10Arguments {
  Label label;
  uint8_t from = 0;       // 0 terminal, 1 the URL
  Text<127> url;
  uint8_t form = 0;       // of the certificate: 0 as the request, 1 base64, 2 pem
};
struct RsaArguments {
  uint8_t keys = 0;       // 0 not given, 1 general-keys, 2 usage-keys
  Label label;
  uint16_t modulus = 0;   // 0 not given
  bool exportable = false;
};
struct EcArguments {
  uint8_t size = 0;       // 0 = 256, 1 = 384
  bool exportable = false;
  Label label;
};
struct ZeroizeArguments {
  Label label;            // empty: the router's own name
};
struct PemArguments {       // crypto pki import|export L pem, crypto key import|export
  uint8_t type = 0;         // 0 rsa, 1 ec
  Label label;
  bool exportable = false, exportable_late = false;
  uint8_t where = 0;        // 0 terminal, 1 the URL
  Text<127> url;
  uint8_t cipher = 0;       // 0 not given, 1 3des, 2 des, 3 aes
  Text<127> passphrase;
};
struct Pkcs12Arguments {
  Label label;
  uint8_t where = 0;
  Text<127> url;
  uint8_t given = 0;        // 0 asked, 1 after the word, 2 alone
  Text<127> password, passphrase;
};
struct ShowCertificates {
  bool verbose = false;
  Label label;
};
struct ShowTrustpoints {
  Label label;
  bool status = false;
};
struct ShowServer {
  Label label;
  uint8_t what = 0;       // 0 all, 1 certificates, 2 crl, 3 requests
};
struct ShowKeys {
  uint8_t type = 0;       // rsa, ec, all
};

// Trustpoints
void authenticate(cli::Call& call, const LabelArgument& a);
void enroll(cli::Call& call, const LabelArgument& a);
void import_certificate(cli::Call& call, const LabelArgument& a);
class Authority;
Authority* server_of(cli::Call& call, std::string_view label);   // nullptr: not configured, and it was said
void import_pem(cli::Call& call, const PemArguments& a);
void import_pkcs12(cli::Call& call, const Pkcs12Arguments& a);
void export_pem(cli::Call& call, const PemArguments& a);
void export_pkcs12(cli::Call& call, const Pkcs12Arguments& a);
void unknown_trustpoint(cli::Call& call, std::string_view label);
void not_local(cli::Call& call, std::string_view url);
// Keys
void generate_rsa(cli::Call& call, const RsaArguments& a);
void generate_ec(cli::Call& call, const EcArguments& a);
void zeroize_rsa(cli::Call& call, const ZeroizeArguments& a);
void zeroize_ec(cli::Call& call, const ZeroizeArguments& a);
void import_key(cli::Call& call, const PemArguments& a);
void export_key(cli::Call& call, const PemArguments& a);
void show_keys(cli::Call& call, const ShowKeys& a);
// Certificate server
void server_grant(cli::Call& call, const ServerRequest& a);
void server_reject(cli::Call& call, const ServerRequest& a);
void server_remove(cli::Call& call, const ServerRequest& a);
void server_revoke(cli::Call& call, const RevokeArguments& a);
void server_requests(cli::Call& call, const LabelArgument& a);
void server_password(cli::Call& call, const PasswordRequest& a);
void server_pkcs10(cli::Call& call, const Pkcs10Arguments& a);
void server_crl(cli::Call& call, const LabelArgument& a);
void show_server_settings(cli::Call& call);           // `show` in cs-server mode
// Show
void show_certificates(cli::Call& call, const ShowCertificates& a);
void show_trustpoints(cli::Call& call, const ShowTrustpoints& a);
void show_server(cli::Call& call, const ShowServer& a);
void show_crls(cli::Call& call);
void show_timers(cli::Call& call);
void show_counters(cli::Call& call);
// Peers and revocation (pki_peer_commands.cc)
void clear_crls(cli::Call& call, const LabelArgument& a);
struct DebugArguments {
  uint8_t what = 0;   // pki_debug.h
};
void debug_pki(cli::Call& call, const DebugArguments& a);
void undebug_pki(cli::Call& call, const DebugArguments& a);

constexpr size_t kExecRowCount = 23;
extern const cli::Row kExecRows[kExecRowCount];
constexpr size_t kActionRowCount = 13;
extern const cli::Row kActionRows[kActionRowCount];    // global configuration

}  // namespace parley::crypto_pki
