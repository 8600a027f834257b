#!/usr/bin/python3
# A telephone at a CAPF server, written against capf.md; keys and proofs by the openssl program.
# SPDX-License-Identifier: GPL-3.0-or-later
"""
usage: capf_phone.py ADDRESS DEVICE FOLDER [--pin DIGITS] [--proof NAME] [--old] [--bits N] [--drop-at N] [--no-store]

Keeps its key and certificate as FOLDER/DEVICE.key and .pem. Prints one line for each message it gets, and the reason of the end.
--proof NAME: proves with FOLDER/NAME.key and .pem; --drop-at N: closes the connection after its N-th message.
"""
import argparse
import os
import socket
import ssl
import struct
import subprocess
import sys

p = argparse.ArgumentParser()
p.add_argument("address")
p.add_argument("device")
p.add_argument("folder")
p.add_argument("--pin", default="")
p.add_argument("--proof")
p.add_argument("--old", action="store_true")
p.add_argument("--bits", type=int, default=0)
p.add_argument("--drop-at", type=int, default=0)
a = p.parse_args()
KEY, PEM = (os.path.join(a.folder, f"{a.device}.{e}") for e in ("key", "pem"))


def openssl(*words, data=None):
    return subprocess.run(["openssl", *words], input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout


def element(tag, value):
    return struct.pack(">BH", tag, len(value)) + value


def proof(data, digest, key):
    raw = openssl("dgst", "-" + digest, "-binary", data=data)
    return openssl("pkeyutl", "-sign", "-inkey", key, data=raw)   # PKCS#1 type 1, bare hash


def certificate_element(der, kind=1):
    return element(4, b"\x01" + struct.pack(">H", len(der) + 2) + b"\x00" + bytes([kind]) + der)


context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
if a.old:
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("AES128-SHA:@SECLEVEL=0")
try:
    tls = context.wrap_socket(socket.create_connection((a.address, 3804), timeout=10))
except OSError as why:
    print("refused", why)
    sys.exit(1)
tls.settimeout(60)
print("connected", tls.version(), tls.cipher()[0], flush=True)
session, sent = b"", 0


def read(n):
    data = b""
    while len(data) < n:
        part = tls.recv(n - len(data))
        if not part:
            print("closed")
            sys.exit(0)
        data += part
    return data


def say(command, body=b""):
    global sent
    tls.sendall(b"\x55" + bytes([command]) + session + struct.pack(">H", len(body)) + body)
    sent += 1
    if sent == a.drop_at:
        print("dropped")
        sys.exit(0)


while True:
    head = read(8)
    command, session = head[1], head[2:6]
    body, elements = read(struct.unpack(">H", head[6:8])[0]), {}
    while body:
        tag, size = struct.unpack(">BH", body[:3])
        elements[tag], body = body[3:3 + size], body[3 + size:]
    print("got", command, {t: v.hex() if len(v) < 9 else len(v) for t, v in elements.items()}, flush=True)
    if command == 1:
        answer = element(1, b"\x01") + element(7, bytes([2 if a.old else 3])) + element(11, a.pin.encode() + b"\0")
        answer += element(13, a.device.encode() + b"\0")
        if a.proof:
            key, pem = (os.path.join(a.folder, f"{a.proof}.{e}") for e in ("key", "pem"))
            der = openssl("x509", "-in", pem, "-outform", "DER")
            data = a.device.encode() + b"\0" + der
            sha512 = proof(data, "sha512", key)
            answer += certificate_element(der) + element(6, proof(data, "sha1", key))
            answer += element(20, b"\x03" + struct.pack(">H", len(sha512)) + sha512)
        say(2, answer)
    elif command == 3:
        say(17)
        bits = a.bits or struct.unpack(">H", elements[10])[0]
        openssl("genrsa", "-out", KEY + ".new", str(bits))
        say(4, element(9, openssl("rsa", "-in", KEY + ".new", "-pubout", "-outform", "DER")))
    elif command == 9:
        der = elements[4][5:]
        os.replace(KEY + ".new", KEY)
        open(PEM, "wb").write(openssl("x509", "-inform", "DER", data=der))
        say(10, element(1, b"\x01"))
    elif command == 11:
        has = os.path.exists(PEM)
        say(12, element(1, b"\x01") + certificate_element(openssl("x509", "-in", PEM, "-outform", "DER")) if has else element(1, b"\x07"))
    elif command == 13:
        has = os.path.exists(PEM)
        if has:
            os.remove(PEM)
        say(14, element(1, b"\x01" if has else b"\x07"))
    elif command == 15:
        print("end", elements[1][0])
        sys.exit(0)
