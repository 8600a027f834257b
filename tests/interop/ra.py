#!/usr/bin/python3
"""Two routers on one wire: the first is the CA, the second its registration authority and a subordinate CA; real clients enrol."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from certificate_lint import check_roles  # noqa: E402
from router import Checks, Router, drop_net, in_net  # noqa: E402
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
    p = in_net(RA_NET, "curl", "-s", "-m", "30", "--data-binary", "@-", "-H", "Content-Type: application/x-pki-message",
               f"{U}?operation=PKIOperation{label}", input=message)
    return p.stdout


def start_ca(ca, check):
    ca.wait_for(r"[>#]\s?$")
    ca.lines(CA_CONFIG)
    for line in ("configure terminal", "crypto pki server rootca", "no shutdown", "Secret123"):
        ca.line(line)
    out = ca.line("Secret123", timeout=90)
    check("the CA is enabled", "% Certificate Server enabled." in out, out)
    ca.line("end")
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
    out = ra.line("Challenge1", timeout=90)
    check("   then for the passphrase", "% Certificate request sent to Certificate Authority" in out and "passphrase" in out, out)
    ra.line("Secret123")
    out = ra.line("Secret123")
    check("   and waits for its certificate", "enabled as soon as its certificate comes" in out, out)
    ra.line("end")


def grant(ca, section, check):
    out = ""
    for _ in range(40):
        out = ca.line("show crypto pki server rootca requests")
        part = out.split(section, 1)[-1].split("requests:")[0]
        number = re.search(r"^(\d+) +pending", part, re.M)
        if number:
            break
        time.sleep(0.25)
    check(f"the CA lists it under {section!r} although granting is automatic", number, out)
    ca.line(f"crypto pki server rootca grant {number[1]}")


def certificates(folder, check):
    """GetCACert of the RA: a bag with its certificate and that of the CA."""
    body = in_net(RA_NET, "curl", "-s", "-m", "10", f"{U}?operation=GetCACert&message=ra12").stdout
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
    reply = post(client.message(ra))
    for _ in range(20):
        if status(reply)[0] != "pending":
            break
        time.sleep(0.5)
        reply = post(client.message(ra))
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
    reply = b""
    for _ in range(30):
        reply = post(held.message(ra))
        if status(reply)[0] == "success":
            break
        time.sleep(0.5)
    check("   granted there, the client gets it", status(reply)[0] == "success", status(reply))
    bad = Client(folder, "bad")
    post(bad.message(ra))
    router.line("crypto pki server ra12 reject all")
    check("rejected at the RA, the client is refused", status(post(bad.message(ra)))[0] == "failure")
    router.line("configure terminal")
    router.line("crypto pki server ra12")
    router.line("grant auto")
    router.line("end")


def strongswan(folder, ca, ra, check):
    if not shutil.which("pki"):
        print("  skip  strongSwan pki is not installed")
        return
    key, cert = os.path.join(folder, "swan.key"), os.path.join(folder, "swan.pem")
    openssl("genrsa", "-out", key, "2048")
    got = in_net(RA_NET, "pki", "--scep", "--url", U, "--in", key, "--dn", "C=XX, O=lab, CN=swan", "--cacert-enc", ra,
                 "--cacert-sig", ra, "--cacert", ca, "--password", "SECRET", "--cipher", "des3", "--interval", "2", "--maxpolltime", "20",
                 "--outform", "pem")
    with open(cert, "wb") as f:
        f.write(got.stdout)
    good, out = openssl("verify", "-x509_strict", "-CAfile", ca, cert)
    check("strongSwan pki --scep enrols through the RA with 3DES", good, out + got.stderr.decode()[-600:])


def certmonger(folder, ca, ra, check):
    if not shutil.which("getcert") or not shutil.which("dbus-run-session"):
        print("  skip  certmonger is not installed")
        return
    work = os.path.join(folder, "cm")
    for name in ("requests", "cas", "local"):
        os.makedirs(os.path.join(work, name))
    script = f"""
export CERTMONGER_REQUESTS_DIR={work}/requests CERTMONGER_CAS_DIR={work}/cas CERTMONGER_LOCAL_CA_DIR={work}/local CERTMONGER_CONFIG_DIR={work}
certmonger -s -n -p {work}/pid >{work}/log 2>&1 &
sleep 1
getcert add-scep-ca -s -c lab -u {U} -R {ca} -r {ra} -N {ca}
getcert request -s -c lab -I req1 -k {work}/k.pem -f {work}/c.pem -N CN=r2 -L SECRET -g 2048
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
  getcert list -s | grep -q "status: MONITORING" && break; sleep 1
done
getcert list -s
kill $(cat {work}/pid) $!
"""
    got = in_net(RA_NET, "timeout", "80", "dbus-run-session", "sh", "-c", script, timeout=90)
    cert = os.path.join(work, "c.pem")
    good, out = openssl("verify", "-x509_strict", "-CAfile", ca, cert) if os.path.exists(cert) else (False, "no certificate")
    check("certmonger enrols through the RA by GET", good, out + (got.stdout + got.stderr).decode()[-800:])


def subordinate(folder, root, ca, ra, check):
    start_below(ra, SUB_CONFIG, "subca", check)
    grant(ca, "Subordinate CA certificate requests:", check)
    start = len(ra.log)
    for _ in range(60):
        out = ra.line("show crypto pki server subca", timeout=60)
        if "State: enabled" in out:
            break
        time.sleep(2)
    check("the subordinate server starts when its certificate comes", "State: enabled" in out, out + ra.log[start:][-400:])
    body = in_net(RA_NET, "curl", "-s", "-m", "10", f"{U}?operation=GetCACert&message=subca").stdout
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
        ra.wait_for("CS_ENABLED", timeout=60)
        ra.line("enable")
        ra.line("terminal length 0")
        out = ""
        for _ in range(40):
            out = ra.line("show crypto pki server")
            if out.count("State: enabled") == 2:
                break
            time.sleep(0.5)
        check("after kill -9 both servers are enabled again", out.count("State: enabled") == 2, out)
        client = Client(folder, "later")
        reply = b""
        for _ in range(20):
            reply = post(client.message(own))
            if status(reply)[0] == "success":
                break
            time.sleep(0.5)
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
            ra.wait_for("%PKI-6-CS_ENABLED", timeout=100)
            out = ra.line("show crypto pki server ra12")
            check("show tells the RA mode", "    Server configured in RA mode\n    RA cert fingerprint: " in out, out)
            root, own = certificates(folder, check)
            by_hand(folder, root, own, ra, check)
            strongswan(folder, root, own, check)
            certmonger(folder, root, own, check)
            subordinate(folder, root, ca, ra, check)
            ra.line("write memory", timeout=60)
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
