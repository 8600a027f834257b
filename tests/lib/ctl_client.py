#!/usr/bin/python3
# A CTL client of its own (Python's ssl, hashlib, hmac), written against modules/credentials/README.md: honest, and not.
# SPDX-License-Identifier: GPL-3.0-or-later
"""
usage: ctl_client.py ADDRESS [--user U] [--secret S] [--from IP] [--slow] [--record FILE] [--replay FILE] [--proof-only]
                     [--stall hello|tls] [--oversize] [--raw HEX] [--binding FILE] [--old] [--versions A-B]

Prints one line for each message: `refused N`, `record ROLE ADDRESS SHA256`, `welcome COUNT`, `closed`, ...
--record: keeps the bytes it sent; --replay: sends those again; --binding FILE: proves for the certificate (DER) in FILE
instead of the one of this session, as somebody would who only relays.
"""
import argparse
import hashlib
import hmac
import os
import socket
import ssl
import struct
import sys
import time

HELLO, CHALLENGE, PROOF, WELCOME, RECORD, REFUSED = range(1, 7)
MAGIC = b"CTLP"


def frame(command, *elements):
    body = b"".join(struct.pack(">BH", tag, len(value)) + value for tag, value in elements)
    return MAGIC + struct.pack(">BBH", 1, command, len(body)) + body


def take(tls, size):
    data = b""
    while len(data) < size:
        got = tls.recv(size - len(data))
        if not got:
            raise ConnectionError("closed")
        data += got
    return data


def message(tls):
    head = take(tls, 8)
    magic, version, command, size = struct.unpack(">4sBBH", head)
    assert magic == MAGIC and version == 1, head
    body, elements, at = take(tls, size), {}, 0
    while at < size:
        tag, length = struct.unpack_from(">BH", body, at)
        assert tag not in elements and at + 3 + length <= size
        elements[tag] = body[at + 3:at + 3 + length]
        at += 3 + length
    return command, elements, head + body


def proof(side, secret, challenge, binding, hello, whole):
    key = hashlib.pbkdf2_hmac("sha256", secret.encode(), challenge[4], struct.unpack(">I", challenge[5])[0], 32)
    transcript = hashlib.sha256(hashlib.sha256(hello + whole).digest() + binding).digest()
    return hmac.digest(key, f"parley ctl {side} ".encode() + transcript, "sha256")


def options():
    p = argparse.ArgumentParser()
    p.add_argument("address")
    p.add_argument("--port", type=int, default=2444)
    p.add_argument("--user", default="user4")
    p.add_argument("--secret", default="c89L8o")
    p.add_argument("--from", dest="source")
    p.add_argument("--record")
    p.add_argument("--replay")
    p.add_argument("--proof-only", action="store_true")
    p.add_argument("--stall", choices=("tls", "hello"))
    p.add_argument("--oversize", action="store_true")
    p.add_argument("--raw")
    p.add_argument("--binding")
    p.add_argument("--old", action="store_true")
    p.add_argument("--slow", action="store_true")
    p.add_argument("--versions", default="1-1")
    return p.parse_args()


def main():
    a = options()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if a.old:
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("AES128-SHA:@SECLEVEL=0")
    raw = socket.create_connection((a.address, a.port), timeout=15, source_address=(a.source, 0) if a.source else None)
    if a.stall == "tls":
        print("silent", flush=True)
        began = time.monotonic()
        print("closed" if raw.recv(1) == b"" else "bytes", f"{time.monotonic() - began:.0f}")
        return
    try:
        tls = context.wrap_socket(raw)
    except OSError as why:
        print("no TLS", type(why).__name__)
        return
    sent = b""

    def send(data):
        nonlocal sent
        sent += data
        for part in [bytes([b]) for b in data] if a.slow else [data]:
            tls.sendall(part)
    binding = hashlib.sha256(open(a.binding, "rb").read() if a.binding else tls.getpeercert(binary_form=True)).digest()
    print("certificate", binding.hex())
    oldest, newest = (int(v) for v in a.versions.split("-"))
    hello = frame(HELLO, (1, bytes([oldest, newest])), (2, a.user.encode()), (3, os.urandom(32)))
    try:
        if a.replay:
            data = open(a.replay, "rb").read()
            first = 8 + struct.unpack_from(">H", data, 6)[0]
            send(data[:first])
            command, elements, whole = message(tls)
            send(data[first:])
        elif a.raw or a.oversize or a.proof_only or a.stall:
            send(bytes.fromhex(a.raw) if a.raw else MAGIC + b"\x01\x01\xff\xff" if a.oversize
                 else hello[:20] if a.stall else frame(PROOF, (6, bytes(32))))
        else:
            send(hello)
            command, elements, whole = message(tls)
            if command == REFUSED:
                print("refused", elements[12][0], int.from_bytes(elements.get(13, b"\0"), "big"))
                return
            mine = proof("client", a.secret, elements, binding, hello, whole)
            send(frame(PROOF, (6, mine)))
        command, body, _ = message(tls)
        if command == REFUSED:
            print("refused", body[12][0], int.from_bytes(body.get(13, b"\0"), "big"))
        elif command == WELCOME:
            if not a.replay:
                its = proof("provider", a.secret, elements, binding, hello, whole)
                print("provider proves itself" if its == body[6] else "provider does not know the secret")
            print("welcome", body[7][0])
            for _ in range(body[7][0]):
                command, record, _ = message(tls)
                assert command == RECORD
                print("record", int.from_bytes(record[8], "big"), socket.inet_ntoa(record[9]), hashlib.sha256(record[11]).hexdigest())
    except (ConnectionError, ssl.SSLError, TimeoutError) as why:
        print("closed", type(why).__name__)
    if a.record:
        with open(a.record, "wb") as f:
            f.write(sent)


if __name__ == "__main__":
    sys.exit(main())
