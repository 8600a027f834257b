// SCEP over HTTP from anybody: the query of a GET, the body of a POST (behind a line end), against an enabled server.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "modules/crypto-pki/pki_test_world.h"

using namespace parley;
using namespace parley::crypto_pki;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static fake::PkiWorld* world = [] {
    auto* w = new fake::PkiWorld;
    w->start_ca("iosca", Granting::automatic);
    return w;
  }();
  const void* end = std::memchr(data, '\n', size);
  const size_t head = end == nullptr ? size : static_cast<size_t>(static_cast<const uint8_t*>(end) - data);
  const Bytes body = head == size ? Bytes() : Bytes(data + head + 1, size - head - 1);
  uint16_t status = 0;
  (void)world->ask(std::string(reinterpret_cast<const char*>(data), head), body, status);
  PARLEY_CHECK(status >= 200 && status < 600);
  return 0;
}
