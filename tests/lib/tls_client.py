#!/usr/bin/python3
# A TLS client of plain OpenSSL: sends bytes, prints what comes back in hex.
# SPDX-License-Identifier: GPL-3.0-or-later
"""

usage: tls_client.py ADDRESS PORT [--old] [--cert PEM --key PEM] [--slow] HEX...
Each HEX is sent after the answer to the one before began; --old: TLS 1.0 with static RSA; --slow: one byte a record.
"""
import argparse
import socket
import ssl
import sys

p = argparse.ArgumentParser()
p.add_argument("address")
p.add_argument("port", type=int)
p.add_argument("--old", action="store_true")
p.add_argument("--cert")
p.add_argument("--key")
p.add_argument("--slow", action="store_true")
p.add_argument("--wait", type=float, default=2)
p.add_argument("hex", nargs="*")
a = p.parse_args()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
if a.old:
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("AES128-SHA:@SECLEVEL=0")
if a.cert:
    context.load_cert_chain(a.cert, a.key)
try:
    raw = socket.create_connection((a.address, a.port), timeout=10)
    tls = context.wrap_socket(raw)
except OSError as why:
    print("refused", why)
    sys.exit(1)
print("connected", tls.version(), tls.cipher()[0])
print("certificate", (tls.getpeercert(binary_form=True) or b"").hex())
tls.settimeout(a.wait)
for text in a.hex:
    try:
        for chunk in ([bytes([b]) for b in bytes.fromhex(text)] if a.slow else [bytes.fromhex(text)]):
            tls.sendall(chunk)
        answer = tls.recv(65536)
        print("answer", answer.hex() if answer else "closed")
    except TimeoutError:
        print("answer none")
    except OSError as why:
        print("answer closed", type(why).__name__)
