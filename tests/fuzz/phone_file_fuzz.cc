// Fuzz: lists, signed files and settings as the built-in phone reads them; whatever it accepts as a list it reads to its end.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>

#include "modules/test-phone/judge.h"
#include "modules/test-phone/phone_settings.h"

using namespace parley;
using namespace parley::test_phone;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const CryptoThread allowed;
  const Bytes file(data, size);
  (void)read_settings(file);
  const auto head = read_head(file);
  if (!head) return 0;
  if (head->body_at > size || head->signature_tlv + 3 + head->signature.size() > head->body_at) std::abort();
  const SignedParts parts = signed_parts(file, *head);
  if (parts.before.size() + parts.behind.size() + 3 + head->signature.size() != size) std::abort();
  Records records(file, *head);
  Record r;
  while (records.next(r)) {}
  TrustMemory memory;
  const auto verdict = judge_list(file, ListKind::ctl, memory, {});
  if (verdict && !records.status()) std::abort();
  if (!memory.ctl.append(file)) return 0;
  (void)judge_signed(file, head->name, memory, {});
  return 0;
}
