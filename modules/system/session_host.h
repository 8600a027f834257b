// What sessions ask of the router: name, banners, messages about configuration, files of `| redirect`.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/access.h"

namespace parley::system {

class System;

class SessionServices final : public cli::SessionHost {
 public:
  explicit SessionServices(System& system) : system_(system) {}
  std::string_view hostname() const override;
  bool domain_lookup() const override;
  std::string_view alias(std::string_view word) const override;
  void banner(cli::Banner which, Writer& out) override;
  void configured(const cli::Console& by) override;
  std::unique_ptr<cli::Dialogue> save_output(std::string_view url, bool append, Blob text) override;

 private:
  System& system_;
};

}  // namespace parley::system
