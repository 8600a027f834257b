// Several files in one piece, and their replacement in one step: after a power cut all of them are the old or the new ones.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A set is written as one file, the journal, which makes it durable: from then on the new files count, although they are put in
// place only by finish_replacement() at the next boot, before anybody reads them. That can be cut and begun again at will.
#pragma once

#include "platform/base/memory.h"
#include "platform/store/store.h"

namespace parley {

struct FileSet {
  struct Item {
    Path path;
    Blob content;
  };
  List<Path> removed{general_arena()};   // go before the files come
  List<Item> files{general_arena()};
};

constexpr std::string_view kReplacementJournal = "nvram:trust-journal";
constexpr size_t kMaxFileSet = 8 * 1024 * 1024;   // bytes in one piece
constexpr size_t kMaxFilesInSet = 4096;

// u32 count of removed paths, each u8 length and text; u32 count of files, each u8+path, u32+content. Big-endian.
// Fault full: memory, or larger than kMaxFileSet.
Status write_file_set(const FileSet& set, Blob& out);
// The whole input. Faults: invalid (runs past its end, bad or doubled path), full.
Result<FileSet> read_file_set(Bytes bytes);

// [job] Durable when it returns ok; what the files hold until the next boot does not count any more.
Status stage_replacement(Store& store, const FileSet& set);
// At boot, before any of the files is read. True: a replacement was put in place. A damaged journal is removed (Fault invalid).
Result<bool> finish_replacement(Store& store);

}  // namespace parley
