// Result<T>: a value or a Fault that says what went wrong.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

namespace parley {

enum class Code : uint8_t {
  ok,
  busy,         // try again later (queue full, work under way)
  cancelled,
  closed,       // the peer or the owner went away
  denied,       // a rule forbids it
  exists,
  full,         // a pool, file system or table has no room
  invalid,      // bytes or words that make no sense
  io,
  missing,
  timeout,
  unsupported,
  untrusted,    // a signature, certificate or proof did not hold
};

const char* code_name(Code code);

// `what` is a string literal fit for an operator; never peer bytes, never a secret.
struct Fault {
  Code code = Code::invalid;
  const char* what = "";
  uint32_t detail = 0;  // library error, offset or count; 0 = none
};

// Our own mistake: prints file and line and stops the program. Never reached by input.
[[noreturn]] void panic(const char* what, const char* file, int line);
// Runs once before a panic ends the program (the console gives the terminal back).
using PanicHook = void (*)();
void set_panic_hook(PanicHook hook);
#define PARLEY_PANIC(what) ::parley::panic(what, __FILE__, __LINE__)
#define PARLEY_CHECK(cond)                                   \
  do {                                                       \
    if (!(cond)) ::parley::panic(#cond, __FILE__, __LINE__); \
  } while (0)

// Member names follow std::expected, so that it can take over one day.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  Result(T value) : ok_(true), value_(std::move(value)) {}
  Result(Fault fault) : ok_(false), fault_(fault) {}
  Result(const Result& o) : ok_(o.ok_) { copy(o); }
  Result(Result&& o) noexcept : ok_(o.ok_) { take(std::move(o)); }
  Result& operator=(Result o) noexcept {
    destroy();
    ok_ = o.ok_;
    take(std::move(o));
    return *this;
  }
  ~Result() { destroy(); }

  bool has_value() const { return ok_; }
  explicit operator bool() const { return ok_; }
  T& value() & { PARLEY_CHECK(ok_); return value_; }
  const T& value() const& { PARLEY_CHECK(ok_); return value_; }
  T&& value() && { PARLEY_CHECK(ok_); return std::move(value_); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Fault& error() const { PARLEY_CHECK(!ok_); return fault_; }

 private:
  void copy(const Result& o) {
    if (ok_) new (&value_) T(o.value_); else new (&fault_) Fault(o.fault_);
  }
  void take(Result&& o) {
    if (ok_) new (&value_) T(std::move(o.value_)); else new (&fault_) Fault(o.fault_);
  }
  void destroy() { if (ok_) value_.~T(); }
  bool ok_;
  union { T value_; Fault fault_; };
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Fault fault) : ok_(false), fault_(fault) {}
  bool has_value() const { return ok_; }
  explicit operator bool() const { return ok_; }
  const Fault& error() const { PARLEY_CHECK(!ok_); return fault_; }

 private:
  bool ok_ = true;
  Fault fault_;
};

using Status = Result<void>;

// TRY(expr);            leaves the function with the Fault
// TRY_ASSIGN(auto x, expr);  the same, else binds the value
#define PARLEY_CAT2(a, b) a##b
#define PARLEY_CAT(a, b) PARLEY_CAT2(a, b)
#define TRY(expr)                                  \
  do {                                             \
    auto try_r_ = (expr);                          \
    if (!try_r_) return try_r_.error();            \
  } while (0)
#define TRY_ASSIGN(lhs, expr) TRY_ASSIGN_(PARLEY_CAT(try_v_, __LINE__), lhs, expr)
#define TRY_ASSIGN_(tmp, lhs, expr)   \
  auto tmp = (expr);                  \
  if (!tmp) return tmp.error();       \
  lhs = std::move(tmp).value()

}  // namespace parley
