#!/bin/sh
# What a certificate server must refuse, and that others are served meanwhile; OCSP, requests by hand.
# SPDX-License-Identifier: GPL-3.0-or-later
[ "$(id -u)" = 0 ] || { echo "needs root for a network namespace"; exit 77; }
exec /usr/bin/python3 "$(dirname "$0")/scep_refusals.py" "$@"
