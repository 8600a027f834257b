"""Rows of the table about keys: SCEP enrolments, mutual TLS handshakes, each against the RSA limit and OpenSSL."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../lib"))
from router import ROOT, Router, drop_net, in_net, until  # noqa: E402

HELPER = os.path.join(ROOT, "build/native/bench-helper")
NET = f"parley-bench-scep-{os.getpid()}"
URL = "http://10.77.0.1/cgi-bin/pkiclient.exe?operation=PKIOperation"
REQUESTS = 300
CLIENTS = 100
SHAKE_SECONDS = 5


def cpu_seconds(pid):
    """CPU time of a process and all its threads."""
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def openssl(*args, **options):
    return subprocess.run(["openssl", *args], capture_output=True, timeout=60, check=False, **options)


def openssl_sign_us():
    """CPU time of one RSA-2048 signature of the openssl library."""
    out = openssl("speed", "-seconds", "2", "rsa2048").stdout.decode()
    return float(re.search(r"rsa 2048 bits ([\d.]+)s", out)[1]) * 1e6


def our_sign_us():
    out = subprocess.run([HELPER, "sign", "1500"], capture_output=True, timeout=60, check=True).stdout.decode()
    return float(out.split()[1])


class SignLimit:
    """CPU time of an RSA-2048 signature: our engine's, which bounds us, and OpenSSL's beside it. Taken before and after the
    work, because the machine is shared."""

    def __init__(self):
        self.ours, self.openssl = [], []
        self.measure()

    def measure(self):
        self.ours.append(our_sign_us())
        self.openssl.append(openssl_sign_us())

    def us(self):
        return sum(self.ours) / len(self.ours)

    def openssl_us(self):
        return sum(self.openssl) / len(self.openssl)


# ---- SCEP

def start_ca(folder):
    router = Router(data=os.path.join(folder, "scep"), net=NET)
    router.wait_for(r"[>#]\s?$")
    for line in ("enable", "terminal length 0", "configure terminal", "interface GigabitEthernet0/0", "ip address 10.77.0.1 255.255.255.0",
                 "no shutdown", "exit", "ip http server", "ip http max-connections 128", "crypto pki server bench", "grant auto", "no shutdown",
                 "Secret123"):
        router.line(line)
    router.line("Secret123")
    router.line("end")
    return router


def post_all(folder, first, count):
    """`count` requests, CLIENTS at a time; returns how many were answered with a certificate."""
    config = os.path.join(folder, "curl.cfg")
    each = [f'url = "{URL}"\ndata-binary = "@{folder}/requests/{i}"\noutput = "{folder}/answers/{i}"\nwrite-out = "%{{http_code}}\\n"\n'
            "retry = 30\nretry-delay = 1\nmax-time = 120\n" for i in range(first, first + count)]
    with open(config, "w") as f:
        f.write("next\n".join(each))
    out = in_net(NET, "curl", "-s", "-Z", "--parallel-immediate", "--parallel-max", str(CLIENTS), "-K", config, timeout=300)
    return out.stdout.decode().split().count("200")


def issued(router):
    out = router.line("show crypto pki server bench")
    return int(re.search(r"[Ll]ast certificate issued serial number[^:]*: (?:0x)?([0-9A-Fa-f]+)", out)[1], 16)


def longest_step(router):
    return max(int(m[1]) for m in re.finditer(r"%\s+(\d+)\s+\d+ \S", router.line("show processes cpu")))


def scep_rows(row, folder):
    drop_net(NET)
    with start_ca(folder) as router:
        for name in ("requests", "answers"):
            os.makedirs(os.path.join(folder, name))
        ca = os.path.join(folder, "ca.der")
        in_net(NET, "curl", "-s", "-m", "60", "-o", ca, URL.replace("PKIOperation", "GetCACert") + "&message=0")
        subprocess.run([HELPER, "scep", ca, str(REQUESTS), os.path.join(folder, "requests")], check=True, timeout=120)
        limit = SignLimit()
        before, cpu, begin = issued(router), cpu_seconds(router.process.pid), time.monotonic()
        answered = post_all(folder, 0, REQUESTS)
        spent, cpu = time.monotonic() - begin, cpu_seconds(router.process.pid) - cpu
        limit.measure()
        made = issued(router) - before
        step = longest_step(router)
    drop_net(NET)
    if made != REQUESTS or answered != REQUESTS:
        raise RuntimeError(f"{made} certificates and {answered} answers for {REQUESTS} requests")
    rate, most = made / cpu, 1e6 / limit.us() / 3
    row(f"SCEP enrolments, durable, {CLIENTS} clients at a time (per second of router CPU)", f"{rate:.0f}/s ({made / spent:.0f}/s wall)",
        f"3 RSA-2048 operations each: {most:.0f}/s (with openssl's {1e6 / limit.openssl_us() / 3:.0f}/s)", f"{rate / most:.2f} of the limit", "0.5, aim 0.9")
    row(f"scheduler: longest step while {CLIENTS} clients enrol", f"{step / 1000:.2f} ms", "-", f"{step / 10000:.2f} of the limit",
        "10 ms, aim 2 ms")


# ---- TLS

def make_certificates(folder):
    path = lambda n: os.path.join(folder, n)  # noqa: E731
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", path("root.key"), "-out", path("root.pem"), "-days", "30", "-subj",
            "/CN=bench root")
    with open(path("v3"), "w") as f:
        f.write("extendedKeyUsage = serverAuth, clientAuth\n")
    for name in ("server", "client"):
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", path(name + ".key"), "-out", path(name + ".csr"), "-subj", f"/CN={name}")
        openssl("x509", "-req", "-in", path(name + ".csr"), "-CA", path("root.pem"), "-CAkey", path("root.key"), "-CAcreateserial", "-days", "20", "-extfile", path("v3"),
                "-out", path(name + ".pem"))
    for name in ("root", "server"):
        openssl("x509", "-in", path(name + ".pem"), "-outform", "der", "-out", path(name + ".der"))
    return path


def shake(path, pid, port, version):
    """CPU time of the server for one handshake."""
    begin = cpu_seconds(pid)
    out = openssl("s_time", "-connect", f"127.0.0.1:{port}", "-new", "-time", str(SHAKE_SECONDS), "-cert", path("client.pem"), "-key",
                  path("client.key"), "-CAfile", path("root.pem"), version, stdin=subprocess.DEVNULL).stdout.decode()
    count = int(re.search(r"(\d+) connections in [\d.]+ real seconds", out)[1])
    return (cpu_seconds(pid) - begin) * 1e6 / count


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def storm(path, port):
    """CLIENTS processes at once that stay connected for a while."""
    command = ["openssl", "s_client", "-quiet", "-connect", f"127.0.0.1:{port}", "-cert", path("client.pem"), "-key", path("client.key")]
    clients = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(CLIENTS + 20)]
    time.sleep(8)
    for c in clients:
        c.kill()
    for c in clients:
        c.wait()


def tls_rows(row, folder):
    path = make_certificates(folder)
    ours = subprocess.Popen([HELPER, "tls", path("server.key"), path("server.der"), path("root.der")], stdout=subprocess.PIPE)
    port = int(ours.stdout.readline().split()[1])
    other = free_port()
    theirs = subprocess.Popen(["openssl", "s_server", "-accept", str(other), "-quiet", "-Verify", "2", "-CAfile", path("root.pem"), "-cert",
                               path("server.pem"), "-key", path("server.key"), "-num_tickets", "0", "-no_ticket", "-no_cache"],
                              stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: socket.socket().connect_ex(("127.0.0.1", other)) == 0)
    storm(path, port)
    results = {}
    limit = SignLimit()
    for version in ("-tls1_2", "-tls1_3"):
        mine, peer = [], []
        for _ in range(2):
            mine.append(shake(path, ours.pid, port, version))
            peer.append(shake(path, theirs.pid, other, version))
        results[version] = (min(mine), min(peer))
    limit.measure()
    theirs.kill()
    theirs.wait()
    ours.terminate()
    last = ours.communicate(timeout=20)[0].decode()
    for version, (mine, peer) in results.items():
        row(f"mutual {version[1:].replace('_', '.').replace('tls', 'TLS ')} handshake, RSA-2048, server CPU", f"{mine:.0f} us",
            f"openssl s_server {peer:.0f} us", f"{mine / peer:.2f}x its time", "1.8x")
        row(f"mutual {version[1:].replace('_', '.').replace('tls', 'TLS ')} handshakes per second of CPU", f"{1e6 / mine:.0f}/s",
            f"RSA-2048 signatures {1e6 / limit.us():.0f}/s (openssl {1e6 / limit.openssl_us():.0f}/s)",
            f"{limit.us() / mine:.2f} of the limit", "aim 0.9")
    m = re.search(r"most-open (\d+) longest-step-us (\d+) bytes-per-session (\d+)", last)
    row(f"scheduler: longest step in a storm of {m[1]} TLS sessions", f"{int(m[2]) / 1000:.2f} ms", "-", f"{int(m[2]) / 10000:.2f} of the limit",
        "10 ms, aim 2 ms")
    row("memory of an open TLS session, both certificates", f"{int(m[3]) / 1024:.1f} KiB", "48 KiB (the pool's share)",
        f"{int(m[3]) / 49152:.2f} of it", "-")
