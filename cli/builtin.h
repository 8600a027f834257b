// Commands about the session itself: enable, terminal, show history ... A module without configuration; its rows are found
// by `?` like all others. exit, end, do and `configure terminal` are the engine's own.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/module.h"

namespace parley::cli {

extern const Module kSessionCommands;
// For Engine::add(kSessionCommands, *instance): these commands keep nothing.
std::unique_ptr<Instance> make_session_commands();

}  // namespace parley::cli
