#!/bin/sh
# reset and restart of phones that hold their connection, of phones that are away, of all; EC keys in a phone.
# SPDX-License-Identifier: GPL-3.0-or-later
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then echo "network namespaces need root"; exit 77; fi
[ -x build/native/phone ] || { echo "build/native/phone is not built"; exit 1; }
exec python3 tests/interop/reset.py
