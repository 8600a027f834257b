#!/bin/sh
# The configuration register over several starts of one router (cli.md R-10.5).
# SPDX-License-Identifier: GPL-3.0-or-later
cd "$(dirname "$0")/../.." || exit 1
exec python3 tests/interop/register.py
