#!/bin/sh
# The store loses no acknowledged write when the process dies at any durable step.
# SPDX-License-Identifier: GPL-3.0-or-later
[ "$(id -u)" = 0 ] || { echo "needs root for a network namespace"; exit 77; }
exec /usr/bin/python3 "$(dirname "$0")/power_cut.py" "$@"
