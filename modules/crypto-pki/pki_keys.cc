// crypto key generate, crypto key zeroize, show crypto key mypubkey (cli.md 7.5).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/pki_ask.h"
#include "modules/crypto-pki/pki_commands.h"
#include "modules/crypto-pki/pki_key_job.h"

namespace parley::crypto_pki {
namespace {

struct KeyOrder {
  KeyLabel label;
  KeyType type = KeyType::rsa;
  uint16_t bits = 0;           // 0: asked
  bool exportable = false, both = false;
  const char* word() const { return type == KeyType::rsa ? "RSA" : "EC"; }
};

class GenerateDialogue final : public PkiDialogue {
 public:
  GenerateDialogue(Pki& pki, const KeyOrder& order) : PkiDialogue(pki), order_(order) {}

 private:
  enum class At : uint8_t { start, replace, size, begin, wait };
  Next run(cli::Console& console) override {
    switch (at_) {
      case At::start: return start(console);
      case At::replace: return replace(console);
      case At::size: return size(console);
      case At::begin: return begin(console);
      case At::wait: return wait(console);
    }
    return Next::end;
  }
  Next go(At at) {
    at_ = at;
    return Next::go;
  }

  Next start(cli::Console& console) {
    const Keys& keys = context().keys;
    replace_ = keys.find(order_.label) || keys.find(order_.label, KeyUse::signature);
    if (replace_) console.put("% You already have ").put(order_.word()).put(" keys defined named ").put(order_.label).put(".\n");
    if (replace_ && order_.bits == 0) return go(At::replace);
    if (replace_) console.put("% They will be replaced.\n\n");
    return named(console);
  }

  Next named(cli::Console& console) {
    console.put("The name for the keys will be: ").put(order_.label).put('\n');
    if (order_.bits != 0) {
      console.put('\n');
      return go(At::begin);
    }
    console.put("Choose the size of the key modulus in the range of 1024 to 4096 for your\n"
                "  General Purpose Keys. Choosing a key modulus greater than 512 may take\n"
                "  a few minutes.\n\n");
    return go(At::size);
  }

  Next replace(cli::Console& console) {
    bool yes = false;
    if (!ask_yes_no(console, "% Do you really want to replace them? [yes/no]: ", yes)) return Next::wait;
    return yes ? named(console) : Next::end;
  }

  Next size(cli::Console& console) {
    if (!ask_text(console, "How many bits in the modulus [2048]: ")) return Next::wait;
    const std::string_view typed = trim(answer());
    uint64_t bits = 2048;
    if (!typed.empty() && (!parse_dec(typed, 4096, bits) || bits < 1024)) {
      console.put(parse_dec(typed, 1023, bits) ? "% Key size below 1024 bits is not supported\n"
                                               : "% A decimal number between 1024 and 4096.\n");
      return Next::go;
    }
    order_.bits = static_cast<uint16_t>(bits);
    return go(At::begin);
  }

  Next begin(cli::Console& console) {
    const char* kept = order_.exportable ? "exportable" : "non-exportable";
    const bool rsa = order_.type == KeyType::rsa;
    console.put(rsa ? "% The key modulus size is " : "% The key size is ").dec(order_.bits).put(" bits\n");
    console.put("% Generating ").dec(order_.bits).put(" bit ").put(order_.word()).put(" keys, keys will be ").put(kept).put("...\n");
    auto job = std::make_unique<GenerateKeyJob>(context().keys);
    job->label = order_.label;
    job->type = order_.type;
    job->bits = order_.bits;
    job->exportable = order_.exportable;
    job->both = order_.both;
    job->replace = replace_;
    begun_ = context().clock.now();
    if (!slot_.start(context().jobs, console.task(), std::move(job), JobClass::slow)) return busy(console);
    return go(At::wait);
  }

  Next wait(cli::Console& console) {
    const std::unique_ptr<GenerateKeyJob> job = slot_.take();
    if (job == nullptr) return Next::wait;
    if (!job->result) {
      console.put("% The keys could not be made: ").put(job->result.error().what);
      return say(console, "");
    }
    const auto took = std::chrono::duration_cast<Seconds>(context().clock.now() - begun_);
    console.put("[OK] (elapsed time was ").dec(took.count()).put(" seconds)\n");
    pki_.apply();   // certificates that wait for their key
    return Next::end;
  }

  KeyOrder order_;
  At at_ = At::start;
  bool replace_ = false;
  Monotonic begun_{};
  JobSlot<GenerateKeyJob> slot_;
};

class ZeroizeDialogue final : public PkiDialogue {
 public:
  ZeroizeDialogue(Pki& pki, const KeyLabel& label) : PkiDialogue(pki), label_(label) {}

 private:
  Next run(cli::Console& console) override {
    if (slot_.busy()) {
      const std::unique_ptr<RemoveKeyJob> job = slot_.take();
      if (job == nullptr) return Next::wait;
      if (job->result) return Next::end;
      console.put("% The keys could not be removed: ").put(job->result.error().what);
      return say(console, "");
    }
    if (!told_) console.put("% Keys to be removed are named '").put(label_).put("'.\n");
    told_ = true;
    bool yes = false;
    if (!sure_ && !ask_yes_no(console, "Do you really want to remove these keys? [yes/no]: ", yes)) return Next::wait;
    if (!sure_ && !yes) return Next::end;
    sure_ = true;
    if (!nobody_strands(console, yes)) return Next::wait;
    if (!yes) return Next::end;
    auto job = std::make_unique<RemoveKeyJob>(context().keys);
    job->label = label_;
    return slot_.start(context().jobs, console.task(), std::move(job)) ? Next::wait : busy(console);
  }

