#!/usr/bin/python3
"""A certificate server for years: revocation, archive and restore, files on a TFTP server, roll-over."""
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
from router import Checks, Router, drop_net, in_net, until  # noqa: E402

NET = f"parley-ca-{os.getpid()}"
HOST = "10.78.0.1"
OTHER = "10.78.0.9"     # the machine with the TFTP server
U = f"http://{HOST}/cgi-bin/pkiclient.exe"
TFTPD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib/tftp_sink.py")
CONFIG = f"""hostname lab
interface GigabitEthernet0/0
 ip address {HOST} 255.255.255.0
 no shutdown
ip http server
"""
SERVER = f"""crypto pki server labca
 database level complete
 database archive pkcs12
 database url tftp://{OTHER}/ca crl publish
 issuer-name CN=labca,O=lab,C=PL
 serial-number 0x1F
 lifetime certificate 300 1 30
 cdp-url http://{HOST}/labca.crl
 grant auto
 scep-legacy 3des
"""


def run(*args, stdin=None, timeout=40):
    p = subprocess.run(args, input=stdin, capture_output=True, timeout=timeout)
    return p.returncode == 0, (p.stdout + p.stderr).decode(errors="replace")


def openssl(*args, stdin=None):
    return run("openssl", *args, stdin=stdin)


def curl(url):
    p = in_net(NET, "curl", "-s", "-m", "60", "-o", "-", "-w", "\n%{http_code}", url)
    body, _, code = p.stdout.rpartition(b"\n")
    return code.decode(), body


def boot(data):
    router = Router(net=NET, data=data)
    router.wait_for(r"[>#]\s?$")
    router.line("enable")
    router.line("terminal length 0")
    return router


def begin(router, check):
    router.lines("configure terminal\n" + CONFIG + SERVER)
    router.line("configure terminal")
    out = router.line("crypto pki server abcdefghijklmn")
    check("a name has at most 13 characters", "% Certificate Server name is limited to 13 characters" in out, out)
    router.line("crypto pki server labca")
    out = router.line("hash md5")
    check("md5 is refused", "% MD5 is not supported for signatures" in out, out)
    out = router.line("database url flash: p12 publish")
    check("a key is not published", "% Only cnm, crl and crt files can be published" in out, out)
    out = router.line("no shutdown")
    out += router.line("Secret123")
    out += router.line("Secret123")
    want = ("%Some server settings cannot be changed after CA certificate generation.\n"
            "% Please enter a passphrase to protect the private key\n% or type Return to exit\n")
    check("no shutdown: the dialogue", want in out, out)
    check("no shutdown: key, archive, enabled", re.search(r"% Generating 2048 bit RSA keys, keys will be non-exportable\.\.\.\[OK\]\n"
          r"% Exporting Certificate Server signing certificate and keys\.\.\.\n\n% Certificate Server enabled\.", out), out)
    out = router.line("issuer-name CN=other")
    check("a running server is locked", '% This server is locked. Use "shutdown" to unlock.' in out, out)
    router.line("end")
    out = router.line("show crypto pki server")
    check("its first serial number is that of the configuration", "serial number (hex): 1F" in out, out)


def certificate(folder, name, number):
    """Enrols with strongSwan; PEM of the certificate."""
    key, pem = (os.path.join(folder, name + e) for e in (".key", ".pem"))
    ca = os.path.join(folder, "ca.pem")
    openssl("genrsa", "-out", key, "2048")
    got = in_net(NET, "pki", "--scep", "--url", U, "--in", key, "--dn", f"C=PL, O=lab, CN={name}", "--cacert-enc", ca,
                 "--cacert-sig", ca, "--cacert", ca, "--cipher", "des3", "--outform", "pem", timeout=60)
    with open(pem, "wb") as f:
        f.write(got.stdout)
    good, out = openssl("x509", "-in", pem, "-noout", "-serial")
    return pem if good and f"serial={number}" in out else None


def lint(folder, ca, pem, check):
    good, out = openssl("verify", "-x509_strict", "-CAfile", ca, pem)
    check("openssl verifies a router certificate strictly", good, out)
    good, out = run("certtool", "--verify", "--verify-profile", "medium", "--load-ca-certificate", ca, "--infile", pem)
    check("certtool verifies it", good, out)
    _, out = openssl("x509", "-in", pem, "-noout", "-text")
    check_roles(check, ("ca", ca, ca), ("router", pem, ca))
    check("key usage, key ids and list of revoked certificates are in it",
          "X509v3 Key Usage: critical\n                Digital Signature, Key Encipherment" in out and f"URI:http://{HOST}/labca.crl" in out
          and "X509v3 Authority Key Identifier" in out and "X509v3 Subject Key Identifier" in out and "CA:TRUE" not in out, out)


def crl_number(pem):
    _, out = openssl("crl", "-in", pem, "-noout", "-crlnumber")
    return int(re.search(r"=(?:0x)?([0-9A-F]+)", out)[1], 16)


