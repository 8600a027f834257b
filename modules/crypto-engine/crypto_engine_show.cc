// show crypto engine, show crypto legacy (commands.md 2.8).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-engine/crypto_engine_show.h"

#include "modules/crypto-engine/crypto_engine.h"
#include "platform/crypto/engine.h"

namespace parley::crypto_engine {
namespace {

void show_engine(cli::Call& call) { call.module<CryptoEngine>().show_engines(call.out()); }
void show_legacy(cli::Call& call) { call.module<CryptoEngine>().show_legacy(call.out()); }

constexpr std::string_view kind_text(EngineKind k) {
  return k == EngineKind::software ? "software" : k == EngineKind::kernel ? "kernel" : "hardware";
}

// Engines in the order they are asked, each with its operations.
bool print_engine(void* context, const EngineView& e) {
  Writer& out = *static_cast<Writer*>(context);
  out.left(e.name, 12).put(' ').left(kind_text(e.kind), 9).put(' ');
  if (e.up) out.put("up\n");
  else out.put("failed ").put(e.reason).put('\n');
  for (size_t i = 0; i < kCryptoOps; ++i) {
    const EngineCounters::Op& c = e.counters.op[i];
    out.put("  ").left(crypto_op_name(static_cast<CryptoOp>(i)), 12).dec(static_cast<int64_t>(c.requests), 12);
    out.dec(static_cast<int64_t>(c.refused), 10).dec(static_cast<int64_t>(c.failed), 10);
    out.dec(static_cast<int64_t>(c.failed_over), 13).dec(c.in_flight, 11).put('\n');
  }
  return true;
}

}  // namespace

void CryptoEngine::show_engines(Writer& out) const {
  out.put("Engine       Kind      State\n");
  out.put("  Operation       Requests   Refused    Failed  Failed over  In flight\n");
  env_.keys.engines(&print_engine, &out);
}

constexpr cli::Row kExec[2] = {
    cli::action<show_engine>("show crypto engine", "Crypto engines in the order they are asked"),
    cli::action<show_legacy>("show crypto legacy", "Devices that need old protocols"),
};

}  // namespace parley::crypto_engine
