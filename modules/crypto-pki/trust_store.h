// Certificates of all trustpoints: those of the configuration and those received are one thing.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The running-config lists every certificate (`crypto pki certificate chain`). One that was received (authenticate, enroll,
// import, a certificate server's own) is written to nvram: first, then told to the operator, then put into the
// running-config: it survives a power cut before `write memory`. At boot both are merged.
#pragma once

#include <memory>

#include "modules/crypto-pki/certificate.h"
#include "modules/crypto-pki/chain_file.h"
#include "modules/crypto-pki/pki_context.h"
#include "modules/crypto-pki/trustpoints.h"

namespace parley::crypto_pki {

using SerialText = Text<40>;   // hex digits of the chain: "certificate ca 01"

// The running-config side. Called by tasks and dialogues, never while the command engine runs a line.
class ChainText {
 public:
  virtual ~ChainText() = default;
  virtual Status put(std::string_view label, ChainKind kind, std::string_view serial, Bytes der) = 0;
  virtual Status drop(std::string_view label, ChainKind kind, std::string_view serial) = 0;
  virtual Status drop_all(std::string_view label) = 0;
};

struct Stored {
  ChainKind kind = ChainKind::own;
  SerialText serial;
  Certificate certificate;
  bool received = false;        // kept in nvram: too
  bool in_config = false;       // stands in the running-config
  bool refused = false;         // the running-config was asked to take it
  bool seen = false;            // during a sync
  bool told = false;            // CERTWEAK was logged
  bool encryption = false;      // of the encryption key of a usage pair
};

struct Entry {
  Text<63> label;
  KeyLabel key;                 // name of the key pair
  bool defined = false;         // `crypto pki trustpoint` exists, not only a chain
  bool seen = false;
  List<Stored> certificates{general_arena()};
  List<Bytes> ca{general_arena()};

  const Stored* own() const;    // newest general (usage pair: signature) certificate; nullptr: none
  const Stored* own_encryption() const;   // of the encryption key of a usage pair
  const Stored* authority() const;   // first CA certificate; nullptr: not authenticated
};

// Writes the received certificates of a label as they will be. Made by the store, run as a job, handed back when it is done.
class SaveChainJob final : public Job {
 public:
  explicit SaveChainJob(Store& store) : store_(store) {}
  void run() override { result = write_chain(store_, label, std::span<const ChainItem>(items.begin(), items.size())); }
  Text<63> label;
  ChainItems items{general_arena()};
  ChainItems added{general_arena()};   // the new ones among them
  Status result;

 private:
  Store& store_;
};

class TrustStore final : public Task, public Trustpoints {
 public:
  TrustStore(Context& context, ChainText& text);

  Status load();                // boot, before the scheduler runs: reads nvram:
  void stop();

  // Configuration -> store; certificates that are not named any more are dropped.
  void begin_sync();
  void sync_trustpoint(std::string_view label, std::string_view key);
  void sync_certificate(std::string_view label, ChainKind kind, std::string_view serial, Bytes der);
  void end_sync();

  // A received certificate: run the job (Fault full: no memory), then saved(). It replaces what has its place: a CA certificate
  // the same one, an own certificate all own ones.
  Result<std::unique_ptr<SaveChainJob>> save(std::string_view label, ChainKind kind, Bytes der);
  // Several at once: all of them are kept, or none.
  Result<std::unique_ptr<SaveChainJob>> save(std::string_view label, ChainItems added);
  Status saved(const SaveChainJob& job);
  // A received certificate that a job already wrote to nvram: (a certificate server's own).
  Status adopt(std::string_view label, ChainKind kind, Bytes der);
  // One certificate that has no more use. The running-config is changed at once, nvram: by a job.
  void drop(std::string_view label, ChainKind kind, Bytes der);
  // `no crypto pki trustpoint`: everything of the label goes.
  void forget(std::string_view label);

  const Entry* find(std::string_view label) const;
  size_t size() const { return entries_.size(); }
  const Entry& operator[](size_t i) const { return entries_[i]; }
  // The pair of the own certificate: of the label, or of its shadow (enrolment.h).
  KeyRef key_of(const Entry& e) const;
  bool shadow_is_left(const Entry& e) const;          // ... stands under the shadow label (too): a rename was not finished
  bool has_usage_pair(const Entry& e) const;          // separate keys for signature and encryption
  bool key_is_shared(std::string_view label) const;   // another trustpoint with a certificate of its own names the same pair
  bool matches_key(const Entry& e, const Certificate& c) const;

  // Trustpoints
  Result<TrustpointView> usable(std::string_view label, Purpose purpose) const override;
  Result<TrustpointView> view(std::string_view label) const override;
  void subscribe(Listener& l) override;
  void unsubscribe(Listener& l) override;
  bool clock_valid() const override { return context_.clock_valid(); }
  void set_holder(Holder* holder) override { holder_ = holder; }
  void held_changed(std::string_view label) override;
  Result<TrustpointView> newest(std::string_view label, Purpose purpose) const override;
  Holder* holder() const { return holder_; }

  Poll step() override;

 private:
  Entry* find_entry(std::string_view label);
  Entry& entry_for(std::string_view label);
  Status insert(Entry& e, ChainKind kind, Bytes der, bool received);
  void merge_received(Entry& e);
  void changed(Entry& e);
  void publish(Entry& e);
  void judge(Entry& e);
  void mark_dirty(std::string_view label);
  void write_dirty();
  bool same_place(const Entry& e, const Stored& s, ChainKind kind, Bytes der) const;
  bool for_encryption(const Entry& e, Bytes spki) const;
  bool has_public_key(KeyRef key, const Certificate& c) const;
  Result<ChainItems> received_items(const Entry* e) const;
  Result<TrustpointView> newest_view(std::string_view label) const;
  bool held_view(std::string_view label, TrustpointView& v) const;
  KeyRef key_with(Bytes spki) const;
  void tell(std::string_view label);

  Context& context_;
  ChainText& text_;
  List<Entry> entries_{general_arena()};
  List<ChainRecord> waiting_{general_arena()};     // of nvram:, until their trustpoint is configured
  List<Text<63>> dirty_{general_arena()};          // files to be written again
  List<Text<63>> dropped_{general_arena()};        // chains to be taken out of the running-config
  JobSlot<SaveChainJob> slot_;
  Timer retry_{*this};
  Listener* listeners_ = nullptr;
  Holder* holder_ = nullptr;
  bool judged_ = false;
};

}  // namespace parley::crypto_pki
