// Limits of the image as text for the syntax strings of rows.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config.h"

#define LIMIT_TEXT_(number) #number
#define LIMIT_TEXT(number) LIMIT_TEXT_(number)
#define LIMIT_PHONES LIMIT_TEXT(CONFIG_MAX_PHONES)
#define LIMIT_DNS LIMIT_TEXT(CONFIG_MAX_DIRECTORY_NUMBERS)
