#!/bin/sh
# Phones at the plain signalling port: which are taken, become ephones by themselves, are refused; what hostile peers can do there.
# SPDX-License-Identifier: GPL-3.0-or-later
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then echo "network namespaces need root"; exit 77; fi
exec python3 tests/interop/auto_register.py
