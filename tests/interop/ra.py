#!/usr/bin/python3
"""Two routers on one wire: the first is the CA, the second its registration authority and a subordinate CA; real clients enrol."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from certificate_lint import check_roles  # noqa: E402
from enrolment_clients import certmonger, strongswan  # noqa: E402
from pki import start_server  # noqa: E402
from router import PATIENCE, Checks, Router, drop_net, in_net, until  # noqa: E402
from scep_client import Client, certificate, run, status  # noqa: E402

CA_NET, RA_NET = f"parley-ra-{os.getpid()}-ca", f"parley-ra-{os.getpid()}-ra"
U = "http://10.78.0.2/cgi-bin/pkiclient.exe"
CA_CONFIG = """enable
configure terminal
hostname ca
interface GigabitEthernet0/0
 ip address 10.78.0.1 255.255.255.0
 no shutdown
ip http server
crypto pki server rootca
 issuer-name CN=rootca,O=lab
 grant ra-auto
end
"""
RA_CONFIG = """enable
configure terminal
hostname branch
interface GigabitEthernet0/0
 ip address 10.78.0.2 255.255.255.0
 no shutdown
ip http server
crypto pki trustpoint ra12
 enrollment url http://10.78.0.1:80
 revocation-check none
 rsakeypair ra12 2048
crypto pki server ra12
 mode ra
 grant auto
 scep-legacy 3des
end
"""
SUB_CONFIG = """configure terminal
crypto pki trustpoint subca
 enrollment url http://10.78.0.1:80
 revocation-check none
 rsakeypair subca 2048
crypto pki server subca
 issuer-name CN=subca,O=lab
 mode sub-cs
 grant auto
