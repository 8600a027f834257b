// The contract of every module (modules/README.md): one exported object, one instance per router.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "platform/base/result.h"

namespace parley {

class Clock;
class Jobs;
class Keys;
class Links;
class Log;
class Net;
class Random;
class Scheduler;
class Services;
class Store;
class Tls;
struct LogMessage;

namespace cli {
struct Gloss;
struct Row;
struct Section;
class Engine;
}  // namespace cli

// What a module may use. Everything outlives the instance.
struct Env {
  Scheduler& scheduler;
  Jobs& jobs;
  Clock& clock;
  Net& net;
  Links& links;
  Tls& tls;
  Keys& keys;
  Store& store;
  Log& log;
  Random& random;
  Services& services;
  cli::Engine& cli;      // running-config text, `configure(entry)` of actions
};

class Instance {
 public:
  virtual ~Instance() = default;
  // The record that the rows of the module's sections bind. Lives as long as the instance.
  virtual void* config() = 0;
  // Pure check across fields, after the candidate was bound: nullptr, or a sentence for the operator ("% ..." added).
  // Per line: called with the new values already in config(); a refusal makes the engine restore the old ones.
  virtual const char* verify() { return nullptr; }
  // The configuration changed (one line), or was loaded (boot: once). Idempotent: acts on the difference to what is.
  virtual void apply() = 0;
  // After all modules were created and the startup-config was bound; apply() follows.
  virtual Status start() = 0;
  // Ends all tasks, cancels jobs, returns every pool block. start() may follow again.
  virtual void stop() = 0;
};

struct Module {
  const char* name;                               // folder name, "capf-server"
  const char* summary;
  std::span<const char* const> needs;             // names of services it requires
  std::span<const char* const> provides;
  std::span<const cli::Section> sections;         // rows of (config), each group with its place
  std::span<const cli::Row> exec;                 // EXEC and show rows
  std::span<const LogMessage* const> messages;    // catalogue
  std::unique_ptr<Instance> (*create)(Env& env);  // takes what it needs from env; no work, no I/O
  std::span<const cli::Gloss> glossary = {};      // help of keywords that are not the last leading one of a row, sorted
};

// The generated list (kconfig/generate.py), sorted so that providers come before consumers.
extern const Module* const kModules[];
extern const size_t kModuleCount;

// Services: an abstract class in the provider's public header with `static constexpr const char* kService = "Trustpoints";`
class Services {
 public:
  template <class T> void provide(T* service) { set(T::kService, service); }   // in create()
  template <class T> T* find() const { return static_cast<T*>(get(T::kService)); }  // nullptr: module not in this image

 private:
  void set(const char* name, void* service);
  void* get(const char* name) const;
  static constexpr size_t kMax = 24;
  struct Entry { const char* name = nullptr; void* service = nullptr; };
  Entry entries_[kMax];
};

}  // namespace parley
