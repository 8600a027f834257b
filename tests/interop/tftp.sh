#!/bin/sh
# Fetch files of awkward sizes from the router with every TFTP client at hand.
# SPDX-License-Identifier: GPL-3.0-or-later
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then echo "network namespaces need root"; exit 77; fi
exec python3 tests/interop/tftp.py
