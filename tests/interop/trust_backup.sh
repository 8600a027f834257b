#!/bin/sh
# A router dies; another one gets its sealed copy and goes on: same signer, same CA, no number used twice. Power cuts in between.
# SPDX-License-Identifier: GPL-3.0-or-later
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then echo "network namespaces need root"; exit 77; fi
command -v openssl > /dev/null || { echo "openssl is not installed"; exit 77; }
PATH=$PATH:/usr/sbin; command -v in.tftpd > /dev/null || { echo "tftpd-hpa is not installed (toolchain/setup test)"; exit 77; }
exec python3 tests/interop/trust_backup.py