def fetch_crl(folder, ca, check):
    code, der = curl(f"http://{HOST}/labca.crl")
    code2, der2 = curl(f"{U}?operation=GetCRL")
    check("the list is fetched from cdp-url and by operation=GetCRL", code == code2 == "200" and der == der2 and der, code)
    pem = os.path.join(folder, "crl.pem")
    good, text = openssl("crl", "-inform", "der", "-outform", "pem", "-CAfile", ca, stdin=der)
    check("openssl verifies the list", good and "verify OK" in text, text)
    with open(pem, "w") as f:
        f.write(text[text.index("-----BEGIN"):])
    return pem


def revocation(router, folder, ca, first, second, check):
    before = crl_number(fetch_crl(folder, ca, check))
    out = router.line("crypto pki server labca revoke 0x20 key-compromise")
    check("revoke tells it as IOS does", "% Certificate 20 succesfully revoked." in out, out)
    out = router.line("crypto pki server labca revoke 32")
    check("and only once", "% Certificate 20 could not be revoked: the certificate is already revoked" in out, out)
    out = router.line("crypto pki server labca revoke 0x77")
    check("nothing that was never issued", "could not be revoked: no such certificate was issued" in out, out)
    crl = fetch_crl(folder, ca, check)
    check("the number of the list has grown", crl_number(crl) > before)
    _, text = openssl("crl", "-in", crl, "-noout", "-text")
    check("serial number and reason are in it", re.search(r"Serial Number: 20\n.*\n.*\n.*Reason Code: \n +Key Compromise", text), text)
    good, out = openssl("verify", "-x509_strict", "-crl_check", "-CRLfile", crl, "-CAfile", ca, first)
    check("openssl takes the first certificate as revoked", not good and "certificate revoked" in out, out)
    good, out = openssl("verify", "-x509_strict", "-crl_check", "-CRLfile", crl, "-CAfile", ca, second)
    check("and the second one as good", good, out)
    good, out = run("certtool", "--verify-crl", "--load-ca-certificate", ca, "--infile", crl)
    check("certtool verifies the list", good, out)
    bad, out = run("certtool", "--verify", "--load-ca-certificate", ca, "--load-crl", crl, "--infile", first)
    check("certtool takes the first one as revoked", not bad and "revoked" in out, out)


def archive(data, folder, ca, check):
    p12 = os.path.join(data, "nvram", "labca.p12")
    good, out = openssl("pkcs12", "-in", p12, "-passin", "pass:Secret123", "-nodes")
    _, fingerprint = openssl("x509", "-in", ca, "-noout", "-pubkey")
    key = re.search(r"-----BEGIN PRIVATE KEY-----.*?-----END PRIVATE KEY-----\n", out, re.S)
    _, public = openssl("pkey", "-pubout", stdin=key[0].encode() if key else b"")
    check("the archive opens with the passphrase: key of the CA", good and public == fingerprint, out[:300])
    good, out = run("certtool", "--p12-info", "--inder", "--password", "Secret123", "--infile", p12)
    check("certtool reads the archive", good, out)
    good, _ = openssl("pkcs12", "-in", p12, "-passin", "pass:Secret124", "-nodes")
    check("and with no other passphrase", not good)
    return p12


def uploads(router, data, folder, check):
    """The TFTP server is away at first: nothing stops, the list waits in nvram:, then it arrives."""
    queue = os.path.join(data, "nvram/pki/labca.out")
    router.wait_for(r"%PKI-4-CS_UPLOAD: Files of certificate server labca wait in nvram: and are sent later")
    check("a TFTP server that is away is told once", router.log.count("%PKI-4-CS_UPLOAD:") == 1)
    check("the file waits in nvram:", os.listdir(queue))
    sink = os.path.join(folder, "tftp")
    os.makedirs(os.path.join(sink, "ca"))
    in_net(NET, "ip", "addr", "add", OTHER + "/32", "dev", "lo")
    with subprocess.Popen(["ip", "netns", "exec", NET, sys.executable, TFTPD, OTHER, sink], stdout=subprocess.PIPE) as server:
        server.stdout.readline()
        arrived = os.path.join(sink, "ca/labca.crl")
        own = os.path.join(data, "nvram/labca.crl")
        same = until(lambda: os.path.exists(arrived) and open(arrived, "rb").read() == open(own, "rb").read())
        check("when the server is there the list arrives", same)
        check("and the queue is empty", until(lambda: not os.listdir(queue)), os.listdir(queue))
        server.kill()


