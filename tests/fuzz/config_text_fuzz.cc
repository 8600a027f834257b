// Fuzz: any bytes as configuration text. What is printed is read again without an error and printed the same.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>

#include "tests/properties/all_rows.h"

using namespace parley;
using namespace parley::cli;
using namespace parley::cli::test;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Router first;
  (void)first.paste(std::string(reinterpret_cast<const char*>(data), size));
  const std::string once = first.print();
  Router second;
  const std::vector<std::string> refused = second.paste(once);
  if (!refused.empty()) {
    fprintf(stderr, "%s\n", refused[0].c_str());
    PARLEY_PANIC("a printed line is refused");
  }
  if (second.print() != once) {
    fprintf(stderr, "%s---\n%s", once.c_str(), second.print().c_str());
    PARLEY_PANIC("the printed text is printed differently");
  }
  return 0;
}
