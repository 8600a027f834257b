#!/bin/sh
# Password forms, policy and master key at the console of the real program.
# SPDX-License-Identifier: GPL-3.0-or-later
[ "$(id -u)" = 0 ] || { echo "needs root for a network namespace"; exit 77; }
exec /usr/bin/python3 "$(dirname "$0")/passwords.py" "$@"
