#!/bin/sh
# Trustpoints of the real program with authorities, files and mail servers that are not ours.
# SPDX-License-Identifier: GPL-3.0-or-later
[ "$(id -u)" = 0 ] || { echo "needs root for a network namespace"; exit 77; }
exec /usr/bin/python3 "$(dirname "$0")/trustpoint.py" "$@"
