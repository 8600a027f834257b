// The configuration register.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/boot_register.h"

#include "modules/system/config_dialogues.h"
#include "modules/system/system.h"
#include "modules/system/system_actions.h"

namespace parley::system {
namespace {

constexpr std::string_view kFile = "nvram:config-register";
constexpr size_t kDigits = 4;

// "0x" and one to four hex digits.
bool register_value(std::string_view text, uint16_t& value) {
  if (!starts_nocase(text, "0x") || text.size() < 3 || text.size() > 2 + kDigits) return false;
  uint32_t v = 0;
  for (const char c : text.substr(2)) {
    if (hex_digit(c) < 0) return false;
    v = v * 16 + static_cast<uint32_t>(hex_digit(c));
  }
  value = static_cast<uint16_t>(v);
  return true;
}

// The prompt comes back when the value is durable.
class SetRegister final : public cli::Dialogue {
 public:
  SetRegister(System& system, uint16_t value) : system_(system), value_(value) {}

  Poll step(cli::Console& console, const std::string_view*) override {
    if (!slot_.busy()) {
      Blob text;
      text.put("0x").hex(value_, kDigits, false).put('\n');
      if (slot_.start(system_.env().jobs, console.task(), std::make_unique<SaveJob>(system_.env().store, Path(kFile), std::move(text)))) {
        return Poll::pending;
      }
      console.put("% System is busy, try again later\n");
      return Poll::done;
    }
    const auto job = slot_.take();
    if (job == nullptr) return Poll::pending;
    if (job->result) system_.set_next_register(value_);
    else console.put("% The configuration register could not be stored\n");
    return Poll::done;
  }

 private:
  System& system_;
  uint16_t value_;
  JobSlot<SaveJob> slot_;
};

}  // namespace

uint16_t load_register(Store& store) {
  uint16_t value = kFactoryRegister;
  const auto file = store.read(kFile, 16);
  if (file) (void)register_value(trim(file->text()), value);
  return value;
}

void do_config_register(cli::Call& call, const RegisterArgs& a) {
  uint16_t value = 0;
  if (!register_value(a.value, value)) return call.refuse("% The configuration register is 0x0 to 0xFFFF");
  call.start(std::make_unique<SetRegister>(call.module<System>(), value));
}

void do_no_config_register(cli::Call& call, const RegisterArgs&) {
  call.start(std::make_unique<SetRegister>(call.module<System>(), kFactoryRegister));
}

}  // namespace parley::system
