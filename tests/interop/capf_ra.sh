#!/bin/sh
# Phones get their certificates from the CA on another router, through the registration authority of their own one.
# SPDX-License-Identifier: GPL-3.0-or-later
[ "$(id -u)" = 0 ] || { echo "needs root for network namespaces"; exit 77; }
exec /usr/bin/python3 "$(dirname "$0")/capf_ra.py" "$@"