end
"""


def openssl(*args, stdin=None):
    p = subprocess.run(["openssl", *args], input=stdin, capture_output=True, timeout=30, check=False)
    return p.returncode == 0, (p.stdout + p.stderr).decode(errors="replace")


def wire():
    """One cable between the first ports of both routers."""
    for net in (CA_NET, RA_NET):
        subprocess.run(["ip", "netns", "add", net], check=True)
    subprocess.run(["ip", "link", "add", "gi0-0", "netns", CA_NET, "type", "veth", "peer", "name", "gi0-0", "netns", RA_NET], check=True)


def post(message, label=""):
    p = in_net(RA_NET, "curl", "-s", "-m", "60", "--data-binary", "@-", "-H", "Content-Type: application/x-pki-message",
               f"{U}?operation=PKIOperation{label}", input=message)
    return p.stdout


def granted(reply):
    return status(reply)[0] == "success"


def start_ca(ca, check):
    ca.wait_for(r"[>#]\s?$")
    ca.lines(CA_CONFIG)
    out = start_server(ca, "rootca")
    check("the CA is enabled", "% Certificate Server enabled." in out, out)
    ca.line("terminal length 0")


def start_below(ra, config, label, check):
    """no shutdown of a server below the CA: the questions of cli.md 7.4, in their order."""
    ra.lines(config)
    ra.line("configure terminal")
    ra.line(f"crypto pki server {label}")
    out = ra.line("no shutdown")
    check(f"{label}: no shutdown shows the CA certificate", "Fingerprint MD5" in out and "Do you accept this certificate?" in out, out)
    out = ra.line("yes")
    check("   then asks for the own certificate", re.search(r"% Request the (RA|subordinate CA) certificate from the CA\?", out), out)
    out = ra.line("yes")
    check("   then for the challenge password", "Password:" in out, out)
    ra.line("Challenge1")
    out = ra.line("Challenge1")
    check("   then for the passphrase", "% Certificate request sent to Certificate Authority" in out and "passphrase" in out, out)
    ra.line("Secret123")
    out = ra.line("Secret123")
    check("   and waits for its certificate", "enabled as soon as its certificate comes" in out, out)
    ra.line("end")


def grant(ca, section, check):
    def waiting():
        out = ca.line("show crypto pki server rootca requests")
        return re.search(r"^(\d+) +pending", out.split(section, 1)[-1].split("requests:")[0], re.M)
    number = until(waiting)
    check.need(f"the CA lists it under {section!r} although granting is automatic", number, ca.line("show crypto pki server rootca requests"))
    ca.line(f"crypto pki server rootca grant {number[1]}")


def certificates(folder, check):
    """GetCACert of the RA: a bag with its certificate and that of the CA."""
    body = in_net(RA_NET, "curl", "-s", "-m", "60", f"{U}?operation=GetCACert&message=ra12").stdout
    text = run("openssl", "pkcs7", "-inform", "der", "-print_certs", stdin=body, good=False).decode()
    found = re.findall(r"subject=(.*?)\nissuer=.*?\n\n?(-----BEGIN.*?-----END CERTIFICATE-----)", text, re.S)
    ra, ca = os.path.join(folder, "ra.pem"), os.path.join(folder, "ca.pem")
    for name, pem in found:
        with open(ca if "rootca" in name else ra, "w") as f:
            f.write(pem + "\n")
    check("GetCACert gives RA and CA certificate", len(found) == 2, text)
    good, out = openssl("verify", "-x509_strict", "-CAfile", ca, ra)
    check("openssl verifies the RA certificate", good, out)
    check_roles(check, ("ra", ra, ca))
    _, out = openssl("x509", "-in", ra, "-noout", "-text")
    check("it is marked: ioscs RA, EKU cmcRA, no CA", "ioscs RA" in out and "CMC Registration Authority" in out and "CA:TRUE" not in out, out)
    return ca, ra


def by_hand(folder, ca, ra, router, check):
    client = Client(folder, "phone1", subject="/O=lab/CN=SEP001122334455")
    reply = until(lambda: post(client.message(ra)), pause=0.5, good=lambda reply: status(reply)[0] != "pending")
    path = os.path.join(folder, "phone1.pem")
    text = certificate(reply, client) if status(reply)[0] == "success" else ""
    with open(path, "w") as f:
        f.write(text[text.find("-----BEGIN"):])
    good, out = openssl("verify", "-x509_strict", "-CAfile", ca, path)
    check("hand-made POST: granted by the RA, issued by the CA, openssl verifies", good, f"{status(reply)} {out}")
    router.line("configure terminal")
    router.line("crypto pki server ra12")
    router.line("no grant auto")
    router.line("end")
    held = Client(folder, "held")
    check("without grant auto the RA holds the request", status(post(held.message(ra)))[0] == "pending")
    out = router.line("show crypto pki server ra12 requests")
    number = re.search(r"^(\d+) +pending.*held", out, re.M)
    check("   and lists it", number, out)
    router.line(f"crypto pki server ra12 grant {number[1] if number else 0}")
    reply = until(lambda: post(held.message(ra)), pause=0.5, good=granted)
    check("   granted there, the client gets it", status(reply)[0] == "success", status(reply))
    bad = Client(folder, "bad")
    post(bad.message(ra))
    router.line("crypto pki server ra12 reject all")
    check("rejected at the RA, the client is refused", status(post(bad.message(ra)))[0] == "failure")
    router.line("configure terminal")
    router.line("crypto pki server ra12")
    router.line("grant auto")
    router.line("end")


def subordinate(folder, root, ca, ra, check):
    start_below(ra, SUB_CONFIG, "subca", check)
    grant(ca, "Subordinate CA certificate requests:", check)
    start = len(ra.log)
    out = ra.shows("show crypto pki server subca", "State: enabled", 2 * PATIENCE)
    check("the subordinate server starts when its certificate comes", "State: enabled" in out, out + ra.log[start:][-400:])
    body = in_net(RA_NET, "curl", "-s", "-m", "60", f"{U}?operation=GetCACert&message=subca").stdout
    text = run("openssl", "pkcs7", "-inform", "der", "-print_certs", stdin=body, good=False).decode()
    found = re.findall(r"subject=(.*?)\nissuer=.*?\n\n?(-----BEGIN.*?-----END CERTIFICATE-----)", text, re.S)
    check("GetCACert gives the chain, the issuing CA first", len(found) == 2 and "subca" in found[0][0], text)
    sub = os.path.join(folder, "sub.pem")
    with open(sub, "w") as f:
        f.write(found[0][1] + "\n" if found else "")
    good, out = openssl("verify", "-x509_strict", "-CAfile", root, sub)
    check("openssl verifies the subordinate CA", good, out)
    check_roles(check, ("sub", sub, root), ("ca", root, root))
    _, out = openssl("x509", "-in", sub, "-noout", "-text")
    check("it is a CA with path length 0 that signs certificates and lists",
          "CA:TRUE, pathlen:0" in out and "Certificate Sign, CRL Sign" in out, out)
    client = Client(folder, "below")
    reply = post(client.message(sub), "&message=subca")
    path = os.path.join(folder, "below.pem")
    text = certificate(reply, client) if status(reply)[0] == "success" else ""
    leaf = re.search(r"subject=[^\n]*below\nissuer=[^\n]*\n+(-----BEGIN.*?-----END CERTIFICATE-----)", text, re.S)
    with open(path, "w") as f:
        f.write(leaf[1] + "\n" if leaf else "")
    good, out = openssl("verify", "-x509_strict", "-CAfile", root, "-untrusted", sub, path)
    check_roles(check, ("router", path, sub))
    check("a client enrols under it, openssl verifies the chain", good, f"{status(reply)} {out}")


def after_a_crash(folder, data, own, check):
    with Router(net=RA_NET, data=data) as ra:
        ra.wait_for("CS_ENABLED")
        ra.line("enable")
        ra.line("terminal length 0")
        out = ra.shows("show crypto pki server", "(?s)State: enabled.*State: enabled")
        check("after kill -9 both servers are enabled again", out.count("State: enabled") == 2, out)
        client = Client(folder, "later")
        reply = until(lambda: post(client.message(own)), pause=0.5, good=granted)
        check("   and a client enrols through the RA", status(reply)[0] == "success", status(reply))
        check("   which stops tidily", ra.stop() == 0)


def main():
    checks = Checks()
    check = checks.check
    for net in (CA_NET, RA_NET):
        drop_net(net)
    folder, data = tempfile.mkdtemp(prefix="ra-"), tempfile.mkdtemp(prefix="ra-data-")
    try:
        wire()
        with Router(net=CA_NET) as ca, Router(net=RA_NET, data=data) as ra:
            start_ca(ca, check)
            ra.wait_for(r"[>#]\s?$")
            start_below(ra, RA_CONFIG, "ra12", check)
            ra.line("terminal length 0")
            grant(ca, "RA certificate requests:", check)
            ra.wait_for("%PKI-6-CS_ENABLED", timeout=60 + PATIENCE)   # it asks once a minute
            out = ra.line("show crypto pki server ra12")
            check("show tells the RA mode", "    Server configured in RA mode\n    RA cert fingerprint: " in out, out)
            root, own = certificates(folder, check)
            by_hand(folder, root, own, ra, check)
            strongswan(RA_NET, U, folder, own, root, check, "--interval", "2", "--maxpolltime", "60")
            certmonger(RA_NET, U, folder, own, root, check)
            subordinate(folder, root, ca, ra, check)
            ra.line("write memory")
            ra.kill()
            after_a_crash(folder, data, own, check)
            check("the CA stops tidily", ca.stop() == 0)
    finally:
        for net in (CA_NET, RA_NET):
            drop_net(net)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
