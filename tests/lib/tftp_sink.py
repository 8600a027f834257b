#!/usr/bin/python3
"""A TFTP server that takes files (RFC 1350, octet): tftp_sink.py ADDRESS FOLDER. Runs until it is killed."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import socket
import sys


def receive(peer, name, folder, address):
    """One write request: blocks of 512 bytes, the file appears when it is complete."""
    path = os.path.normpath(os.path.join(folder, name.lstrip("/")))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind((address, 0))
        s.settimeout(5)
        if not path.startswith(folder + os.sep) or not os.path.isdir(os.path.dirname(path)):
            s.sendto(b"\0\5\0\2Access violation\0", peer)
            return
        content, block = b"", 0
        s.sendto(b"\0\4\0\0", peer)
        while True:
            data, sender = s.recvfrom(4 + 512)
            if sender != peer or data[:2] != b"\0\3":
                continue
            number = int.from_bytes(data[2:4], "big")
            if number == (block + 1) & 0xFFFF:
                block, content = block + 1, content + data[4:]
            s.sendto(b"\0\4" + data[2:4], peer)
            if number == block & 0xFFFF and len(data) < 4 + 512:
                break
    with open(path + ".new", "wb") as f:
        f.write(content)
    os.rename(path + ".new", path)


def main():
    address, folder = sys.argv[1], os.path.abspath(sys.argv[2])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind((address, 69))
        print("ready", flush=True)
        while True:
            data, peer = s.recvfrom(1500)
            if data[:2] != b"\0\2":
                continue
            try:
                receive(peer, data[2:].split(b"\0")[0].decode(), folder, address)
            except OSError:
                pass


if __name__ == "__main__":
    main()
