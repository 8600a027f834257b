// A network without ICMP.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/net/echo.h"

#include "platform/net/net.h"

namespace parley {

Result<std::unique_ptr<IcmpEcho>> Net::echo(Task&, uint32_t) { return Fault{Code::unsupported, "no ICMP on this network", 0}; }

}  // namespace parley
