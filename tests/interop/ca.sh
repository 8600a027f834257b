#!/bin/sh
# A certificate server for years: revocation, archive and restore, files on a TFTP server, roll-over, judged by openssl and certtool.
# SPDX-License-Identifier: GPL-3.0-or-later
[ "$(id -u)" = 0 ] || { echo "needs root for a network namespace"; exit 77; }
exec /usr/bin/python3 "$(dirname "$0")/ca.py" "$@"
