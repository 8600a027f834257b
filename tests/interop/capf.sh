#!/bin/sh
# Certificates of phones over real TLS: PIN, LSC, null string, wrong proofs, a power cut, old phones, a flood.
# SPDX-License-Identifier: GPL-3.0-or-later
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then echo "network namespaces need root"; exit 77; fi
command -v openssl > /dev/null || { echo "openssl is not installed"; exit 77; }
exec python3 tests/interop/capf.py
