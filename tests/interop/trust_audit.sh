#!/bin/sh
# The chain of trust of a phone on the real router: whole, then each link broken in turn; the audit names that one and no other.
# SPDX-License-Identifier: GPL-3.0-or-later
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then echo "network namespaces need root"; exit 77; fi
command -v openssl > /dev/null || { echo "openssl is not installed"; exit 77; }
exec python3 tests/interop/trust_audit.py
