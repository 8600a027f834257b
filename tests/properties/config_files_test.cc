// Every configuration of tests/configs: pasted, printed, pasted again.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <dirent.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "CppUTest/TestHarness.h"
#include "tests/properties/all_rows.h"

using namespace parley;
using namespace parley::cli;
using namespace parley::cli::test;

namespace {

const char* const kFolder = "tests/configs/";

// These tests need the rows of all modules of the product; a smaller image has nothing to compare.
bool complete_image() {
  for (const char* name : {"capf-server", "credentials", "crypto-pki", "ctl-client", "file-service", "http-server", "ip-services", "system",
                           "telephony-service", "voice-srtp"}) {
    bool found = false;
    for (size_t i = 0; i < kModuleCount; ++i) found = found || std::string(kModules[i]->name) == name;
    if (!found) return false;
  }
  return true;
}

std::string file(const std::string& name) {
  std::ifstream in(kFolder + name);
  std::stringstream s;
  s << in.rdbuf();
  return s.str();
}

std::vector<std::string> config_files() {
  std::vector<std::string> names;
  DIR* d = opendir(kFolder);
  while (d != nullptr) {
    const dirent* e = readdir(d);
    if (e == nullptr) break;
    const std::string name = e->d_name;
    if (name.size() > 4 && name.ends_with(".cfg")) names.push_back(name);
  }
  if (d != nullptr) closedir(d);
  std::sort(names.begin(), names.end());
  return names;
}

// Lines that say something: no "!", no head, nothing volatile.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> all;
  std::stringstream s(text);
  for (std::string line; std::getline(s, line);) {
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.pop_back();
    const size_t first = line.find_first_not_of(' ');
    if (first == std::string::npos || line[first] == '!' || line.starts_with("Building") || line.starts_with("Current") ||
        line.starts_with("version") || line == "end") continue;
    all.push_back(line);
  }
  return all;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& l : lines) all += l + "\n";
  return all;
}

}  // namespace

TEST_GROUP(ConfigFiles) {
};

TEST(ConfigFiles, pasted_printed_pasted_again) {
  if (!complete_image()) return;
  std::string bad;
  const std::vector<std::string> names = config_files();
  CHECK(!names.empty());
  for (const std::string& name : names) {
    const bool elided = name.find("elided") != std::string::npos;
    Router r;
    const std::vector<std::string> refused = r.paste(file(name));
    for (const std::string& line : refused)
      if (!elided || line.find("is invalid, ignored") == std::string::npos) bad += name + ": " + line + "\n";
    const std::string once = r.print();
    Router second;
    for (const std::string& line : second.paste(once)) bad += name + ", printed: " + line + "\n";
    if (second.print() != once) bad += name + ": the second print differs:\n" + once + "---\n" + second.print();
    second.paste(once);
    if (second.print() != once) bad += name + ": pasting a second time changes something\n";
  }
  if (!bad.empty()) FAIL(bad.c_str());
}

TEST(ConfigFiles, the_complete_router_prints_its_own_lines) {
  if (!complete_image()) return;
  Router r;
  r.paste(file("secure-cme-full.cfg"));
  const std::vector<std::string> want = lines_of(file("secure-cme-full.cfg")), have = lines_of(r.print());
  std::string bad;
  for (const std::string& line : want)
    if (std::find(have.begin(), have.end(), line) == have.end()) bad += "- " + line + "\n";
  for (const std::string& line : have)
    if (std::find(want.begin(), want.end(), line) == want.end()) bad += "+ " + line + "\n";
  if (bad.empty() && want != have) bad = "the order differs:\n" + joined(have);
  if (!bad.empty()) FAIL(bad.c_str());
}

TEST(ConfigFiles, indentation_does_not_matter) {
  if (!complete_image()) return;
  Router a, b;
  std::string flat = file("secure-cme-full.flat.cfg");
  a.paste(file("secure-cme-full.cfg"));
  b.paste(flat);
  std::vector<std::string> x = lines_of(a.print()), y = lines_of(b.print());
  std::string bad;
  for (size_t i = 0; i < std::max(x.size(), y.size()); ++i) {
    const std::string p = i < x.size() ? x[i] : "", q = i < y.size() ? y[i] : "";
    if (p != q && p.find("........") == std::string::npos) bad += p + " <> " + q + "\n";   // two dial patterns differ in the files
  }
  if (!bad.empty()) FAIL(bad.c_str());
}
