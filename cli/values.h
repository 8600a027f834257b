// Types that rows bind, and how each value type of the row language is parsed, printed and compared.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "cli/password.h"
#include "cli/syntax.h"
#include "platform/base/bytes.h"
#include "platform/base/text.h"

namespace parley::cli {

struct Ipv4 {                       // A.B.C.D, MASK
  uint32_t host_order = 0;
  constexpr operator uint32_t() const { return host_order; }
};

struct Mac {                        // H.H.H; all zero = not configured
  uint8_t bytes[6] = {};
  bool operator==(const Mac&) const = default;
  bool empty() const { return *this == Mac{}; }
};

enum class InterfaceType : uint8_t {  // order of the running-config
  none, loopback, gigabit, fast, ethernet, serial, multilink, dialer, tunnel, bvi, vlan, port_channel, null, service_engine,
};
struct Interface {                  // IFNAME
  InterfaceType type = InterfaceType::none;
  uint8_t units = 0;                // numbers before '.' or ':'
  uint16_t unit[3] = {};            // GigabitEthernet0/1 -> 0, 1
  uint16_t channel = 0;             // Serial1/0:15 -> 16 (channel + 1); 0 = none
  uint16_t unused = 0;              // no padding: records are compared byte by byte
  uint32_t sub = 0;                 // GigabitEthernet0/0.10 -> 10; 0 = none
  bool operator==(const Interface&) const = default;
  bool empty() const { return type == InterfaceType::none; }
};
void print_interface(Writer& out, const Interface& name);   // "GigabitEthernet0/0"
bool parse_interface(std::string_view text, Interface& out);

struct Button {                     // BUTTON: "1:2", "6o3,4"
  uint8_t number = 0;
  char separator = 0;
  uint8_t lines = 0;
  uint8_t unused = 0;
  uint16_t line[10] = {};           // ephone-dn tags
};

// BUTTON..., A.B.C.D..., {a|b}...: a few values in the order typed.
template <class T, size_t N>
struct Several {
  static_assert(N > 0 && N < 256 && std::is_trivially_copyable_v<T> && alignof(T) <= 4);
  uint32_t count = 0;       // first: the engine knows it there
  T items[N] = {};
  const T* begin() const { return items; }
  const T* end() const { return items + count; }
};

// CERT-HEX, BANNER: bytes kept by the engine. Valid until the configuration changes again.
struct Kept {
  uint8_t* data = nullptr;
  uint32_t size = 0;
  Bytes view() const { return Bytes(data, size); }
};

// What a member can hold; compared with the value type when compiling.
enum class Shape : uint8_t { none, boolean, byte_enum, integer, ipv4, mac, interface, password, text, button, kept, table };

template <class M> struct ShapeOf { static constexpr Shape kShape = Shape::none; static constexpr size_t kItem = 0; };
template <class M> requires std::is_integral_v<M>
struct ShapeOf<M> { static constexpr Shape kShape = std::is_same_v<M, bool> ? Shape::boolean : Shape::integer; static constexpr size_t kItem = 0; };
template <class M> requires std::is_enum_v<M>
struct ShapeOf<M> { static constexpr Shape kShape = sizeof(M) == 1 ? Shape::byte_enum : Shape::none; static constexpr size_t kItem = 0; };
template <Shape S> struct ShapeIs { static constexpr Shape kShape = S; static constexpr size_t kItem = 0; };
template <> struct ShapeOf<Ipv4> : ShapeIs<Shape::ipv4> {};
template <> struct ShapeOf<Mac> : ShapeIs<Shape::mac> {};
template <> struct ShapeOf<Interface> : ShapeIs<Shape::interface> {};
template <> struct ShapeOf<Password> : ShapeIs<Shape::password> {};
template <> struct ShapeOf<Button> : ShapeIs<Shape::button> {};
template <> struct ShapeOf<Kept> : ShapeIs<Shape::kept> {};
template <size_t N> struct ShapeOf<Text<N>> : ShapeIs<Shape::text> {};
template <class T, size_t N> struct ShapeOf<Several<T, N>> {   // shape of one item
  static constexpr Shape kShape = ShapeOf<T>::kShape;
  static constexpr size_t kItem = sizeof(T);
};

constexpr Shape shape_needed(Value v) {
  switch (v) {
    case Value::range: case Value::time: case Value::minutes: case Value::month: return Shape::integer;
    case Value::address: case Value::mask: return Shape::ipv4;
    case Value::mac: return Shape::mac;
    case Value::interface: return Shape::interface;
    case Value::pw6: case Value::pw01: case Value::pw07: case Value::pws: case Value::pin: case Value::ata: return Shape::password;
    case Value::button: return Shape::button;
    case Value::cert_hex: case Value::banner: return Shape::kept;
    default: return Shape::text;
  }
}

enum class Parsed : uint8_t {
  no,        // not this value: caret
  done,
  more,      // takes the next word too
  refused,   // this value, but not acceptable: text in the context
};

struct ParseContext {
  std::string_view spec;            // "<1-25>" or the name
  std::string_view previous;        // the word before
  uint8_t phase = 0;                // 0 = first word, 1 = second ...
  bool more_words = false;          // another word follows on the line
  bool quoted = false;              // the word was written in double quotes (they are not part of it)
  bool loading = false;             // startup-config: password policy off
  PasswordRules* passwords = nullptr;
  Writer* refusal = nullptr;
};

struct ValueKind {
  uint8_t priority;                 // 3 typed, 4 word, 5 rest of the line, 6 collector
  bool raw_rest;                    // takes the rest of the line as it is
  const char* help;                 // text of the placeholder in `?`
  // to == nullptr: only says whether the word fits. size: of the member.
  Parsed (*parse)(void* to, size_t size, std::string_view word, ParseContext& context);
  void (*print)(Writer& out, const void* from, size_t size, std::string_view spec);
  int (*compare)(const void* a, const void* b, size_t size, std::string_view spec);   // < 0, 0, > 0
  size_t scratch;                   // bytes needed to hold one value
};
const ValueKind& kind_of(Value v);

}  // namespace parley::cli
