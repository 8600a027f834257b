#!/bin/sh
# Copy files between the router and a TFTP server that is not ours, and from another router's; ping and traceroute.
# SPDX-License-Identifier: GPL-3.0-or-later
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then echo "network namespaces need root"; exit 77; fi
exec python3 tests/interop/files.py
