// Tests of Result, TRY and the fault names.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/base/result.h"

#include <memory>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace parley;

namespace {

Result<int> half(int v) {
  if (v % 2 != 0) return Fault{Code::invalid, "odd", static_cast<uint32_t>(v)};
  return v / 2;
}

Result<std::unique_ptr<int>> quarter(int v) {
  TRY_ASSIGN(const int first, half(v));
  TRY_ASSIGN(const int second, half(first));
  return std::make_unique<int>(second);
}

Status even(int v) {
  TRY(half(v));
  return {};
}

}  // namespace

TEST_GROUP(Result){};

TEST(Result, ValueOrFault) {
  CHECK_EQUAL(4, *half(8));
  CHECK_FALSE(half(7).has_value());
  CHECK_EQUAL(7u, half(7).error().detail);
  CHECK(even(2).has_value());
  CHECK(even(3).error().code == Code::invalid);
}

TEST(Result, MoveOnlyValuesAndEarlyReturn) {
  auto r = quarter(12);
  CHECK_EQUAL(3, **r);
  std::unique_ptr<int> taken = std::move(r).value();
  CHECK_EQUAL(3, *taken);
  CHECK_EQUAL(7u, quarter(14).error().detail);
}

TEST(Result, AssignmentChangesTheKind) {
  Result<std::string> r = std::string("a long text that does not fit into a short string");
  r = Fault{Code::io, "gone", 0};
  CHECK_FALSE(r.has_value());
  r = std::string("back");
  CHECK_EQUAL(std::string("back"), *r);
}

TEST(Result, EveryCodeHasAName) {
  STRCMP_EQUAL("ok", code_name(Code::ok));
  STRCMP_EQUAL("missing", code_name(Code::missing));
  STRCMP_EQUAL("untrusted", code_name(Code::untrusted));
}
