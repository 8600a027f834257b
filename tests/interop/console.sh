#!/bin/sh
# A person at the console of the real program: a pseudo terminal, keys, what the screen shows.
# SPDX-License-Identifier: GPL-3.0-or-later
exec /usr/bin/python3 "$(dirname "$0")/console.py" "$@"
