// Frames of the CTL protocol, as both sides read them, and the file of known CTL providers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>
#include <cstring>

#include "modules/ctl-client/ctl_protocol.h"
#include "modules/ctl-client/provider_book.h"
#include "platform/crypto/software/wolf.h"

using namespace parley;
using namespace parley::ctl_protocol;

namespace {

// What was read can be written, and says the same when it is read again.
void round_trip(const Message& m) {
  auto frame = write_message(m, kVersion);
  if (!frame) std::abort();
  const auto head = read_head(frame->view().first(kHeaderSize), 65535);
  if (!head || head->command != m.command) std::abort();
  const auto back = read_body(head->command, frame->view().subspan(kHeaderSize));
  if (!back || back->user != m.user || !equal_bytes(back->nonce, m.nonce) || !equal_bytes(back->proof, m.proof) ||
      !equal_bytes(back->certificate, m.certificate) || back->role != m.role || back->count != m.count || back->rounds != m.rounds ||
      back->address != m.address || back->name != m.name || back->wait_s != m.wait_s)
    std::abort();
}

// Only what the command carries: further elements that were skipped over are not written.
Message carried(const Message& m) {
  Message out;
  out.command = m.command;
  switch (m.command) {
    case Command::hello: out.oldest = m.oldest, out.newest = m.newest, out.user = m.user, out.nonce = m.nonce; break;
    case Command::challenge: out.nonce = m.nonce, out.salt = m.salt, out.rounds = m.rounds; break;
    case Command::proof: out.proof = m.proof; break;
    case Command::welcome: out.proof = m.proof, out.count = m.count; break;
    case Command::record: out.role = m.role, out.address = m.address, out.name = m.name, out.certificate = m.certificate; break;
    case Command::refused: out.reason = m.reason, out.wait_s = m.wait_s; break;
    case Command::none: break;
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  crypto::wolf_start();
  const Bytes in(data, size);
  if (size >= kHeaderSize)
    for (const size_t most : {kMaxFromClient, kMaxFromProvider})
      if (const auto head = read_head(in.first(kHeaderSize), most); head && head->body_size > most) std::abort();
  if (size > 0) {
    const auto command = static_cast<Command>(1 + data[0] % 6);
    if (const auto m = read_body(command, in.subspan(1))) round_trip(carried(*m));
  }
  // The sum at the end of the file is made right, else nothing behind it would be reached.
  Blob file;
  if (!file.append(in) || !file.append(hash(Hash::sha256, in).view())) return 0;
  ctl_client::ProviderBook book;
  if (book.load(file.view())) {
    Blob again;
    ctl_client::ProviderBook other;
    if (!book.save(again) || !other.load(again.view()) || other.size() != book.size()) std::abort();
  }
  return 0;
}
