#!/bin/sh
# Phones of our own, old and new, from the factory to their register; `test phone`; what is refused.
# SPDX-License-Identifier: GPL-3.0-or-later
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then echo "network namespaces need root"; exit 77; fi
make -s -f toolchain/product.mk BOARD=native phone || exit 1
exec python3 tests/interop/phone.py
