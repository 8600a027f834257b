#!/usr/bin/python3
"""CAPF: phones (OpenSSL, Python) get, renew, hand in and delete certificates of the router's own authority."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../lib"))
from certificate_lint import check_roles  # noqa: E402
from pki import enroll, start_server  # noqa: E402
from router import Checks, Router, drop_net, in_net, until  # noqa: E402

NET = f"parley-capf-{os.getpid()}"
ADDRESS = "192.0.2.1"
PHONE = os.path.join(HERE, "../lib/capf_phone.py")
ONE, TWO = "SEP001122334455", "SEP0011223344AA"
BASE = f"""configure terminal
hostname lab
ip domain name lab.example
interface GigabitEthernet0/0
 ip address {ADDRESS} 255.255.255.0
 no shutdown
ip http server
crypto pki server iosca
 database level minimum
 grant auto
crypto pki trustpoint capf
 enrollment selfsigned
 subject-name CN=capf
 rsakeypair capf 2048
telephony-service
 max-ephones 4
 ip source-address {ADDRESS} port 2000
 cnf-file perphone
ephone 1
 mac-address 0011.2233.4455
ephone 2
 mac-address 0011.2233.44AA
capf-server
 auth-mode null-string
 cert-enroll-trustpoint iosca password 0 mypassword
 trustpoint-label capf
 source-addr {ADDRESS}
"""


# Opens `total` TLS handshakes from many addresses and goes on with none of them; says how many were held.
STALL = """
import socket, ssl, sys
total, held = int(sys.argv[1]), []
hello = ssl.MemoryBIO()
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
try:
    context.wrap_bio(ssl.MemoryBIO(), hello).do_handshake()
except ssl.SSLWantReadError:
    pass
first = hello.read()
for i in range(total):
    s = socket.socket()
    s.bind(('192.0.2.%%d' %% (100 + i %% 130), 0))
    s.settimeout(60)
    s.connect(('%s', 3804))
    s.send(first[:40 + i %% 60])
    held.append(s)
print('held', len(held), flush=True)
sys.stdin.read()
""" % ADDRESS


def phone(device, folder, *options):
    done = in_net(NET, "python3", PHONE, ADDRESS, device, folder, *options)
    return done.stdout.decode()


def connected(check, name, device, folder, *options):
    """The phone's dialogue, once the port takes its connection."""
    out = until(lambda: phone(device, folder, *options), good=lambda out: "connected" in out)
    check.need(name, "connected" in out, out)
    return out


def under(router, mode, *lines):
    router.line("configure terminal")
    router.line(mode)
    for line in lines:
        out = router.line(line)
    router.line("end")
    return out


def longest_step(router):
    return max(int(m[1]) for m in re.finditer(r"%\s+(\d+)\s+\d+ \S", router.line("show processes cpu")))