def rollover(router, folder, ca, check):
    code, _ = curl(f"{U}?operation=GetNextCACert")
    check("without a successor GetNextCACert answers 404", code == "404", code)
    start = len(router.log)
    router.line("configure terminal")
    router.line("crypto pki server labca")
    router.line("auto-rollover 1825")     # longer than the certificate lives: at once
    router.line("end")
    router.wait_for("%PKI-6-CS_ROLLOVER_AVAIL", start)
    code, der = curl(f"{U}?operation=GetNextCACert")
    message = os.path.join(folder, "next.p7")
    with open(message, "wb") as f:
        f.write(der)
    good, out = openssl("cms", "-verify", "-inform", "der", "-in", message, "-CAfile", ca, "-purpose", "any", "-binary", "-out",
                        os.path.join(folder, "next.bag"))
    check("openssl verifies the answer of GetNextCACert", code == "200" and good, out)
    _, pem = openssl("pkcs7", "-inform", "der", "-in", os.path.join(folder, "next.bag"), "-print_certs")
    path = os.path.join(folder, "next.pem")
    with open(path, "w") as f:
        f.write(pem)
    _, end = openssl("x509", "-in", ca, "-noout", "-enddate")
    _, next_start = openssl("x509", "-in", path, "-noout", "-startdate")
    check("the next certificate begins when this one ends", end.split("=")[1] == next_start.split("=")[1], end + next_start)
    good, out = openssl("verify", "-x509_strict", "-attime", str(int(time.time()) + 1100 * 86400), "-CAfile", path, path)
    check("openssl verifies it strictly at that time", good, out)
    out = router.line("show crypto pki server")
    check("show tells it", "Rollover status: available for rollover" in out, out)
    out = router.line("show running-config")
    check("it stands in the running-config", re.search(r"^ certificate rollover 2", out, re.M), out[-300:])


def after_kill(data, before, folder, ca, check):
    with boot(data) as router:
        router.wait_for("CS_ENABLED")
        out = router.line("show crypto pki server labca certificates")
        check("after kill -9 all certificates are listed", before.split("\n")[1:4] == out.split("\n")[1:4], out)
        crl = fetch_crl(folder, ca, check)
        _, text = openssl("crl", "-in", crl, "-noout", "-text")
        check("the revoked one is still in the list", "Serial Number: 20" in text, text)
        check("the successor is still there", "Rollover status: available" in router.line("show crypto pki server"))
        check("a new certificate has a new number", certificate(folder, "third", "23") is not None)
        check("the router stops tidily", router.stop() == 0)


def restore(p12, folder, ca, check):
    """The archive on a blank router (README of crypto-pki): the same authority goes on, with numbers above all that were used."""
    drop_net(NET)
    data = tempfile.mkdtemp(prefix="ca-blank-")
    os.makedirs(os.path.join(data, "flash"))
    shutil.copy(p12, os.path.join(data, "flash", "labca.p12"))
    try:
        with boot(data) as router:
            router.lines("configure terminal\n" + CONFIG)
            router.line("configure terminal")
            out = router.line("crypto pki import labca pkcs12 flash:labca.p12 password Secret123")
            if "is not in this image" in out:
                print("  skip  restore: crypto pki import pkcs12 is not in this image")
                return
            while True:
                if not re.search(r"(\?|:|\]) ?$", out.rsplit("\n", 1)[-1]):
                    break
                out = router.line("")
            router.lines(SERVER)
            router.line("configure terminal")
            router.line("crypto pki server labca")
            out = router.line("no shutdown")
            check("restore: the server is enabled without a question", "% Certificate Server enabled." in out and "assword" not in out, out)
            router.line("end")
            _, der = curl(f"{U}?operation=GetCACert")
            _, pem = openssl("x509", "-inform", "der", stdin=der)
            check("restore: it is the same authority", pem == open(ca).read(), pem)
            pem = certificate(folder, "restored", "")
            good, out = openssl("verify", "-x509_strict", "-CAfile", ca, pem or ca)
            _, number = openssl("x509", "-in", pem or ca, "-noout", "-serial")
            check("restore: it issues with numbers that were never used", pem and good and int(number.split("=")[1], 16) > 0x1000, out + number)
    finally:
        shutil.rmtree(data, ignore_errors=True)


def main():
    checks = Checks()
    check = checks.check
    drop_net(NET)
    folder, data = tempfile.mkdtemp(prefix="ca-"), tempfile.mkdtemp(prefix="ca-data-")
    try:
        with boot(data) as router:
            begin(router, check)
            ca = os.path.join(folder, "ca.pem")
            _, der = curl(f"{U}?operation=GetCACert")
            with open(ca, "w") as f:
                f.write(openssl("x509", "-inform", "der", stdin=der)[1])
            good, out = openssl("verify", "-x509_strict", "-CAfile", ca, ca)
            check("openssl verifies the CA certificate strictly", good, out)
            first, second = certificate(folder, "first", "20"), certificate(folder, "second", "21")
            check("two certificates are issued", first and second)
            lint(folder, ca, first, check)
            revocation(router, folder, ca, first, second, check)
            p12 = archive(data, folder, ca, check)
            uploads(router, data, folder, check)
            rollover(router, folder, ca, check)
            before = router.line("show crypto pki server labca certificates")
            router.line("write memory")
            router.kill()
        after_kill(data, before, folder, ca, check)
        restore(p12, folder, ca, check)
    finally:
        drop_net(NET)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
