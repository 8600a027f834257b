#!/bin/sh
# HTTPS of the real program: mutual TLS with clients that are not ours; every wrong certificate is refused with its reason.
# SPDX-License-Identifier: GPL-3.0-or-later
[ "$(id -u)" = 0 ] || { echo "needs root for a network namespace"; exit 77; }
exec /usr/bin/python3 "$(dirname "$0")/tls.py" "$@"
