#!/bin/sh
# The independent verifier must accept every good vector and refuse every bad one and every flipped byte.
# SPDX-License-Identifier: GPL-3.0-or-later
cd "$(dirname "$0")" || exit 1
command -v openssl > /dev/null || { echo "openssl is not installed"; exit 77; }
exec python3 verify_vectors.py ../vectors
