#!/bin/sh
# Certificate authority and SCEP of the real program, judged by clients that are not ours.
# SPDX-License-Identifier: GPL-3.0-or-later
[ "$(id -u)" = 0 ] || { echo "needs root for a network namespace"; exit 77; }
exec /usr/bin/python3 "$(dirname "$0")/scep.py" "$@"
