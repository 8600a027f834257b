"""Rows of the table about phones: a swarm boots against one router, first from the factory (CAPF), then with its certificates."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import subprocess

from crypto_rows import SignLimit, cpu_seconds
from pki import enroll, start_server
from router import ROOT, Router, drop_net, until

PHONE = os.path.join(ROOT, "build/native/phone")
NET = f"parley-bench-phones-{os.getpid()}"
ADDRESS = "10.77.0.1"
FIRST = "10.78.0.1"              # addresses of the phones: the kernel takes the whole block for its own
PHONES = int(os.environ.get("BENCH_PHONES", "1000"))
AT_ONCE = 48                     # a CAPF server takes 64 sessions
SERVER_OPERATIONS = 4            # RSA of the router for one phone from the factory: CAPF TLS, LSC, its file, 2443 TLS


def configuration():
    yield f"""hostname bench
interface GigabitEthernet0/0
 ip address {ADDRESS} 255.255.255.0
 no shutdown
ip http server
crypto pki server ca
 grant auto
crypto pki trustpoint ca
 revocation-check none
crypto pki trustpoint cme
 enrollment selfsigned
 subject-name CN=cme
 rsakeypair cme 2048
crypto pki trustpoint spare
 enrollment selfsigned
 subject-name CN=spare
 rsakeypair spare 2048
telephony-service
 max-ephones {PHONES}
 ip source-address {ADDRESS} port 2000
 cnf-file perphone
 secure-signaling trustpoint cme
 tftp-server-credentials trustpoint cme
 device-security-mode encrypted
capf-server
 auth-mode null-string
 cert-enroll-trustpoint ca password 0 none
 trustpoint-label cme
 source-addr {ADDRESS}
 phone-key-size 2048
ctl-client
 server capf {ADDRESS} trustpoint cme
 server cme {ADDRESS} trustpoint cme
 server tftp {ADDRESS} trustpoint cme
 sast1 trustpoint cme
 sast2 trustpoint spare"""
    for n in range(1, PHONES + 1):
        yield f"ephone {n}\n mac-address 00AA.0000.{n:04X}\n type 7975\n cert-oper upgrade auth-mode null-string"
    yield "end"


def start(folder):
    startup = os.path.join(folder, "phones.cfg")
    with open(startup, "w") as f:
        f.write("\n".join(configuration()) + "\n")
    router = Router(data=os.path.join(folder, "phones"), net=NET, startup=startup)
    router.wait_for(r"[>#]\s?$")
    router.line("enable")
    router.line("terminal length 0")
    start_server(router, "ca")
    for label in ("cme", "spare"):
        enroll(router, label)
    router.line("configure terminal")
    for line in ("ctl-client", "regenerate", "telephony-service", "create cnf-files", "end"):
        router.line(line, timeout=300)
    until(lambda: f"SEP00AA0000{PHONES:04X}.cnf.xml.sgn" in router.line("show telephony-service tftp-bindings | include cnf.xml.sgn") and
          "ITLFile.tlv" in router.line("show tftp-server | include ITLFile"), 300)
    subprocess.run(["ip", "netns", "exec", NET, "ip", "route", "add", "local", "10.78.0.0/16", "dev", "lo"], check=True)
    return router


def resident(router):
    """Memory of the router in KiB, as the kernel counts it."""
    with open(f"/proc/{router.process.pid}/status") as f:
        return int(re.search(r"VmRSS:\s+(\d+)", f.read())[1])


def resident_without_phones(folder):
    with Router(data=os.path.join(folder, "none"), net=NET) as router:
        router.wait_for(r"[>#]\s?$", timeout=60)
        size = resident(router)
    drop_net(NET)
    return size


def rounds(router, count):
    """(phones that came up, seconds, CPU of the router, CPU of the phones, first trouble) of each round."""
    command = ["ip", "netns", "exec", NET, "timeout", "900", PHONE, "--server", ADDRESS, "--swarm", str(PHONES), "--at-once", str(AT_ONCE),
               "--rounds", str(count), "--mac", "00AA00000001", "--from", FIRST]
    swarm = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    out = []

    before = cpu_seconds(router.process.pid)
    for line in swarm.stdout:
        m = re.match(r"round \d+: \d+ phones, (\d+) came up, ([\d.]+) s, ([\d.]+) s of CPU", line)
        if m:
            now = cpu_seconds(router.process.pid)
            out.append([int(m[1]), float(m[2]), now - before, float(m[3]), ""])
            before = now
        elif out:
            out[-1][4] = line.strip()
    swarm.wait()
    return out


def swarm_rows(row, folder):
    drop_net(NET)
    bare = resident_without_phones(folder)
    limit = SignLimit()
    with start(folder) as router:
        results = rounds(router, 3)
        full = resident(router)
        steps = router.line("show processes cpu")
        shown = router.line("show telephony-service | include registers")
    drop_net(NET)
    limit.measure()
    sign = limit.us() / 1e6
    if len(results) < 3:
        return row(f"{PHONES:,} phones boot", "the swarm did not finish", "-", "-", "5 s")
    for number, r in enumerate(results, 1):
        if r[0] != PHONES:
            row(f"phones that came up in round {number}", f"{r[0]} of {PHONES}", r[4] or shown, f"{r[0] / PHONES:.2f}", "all")
    came, seconds, router_cpu, phones_cpu, _ = results[0]
    best = came * SERVER_OPERATIONS * sign
    row(f"{PHONES:,} phones from the factory: lists, CAPF, file, TLS register (per second of router CPU)", f"{came / router_cpu:.0f}/s ({seconds:.1f} s wall)",
        f"{SERVER_OPERATIONS} RSA-2048 operations each: {1 / (SERVER_OPERATIONS * sign):.0f}/s", f"{best / router_cpu:.2f} of the limit", "0.5, aim 0.9")
    came, seconds, router_cpu, phones_cpu, _ = min(results[1:], key=lambda r: r[1])
    row(f"{PHONES:,} phones boot: fetch, verify, TLS register, {AT_ONCE} at a time; CPU of the router", f"{seconds:.1f} s wall, {router_cpu:.2f} s",
        f"RSA of its TLS alone {came * sign:.2f} s; the phones' program takes {phones_cpu:.2f} s", f"{seconds / 5:.2f} of the goal, RSA is {came * sign / router_cpu:.2f} of it",
        "5 s wall on two cores")
    longest = [int(m[1]) for m in re.finditer(r"%\s+(\d+)\s+0 \S", steps)]
    worst = max(longest) if longest else -1
    row(f"scheduler: longest step while {PHONES:,} phones boot", f"{worst / 1000:.2f} ms", "-", f"{worst / 10000:.2f} of the limit", "10 ms, aim 2 ms")
    row(f"memory of the router, {PHONES:,} phones up: settings, files, certificates, lists, sessions", f"{full / 1024:.1f} MiB, {(full - bare) / PHONES:.1f} KiB a phone",
        f"without phones {bare / 1024:.1f} MiB", "-", "-")
    return None
