"""Rows of the table about phone files: TFTP beside tftpd-hpa, HTTP beside busybox httpd, files of 450 phones beside 450 signatures."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import subprocess

from crypto_rows import SignLimit, cpu_seconds
from pki import selfsigned
from router import Router, drop_net, in_net, until

NET = f"parley-bench-files-{os.getpid()}"
ADDRESS = "10.78.0.1"
PHONES = 450
FETCHES = 2000
SIZE = 6000            # a phone file with its signature
# One client that asks again and again, 16 at a time; prints how many answers were whole.
TFTP_LOAD = """
import selectors, socket, struct, sys
port, total, size = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
sel, begun, good, live = selectors.DefaultSelector(), 0, 0, 0
while good + (begun - good - live) < total:
    while live < 16 and begun < total:
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.sendto(b"\\0\\1file.bin\\0octet\\0blksize\\0" + b"1428\\0", ("%s", port))
        sel.register(s, selectors.EVENT_READ, [0])
        begun += 1; live += 1
    for key, _ in sel.select(5) or [(None, None)]:
        if key is None: sys.exit("no answer")
        data, peer = key.fileobj.recvfrom(2000)
        op, block = struct.unpack(">HH", data[:4])
        if op == 3: key.data[0] += len(data) - 4
        key.fileobj.sendto(struct.pack(">HH", 4, block if op == 3 else 0), peer)
        if op == 5 or (op == 3 and len(data) < 1432):
            good += key.data[0] == size; live -= 1
            sel.unregister(key.fileobj); key.fileobj.close()
print(good)
""" % ADDRESS
HTTP_LOAD = """
import http.client, sys
good = 0
for i in range(int(sys.argv[2])):
    c = http.client.HTTPConnection("%s", int(sys.argv[1]), timeout=10)
    c.request("GET", "/file.bin")
    good += len(c.getresponse().read()) == int(sys.argv[3])
    c.close()
print(good)
""" % ADDRESS


def load(script, port):
    out = in_net(NET, "python3", "-c", script, str(port), str(FETCHES), str(SIZE), timeout=120)
    if out.stdout.strip() != str(FETCHES).encode():
        raise RuntimeError(f"{out.stdout!r} {out.stderr[-300:]!r}")


def tree_cpu(pid):
    """CPU time of a process and of its children that have ended."""
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def per_fetch(script, port, cpu):
    before = cpu()
    load(script, port)
    return (cpu() - before) / FETCHES * 1e6


def peer(command, script, port):
    """CPU per fetch of a server we did not write; None: it is not installed."""
    if subprocess.run(["which", command[0]], capture_output=True, check=False).returncode:
        return None
    server = subprocess.Popen(["ip", "netns", "exec", NET, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: f":{port} ".encode() in in_net(NET, "ss", "-lutn").stdout)
        return per_fetch(script, port, lambda: tree_cpu(server.pid))
    finally:
        server.kill()


def compare(row, work, ours, theirs, name):
    if theirs is None:
        row(work, f"{ours:.0f} us", f"{name} is not installed", "-", "-")
    else:
        row(work, f"{ours:.0f} us, {1e6 / ours:.0f}/s of CPU", f"{name} {theirs:.0f} us", f"{ours / theirs:.2f}x its time", "-")


def phones(first, count):
    for n in range(first, first + count):
        yield f"ephone {n}\nmac-address 0000.0001.{n:04x}\ntype 7970\n"


def start(folder):
    data = os.path.join(folder, "files")
    os.makedirs(os.path.join(data, "flash"))
    os.makedirs(os.path.join(folder, "served"))
    for where in ("files/flash", "served"):
        with open(os.path.join(folder, where, "file.bin"), "wb") as f:
            f.write(os.urandom(SIZE) if where == "served" else bytes(SIZE))
    router = Router(data=data, net=NET)
    router.wait_for(r"[>#]\s?$")
    router.line("enable")
    router.lines(f"configure terminal\ninterface GigabitEthernet0/0\nip address {ADDRESS} 255.255.255.0\nno shutdown\nexit\n"
                 "tftp-server flash:file.bin\nend\n")
    selfsigned(router, "files")
    return router


def file_rows(row, folder):
    drop_net(NET)
    with start(folder) as router:
        pid = router.process.pid
        router.lines(f"configure terminal\ntelephony-service\nmax-ephones {PHONES}\nip source-address {ADDRESS} port 2000\ncnf-file perphone\n"
                     "tftp-server-credentials trustpoint files\n" + "".join(phones(1, PHONES)) + "end\n", timeout=120)
        limit = SignLimit()
        cpu = cpu_seconds(pid)
        router.line("configure terminal")
        router.line("telephony-service")
        router.line("create cnf-files", timeout=120)
        router.line("end")
        spent = cpu_seconds(pid) - cpu
        limit.measure()
        signing = limit.us() * PHONES / 1e6
        row(f"create cnf-files for {PHONES} phones, router CPU", f"{spent:.2f} s", f"{PHONES} RSA-2048 signatures {signing:.2f} s",
            f"{spent / signing:.2f}x their time", "1.5x")
        cpu = cpu_seconds(pid)
        router.line("configure terminal")
        router.line("telephony-service")
        router.line("create cnf-files", timeout=120)
        router.line("end")
        row("create cnf-files again, nothing changed", f"{cpu_seconds(pid) - cpu:.2f} s", "0 signatures", f"{(cpu_seconds(pid) - cpu) / signing:.2f}x", "-")
        ours = per_fetch(TFTP_LOAD, 69, lambda: cpu_seconds(pid))
        theirs = peer(["in.tftpd", "--foreground", "--listen", "--address", f"{ADDRESS}:1069", "--user", "root", "--secure",
                       os.path.join(folder, "served")], TFTP_LOAD, 1069)
        compare(row, f"file of {SIZE} bytes by TFTP, CPU", ours, theirs, "tftpd-hpa")
        ours = per_fetch(HTTP_LOAD, 6970, lambda: cpu_seconds(pid))
        theirs = peer(["busybox", "httpd", "-f", "-p", f"{ADDRESS}:1070", "-h", os.path.join(folder, "served")], HTTP_LOAD, 1070)
        compare(row, f"file of {SIZE} bytes by HTTP, CPU", ours, theirs, "busybox httpd")
    drop_net(NET)
