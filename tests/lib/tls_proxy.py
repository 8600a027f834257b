#!/usr/bin/python3
# A man in the middle: takes TLS with its own certificate and passes everything on to the real server in a TLS session of its own.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: tls_proxy.py LISTEN_ADDRESS PORT SERVER_ADDRESS CERTIFICATE_PEM KEY_PEM     prints `ready`, then `passed N` per connection"""
import select
import socket
import ssl
import sys

listen, port, server, pem, key = sys.argv[1:6]
own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
own.load_cert_chain(pem, key)
other = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
other.check_hostname, other.verify_mode = False, ssl.CERT_NONE
door = socket.create_server((listen, int(port)))
print("ready", flush=True)
while True:
    raw, _ = door.accept()
    passed = 0
    try:
        near = own.wrap_socket(raw, server_side=True)
        far = other.wrap_socket(socket.create_connection((server, int(port)), timeout=10, source_address=(listen, 0)))
        ends = {near: far, far: near}
        while ends:
            waiting = [s for s in ends if s.pending()] or select.select(list(ends), [], [], 10)[0]
            if not waiting:
                break
            for s in waiting:
                data = s.recv(65536)
                if not data:
                    ends = {}
                    break
                passed += len(data)
                ends[s].sendall(data)
    except OSError:
        pass
    finally:
        raw.close()
    print("passed", passed, flush=True)
