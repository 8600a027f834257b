#!/bin/sh
# CA, SAST1, SAST2, TFTP, CAPF and TVS certificates are changed while half of the phones are off and the power fails: nobody is stranded.
# SPDX-License-Identifier: GPL-3.0-or-later
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then echo "network namespaces need root"; exit 77; fi
exec python3 tests/interop/rotation.py