  // Phones that hold lists of this key are named; only who says yes goes on. False: the question is open.
  bool nobody_strands(cli::Console& console, bool& yes) {
    Trustpoints::Holder* holder = pki_.store().holder();
    yes = true;
    for (const KeyUse use : {KeyUse::general, KeyUse::encryption}) {
      const Result<Blob> spki = context().keys.public_key(context().keys.find(label_, use));
      if (holder == nullptr || !spki) continue;
      Blob names;
      if (!named_ && holder->needed_by(*spki, names)) {
        console.put("% Phones trust what this key signs or shows:\n").put(names.text());
        named_ = true;
      }
      if (!named_) continue;
      if (!ask_yes_no(console, "Continue and strand these phones? [no]: ", yes, YesNo::no)) return false;
      if (yes) holder->give_up(*spki);
      return true;
    }
    return true;
  }

  KeyLabel label_;
  bool told_ = false, sure_ = false, named_ = false;
  JobSlot<RemoveKeyJob> slot_;
};

// The label typed, or the name of the router. False: said why not.
bool key_name(cli::Call& call, const Label& typed, KeyLabel& out) {
  if (!typed.empty()) return out.set(typed);
  const Context& c = call.module<Pki>().context();
  if (c.host_name() == "Router") {
    call.out().put("% Please define a hostname other than Router.\n");
    return false;
  }
  if (c.host == nullptr || c.host->domain_name().empty()) {
    call.out().put("% Please define a domain-name first.\n");
    return false;
  }
  return out.set(c.fqdn().view().substr(0, KeyLabel::kCapacity));
}

void zeroize(cli::Call& call, const ZeroizeArguments& a, bool rsa) {
  Pki& pki = call.module<Pki>();
  KeyLabel label;
  if (!key_name(call, a.label, label)) return;
  const Keys& keys = pki.context().keys;
  KeyRef key = keys.find(label);
  if (!key) key = keys.find(label, KeyUse::signature);
  const Result<KeyInfo> info = keys.info(key);
  if (!key || !info || (info->type == KeyType::rsa) != rsa) {
    call.out().put("% No ").put(rsa ? "RSA" : "EC").put(" keys found named ").put(label).put(".\n");
    return;
  }
  call.start(std::make_unique<ZeroizeDialogue>(pki, label));
}

struct ShowContext {
  Writer& out;
  const Keys& keys;
  uint8_t type;
};

bool show_key(void* context, KeyRef key, const KeyInfo& info) {
  const ShowContext& c = *static_cast<ShowContext*>(context);
  const bool rsa = info.type == KeyType::rsa;
  if ((c.type == 0 && !rsa) || (c.type == 1 && rsa)) return true;
  const Calendar t = to_calendar(info.created);
  c.out.put("% Key pair was generated at: ").dec(t.hour, 2, '0').put(':').dec(t.minute, 2, '0').put(':').dec(t.second, 2, '0');
  c.out.put(" UTC ").put(month_name(t.month)).put(' ').dec(t.day).put(' ').dec(t.year).put('\n');
  c.out.put("Key name: ").put(info.label).put('\n');
  c.out.put(rsa ? "Key type: RSA KEYS\n" : "Key type: EC KEYS\n");
  c.out.put(" Storage Device: private-config\n Usage: ");
  c.out.put(info.use == KeyUse::general ? "General Purpose Key" : info.use == KeyUse::signature ? "Signature Key" : "Encryption Key");
  c.out.put("\n Key is ").put(info.exportable ? "" : "not ").put("exportable.\n Key Data:\n");
  const Result<Blob> data = c.keys.public_key(key);
  if (!data) return true;
  const Bytes spki = data->view();
  for (size_t at = 0; at < spki.size(); at += 32) {   // groups of four bytes, eight in a line
    c.out.put("  ");
    for (size_t k = at; k < at + 32 && k < spki.size(); k += 4) {
      c.out.put(k == at ? "" : " ").hex_bytes(spki.data() + k, spki.size() - k < 4 ? spki.size() - k : 4);
    }
    c.out.put('\n');
  }
  return true;
}

}  // namespace

void generate_rsa(cli::Call& call, const RsaArguments& a) {
  KeyOrder order;
  if (!key_name(call, a.label, order.label)) return;
  if (a.modulus != 0 && a.modulus < 1024) {
    call.refuse("% Key size below 1024 bits is not supported");
    return;
  }
  order.bits = a.modulus;
  order.exportable = a.exportable;
  order.both = a.keys == 2;
  call.start(std::make_unique<GenerateDialogue>(call.module<Pki>(), order));
}

void generate_ec(cli::Call& call, const EcArguments& a) {
  KeyOrder order;
  if (!key_name(call, a.label, order.label)) return;
  order.type = a.size == 1 ? KeyType::ec_p384 : KeyType::ec_p256;
  order.bits = a.size == 1 ? 384 : 256;
  order.exportable = a.exportable;
  call.start(std::make_unique<GenerateDialogue>(call.module<Pki>(), order));
}

void zeroize_rsa(cli::Call& call, const ZeroizeArguments& a) { zeroize(call, a, true); }
void zeroize_ec(cli::Call& call, const ZeroizeArguments& a) { zeroize(call, a, false); }

void show_keys(cli::Call& call, const ShowKeys& a) {
  const Keys& keys = call.module<Pki>().context().keys;
  ShowContext c{call.out(), keys, a.type};
  keys.list(&show_key, &c);
}

}  // namespace parley::crypto_pki
