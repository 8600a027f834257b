// Regular expressions by regcomp() and regexec() of the C library.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/base/regex.h"

#include <regex.h>

#include "platform/base/text.h"

namespace parley {

struct Regex::Impl {
  explicit Impl(const regex_t& c) : compiled(c) {}
  regex_t compiled;
  char line[4097];      // regexec() wants a NUL; what is beyond is not looked at
  ~Impl() { regfree(&compiled); }
};

Regex::Regex() = default;
Regex::~Regex() = default;

Status Regex::compile(std::string_view pattern) {
  impl_.reset();
  Text<1024> text;
  if (!text.set(pattern)) return Fault{Code::invalid, "expression is too long", 0};
  regex_t compiled;
  const int wrong = regcomp(&compiled, text.c_str(), REG_EXTENDED | REG_NOSUB);
  if (wrong != 0) return Fault{Code::invalid, "not a regular expression", static_cast<uint32_t>(wrong)};
  impl_ = std::make_unique<Impl>(compiled);
  return {};
}

bool Regex::matches(std::string_view text) const {
  if (impl_ == nullptr) return false;
  const size_t size = text.copy(impl_->line, sizeof impl_->line - 1);
  impl_->line[size] = '\0';
  return regexec(&impl_->compiled, impl_->line, 0, nullptr, 0) == 0;
}

}  // namespace parley
