// Small fakes: random numbers, interfaces, console.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "platform/crypto/random.h"
#include "platform/net/link.h"
#include "platform/net/terminal.h"

namespace parley::fake {

// Gives the scripted bytes first, then a fixed sequence. Never use it for real keys.
class FakeRandom final : public Random {
 public:
  explicit FakeRandom(uint64_t seed = 1) : state_(seed) {}
  Status fill(MutBytes to) override;
  void script(Bytes bytes) { scripted_.insert(scripted_.end(), bytes.begin(), bytes.end()); }
  bool broken = false;                 // no entropy: Fault io

 private:
  std::deque<uint8_t> scripted_;
  uint64_t state_;
};

// Remembers what interfaces would look like, and every change as a line: "up GigabitEthernet0/0".
class FakeLinks final : public Links {
 public:
  FakeLinks();                         // has GigabitEthernet0/0 and 0/1
  bool available() const override { return present; }
  LinkState state(std::string_view name) override;
  Status set_up(std::string_view name, bool up) override;
  Status set_mtu(std::string_view name, uint32_t mtu) override;
  Status set_addresses(std::string_view name, const Address* list, size_t count) override;
  Status add_vlan(std::string_view parent, std::string_view name, uint16_t vlan_id) override;
  Status add_loopback(std::string_view name) override;
  Status remove(std::string_view name) override;
  Status add_route(const Route& r) override;
  Status remove_route(const Route& r) override;

  struct Interface {
    LinkState state;
    std::vector<Address> addresses;
    uint16_t vlan = 0;
  };
  std::map<std::string, Interface> interfaces;
  std::vector<Route> routes;
  std::vector<std::string> changes;
  bool present = true;                 // false: as with `--net host`, all changes are refused
  bool gateways_reachable = true;      // false: add_route gives `missing`

 private:
  Status changed(std::string line);
  Result<Interface*> find(std::string_view name);
};

class FakeTerminal final : public Terminal {
 public:
  void set_owner(Task& owner) override;
  Result<size_t> read(MutBytes to) override;
  Result<size_t> write(Bytes from) override;
  bool is_tty() const override { return tty; }
  void set_raw(bool on) override { raw = on; }
  Size size() const override { return window; }

  void type(std::string_view keys);    // arrives at once
  void end();                          // end of input after what was typed
  std::string take_output();

  bool tty = false;
  bool raw = false;
  Size window;
  size_t write_limit = SIZE_MAX;       // bytes one write takes; 0 = busy until release()
  void release();
  std::string output;

 private:
  std::string input_;
  bool ended_ = false;
  Task* owner_ = nullptr;
};

}  // namespace parley::fake
