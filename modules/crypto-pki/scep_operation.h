// One PKIOperation of SCEP, from the message to its answer.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/scep_server.h"

namespace parley::crypto_pki {

// nullptr: too busy.
std::unique_ptr<HttpExchange> start_operation(ScepHandler& handler, Task& owner, uint32_t peer_ip, Blob message);

}  // namespace parley::crypto_pki
