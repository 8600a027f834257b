#!/bin/sh
# A registration authority and a subordinate server in front of a second router that is the CA, with clients that are not ours.
# SPDX-License-Identifier: GPL-3.0-or-later
[ "$(id -u)" = 0 ] || { echo "needs root for network namespaces"; exit 77; }
exec /usr/bin/python3 "$(dirname "$0")/ra.py" "$@"
