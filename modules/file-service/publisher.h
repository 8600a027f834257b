// Service Publisher: the set of files that phones can fetch by TFTP (69), HTTP (6970) and HTTPS (6972).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "platform/base/bytes.h"
#include "platform/store/store.h"

namespace parley {

class Publisher {
 public:
  static constexpr const char* kService = "Publisher";
  virtual ~Publisher() = default;

  // One file under its request name, from a path of the store or from memory. Replaces the name.
  // A change of many files becomes visible in one step: begin(), any number of put/drop, commit().
  virtual void begin() = 0;
  virtual Status put_memory(std::string_view name, Blob content) = 0;
  virtual Status put_path(std::string_view name, std::string_view path) = 0;
  // Under `name` the same content as `other` has in this set; no second copy. Fault missing.
  virtual Status put_same(std::string_view name, std::string_view other) = 0;
  virtual void drop(std::string_view name) = 0;
  virtual void commit() = 0;

  // Certificate of HTTPS 6972 (`tftp-server-credentials`); empty: that port stays closed.
  virtual void set_credentials(std::string_view trustpoint) = 0;

  // Told on the scheduler when a client has taken a whole file, by whatever protocol. content: what went out, which may have been
  // replaced meanwhile; empty for a file of the store.
  class Watcher {
   public:
    virtual ~Watcher() = default;
    virtual void fetched(std::string_view name, Bytes content, uint32_t peer_ip) = 0;
    Watcher* next_ = nullptr;       // owned by the service
  };
  virtual void watch(Watcher& w) = 0;
  virtual void unwatch(Watcher& w) = 0;

  enum class Transport : uint8_t { tftp, http, https };
  virtual bool serving(Transport transport) const = 0;    // its port is open
  // What a client would get under `name` now; published from memory only. Fault missing, full.
  virtual Result<Blob> read(std::string_view name) const = 0;

  struct Counters { uint32_t requests = 0, completed = 0, failed = 0; };
  virtual bool counters(std::string_view name, Counters& out) const = 0;
};

}  // namespace parley
