#!/bin/sh
# The configuration as a transaction: dry run, replacement, return by command, timer and power cut.
# SPDX-License-Identifier: GPL-3.0-or-later
exec /usr/bin/python3 "$(dirname "$0")/transactions.py" "$@"
