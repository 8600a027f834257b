#!/bin/sh
# Numbered copies of the configuration, differences, show tech-support without secrets, aliases.
# SPDX-License-Identifier: GPL-3.0-or-later
exec /usr/bin/python3 "$(dirname "$0")/archive.py" "$@"
