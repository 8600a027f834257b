// The files in nvram: that remember what phones hold and which certificates are in use.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>

#include "modules/ctl-client/rotation.h"
#include "platform/crypto/software/wolf.h"

using namespace parley;
using namespace parley::ctl_client;

namespace {

// What was read is written again as the same bytes.
template <class File>
void judge(Bytes in) {
  File file;
  if (!file.decode(in)) return;
  Blob again;
  if (file.encode(again) && again.size() != in.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  crypto::wolf_start();
  Blob whole;   // the checksum is right, so that the rest is read
  const Bytes in(data, size);
  const Digest sum = hash(Hash::sha256, in);
  if (!whole.append(in) || !whole.append(sum.view())) return 0;
  judge<PhoneLists>(in);
  judge<PhoneLists>(whole.view());
  judge<RotationState>(in);
  judge<RotationState>(whole.view());
  return 0;
}
