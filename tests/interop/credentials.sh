#!/bin/sh
# Two routers: the CTL client of one asks the CTL provider of the other; strangers, replays and a man in the middle fail.
# SPDX-License-Identifier: GPL-3.0-or-later
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then echo "network namespaces need root"; exit 77; fi
command -v openssl > /dev/null || { echo "openssl is not installed"; exit 77; }
exec python3 tests/interop/credentials.py
