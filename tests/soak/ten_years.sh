#!/bin/sh
# Ten years of clock in some minutes: certificates of authority, services and phones renew by themselves, nobody is stranded.
# SPDX-License-Identifier: GPL-3.0-or-later
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then echo "network namespaces need root"; exit 77; fi
[ -x build/native/phone ] || { echo "build/native/phone is not built"; exit 1; }
exec python3 tests/soak/ten_years.py
