// Which phones have an open signalling connection, and resets and restarts on their way to them.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A phone with a connection is told at once, or when its turn comes (`reset all`: so many seconds apart; `reset sequence-all`: when
// the one before is back). A phone without one is told when it registers next, unless it takes its configuration file before: then it
// has booted by itself, and the request has no purpose any more.
#pragma once

#include "cli/values.h"
#include "platform/base/memory.h"
#include "platform/net/net.h"
#include "platform/sched/scheduler.h"

namespace parley::telephony_service {

enum class ResetKind : uint8_t { none, reset, restart };   // the number in the message (sccp.md 6)

// The open connection of a phone.
class PhoneLink {
 public:
  virtual ~PhoneLink() = default;
  virtual bool send_reset(ResetKind kind) = 0;   // false: it is being closed
  virtual void hang_up() = 0;
  virtual std::string_view device() const = 0;
  virtual Endpoint from() const = 0;
  virtual bool secure() const = 0;
  virtual uint16_t number() const = 0;           // of the connection, as `show ephone` tells it; 0: not held yet
};

class PhoneResets final : public Task {
 public:
  // Called at the end of `reset all` and `sequence-all`.
  using Over = void (*)(void* context, ResetKind kind, size_t told, size_t lost);
  PhoneResets(Scheduler& scheduler, Over over, void* context);
  Poll step() override;

  // Connections.
  ResetKind came(const cli::Mac& mac, PhoneLink& link);   // it registers. Not none: it is to be told this, and link is not kept
  void closed(PhoneLink& link);
  void booted(const cli::Mac& mac);                       // it has taken its configuration file
  struct State {
    const PhoneLink* link = nullptr;
    bool waiting = false, told = false;                   // a request; and it did not register since it was told
  };
  State state(const cli::Mac& mac) const;
  using Each = bool (*)(void* context, const cli::Mac& mac, const State& state);   // false: forget this phone
  void each(Each visit, void* context);

  // Requests.
  enum class Pace : uint8_t { interval, one_by_one };
  bool request(const cli::Mac& mac, ResetKind kind);      // true: told; false: it waits
  struct Sum {
    size_t in_line = 0, waiting = 0;
  };
  void begin(ResetKind kind, Pace pace, Millis interval); // then add() each phone
  Status add(const cli::Mac& mac);
  const Sum& sum() const { return sum_; }                 // of the last begin()
  bool busy() const { return next_ < line_.size() || watching_; }
  size_t left() const { return line_.size() - next_; }
  size_t cancel();                                        // phones that were not told, those that wait included

 private:
  struct Entry {
    cli::Mac mac;
    PhoneLink* link = nullptr;
    ResetKind wanted = ResetKind::none;
    bool in_line = false, told = false;
    bool of_all = false;                                  // wanted by begin()
  };
  const Entry* find(const cli::Mac& mac) const;
  Entry* entry_of(const cli::Mac& mac);                   // makes it; nullptr: no memory
  void want(Entry& entry, ResetKind kind);
  bool tell(Entry& entry);
  bool tell_next();                                       // false: nobody is left
  void tidy();
  void finish();

  List<Entry> entries_;
  mutable size_t find_next_ = 0;                          // phones are looked for in their order
  List<cli::Mac> line_;
  size_t next_ = 0;
  bool watching_ = false;                                 // one_by_one: the last one told is not back
  cli::Mac watched_;
  Pace pace_ = Pace::interval;
  ResetKind kind_ = ResetKind::none;
  Millis interval_{0};
  Timer timer_{*this};
  Sum sum_;
  size_t told_ = 0, lost_ = 0;
  Over over_;
  void* context_;
};

}  // namespace parley::telephony_service
