#!/usr/bin/python3
"""Phones get their certificates from the CA on another router, through the registration authority of their own one."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import shutil
import sys
import tempfile

import ra as pair
from pki import enroll
from router import PATIENCE, Checks, Router, drop_net, in_net, until

PHONE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib/capf_phone.py")
ONE = "SEP001122334455"
PHONES = """configure terminal
crypto pki trustpoint capf
 enrollment selfsigned
 subject-name CN=capf
 rsakeypair capf 2048
telephony-service
 max-ephones 4
 ip source-address 10.78.0.2 port 2000
ephone 1
 mac-address 0011.2233.4455
capf-server
 auth-mode null-string
 cert-enroll-trustpoint ra12 password 0 mypassword
 trustpoint-label capf
 source-addr 10.78.0.2
end
"""


def phone(folder, *options):
    return in_net(pair.RA_NET, "python3", PHONE, "10.78.0.2", ONE, folder, *options).stdout.decode()


def start_capf(router):
    router.lines(PHONES)
    enroll(router, "capf")


def order(router, *lines):
    router.line("configure terminal")
    router.line("ephone 1")
    for line in lines:
        router.line(line)
    router.line("end")


def certificate_of_phone(folder, root, ca, router, check):
    order(router, "cert-oper upgrade auth-mode auth-string", "capf-auth-str 4711")
    text = phone(folder, "--pin", "4711")
    check("the phone gets a certificate", "end 1" in text, text + router.line("show logging"))
    pem = os.path.join(folder, f"{ONE}.pem")
    good, out = pair.openssl("verify", "-x509_strict", "-CAfile", root, pem)
    check("openssl verifies it with the CA of the other router", good, out)
    _, out = pair.openssl("x509", "-in", pem, "-noout", "-text")
    check("it has the profile of an LSC", f"CN = {ONE}" in out and "Digital Signature, Key Encipherment" in out
          and "TLS Web Client Authentication" in out and "Issuer: O = lab, CN = rootca" in out, out)
    _, mine = pair.openssl("rsa", "-in", os.path.join(folder, f"{ONE}.key"), "-noout", "-modulus")
    _, its = pair.openssl("x509", "-in", pem, "-noout", "-modulus")
    check("it is for the phone's own key", mine.split("Modulus=")[-1] == its.split("Modulus=")[-1] and "Modulus=" in its, mine + its)
    out = ca.line("show crypto pki server rootca")
    check("the CA counts it", "Last certificate issued serial number (hex): 3" in out, out)


def main():
    checks = Checks()
    check = checks.check
    for net in (pair.CA_NET, pair.RA_NET):
        drop_net(net)
    folder = tempfile.mkdtemp(prefix="capf-ra-")
    try:
        pair.wire()
        with Router(net=pair.CA_NET) as ca, Router(net=pair.RA_NET) as router:
            pair.start_ca(ca, check)
            router.wait_for(r"[>#]\s?$")
            pair.start_below(router, pair.RA_CONFIG, "ra12", check)
            router.line("terminal length 0")
            pair.grant(ca, "RA certificate requests:", check)
            router.wait_for("%PKI-6-CS_ENABLED", timeout=60 + PATIENCE)   # it asks once a minute
            root, _ = pair.certificates(folder, check)
            start_capf(router)
            out = until(lambda: phone(folder), good=lambda out: "connected" in out)
            checks.need("the CAPF port is open", "connected" in out, out)
            certificate_of_phone(folder, root, ca, router, check)
            check("the CA stops tidily", ca.stop() == 0)
            check("the router stops tidily", router.stop() == 0)
    finally:
        for net in (pair.CA_NET, pair.RA_NET):
            drop_net(net)
        shutil.rmtree(folder, ignore_errors=True)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
