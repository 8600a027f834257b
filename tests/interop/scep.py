#!/usr/bin/python3
"""A laboratory CA for an afternoon: strongSwan, certmonger and curl against the router, openssl judges, kill -9 between."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from router import Checks, Router, drop_net, in_net  # noqa: E402

NET = "parley-scep"
U = "http://10.77.0.1/cgi-bin/pkiclient.exe"
README = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../modules/crypto-pki/README.md")


def example():
    """The configuration that crypto-pki's README shows: it is executed here."""
    text = open(README).read()
    return re.search(r"<!-- tests/interop/scep.py -->\n```\n(.*?)```", text, re.S)[1]


def boot(data):
    router = Router(net=NET, data=data)
    router.wait_for(r"[>#]\s?$")
    router.line("enable")
    router.line("terminal length 0")
    return router


def openssl(*args, stdin=None):
    p = subprocess.run(["openssl", *args], input=stdin, capture_output=True, timeout=30)
    return p.returncode == 0, (p.stdout + p.stderr).decode(errors="replace")


def curl(*args, stdin=None):
    p = in_net(NET, "curl", "-s", "-m", "10", "-o", "-", "-w", "\n%{http_code}", *args, input=stdin)
    body, _, code = p.stdout.rpartition(b"\n")
    return code.decode(), body


def start_ca(router, check):
    out = router.lines(example())
    check("the example of the README is accepted", "% Invalid" not in out and "% Ambiguous" not in out and "% Incomplete" not in out, out)
    router.line("configure terminal")
    router.line("crypto pki server labca")
    router.line("no shutdown")
    router.line("Secret123")
    out = router.line("Secret123", timeout=60)
    check("certificate server enabled", "% Certificate Server enabled." in out, out)
    router.line("end")


def fetch_ca(folder, check):
    code, der = curl(f"{U}?operation=GetCACert&message=0")
    ca = os.path.join(folder, "ca.pem")
    good, pem = openssl("x509", "-inform", "der", stdin=der)
    with open(ca, "w") as f:
        f.write(pem)
    check("curl gets the CA certificate", code == "200" and good, code)
    good, out = openssl("verify", "-x509_strict", "-CAfile", ca, ca)
    check("openssl verifies it strictly", good, out)
    code, caps = curl(f"{U}?operation=GetCACaps&message=0")
    check("GetCACaps names AES and POST", b"AES\n" in caps and b"POSTPKIOperation\n" in caps, caps)
    return ca


def http_refusals(check):
    for name, want, args in (("unknown path", "404", ["http://10.77.0.1/x"]),
                             ("PUT", "405", ["-X", "PUT", U]),
                             ("no operation", "400", [U]),
                             ("nonsense as message", "400", [f"{U}?operation=PKIOperation&message=AAAA"]),
                             ("body over 64 KB", "413", ["--data-binary", "@-", f"{U}?operation=PKIOperation"])):
        code, _ = curl(*args, stdin=b"x" * 70000)
        check(f"HTTP: {name} gives {want}", code == want, code)


def strongswan(folder, ca, check):
    if not shutil.which("pki"):
        print("  skip  strongSwan pki is not installed")
        return
    got = in_net(NET, "pki", "--scepca", "--url", U, "--caout", os.path.join(folder, "swan-ca.pem"), "--outform", "pem")
    check("strongSwan pki --scepca", os.path.exists(os.path.join(folder, "swan-ca.pem")), got.stderr.decode()[-300:])
    key, cert = os.path.join(folder, "swan.key"), os.path.join(folder, "swan.pem")
    openssl("genrsa", "-out", key, "2048")
    got = in_net(NET, "pki", "--scep", "--url", U, "--in", key, "--dn", "C=XX, O=lab, CN=r1", "--san", "10.77.0.9",
                 "--cacert-enc", ca, "--cacert-sig", ca, "--cacert", ca, "--password", "SECRET", "--cipher", "des3",
                 "--outform", "pem")
    with open(cert, "wb") as f:
        f.write(got.stdout)
    good, out = openssl("verify", "-x509_strict", "-CAfile", ca, cert)
    check("strongSwan pki --scep enrols, openssl verifies", good, out + got.stderr.decode()[-600:])
    _, text = openssl("x509", "-noout", "-text", "-in", cert)
    check("name and address are those of the request", "CN = r1" in text and "IP Address:10.77.0.9" in text, text)


