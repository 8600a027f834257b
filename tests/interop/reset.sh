#!/bin/sh
# reset and restart of phones that hold their connection, of phones that are away, of all; EC keys in a phone.
# SPDX-License-Identifier: GPL-3.0-or-later
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then echo "network namespaces need root"; exit 77; fi
make -s -f toolchain/product.mk BOARD=native phone || exit 1
exec timeout 280 python3 tests/interop/reset.py
