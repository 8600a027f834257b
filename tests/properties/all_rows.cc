// An engine with the rows of all modules over plain records, and lines made from syntax strings.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/properties/all_rows.h"

#include <cstring>

namespace parley::cli::test {

namespace {

const Record* record_of(const Module& m) {
  for (const Section& s : m.sections)
    for (const Row& r : s.rows)
      if (r.owner != nullptr) return r.owner;
  return nullptr;
}

const char* example(Value v) {
  switch (v) {
    case Value::address: return "10.1.2.3";
    case Value::mask: return "255.255.255.0";
    case Value::mac: return "0012.4302.A7CC";
    case Value::interface: return "GigabitEthernet0/1";
    case Value::pw6: case Value::pw01: case Value::pw07: return "0 Wq7Wq7x";
    case Value::pws: return "5 $1$abcd$Wq7Wq7xWq7Wq7xWq7Wq7x/";
    case Value::pin: case Value::ata: return "0 4711";
    case Value::url: return "flash:wq7";
    case Value::digits: return "4711";
    case Value::hex: return "0A";
    case Value::button: return "3:4";
    case Value::time: return "12:34:56";
    case Value::minutes: return "12:34";
    case Value::month: return "Feb";
    case Value::word: return "wq7";
    case Value::string: return "wq7";
    case Value::line: return "wq7 text of a line";
    case Value::banner: return "#wq7#";
    default: return "";
  }
}

struct Maker {
  const Row& row;
  const Layout& l;
  size_t variant;
  Sample out;

  void put(std::string_view word) {
    if (word.empty()) return;
    if (!out.line.empty()) out.line += ' ';
    out.line += word;
  }
  size_t alternatives(size_t group) const {
    size_t n = 0;
    for (size_t i = 0; i < l.count; ++i)
      if (l.elements[i].parent == group && l.elements[i].alternative + 1u > n) n = l.elements[i].alternative + 1u;
    return n;
  }
  void children(size_t group, size_t alternative, bool any = false) {
    for (size_t i = 0; i < l.count; ++i)
      if (l.elements[i].parent == group && (any || l.elements[i].alternative == alternative)) element(i);
  }
  void element(size_t i) {
    const Element& e = l.elements[i];
    switch (e.part) {
      case Part::keyword: put(std::string_view(row.syntax + e.at, e.length).substr(0, std::string_view(row.syntax + e.at, e.length).find('='))); break;
      case Part::value:
        if (e.value == Value::range) {
          const Range r = range_of(std::string_view(row.syntax + e.at, e.length));
          const std::string n = std::to_string((variant & 1) != 0 ? r.hi : r.lo);
          put(n);
          out.numbers.push_back({out.line.size() - n.size(), n.size(), r.lo, r.hi});
        } else {
          put(example(e.value));
        }
        break;
      case Part::choice: children(i, variant % alternatives(i)); break;
      case Part::option: case Part::hidden:
        if (e.amps) {
          if (variant % 3 != 0) children(i, 0, true);
        } else if (const size_t n = alternatives(i); variant % (n + 1) != 0) {
          children(i, variant % (n + 1) - 1);
        }
        break;
      case Part::shown: children(i, 0); break;
      case Part::amp:
        for (size_t k = i + 1; k < l.count; ++k)
          if (l.elements[k].parent == i) element(k);
        break;
      default: break;
    }
  }
};

void walk(const Module& m, const Mode* mode, std::span<const Row> rows, const std::vector<std::string>& enter,
          const std::function<void(const Spot&)>& each) {
  for (const Row& r : rows) {
    each(Spot{&m, &r, mode, enter});
    if (r.block == nullptr || r.is(kHidden)) continue;
    std::vector<std::string> deeper = enter;
    deeper.push_back(sample(r, 0).line);
    walk(m, r.block->mode, r.block->mode->rows, deeper, each);
  }
}

}  // namespace

Sample sample(const Row& row, size_t variant) {
  Layout l;
  lay_out(row.syntax, l);
  Maker maker{row, l, variant, {}};
  for (size_t i = 0; i < l.count; ++i)
    if (l.elements[i].parent == kNoParent) maker.element(i);
  return maker.out;
}

size_t variants(const Row& row) {
  Layout l;
  lay_out(row.syntax, l);
  size_t most = 1;
  for (size_t i = 0; i < l.count; ++i) {
    if (l.elements[i].parent == kNoParent) continue;
    const size_t n = l.elements[i].alternative + 2u;
    if (n > most) most = n;
  }
  return most * 2;
}

void for_all_rows(const std::function<void(const Spot&)>& each) {
  for (size_t i = 0; i < kModuleCount; ++i)
    for (const Section& s : kModules[i]->sections) walk(*kModules[i], nullptr, s.rows, {}, each);
}

Router::Router() {
  options.startup = options.loading = true;
  for (size_t i = 0; i < kModuleCount; ++i) {
    auto r = std::make_unique<Records>();
    const Record* type = record_of(*kModules[i]);
    r->memory.resize(type == nullptr ? 1 : type->size / 8 + 1);
    if (type != nullptr) memcpy(r->memory.data(), type->defaults, type->size);
    engine.add(*kModules[i], *r);
    records.push_back(std::move(r));
  }
}

// A certificate row is answered with a small certificate.
Outcome Router::run(Position& at, const std::string& line) {
  Outcome out = engine.run(at, line, paper, options);
  if (out.verdict != Verdict::collecting) return out;
  engine.collect(at, "3003 020101", paper, options);
  return engine.collect(at, "quit", paper, options);
}

std::vector<std::string> Router::paste(const std::string& text) {
  std::vector<std::string> refused;
  Position at;
  Engine::enter_config(at);
  for (size_t from = 0; from < text.size();) {
    const size_t end = text.find('\n', from) == std::string::npos ? text.size() : text.find('\n', from);
    const std::string line = text.substr(from, end - from);
    from = end + 1;
    if (at.collector != 0) {
      const Outcome out = engine.collect(at, line, paper, options);
      if (out.verdict == Verdict::refused) refused.push_back(line + ": " + std::string(out.text.view()));
      if (out.verdict != Verdict::invalid) continue;
      refused.push_back(line + ": " + std::string(out.text.view()));
    }
    const Outcome out = engine.run(at, line, paper, options);
    if (!at.in_config()) Engine::enter_config(at);
    const bool action = out.text.view().find("cannot be used in the startup-config") != std::string_view::npos ||
                        out.text.view().find("is not in this image") != std::string_view::npos;
    if (out.verdict == Verdict::ok || out.verdict == Verdict::empty || out.verdict == Verdict::collecting || out.verdict == Verdict::left || action) continue;
    refused.push_back(line + ": verdict " + std::to_string(static_cast<int>(out.verdict)) + " at " + std::to_string(out.offset) + " " +
                      std::string(out.text.view()));
  }
  if (at.collector != 0) engine.end_collect(at, paper, options);
  return refused;
}

std::string Router::print(PrintScope scope) {
  Blob b;
  engine.print(b, scope);
  return std::string(b.text());
}

}  // namespace parley::cli::test