def certmonger(folder, ca, check):
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
getcert add-scep-ca -s -c lab -u {U} -R {ca} -r {ca} -N {ca}
getcert request -s -c lab -I req1 -k {work}/k.pem -f {work}/c.pem -N CN=r2 -L SECRET -g 2048
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  getcert list -s | grep -q "status: MONITORING" && break; sleep 1
done
getcert list -s
kill $(cat {work}/pid) $!
"""
    got = in_net(NET, "timeout", "60", "dbus-run-session", "sh", "-c", script, timeout=90)
    cert = os.path.join(work, "c.pem")
    good, out = openssl("verify", "-x509_strict", "-CAfile", ca, cert) if os.path.exists(cert) else (False, "no certificate")
    check("certmonger enrols by GET, openssl verifies", good, out + (got.stdout + got.stderr).decode()[-800:])


def own_trustpoint(router, check):
    router.line("configure terminal")
    out = router.line("crypto pki authenticate labrouter")
    check("authenticate: fingerprint of the configuration is compared or shown", "Fingerprint" in out, out)
    router.line("yes")
    out = router.line("crypto pki enroll labrouter", timeout=60)
    for _ in range(12):
        last = out.rsplit("\n", 1)[-1]
        if not re.search(r"(\?|:|\]) ?$", last):
            break
        out = router.line("Phone123" if "assword" in last else "no" if "Include" in last else "yes", timeout=60)
    router.line("end")
    router.wait_for("%PKI-6-CERTRET", timeout=30)
    out = router.line("show crypto pki certificates labrouter")
    check("the router enrols with itself", "\nCertificate\n  Status: Available" in out, out)


def serial_of(out):
    found = re.search(r"Last certificate issued serial number \(hex\): ([0-9A-F]+)", out)
    return int(found[1], 16) if found else -1


def crl(data, ca, check):
    path = os.path.join(data, "nvram", "labca.crl")
    good, out = openssl("crl", "-inform", "der", "-in", path, "-noout", "-CAfile", ca, "-text")
    check("openssl verifies the revocation list", good and "verify OK" in out, out)
    _, number = openssl("crl", "-inform", "der", "-in", path, "-noout", "-crlnumber")
    return int(re.search(r"=0?x?([0-9A-F]+)", number)[1], 16)


def main():
    checks = Checks()
    check = checks.check
    drop_net(NET)
    folder, data = tempfile.mkdtemp(prefix="scep-"), tempfile.mkdtemp(prefix="scep-data-")
    try:
        with boot(data) as router:
            start_ca(router, check)
            ca = fetch_ca(folder, check)
            http_refusals(check)
            strongswan(folder, ca, check)
            certmonger(folder, ca, check)
            own_trustpoint(router, check)
            before = serial_of(router.line("show crypto pki server"))
            number = crl(data, ca, check)
            files = sorted(f for f in os.listdir(os.path.join(data, "nvram")) if f.endswith(".cer"))
            check("database level complete keeps every certificate", len(files) == before - 1, f"{files} {before}")
            chains = all(openssl("verify", "-CAfile", ca, pem_of(data, folder, f))[0] for f in files)
            check("openssl verifies all of them", chains)
            out = router.line("write memory", timeout=30)
            router.kill()
        with boot(data) as router:
            router.wait_for("CS_ENABLED", timeout=30)
            out = router.line("show crypto pki server")
            check("after kill -9 the server is enabled again", "State: enabled" in out, out)
            check("its serial number has not gone back", serial_of(out) >= before, out)
            out = router.line("show crypto pki certificates labrouter")
            check("the certificate of the trustpoint is still there", "\nCertificate\n  Status: Available" in out, out)
            check("the CRL number has grown", crl(data, ca, check) > number)
            strongswan(folder, ca, check)
            check("the next serial number is higher", serial_of(router.line("show crypto pki server")) > before)
            check("the router stops tidily", router.stop() == 0)
    finally:
        drop_net(NET)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)
    return checks.end()


def pem_of(data, folder, name):
    out = os.path.join(folder, name + ".pem")
    openssl("x509", "-inform", "der", "-in", os.path.join(data, "nvram", name), "-out", out)
    return out


if __name__ == "__main__":
    sys.exit(main())
