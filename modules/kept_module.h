// Instance of a module whose configuration is read, checked, kept and written, and whose function is not in the image yet.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/module.h"

namespace parley {

template <class Config>
class KeptModule final : public Instance {
 public:
  static std::unique_ptr<Instance> create(Env&) { return std::make_unique<KeptModule>(); }
  void* config() override { return &config_; }
  void apply() override {}
  Status start() override { return {}; }
  void stop() override {}

 private:
  Config config_;
};

}  // namespace parley
