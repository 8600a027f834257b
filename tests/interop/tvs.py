#!/usr/bin/python3
"""Trust verification: phones ask over TLS (OpenSSL's own), and get the roles of the router's certificates."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import struct
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../lib"))
from pki import enroll, selfsigned  # noqa: E402
from router import Checks, Router, drop_net, in_net, until  # noqa: E402

NET = f"parley-tvs-{os.getpid()}"
ADDRESS = "192.0.2.1"
CLIENT = os.path.join(HERE, "../lib/tls_client.py")
DEVICE = b"\x01CP-7962-SEP001122334455"
BASE = f"""configure terminal
interface GigabitEthernet0/0
 ip address {ADDRESS} 255.255.255.0
 no shutdown
telephony-service
 max-ephones 4
 ip source-address {ADDRESS} port 2000
 cnf-file perphone
ephone 1
 mac-address 0012.4302.A7CC
ctl-client
 server cme {ADDRESS} trustpoint cme
 server capf {ADDRESS} trustpoint capf
 sast1 trustpoint cme
 sast2 trustpoint sast2
trust-verification
 trustpoint tvs
 ttl 60
"""


def own(router, label):
    return selfsigned(router, label, subject=f"CN={label},O=Vector")


def request(certificate, session=1):
    body = struct.pack(">BH", 1, len(DEVICE)) + DEVICE + struct.pack(">BH", 2, len(certificate)) + certificate
    return (struct.pack(">BBBBIH", 0x57, 1, 1, 0, session, len(body)) + body).hex()


def valid(session, roles, ttl):
    body = b"\x07\x00\x01\x00" + struct.pack(">BH", 8, len(roles)) + bytes(roles) + struct.pack(">BHI", 9, 4, ttl)
    return (struct.pack(">BBBBIH", 0x57, 1, 2, 0, session, len(body)) + body).hex()


INVALID = struct.pack(">BBBBIH", 0x57, 1, 2, 0, 1, 4).hex() + "07000101"


def certificate_of(router, label):
    """The certificate as the running-config shows it."""
    text = router.line(f"show running-config | section certificate chain {label}")
    rows = text.split("certificate self-signed", 1)[1].split("\n")[1:]
    digits = "".join("".join(r.split()) for r in rows[:[r.strip() for r in rows].index("quit")])
    return bytes.fromhex(digits)


def ask(*arguments):
    options = [a for a in arguments if a.startswith("--")]
    words = [a for a in arguments if not a.startswith("--")]
    done = in_net(NET, "python3", CLIENT, *options, ADDRESS, "2445", *words)
    return [line.split(" ", 1)[1] for line in done.stdout.decode().splitlines() if line.startswith("answer")], done.stdout.decode()


def main():
    check = Checks()
    folder = tempfile.mkdtemp(prefix="parley-tvs-")
    try:
        with Router(data=folder, net=NET) as router:
            router.line("enable")
            router.set_clock()
            check.check("four trustpoints are enrolled", all(own(router, l) for l in ("cme", "sast2", "capf", "tvs")))
            router.lines(BASE)
            router.line("configure terminal")
            router.line("ctl-client")
            router.line("regenerate")
            router.line("end")
            state = router.shows("show trust-verification", r"(?is)State: listening.*CN=capf")
            check.check("show trust-verification: listening", "State: listening" in state, state)
            cme, capf, tvs, sast2 = (certificate_of(router, l) for l in ("cme", "capf", "tvs", "sast2"))

            answers, log = ask(request(cme), request(capf, 7), request(tvs), request(sast2))
            check.check("TLS 1.3 or 1.2 by default, with the certificate of the trustpoint",
                        "TLSv1.3" in log and f"certificate {tvs.hex()}" in log, log[:200])
            check.check("call manager and signer: roles SAST and CCM", answers[0:1] == [valid(1, [0, 1], 3600)], log)
            check.check("CAPF, another session number", answers[1:2] == [valid(7, [4], 3600)], log)
            check.check("TVS itself", answers[2:3] == [valid(1, [21], 3600)], log)
            check.check("the reserve signer", answers[3:4] == [valid(1, [0], 3600)], log)

            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=evil", "-days", "9", "-outform", "DER",
                            "-keyout", f"{folder}/k", "-out", f"{folder}/evil.der"], capture_output=True, check=True)
            answers, _ = ask(request(open(f"{folder}/evil.der", "rb").read()), request(cme + b"\0"))
            check.check("a stranger's certificate is invalid", answers[0:1] == [INVALID], answers)
            check.check("one byte more is another certificate", answers[1:2] == [INVALID], answers)
            answers, _ = ask("--slow", request(cme))
            check.check("one byte in each record", answers == [valid(1, [0, 1], 3600)], answers)
            answers, _ = ask("16030100" * 3, request(cme))
            check.check("another protocol is closed without an answer", answers[:1] and answers[0].startswith("closed"), answers)

            _, log = ask("--old", request(cme))
            check.check("TLS 1.0 is refused by default", "refused" in log, log)
            router.lines("configure terminal\ntrust-verification\ntls-minimum 1.0\n")
            answers, log = until(lambda: ask("--old", request(cme)), good=lambda got: got[0])
            check.check("tls-minimum 1.0: TLS 1.0 with static RSA", "TLSv1 AES128-SHA" in log and answers == [valid(1, [0, 1], 3600)], log[:200])

            held = [subprocess.Popen(["ip", "netns", "exec", NET, "python3", "-c",
                                      "import socket,sys,time\n"
                                      f"s=[socket.create_connection(('{ADDRESS}',2445)) for _ in range(40)]\n"
                                      "print('held',flush=True)\nsys.stdin.read()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)]
            for h in held:
                h.stdout.readline()
            text = router.shows("show trust-verification", "Sessions: 8")
            check.check("one address holds eight connections, the others are refused and counted",
                        "Sessions: 8" in text and "0 refused (too many" not in text, text)
            check.check("the router itself goes on", "Trust Verification" in text)
            for h in held:
                h.kill()
                h.wait()

            # The certificate is replaced: the old one stays known, also after a power cut.
            began = time.time()
            check.check("capf gets a new certificate", selfsigned_again(router, "capf"))
            text = router.shows("show trust-verification", "Replaced")
            until_day = re.search(r"Replaced, kept until: (\S+)", text)
            month = [time.strftime("%Y-%m-%d", time.gmtime(t + 30 * 86400)) for t in (began, time.time())]   # midnight may be between them
            check.check("the table says so", until_day and until_day[1] in month, text)
            router.lines("write memory\n")
            router.kill()
        with Router(data=folder, net=NET) as router:
            router.line("enable")
            router.set_clock()
            answers, _ = until(lambda: ask(request(capf)), good=lambda got: got[0])
            check.check("after kill -9 the replaced certificate is still trusted", answers == [valid(1, [4], 3600)], answers)
            router.lines("configure terminal\nno trust-verification\n")
            _, log = until(lambda: ask(request(cme)), good=lambda got: "refused" in got[1])
            check.check("no trust-verification closes the port", "refused" in log, log)
            check.check("the router stops tidily", router.stop() == 0)
    finally:
        drop_net(NET)
    return check.end()


def selfsigned_again(router, label):
    router.line("configure terminal")
    out = router.line(f"crypto key generate rsa label {label}2 modulus 2048")
    for line in (f"crypto pki trustpoint {label}", f"rsakeypair {label}2 2048", "exit"):
        out = router.line(line)
    router.line("end")
    return "successfully" in enroll(router, label)


if __name__ == "__main__":
    sys.exit(main())
