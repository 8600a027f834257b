// Received certificates of a trustpoint in nvram:, written when they come: they survive a power cut before `write memory`.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

#include "platform/base/memory.h"
#include "platform/store/store.h"

namespace parley::crypto_pki {

enum class ChainKind : uint8_t { own, ca, self_signed, rollover };   // order of `certificate [ca|self-signed|rollover]`

struct ChainItem {
  ChainKind kind = ChainKind::own;
  Blob der;
};
using ChainItems = List<ChainItem>;

// "nvram:pki/<label>.chain"; letters that a file name cannot hold become %XX.
Path chain_path(std::string_view label);
// Any other file of ours: "<folder><label><suffix>" with the same escapes.
Path labelled_path(std::string_view folder, std::string_view label, std::string_view suffix);

// [job] Writes a file of "nvram:pki/"; the folder is made when it is missing.
Status write_pki_file(Store& store, const Path& path, Bytes data);
// [job] Replaces the file; an empty list removes it. Faults of Store.
Status write_chain(Store& store, std::string_view label, std::span<const ChainItem> items);
// [job] or boot. A missing file is an empty list. Fault invalid: damaged.
Result<ChainItems> read_chain(Store& store, std::string_view label);
// Boot: every such file of nvram:. Damaged ones are counted, not taken.
struct ChainRecord {
  Text<63> label;
  ChainItems items{general_arena()};
};
Result<List<ChainRecord>> read_all_chains(Store& store, size_t& damaged);

Result<ChainItem> copy_item(ChainKind kind, Bytes der);

}  // namespace parley::crypto_pki
