// Value types with a structure of their own: MAC address, interface name, button, passwords.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstring>

#include "cli/value_kinds.h"

namespace parley::cli {

// ---- MAC: three spellings and bare digits in, 000C.CE3A.817C out
Parsed parse_mac(void* to, size_t, std::string_view word, ParseContext& context) {
  char separator = 0;
  size_t group = 12;
  if (word.size() == 14) { separator = '.'; group = 4; }
  else if (word.size() == 17) { separator = word[2]; group = 2; }
  else if (word.size() != 12) return Parsed::no;
  if (context.quoted || (group == 2 && separator != ':' && separator != '-')) return Parsed::no;
  Mac mac;
  size_t digits = 0;
  for (size_t i = 0; i < word.size(); ++i) {
    if (i % (group + 1) == group) {
      if (word[i] != separator) return Parsed::no;
      continue;
    }
    const int d = hex_digit(word[i]);
    if (d < 0) return Parsed::no;
    mac.bytes[digits / 2] = static_cast<uint8_t>(mac.bytes[digits / 2] << 4 | d);
    ++digits;
  }
  if (to != nullptr) memcpy(to, &mac, sizeof mac);
  return Parsed::done;
}
void print_mac(Writer& out, const void* from, size_t, std::string_view) {
  const uint8_t* b = static_cast<const uint8_t*>(from);
  for (size_t i = 0; i < 6; i += 2) {
    if (i != 0) out.put('.');
    out.hex(static_cast<uint64_t>(b[i]) << 8 | b[i + 1], 4);
  }
}
int compare_mac(const void* a, const void* b, size_t, std::string_view) { return memcmp(a, b, sizeof(Mac)); }

// ---- Interface names
namespace {
struct TypeName { std::string_view name; InterfaceType type; };
// Order = which one an ambiguous abbreviation means.
constexpr TypeName kTypes[] = {
    {"GigabitEthernet", InterfaceType::gigabit}, {"FastEthernet", InterfaceType::fast}, {"Ethernet", InterfaceType::ethernet},
    {"Serial", InterfaceType::serial}, {"Loopback", InterfaceType::loopback}, {"Multilink", InterfaceType::multilink},
    {"Dialer", InterfaceType::dialer}, {"Tunnel", InterfaceType::tunnel}, {"BVI", InterfaceType::bvi},
    {"Vlan", InterfaceType::vlan}, {"Port-channel", InterfaceType::port_channel}, {"Null", InterfaceType::null},
    {"Service-Engine", InterfaceType::service_engine},
};

InterfaceType type_named(std::string_view s) {
  if (s.empty()) return InterfaceType::none;
  for (const TypeName& t : kTypes)
    if (starts_nocase(t.name, s)) return t.type;
  return InterfaceType::none;
}

bool take_number(std::string_view& s, uint64_t most, uint64_t& out) {
  size_t n = 0;
  while (n < s.size() && s[n] >= '0' && s[n] <= '9') ++n;
  if (n == 0 || n > 10 || !parse_dec(s.substr(0, n), most, out)) return false;
  s.remove_prefix(n);
  return true;
}

// "0/0", "1/0:15", "0/0.10"
bool parse_units(std::string_view s, Interface& out) {
  uint64_t v = 0;
  for (;;) {
    if (out.units == 3 || !take_number(s, 65535, v)) return false;
    out.unit[out.units++] = static_cast<uint16_t>(v);
    if (s.empty()) return true;
    const char c = s.front();
    s.remove_prefix(1);
    if (c == '/') continue;
    if (c == ':') {
      if (!take_number(s, 65000, v)) return false;
      out.channel = static_cast<uint16_t>(v + 1);
      return s.empty();
    }
    if (c != '.' || !take_number(s, 0xffffffff, v) || v == 0) return false;
    out.sub = static_cast<uint32_t>(v);
    return s.empty();
  }
}
bool is_letter(char c) { return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '-'; }
}  // namespace

bool parse_interface(std::string_view text, Interface& out) {
  size_t n = 0;
  while (n < text.size() && is_letter(text[n])) ++n;
  Interface name;
  name.type = type_named(text.substr(0, n));
  if (name.type == InterfaceType::none || !parse_units(text.substr(n), name)) return false;
  out = name;
  return true;
}

void print_interface(Writer& out, const Interface& name) {
  for (const TypeName& t : kTypes)
    if (t.type == name.type) out.put(t.name);
  for (size_t i = 0; i < name.units; ++i) {
    if (i != 0) out.put('/');
    out.dec(name.unit[i]);
  }
  if (name.channel != 0) out.put(':').dec(name.channel - 1);
  if (name.sub != 0) out.put('.').dec(name.sub);
}

Parsed parse_ifname(void* to, size_t, std::string_view word, ParseContext& context) {
  if (context.quoted) return Parsed::no;
  Interface name;
  if (context.phase != 0) {                       // the unit of "GigabitEthernet 0/0"
    if (!parse_units(word, name)) return Parsed::no;
    if (to != nullptr) {
      memcpy(&name.type, to, sizeof name.type);
      memcpy(to, &name, sizeof name);
    }
    return Parsed::done;
  }
  bool letters = true;
  for (const char c : word) letters = letters && is_letter(c);
  if (letters) {
    name.type = type_named(word);
    if (name.type == InterfaceType::none || !context.more_words) return Parsed::no;
    if (to != nullptr) memcpy(to, &name, sizeof name);
    return Parsed::more;
  }
  if (!parse_interface(word, name)) return Parsed::no;
  if (to != nullptr) memcpy(to, &name, sizeof name);
  return Parsed::done;
}
void print_ifname(Writer& out, const void* from, size_t, std::string_view) {
  Interface name;
  memcpy(&name, from, sizeof name);
  print_interface(out, name);
}
int compare_ifname(const void* pa, const void* pb, size_t, std::string_view) {
  Interface a, b;
  memcpy(&a, pa, sizeof a);
  memcpy(&b, pb, sizeof b);
  if (a.type != b.type) return a.type < b.type ? -1 : 1;
  for (size_t i = 0; i < 3; ++i)
    if (a.unit[i] != b.unit[i]) return a.unit[i] < b.unit[i] ? -1 : 1;
  if (a.units != b.units) return a.units < b.units ? -1 : 1;
  if (a.channel != b.channel) return a.channel < b.channel ? -1 : 1;
  return a.sub == b.sub ? 0 : (a.sub < b.sub ? -1 : 1);
}

// ---- Buttons: number, separator, directory numbers: "1:2", "6o3,4"; separators : b c f m o s w x (commands.md)
Parsed parse_button(void* to, size_t, std::string_view word, ParseContext& context) {
  Button b;
  uint64_t v = 0;
  if (context.quoted || !take_number(word, 255, v) || v == 0 || word.empty()) return Parsed::no;
  b.number = static_cast<uint8_t>(v);
  b.separator = ascii_lower(word.front());
  constexpr std::string_view kSeparators = ":bcfmoswx";
  if (kSeparators.find(b.separator) == std::string_view::npos) return Parsed::no;
  do {
    word.remove_prefix(1);
    if (b.lines == 10 || !take_number(word, 65535, v) || v == 0) return Parsed::no;
    b.line[b.lines++] = static_cast<uint16_t>(v);
  } while (!word.empty() && word.front() == ',');
  if (!word.empty()) return Parsed::no;
  if (to != nullptr) memcpy(to, &b, sizeof b);
  return Parsed::done;
}
void print_button(Writer& out, const void* from, size_t, std::string_view) {
  Button b;
  memcpy(&b, from, sizeof b);
  out.dec(b.number).put(b.separator);
  for (size_t i = 0; i < b.lines; ++i) {
    if (i != 0) out.put(',');
    out.dec(b.line[i]);
  }
}
int compare_button(const void* a, const void* b, size_t, std::string_view) {
  return static_cast<int>(*static_cast<const uint8_t*>(a)) - static_cast<int>(*static_cast<const uint8_t*>(b));
}

// ---- Passwords: "P", "6 P"
namespace {
Parsed parse_password(PasswordKind kind, std::string_view digits, void* to, std::string_view word, ParseContext& context) {
  if (context.quoted || !plain_ascii(word)) return Parsed::no;
  if (context.phase == 0 && context.more_words && word.size() == 1 && digits.find(word[0]) != std::string_view::npos) {
    if (to != nullptr) {
      const Password typed{0, static_cast<uint8_t>(word[0] - '0'), {}};
      memcpy(to, &typed, sizeof typed);
    }
    return Parsed::more;
  }
  if (to == nullptr) return Parsed::done;
  Password old, now;
  memcpy(&old, to, sizeof old);
  PlainPasswords plain;
  char none[1];
  FixedWriter nowhere(none);
  PasswordRules& rules = context.passwords != nullptr ? *context.passwords : plain;
  Writer& refusal = context.refusal != nullptr ? *context.refusal : nowhere;
  if (!rules.parse(kind, context.phase == 0 ? -1 : old.type, word, context.loading, now, refusal)) return Parsed::refused;
  now.set = 1;
  memcpy(to, &now, sizeof now);
  return Parsed::done;
}
}  // namespace

bool PlainPasswords::parse(PasswordKind, int typed, std::string_view text, bool, Password& out, Writer& refusal) {
  out = Password{};
  out.set = 1;
  out.type = typed < 0 ? 0 : static_cast<uint8_t>(typed);
  if (out.text.set(text)) return true;
  refusal.put("% Value is too long, at most ").dec(static_cast<int64_t>(decltype(out.text)::kCapacity)).put(" characters");
  return false;
}

Parsed parse_pw6(void* to, size_t, std::string_view word, ParseContext& c) { return parse_password(PasswordKind::pw6, "06", to, word, c); }
Parsed parse_pw01(void* to, size_t, std::string_view word, ParseContext& c) { return parse_password(PasswordKind::pw01, "01", to, word, c); }
Parsed parse_pw07(void* to, size_t, std::string_view word, ParseContext& c) { return parse_password(PasswordKind::pw07, "07", to, word, c); }
Parsed parse_pws(void* to, size_t, std::string_view word, ParseContext& c) { return parse_password(PasswordKind::pws, "0589", to, word, c); }
Parsed parse_ata(void* to, size_t, std::string_view word, ParseContext& c) {
  return parse_password(PasswordKind::ata, "06", to, word, c);
}
Parsed parse_pin(void* to, size_t, std::string_view word, ParseContext& c) {
  // Digits, 1 to 8 (commands.md 0.2); the second word of "6 <cipher>" is free.
  uint64_t digits = 0;
  if (c.phase == 0 && (word.size() > 8 || !parse_dec(word, 99999999, digits))) return Parsed::no;
  return parse_password(PasswordKind::pin, "06", to, word, c);
}

void print_password(Writer& out, const void* from, size_t, std::string_view) {
  const Password& p = *static_cast<const Password*>(from);
  out.dec(p.type).put(' ').put(p.text.view());
}
int compare_password(const void* a, const void* b, size_t, std::string_view) { return memcmp(a, b, sizeof(Password)); }

}  // namespace parley::cli
