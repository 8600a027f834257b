#!/bin/sh
# The numbered rules of the command line against the real program.
# SPDX-License-Identifier: GPL-3.0-or-later
exec /usr/bin/python3 "$(dirname "$0")/rules.py" "$@"
