#!/usr/bin/python3
"""CAPF with an offline authority: two phones make keys, openssl signs the exported list, the phones get what is imported."""
# SPDX-License-Identifier: GPL-3.0-or-later
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../lib"))
from pki import selfsigned  # noqa: E402
from router import Checks, Router, drop_net, in_net, until  # noqa: E402

NET = f"parley-capfoff-{os.getpid()}"
ADDRESS = "192.0.2.1"
PHONE = os.path.join(HERE, "../lib/capf_phone.py")
ONE, TWO = "SEP001122334455", "SEP0011223344AA"
# The lines of capf-server stand in modules/capf-server/README.md.
BASE = f"""configure terminal
interface GigabitEthernet0/0
 ip address {ADDRESS} 255.255.255.0
 no shutdown
crypto pki trustpoint corporate
 enrollment terminal
 revocation-check none
telephony-service
 max-ephones 4
 ip source-address {ADDRESS} port 2000
 cnf-file perphone
ephone 1
 mac-address 0011.2233.4455
 cert-oper upgrade auth-mode null-string
ephone 2
 mac-address 0011.2233.44AA
 cert-oper upgrade auth-mode null-string
capf-server
 auth-mode null-string
 trustpoint-label capf
 source-addr {ADDRESS}
 cert-enroll-trustpoint corporate password 0 none
 cert-enroll-offline
"""
EXTENSIONS = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth,clientAuth\n"


def openssl(*words):
    done = subprocess.run(["openssl", *words], capture_output=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def phone(device, folder):
    return in_net(NET, "python3", PHONE, ADDRESS, device, folder).stdout.decode()


def port_opens(checks, folder):
    """CAPF listens as soon as its certificate and its authority are there: a moment after the configuration and after a start."""
    out = until(lambda: phone("SEP000000000000", folder), good=lambda out: "connected" in out)
    checks.need("the CAPF port is open", "connected" in out, out)


def authority(folder, name):
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-days", "900",
            "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.pem")


def sign(folder, key, name, by="corporate"):
    """What the people at the authority do with one block of the list."""
    with open(f"{folder}/key.pem", "w") as f:
        f.write(key)
    return openssl("x509", "-new", "-force_pubkey", f"{folder}/key.pem", "-subj", f"/CN={name}", "-CA", f"{folder}/{by}.pem", "-CAkey", f"{folder}/{by}.key",
                   "-days", "300", "-extfile", f"{folder}/ext").decode()


def main():
    checks = Checks()
    check = checks.check
    folder = tempfile.mkdtemp(prefix="parley-capfoff-")
    data = f"{folder}/data"
    try:
        with open(f"{folder}/ext", "w") as f:
            f.write(EXTENSIONS)
        for name in ("corporate", "stranger"):
            authority(folder, name)
        with Router(data=data, net=NET) as router:
            router.wait_for(r"[>#]\s?$")
            router.line("enable")
            router.set_clock(3600)
            router.lines("configure terminal\nno logging console\nlogging buffered 65536\n")
            selfsigned(router, "capf")
            router.lines(BASE)
            router.line("configure terminal")
            with open(f"{folder}/corporate.pem") as f:
                router.write("crypto pki authenticate corporate\n" + f.read())
            router.wait_for("Do you accept this certificate")
            out = router.line("yes")
            router.line("end")
            check("the certificate of the authority is there", "CA certificate accepted" in out or "corporate" in router.line("show crypto pki trustpoints"), out)
            check("nobody waits yet", "% No phone waits for an offline authority" in router.line("capf-server export requests flash:requests.txt"))
            port_opens(checks, folder)
            for device in (ONE, TWO):
                out = phone(device, folder)
                check(f"{device} makes a key and has to come again", "got 3" in out and "end 7" in out, out)
            out = phone(ONE, folder)
            check("while it waits it makes no other key", "got 3" not in out and "end 7" in out, out)
            check("show capf-server summary counts them", "Requests for the offline authority: 2" in router.line("show capf-server summary"))
            out = router.line("capf-server export requests flash:requests.txt")
            check("both requests are exported", "2 requests written to flash:/requests.txt" in out, out)
            with open(f"{data}/flash/requests.txt") as f:
                text = f.read()
            blocks = re.findall(r"device: (\S+)\nrequested: [-0-9]+ [:0-9]+ UTC\nsubject: CN=(\S+)\nkey-sha256: ([0-9A-Fa-f]{64})\n(-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----\n)", text, re.S)
            keys = {b[0]: b[3] for b in blocks}
            check("the list is what the README says", text.startswith("# Parley CAPF requests 1\n") and sorted(keys) == [ONE, TWO] and all(b[0] == b[1] for b in blocks), text)
            ders = {}
            for device, _, digest, _ in blocks:
                ders[device] = openssl("rsa", "-in", f"{folder}/{device}.key.new", "-pubout", "-outform", "DER")
                check(f"   the key of {device} is the phone's own", hashlib.sha256(ders[device]).hexdigest() == digest.lower())
            router.lines("write memory\n")
            router.kill()
        with Router(data=data, net=NET) as router:
            router.wait_for(r"[>#]\s?$")
            router.line("enable")
            router.set_clock(3600)
            check("the requests survive a power cut", "2 requests written" in router.line("capf-server export requests flash:again.txt"))
            for name, content, wanted in (("stranger.pem", sign(folder, keys[ONE], ONE, "stranger"), f"% {ONE}: "), ("name.pem", sign(folder, keys[ONE], TWO), f"% {ONE}: "),
                                          ("nobody.pem", open(f"{folder}/stranger.pem").read(), "% 1 certificates that no waiting phone asked for"),
                                          ("broken.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "% 1 certificates cannot be read")):
                with open(f"{data}/flash/{name}", "w") as f:
                    f.write(content)
                out = router.line(f"capf-server import certificates flash:{name}")
                check(f"{name} is refused", wanted in out and "0 certificates imported" in out, out)
            check("no such file", "%Error opening flash:/none.pem (No such file or directory)" in router.line("capf-server import certificates flash:none.pem"))
            with open(f"{data}/flash/certs.pem", "w") as f:
                f.write("From the authority, with greetings.\n" + sign(folder, keys[TWO], TWO) + sign(folder, keys[ONE], ONE))
            out = router.line("capf-server import certificates flash:certs.pem")
            check("both certificates are imported", "2 certificates imported, 0 refused" in out, out)
            check("   and logged", router.line("show logging").count("%CAPF-5-IMPORTED") == 2)
            port_opens(checks, folder)
            for device in (ONE, TWO):
                out = phone(device, folder)
                check(f"{device} gets it without another key", "got 9" in out and "got 3" not in out and "end 1" in out, out)
                mine = openssl("x509", "-in", f"{folder}/{device}.pem", "-noout", "-pubkey").decode()
                check("   for the key it made, from the authority", mine == keys[device] and
                      b"OK" in openssl("verify", "-CAfile", f"{folder}/corporate.pem", f"{folder}/{device}.pem"), mine)
            text = router.line("show running-config | section ephone")
            check("cert-oper leaves the configuration", "cert-oper" not in text, text)
            out = phone(ONE, folder)
            check("a later contact: nothing to do", "end 0" in out, out)
            check("nobody waits any more", "% No phone waits" in router.line("capf-server import certificates flash:certs.pem"))
            check("the router stops tidily", router.stop() == 0)
    finally:
        drop_net(NET)
        shutil.rmtree(folder, ignore_errors=True)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
