#!/bin/sh
# Trust lists and phone files of the real router, fetched by tftp-hpa and judged by the independent verifier.
# SPDX-License-Identifier: GPL-3.0-or-later
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then echo "network namespaces need root"; exit 77; fi
command -v tftp > /dev/null || { echo "tftp-hpa is not installed"; exit 77; }
exec python3 tests/interop/phone_files.py
