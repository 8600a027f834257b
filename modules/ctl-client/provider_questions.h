// The part of `regenerate` that asks CTL providers first, and the operator about certificates that nobody vouches for.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "modules/ctl-client/provider_clients.h"

namespace parley::ctl_client {

class ProviderQuestions {
 public:
  ProviderQuestions(ProviderClients& providers, Task& waiter) : providers_(providers) { providers.wait(&waiter); }
  ~ProviderQuestions() { providers_.wait(nullptr); }
  Poll step(cli::Console& console, const std::string_view* answer);   // done: look at good()
  bool good() const { return good_; }                                 // the list can be made

 private:
  enum class At : uint8_t { start, asking, question, keeping };
  Poll look(cli::Console& console);
  Poll answered(cli::Console& console, std::string_view answer);
  Poll fail(cli::Console& console, size_t i, std::string_view what);

  ProviderClients& providers_;
  At at_ = At::start;
  size_t about_ = 0;
  bool good_ = false;
};

}  // namespace parley::ctl_client
