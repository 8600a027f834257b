// Inside cli/: helpers that the files of the value types share.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/values.h"

namespace parley::cli {

int64_t load_integer(const void* from, size_t size, bool is_signed);
void store_integer(void* to, size_t size, int64_t value);
bool plain_ascii(std::string_view s);   // printable, no blank

Parsed parse_mac(void* to, size_t size, std::string_view word, ParseContext& context);
void print_mac(Writer& out, const void* from, size_t size, std::string_view spec);
int compare_mac(const void* a, const void* b, size_t size, std::string_view spec);
Parsed parse_ifname(void* to, size_t size, std::string_view word, ParseContext& context);
void print_ifname(Writer& out, const void* from, size_t size, std::string_view spec);
int compare_ifname(const void* a, const void* b, size_t size, std::string_view spec);
Parsed parse_button(void* to, size_t size, std::string_view word, ParseContext& context);
void print_button(Writer& out, const void* from, size_t size, std::string_view spec);
int compare_button(const void* a, const void* b, size_t size, std::string_view spec);
Parsed parse_pw6(void* to, size_t size, std::string_view word, ParseContext& context);
Parsed parse_pw01(void* to, size_t size, std::string_view word, ParseContext& context);
Parsed parse_pw07(void* to, size_t size, std::string_view word, ParseContext& context);
Parsed parse_pws(void* to, size_t size, std::string_view word, ParseContext& context);
Parsed parse_ata(void* to, size_t size, std::string_view word, ParseContext& context);
Parsed parse_pin(void* to, size_t size, std::string_view word, ParseContext& context);
void print_password(Writer& out, const void* from, size_t size, std::string_view spec);
int compare_password(const void* a, const void* b, size_t size, std::string_view spec);

}  // namespace parley::cli
