// http-server: the HTTP server of the router and its commands.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Serves what other modules hang into it (HttpRoutes): SCEP, later CRL, OCSP and phone services. `ip http server` opens
// the port; each peer gets a Connection of a pool:
//
//   accept -> head -> body -> answer (HttpExchange of the handler) -> write -> head of the next request ... -> closed
//
// Sizes are checked before memory is taken: request line 12 KB, head 16 KB, body 64 KB. A pool without room takes back the
// peer that has been waiting for the longest time without a complete request; only when all are being answered is a
// newcomer refused. Whoever sends too slowly gets 408. The parser (http_wire) is pure and has a fuzz target.
// HTTPS is the same connection over a TLS session; its context comes from who owns certificates (HttpsProvider).
// Not done: users (`ip http authentication`), files (`ip http path`): their rows say pending.
#include "config.h"
#include "modules/http-server/http_config.h"
#include "modules/http-server/http_messages.h"
#include "modules/http-server/http_server.h"
#include "modules/module.h"

namespace parley::http_server {
namespace {

class HttpInstance final : public Instance {
 public:
  explicit HttpInstance(Env& env) : server_(env.scheduler, env.net, env.log, env.tls) { env.services.provide<HttpRoutes>(&server_); }
  void* config() override { return &config_; }
  void apply() override {
    Settings s;
    s.on = config_.server;
    s.port = config_.port;
    s.max_connections = config_.max_connections;
    s.secure_port = config_.secure_port;
    s.secure.on = config_.secure_server;
    s.secure.trustpoint = config_.secure_trustpoint;
    s.secure.port = config_.secure_port;
    s.secure.client_auth = config_.secure_client_auth;
    s.secure.legacy = config_.tls_version != TlsVersion::v1_2;
    s.secure.tls1_1 = config_.tls_version == TlsVersion::v1_1;
    server_.configure(s);
  }
  Status start() override { return server_.start(CONFIG_HTTP_CONNECTIONS); }
  void stop() override { server_.stop(); }

  const Server& server() const { return server_; }
  const Config& settings() const { return config_; }

 private:
  Config config_;
  Server server_;
};

const char* authentication_text(Authentication a) {
  switch (a) {
    case Authentication::local: return "local";
    case Authentication::enable: return "enable";
    case Authentication::aaa: return "aaa";
  }
  return "";
}

void show_status(cli::Call& call) {
  const HttpInstance& m = call.module<HttpInstance>();
  const Config& c = m.settings();
  Writer& out = call.out();
  const char* state = !c.server ? "Disabled" : m.server().http_enabled() ? "Enabled" : "Enabled, port cannot be opened";
  out.put("HTTP server status: ").put(state).put('\n');
  out.put("HTTP server port: ").dec(c.port).put('\n');
  out.put("HTTP server authentication method: ").put(authentication_text(c.authentication)).put('\n');
  out.put("HTTP server access class: ").put(c.access_class.empty() ? "0" : c.access_class.view()).put('\n');
  out.put("HTTP server base path: ").put(c.path).put('\n');
  out.put("Maximum number of concurrent server connections allowed: ").dec(static_cast<int64_t>(m.server().limit())).put('\n');
  out.put("HTTP secure server capability: Present\n");
  const char* secure = !c.secure_server ? "Disabled" : m.server().https_enabled() ? "Enabled" : "Enabled, ";
  out.put("HTTP secure server status: ").put(secure);
  if (c.secure_server && !m.server().https_enabled()) out.put(m.server().https_missing());
  out.put("\nHTTP secure server port: ").dec(c.secure_port).put('\n');
  out.put("HTTP secure server client authentication: ").put(c.secure_client_auth ? "Enabled\n" : "Disabled\n");
  out.put("HTTP secure server trustpoint: ").put(c.secure_trustpoint).put('\n');
}

void show_all(cli::Call& call) {
  show_status(call);
  const Server& s = call.module<HttpInstance>().server();
  Writer& out = call.out();
  out.put("\nHTTP server current connections:\n");
  out.left("peer address", 17).put("requests\n");
  for (size_t i = 0; i < s.connections(); ++i) {
    char text[20];
    FixedWriter ip(text);
    ip.ipv4(s.connection(i).peer_ip());
    out.left(ip.view(), 17).dec(s.connection(i).requests()).put('\n');
  }
  const Counters& n = s.counters();
  out.put("\nHTTP server statistics:\nAccepted connections total: ").dec(static_cast<int64_t>(n.accepted)).put('\n');
  out.put("Requests total: ").dec(static_cast<int64_t>(n.requests)).put('\n');
  out.put("Refused requests: ").dec(static_cast<int64_t>(n.bad)).put('\n');
  out.put("Waiting connections that gave way: ").dec(static_cast<int64_t>(n.evicted)).put('\n');
  out.put("Refused connections: ").dec(static_cast<int64_t>(n.refused)).put('\n');
  out.put("Failed TLS sessions: ").dec(static_cast<int64_t>(n.handshakes_failed)).put('\n');
}

constexpr cli::Row kExec[] = {
    cli::action<show_status>("show ip http server status", "State of the HTTP server"),
    cli::action<show_all>("show ip http server all", "State, connections and counters of the HTTP server"),
    cli::privilege(15, cli::pending(cli::action("debug ip http all", "HTTP server"))),
    cli::privilege(15, cli::pending(cli::action("debug ip ssl openssl LINE", "TLS"))),
};

constexpr const char* kProvides[] = {HttpRoutes::kService};

}  // namespace
}  // namespace parley::http_server

namespace parley {

extern constexpr Module kHttpServer = {
    .name = "http-server",
    .summary = "HTTP server for enrolment and phone services",
    .needs = {},
    .provides = http_server::kProvides,
    .sections = http_server::kSections,
    .exec = http_server::kExec,
    .messages = http_server::kMessages,
    .create = [](Env& env) -> std::unique_ptr<Instance> { return std::make_unique<http_server::HttpInstance>(env); },
    .glossary = http_server::kGloss,
};

}  // namespace parley
