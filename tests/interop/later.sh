#!/bin/sh
# What comes later by itself: granted requests, next authorities, PKI after clock set.
# SPDX-License-Identifier: GPL-3.0-or-later
[ "$(id -u)" = 0 ] || { echo "needs root for a network namespace"; exit 77; }
exec /usr/bin/python3 "$(dirname "$0")/later.py" "$@"
