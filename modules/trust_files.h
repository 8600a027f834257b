// Service TrustFiles: which files `backup trust` copies. Each module that keeps keys, certificates, lists or what phones hold names them.
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   class Keeper : TrustFiles::Owner { void trust_files(TrustFiles::Sink& s) const override { s.folder("nvram:capf"); } };
//   in start(): if (auto* t = env.services.find<TrustFiles>()) t->add(*this);     in stop(): t->remove(*this);
#pragma once

#include <string_view>

#include "platform/base/bytes.h"

namespace parley {

class TrustFiles {
 public:
  static constexpr const char* kService = "TrustFiles";
  class Sink {
   public:
    virtual ~Sink() = default;
    virtual void file(std::string_view path) = 0;      // "nvram:CTLFile.tlv"; need not exist
    virtual void folder(std::string_view path) = 0;    // "nvram:pki": all in it, and in folders below
  };
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void trust_files(Sink& sink) const = 0;    // scheduler
    // Called on a worker thread for each file of a copy that is about to come back: may change it. Fault: the copy is refused.
    using Restoring = Status (*)(std::string_view path, Blob& content);
    virtual Restoring restoring() const { return nullptr; }
  };
  virtual ~TrustFiles() = default;
  virtual void add(Owner& owner) = 0;                  // Owner lives until remove()
  virtual void remove(Owner& owner) = 0;
};

}  // namespace parley
