#!/bin/sh
# Phone files by HTTP 6970 and HTTPS 6972 of the real router, fetched by curl, wget, busybox and openssl.
# SPDX-License-Identifier: GPL-3.0-or-later
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then echo "network namespaces need root"; exit 77; fi
for tool in curl wget busybox openssl; do
  command -v $tool > /dev/null || { echo "$tool is not installed"; exit 77; }
done
exec python3 tests/interop/http_files.py
