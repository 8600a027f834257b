#!/usr/bin/python3
"""The router's TFTP service and clients we did not write: tftp-hpa, atftp, curl, busybox."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from router import PATIENCE, Checks, Router, drop_net, in_net  # noqa: E402

NET = "parley-tftp"
ADDRESS = "192.0.2.1"
SIZES = [0, 511, 512, 513, 20000]
BIG = 33 * 1024 * 1024 + 5    # more than 65535 blocks of 512: the block number rolls over
CLIENTS = {
    "tftp-hpa": ["tftp", "-m", "binary", ADDRESS, "-c", "get", "FILE", "OUT"],
    "atftp": ["atftp", "-g", "-r", "FILE", "-l", "OUT", ADDRESS, "69"],
    "atftp blksize 1428": ["atftp", "--option", "blksize 1428", "-g", "-r", "FILE", "-l", "OUT", ADDRESS, "69"],
    "atftp blksize 8192, tsize, timeout": ["atftp", "--option", "blksize 8192", "--option", "tsize 0", "--option", "timeout 2",
                                           "-g", "-r", "FILE", "-l", "OUT", ADDRESS, "69"],
    "curl blksize 1024": ["curl", "-s", "--tftp-blksize", "1024", f"tftp://{ADDRESS}/FILE", "-o", "OUT"],
    "curl without options": ["curl", "-s", "--tftp-no-options", f"tftp://{ADDRESS}/FILE", "-o", "OUT"],
    "busybox": ["busybox", "tftp", "-g", "-r", "FILE", "-l", "OUT", ADDRESS, "69"],
    "busybox blksize 1428": ["busybox", "tftp", "-b", "1428", "-g", "-r", "FILE", "-l", "OUT", ADDRESS, "69"],
}
FOR_BIG = ["tftp-hpa", "atftp blksize 1428", "busybox", "curl blksize 1024"]


def content(size):
    return bytes((i * 31 + i // 511) & 0xff for i in range(min(size, 65536))) * (size // 65536 + 1)


def fetch(client, name, out):
    if os.path.exists(out):
        os.remove(out)
    command = [out if w == "OUT" else w.replace("FILE", name) for w in CLIENTS[client]]
    start = time.monotonic()
    done = in_net(NET, *command)
    data = open(out, "rb").read() if os.path.exists(out) else None
    return data, done, time.monotonic() - start


def raw(*packets):
    """Sends requests from one socket inside the namespace, returns the answers as hex, one a line."""
    code = ("import socket,sys\ns=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\n"
            "for p in sys.argv[1:]:\n s.settimeout(3 if p.startswith('0004') else 60)\n s.sendto(bytes.fromhex(p),('%s',69))\n"
            " try: print(s.recvfrom(2000)[0].hex())\n except TimeoutError: print('-')\n" % ADDRESS)
    return in_net(NET, sys.executable, "-c", code, *[p.hex() for p in packets]).stdout.decode().split()


def refusals(check):
    none = raw(b"\0\1missing\0octet\0", b"\0\2new\0octet\0", b"\0\1../nvram/startup-config\0octet\0",
               b"\0\1plain.xml.sgn\0octet\0", b"\0\1f512\0octet\0blksize\0x\0", b"\0\4\0\1")
    codes = [a if a == "-" else int(a[4:8], 16) if a.startswith("0005") else a for a in none]
    check("missing file: error 1", codes[0] == 1, str(none))
    check("write request: error 2", codes[1] == 2, str(none))
    check("path escape: error 2", codes[2] == 2, str(none))
    check("signed name never falls back to the unsigned file: error 1", codes[3] == 1, str(none))
    check("garbage option: error 8", codes[4] == 8, str(none))
    check("what is no request gets no answer", codes[5] == "-", str(none))


def transfers(check, folder, present):
    out = os.path.join(folder, "out")
    for client in present:
        bad = []
        for size in SIZES:
            data, done, _ = fetch(client, f"f{size}", out)
            # tftp-hpa and busybox make no file for an empty one in some versions
            if data != content(size)[:size] and not (size == 0 and data is None and done.returncode == 0):
                bad.append((size, None if data is None else len(data), done.stderr[-200:]))
        check(f"{client}: files of {', '.join(map(str, SIZES))} bytes", not bad, str(bad))
    for client in [c for c in FOR_BIG if c in present]:
        data, done, seconds = fetch(client, "big", out)
        check(f"{client}: {BIG} bytes ({BIG / seconds / 1e6:.0f} MB/s)", data == content(BIG)[:BIG],
              f"{None if data is None else len(data)} {done.stderr[-200:]}")
    data, done, _ = fetch("curl without options", "nothing", out)
    check("curl: exit status 68 for a missing file", done.returncode == 68, str(done.returncode))
    if "tftp-hpa" in present:
        _, done, _ = fetch("tftp-hpa", "nothing", out)
        check("tftp-hpa: File not found", b"File not found" in done.stdout + done.stderr, str(done.stdout + done.stderr))
    many = [subprocess.Popen(["ip", "netns", "exec", NET, "timeout", str(PATIENCE), "curl", "-s", "--tftp-blksize", "1024",
                              f"tftp://{ADDRESS}/f20000", "-o", f"{out}.{i}"]) for i in range(40)]
    good = sum(p.wait() == 0 and open(f"{out}.{i}", "rb").read() == content(20000)[:20000] for i, p in enumerate(many))
    check("40 clients at once", good == 40, str(good))


def main():
    checks = Checks()
    check = checks.check
    present = {c: w for c, w in CLIENTS.items() if shutil.which(w[0])}
    for client in CLIENTS.keys() - present.keys():
        print(f"  skipped: {client} is not installed")
    drop_net(NET)
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        os.makedirs(os.path.join(data, "flash"))
        for name, size in [(f"f{s}", s) for s in SIZES] + [("big", BIG), ("plain.xml", 100), ("plain2", 100)]:
            with open(os.path.join(data, "flash", name), "wb") as f:
                f.write(content(size)[:size])
        with Router(data=data, net=NET) as router:
            router.wait_for(r"[>#]\s?$")
            router.line("enable")
            lines = ["configure terminal", "interface GigabitEthernet0/0", f"ip address {ADDRESS} 255.255.255.0", "no shutdown", "exit"]
            lines += [f"tftp-server flash:f{s}" for s in SIZES]
            lines += ["tftp-server flash:big", "tftp-server flash:plain.xml alias Other.Name", "tftp-server flash:plain2 alias plain.xml"]
            router.lines("\n".join(lines))
            refusals(check)
            data_of, _, _ = fetch("curl without options", "OTHER.NAME", os.path.join(folder, "out"))
            check("alias, in any case", data_of == content(100)[:100])
            transfers(check, folder, list(present))
            shown = router.line("show tftp-server")
            check("show tftp-server counts them", "0 active" in shown and "flash:f20000" in shown, shown)
            check("the router stops tidily", router.stop() == 0)
    drop_net(NET)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
