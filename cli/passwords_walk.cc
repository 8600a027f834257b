// Every stored password of every module, for changes of the way they are kept.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/impl.h"

namespace parley::cli {
namespace {

struct Walk {
  Engine::EachPassword each;
  void* context;

  static bool kind_of_value(Value v, PasswordKind& out) {
    switch (v) {
      case Value::pw6: out = PasswordKind::pw6; return true;
      case Value::pw01: out = PasswordKind::pw01; return true;
      case Value::pw07: out = PasswordKind::pw07; return true;
      case Value::pws: out = PasswordKind::pws; return true;
      case Value::pin: out = PasswordKind::pin; return true;
      case Value::ata: out = PasswordKind::ata; return true;
      default: return false;
    }
  }

  void members(const Plan& plan, void* record) {
    for (size_t i = 0; i < plan.layout.count; ++i) {
      const Element& e = plan.layout.elements[i];
      PasswordKind kind;
      if (e.slot < 0 || e.part != Part::value || !kind_of_value(e.value, kind)) continue;
      Password& p = *reinterpret_cast<Password*>(at(record, plan.member(e)));
      if (p.set != 0) each(context, kind, p);
    }
  }

  void entries(const Plan& plan, void* record) {
    const Row& row = plan.row;
    const TableBase& table = *reinterpret_cast<const TableBase*>(at(record, row.place));
    for (size_t i = 0; i < table.count; ++i) {
      uint8_t* e = entry(table, row.record->size, i);
      members(plan, e);
      if (row.block != nullptr) rows(row.block->mode->rows, e);
    }
  }

  void rows(std::span<const Row> list, void* record) {
    for (const Row& row : list) {
      switch (row.kind) {
        case Kind::value:
        case Kind::flag:
          members(Plan(row), record);
          break;
        case Kind::list:
        case Kind::sorted_list:
        case Kind::block:
          entries(Plan(row), record);
          break;
        case Kind::single:
          rows(row.block->mode->rows, at(record, row.place));
          break;
        default:
          break;
      }
    }
  }
};

}  // namespace

void Engine::each_password(EachPassword each, void* context) {
  Walk walk{each, context};
  for (const SectionRef& s : impl_->sections) walk.rows(s.section->rows, impl_->modules[s.module].config);
}

}  // namespace parley::cli
