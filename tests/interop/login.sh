#!/bin/sh
# Logins at the console: AAA lists, lock-out, delay, log, least length of passwords.
# SPDX-License-Identifier: GPL-3.0-or-later
exec /usr/bin/python3 "$(dirname "$0")/login.py" "$@"