def stalled(check, router, folder):
    """A thousand peers from 130 addresses stop in the middle of their handshake."""
    for i in range(130):
        in_net(NET, "ip", "addr", "add", f"192.0.2.{100 + i}/32", "dev", "lo")
    held = subprocess.Popen(["ip", "netns", "exec", NET, "python3", "-c", STALL, "1000"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        check.check("1,000 handshakes stall", held.stdout.readline().strip() == b"held 1000")
        shown = router.line("show capf-server sessions")
        check.check("the console goes on, the pool is not exceeded", 0 < shown.count("IDLE") <= 64, shown)
        took = in_net(NET, "curl", "-s", "-m", "60", "-o", "/dev/null", "-w", "%{http_code}", f"http://{ADDRESS}/").stdout
        check.check("other services answer", took == b"404", took)
        step = longest_step(router)
        check.check("no step of the scheduler was longer than 10 ms", 0 < step < 10_000, step)
    finally:
        held.kill()
        held.wait()
    text = until(lambda: phone(ONE, folder), good=lambda text: "connected" in text)
    check.check("afterwards phones are served", "connected" in text, text)


def main():
    check = Checks()
    folder = tempfile.mkdtemp(prefix="parley-capf-")
    data = os.path.join(folder, "data")
    os.mkdir(data)
    try:
        with Router(data=data, net=NET) as router:
            router.line("enable")
            router.set_clock()
            router.lines(BASE)
            out = start_server(router, "iosca")
            check.need("the authority is enabled", "Status: enabled" in router.shows("show crypto pki server", "Status: enabled"), out)
            enroll(router, "capf")
            router.shows("show capf-server summary", "Sessions:")
            connected(check, "the CAPF port is open", ONE, folder)
            text = phone(ONE, folder)
            check.check("nothing scheduled: reason 0", "end 0" in text, text)
            check.check("an unknown phone: reason 9", "end 9" in phone("SEP00112233FFFF", folder))

            under(router, "ephone 1", "cert-oper upgrade auth-mode auth-string", "capf-auth-str 4711")
            check.check("wrong PIN: reason 7", "end 7" in phone(ONE, folder, "--pin", "4712"))
            text = phone(ONE, folder, "--pin", "4711")
            check.check("the right PIN gets a certificate", "end 1" in text and "connected TLSv1.3" in text, text)
            chain = router.line("show running-config | section certificate chain iosca")
            digits = "".join(chain.split("certificate ca 01", 1)[1].split("quit", 1)[0].split())
            open(f"{folder}/ca.der", "wb").write(bytes.fromhex(digits))
            subprocess.run(["openssl", "x509", "-inform", "DER", "-in", f"{folder}/ca.der", "-out", f"{folder}/ca.pem"], check=True)
            seen = subprocess.run(["openssl", "verify", "-x509_strict", "-CAfile", f"{folder}/ca.pem", f"{folder}/{ONE}.pem"],
                                  capture_output=True, text=True, check=False)
            check.check("openssl accepts the LSC", seen.returncode == 0 and "OK" in seen.stdout, seen.stdout + seen.stderr)
            name = subprocess.run(["openssl", "x509", "-in", f"{folder}/{ONE}.pem", "-noout", "-subject", "-ext",
                                   "keyUsage,extendedKeyUsage,basicConstraints"], capture_output=True, text=True, check=True).stdout
            check.check("name and usages of the LSC", f"CN = {ONE}" in name and "CA:FALSE" in name and "Digital Signature, Key Encipherment" in name
                        and "TLS Web Client Authentication" in name, name)
            check_roles(check.check, ("phone", f"{folder}/{ONE}.pem", f"{folder}/ca.pem"))
            keys = [subprocess.run(["openssl", kind, "-in", f"{folder}/{ONE}.{end}", "-noout", what], capture_output=True, check=True).stdout
                    for kind, end, what in (("x509", "pem", "-modulus"), ("rsa", "key", "-modulus"))]
            check.check("it is for the phone's own key, 2048 bits", keys[0] == keys[1] and len(keys[0]) > 520)
            text = router.line("show running-config | section ephone  1")
            check.check("cert-oper and the PIN left the configuration", "cert-oper" not in text and "capf-auth-str" not in text, text)
            check.check("the used PIN opens nothing", "end 0" in phone(ONE, folder, "--pin", "4711"))

            under(router, "ephone 1", "cert-oper upgrade auth-mode LSC")
            text = phone(ONE, folder)
            check.check("LSC mode without a proof: reason 7", "end 7" in text, text)
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={ONE}", "-days", "9",
                            "-keyout", f"{folder}/evil.key", "-out", f"{folder}/evil.pem"], capture_output=True, check=True)
            check.check("LSC mode with a certificate of a stranger: reason 7", "end 7" in phone(ONE, folder, "--proof", "evil"))
            under(router, "ephone 2", "cert-oper upgrade auth-mode LSC")
            check.check("LSC mode with the certificate of another phone: reason 7", "end 7" in phone(TWO, folder, "--proof", ONE))
            os.link(f"{folder}/{ONE}.key", f"{folder}/before.key")
            os.link(f"{folder}/{ONE}.pem", f"{folder}/before.pem")
            text = phone(ONE, folder, "--proof", "before")
            check.check("LSC mode with its own LSC: renewed", "end 1" in text, text)
            under(router, "ephone 1", "cert-oper upgrade auth-mode LSC")
            check.check("the LSC that was replaced proves nothing any more", "end 7" in phone(ONE, folder, "--proof", "before"))

            under(router, "ephone 1", "no cert-oper")
            under(router, "ephone 2", "cert-oper upgrade auth-mode null-string")
            text = phone(TWO, folder, "--bits", "1024")
            check.check("a shorter key than asked for: reason 7", "end 7" in text, text)
            text = phone(TWO, folder, "--drop-at", "3")
            check.check("the phone is lost before it has its certificate", "dropped" in text, text)
            router.lines("write memory\n")
            router.kill()
        with Router(data=data, net=NET) as router:
            router.line("enable")
            router.set_clock()
            text = connected(check, "after kill -9 the CAPF port is open", TWO, folder)
            check.check("after kill -9 it comes again and gets one", "end 1" in text, text)
            _, before = under(router, "ephone 1", "cert-oper fetch auth-mode null-string"), phone(ONE, folder)
            check.check("fetch", "end 0" in before and "got 11" in before, before)
            under(router, "ephone 1", "cert-oper delete auth-mode null-string")
            check.check("delete", "end 1" in phone(ONE, folder) and not os.path.exists(f"{folder}/{ONE}.pem"))
            check.check("TLS 1.0 is refused by default", "refused" in phone(ONE, folder, "--old"))
            under(router, "capf-server", "tls-minimum 1.0", "cert-oper upgrade all")
            text = connected(check, "tls-minimum 1.0 lets an old phone in", ONE, folder, "--old")
            check.check("tls-minimum 1.0: an old phone with static RSA, operation for all", "TLSv1 AES128-SHA" in text and "end 1" in text, text)
            out = router.line("show crypto legacy")
            check.check("show crypto legacy names it", ONE in out, out)
            out = router.line("show capf-server summary")
            check.check("show capf-server summary", "Trustpoint for TLS With Phone: capf" in out and "Device Authentication Mode: Null-String" in out, out)

            held = subprocess.Popen(["ip", "netns", "exec", NET, "python3", "-c",
                                     "import socket,sys\n"
                                     f"s=[socket.create_connection(('{ADDRESS}',3804)) for _ in range(400)]\n"
                                     "print('held',flush=True)\nsys.stdin.read()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            held.stdout.readline()
            in_net(NET, "ip", "addr", "add", "192.0.2.77/24", "dev", "lo")
            check.check("400 stalled connections of one address: eight are held, the console goes on",
                        router.line("show capf-server sessions").count("IDLE") <= 8)
            held.kill()
            held.wait()
            stalled(check, router, folder)
            log = router.line("show logging")
            check.check("no PIN and no password in the log", not re.search(r"\b4711\b", log) and "mypassword" not in log)
            check.check("the router stops tidily", router.stop() == 0)
    finally:
        drop_net(NET)
    return check.end()


if __name__ == "__main__":
    sys.exit(main())
