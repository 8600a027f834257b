#!/usr/bin/python3
"""A laboratory CA for an afternoon: strongSwan, certmonger and curl against the router, openssl judges, kill -9 between."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from enrolment_clients import certmonger, strongswan as strongswan_enrols  # noqa: E402
from pki import enroll  # noqa: E402
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
    p = in_net(NET, "curl", "-s", "-m", "60", "-o", "-", "-w", "\n%{http_code}", *args, input=stdin)
    body, _, code = p.stdout.rpartition(b"\n")
    return code.decode(), body


def start_ca(router, check):
    out = router.lines(example())
    check("the example of the README is accepted", "% Invalid" not in out and "% Ambiguous" not in out and "% Incomplete" not in out, out)
    router.line("configure terminal")
    router.line("crypto pki server labca")
    router.line("no shutdown")
    router.line("Secret123")
    out = router.line("Secret123")
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
    path = strongswan_enrols(NET, U, folder, ca, ca, check)
    _, text = openssl("x509", "-noout", "-text", "-in", path)
    check("name and address are those of the request", "CN = swan" in text and "IP Address:10.77.0.9" in text, text)


DEBUG_TITLES = {"callbacks": "Crypto PKI callbacks", "messages": "Crypto PKI Msg", "scep": "Crypto PKI SCEP",
                "server": "Crypto PKI Certificate Server", "transactions": "Crypto PKI Trans", "validation": "Crypto PKI Validation Path"}
DEBUG_LINES = {   # of one enrolment of the router with itself, in this order for each subject
    "callbacks": ["CRYPTO_PKI: Trustpoint labrouter changed, [1-9][0-9]* parts of the router told"],
    "messages": [r"CRYPTO_PKI: > GET /cgi-bin/pkiclient.exe\?operation=GetCACert&message=labrouter", "CRYPTO_PKI: < HTTP 200, [0-9]+ bytes",
                 r"CRYPTO_PKI: > PKCSReq, transaction ([0-9A-F]{32}), nonce [0-9A-F]{32}, digest SHA-256, [0-9]+ bytes",
                 r"CRYPTO_PKI: < PKCSReq, transaction \1, nonce", r"CRYPTO_PKI: [<>] CertRep, transaction \1, status success, nonce"],
    "scep": [r"CRYPTO_PKI_SCEP: 10\.77\.0\.1: GetCACert, GET", r"CRYPTO_PKI_SCEP: 10\.77\.0\.1: PKIOperation, POST",
             r"CRYPTO_PKI_SCEP: 10\.77\.0\.1: PKCSReq, [0-9A-F]{32}", "CRYPTO_PKI_SCEP: 10.77.0.1: answer: success, AES-128-CBC"],
    "server": ["CRYPTO_CS: labca: request granted: ", "CRYPTO_CS: labca: issued 0x[0-9A-F]+ until [0-9:]+ UTC "],
    "transactions": [r"CRYPTO_PKI: Trustpoint labrouter: sending POST to 10\.77\.0\.1:80",
                     "CRYPTO_PKI: Trustpoint labrouter: status = 100: certificate is granted", "CRYPTO_PKI: Trustpoint labrouter: the certificate is saved"],
}


def debug_on(router, check):
    for line in ("configure terminal", "logging buffered 200000 debugging", "no logging console", "end"):
        router.line(line)
    for subject, title in DEBUG_TITLES.items():
        out = router.line(f"debug crypto pki {subject}")
        check(f"debug crypto pki {subject}", f"{title} debugging is on\n" in out, out)


def debug_off(router, check):
    log = router.line("show logging")
    for subject, lines in DEBUG_LINES.items():
        check(f"an enrolment as debug crypto pki {subject} tells it", re.search("(?s)" + ".*".join(lines), log), log[-6000:])
    check("no password in it", "Phone123" not in log and "Secret123" not in log)
    out = router.line("undebug crypto pki scep")
    check("undebug of one subject", "Crypto PKI SCEP debugging is off\n" in out, out)
    router.line("undebug all")
    check("nothing stays on", "crypto pki" not in router.line("show debugging").split("\n", 1)[1])
    for line in ("configure terminal", "logging console", "end"):
        router.line(line)


def own_trustpoint(router, check):
    router.line("configure terminal")
    out = router.line("crypto pki authenticate labrouter")
    check("authenticate: fingerprint of the configuration is compared or shown", "Fingerprint" in out, out)
    router.line("yes")
    enroll(router, "labrouter")
    router.shows("show logging | include CERTRET", "%PKI-6-CERTRET")
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


CONFIGS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../configs")


def console_text(page):
    """The vendor's page as a console shows it: its prompts have no blank, and what its printing lost is there again (R-6.6)."""
    out = []
    for line in page.rstrip("\n").split("\n"):
        line = re.sub(r"^(Router\S*#) ", r"\1", line)
        if line.startswith("% Do you accept"):
            out.append("")
        out.append({"Fingerprint MD5:": "       ", "Fingerprint SHA1": "      "}.get(line[:16], "") + line)
        if line.startswith("End with a blank line"):
            out.append("")
    return "\n".join(out) + "\n"


def mic_roots(check):
    """The three imports of the vendor's page (000:1604-1724): what the console shows, byte for byte."""
    drop_net(NET)
    with Router(net=NET) as router:
        router.wait_for(r"[>#]\s?$")
        for line in ("enable", "configure terminal", "no logging console", "end"):
            router.line(line)
        start = len(router.log)
        with open(os.path.join(CONFIGS, "mic-root-import.input.txt")) as f:
            router.lines(f.read())
        got = router.log[start:]
        with open(os.path.join(CONFIGS, "mic-root-import.dialogue.txt")) as f:
            want = console_text(f.read())
        at = got.find(want[:want.index("\n")])
        same = got[at:at + len(want)]
        different = next((i for i, (a, b) in enumerate(zip(same, want)) if a != b), len(same))
        check("MIC roots: the dialogue of the vendor's page, byte for byte", same == want, repr((same[different - 80:different + 80], want[different:][:80])))
        check("   nothing else is said about them", got[at + len(want):].startswith("Router(config)#end\n"), got[at + len(want):][:200])
        out = router.line("show crypto pki trustpoint status")
        check("   all three are authenticated", out.count("Issuing CA authenticated ....... Yes") == 3, out)


def by_hand(folder, check):
    """CSR out by paste, signed by openssl, certificate in by paste; keys made, shown and removed; trustpoint removed."""
    ca_key, ca, csr, cert = (os.path.join(folder, n) for n in ("hand.key", "hand-ca.pem", "hand.csr", "hand.pem"))
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", ca_key, "-out", ca, "-subj", "/O=lab/CN=hand",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-days", "30")
    drop_net(NET)
    with Router(net=NET) as router:
        router.wait_for(r"[>#]\s?$")
        router.line("enable")
        router.line("configure terminal")
        out = router.line("crypto key generate rsa general-keys label CUBE modulus 2048")
        check("crypto key generate: the texts of cli.md 7.5", "The name for the keys will be: CUBE\n\n% The key modulus size is 2048 bits\n"
              "% Generating 2048 bit RSA keys, keys will be non-exportable...\n[OK] (elapsed time was" in out, out)
        out = router.line("crypto key generate rsa label tiny modulus 512")
        check("a key below 1024 bits is refused", "% Key size below 1024 bits is not supported" in out, out)
        for line in ("crypto pki trustpoint hand", "enrollment terminal pem", "subject-name CN=US-CUBE1.ent-pa.com",
                     "revocation-check none", "rsakeypair CUBE", "exit"):
            router.line(line)
        out = router.line("crypto pki enroll hand")
        check("enroll needs the CA certificate first", "% You must authenticate the Certificate Authority before" in out, out)
        router.write("crypto pki authenticate hand\n" + open(ca).read() + "\n")
        router.wait_for(r"accept this certificate\? \[yes/no\]: ")
        out = router.line("perhaps")
        check("yes or no is asked again", "% Please answer 'yes' or 'no'." in out, out)
        out = router.line("yes")
        check("CA certificate pasted", "% Certificate successfully imported" in out, out)
        out = router.line("crypto pki enroll hand")
        out = router.line("no")
        out = router.line("no")
        out = router.line("yes")
        request = re.search(r"-----BEGIN.*?REQUEST-----.*?-----END CERTIFICATE REQUEST-----", out, re.S)
        check("the request is displayed in PEM form", request and "---End - This line not part of the certificate request---" in out, out)
        router.line("no")
        with open(csr, "w") as f:
            f.write(request[0] + "\n")
        good, text = openssl("req", "-in", csr, "-noout", "-verify", "-subject")
        check("openssl verifies it", good and "US-CUBE1.ent-pa.com" in text, text)
        openssl("x509", "-req", "-in", csr, "-CA", ca, "-CAkey", ca_key, "-set_serial", "7", "-days", "10", "-out", cert)
        router.write("crypto pki import hand certificate\n" + open(ca).read() + "\n")
        router.wait_for("% Failed to parse or verify imported certificate")
        check("a certificate for another key is refused", True)
        start = len(router.log)
        router.write("crypto pki import hand certificate\n" + open(cert).read() + "\n")
        router.wait_for(r"% Router Certificate successfully imported\n(.*\n)*[^\n]*#$", start)
        out = router.line("quit")
        check("the signed certificate is imported; `quit` behind it is no command", out.endswith("(config)#"), out)
        out = router.line("do show crypto pki certificates hand")
        check("and shown", "Certificate Serial Number (hex): 07" in out and "cn=hand,o=lab" in out, out)
        out = router.line("no crypto pki trustpoint hand")
        check("no crypto pki trustpoint warns", "% Removing an enrolled trustpoint will destroy all certificates" in out, out)
        out = router.line("yes")
        check("and removes", "% Be sure to ask the CA administrator to revoke your certificates." in out, out)
        out = router.line("do show running-config | section crypto")
        check("nothing of it stays in the running-config", "hand" not in out.split("crypto", 2)[-1], out)
        router.line("crypto key zeroize rsa CUBE")
        router.line("yes")
        out = router.line("do show crypto key mypubkey all")
        check("crypto key zeroize removes the key", "CUBE" not in out, out)
        check("the router stops tidily", router.stop() == 0)


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
            certmonger(NET, U, folder, ca, ca, check)
            debug_on(router, check)
            own_trustpoint(router, check)
            debug_off(router, check)
            before = serial_of(router.line("show crypto pki server"))
            number = crl(data, ca, check)
            files = sorted(f for f in os.listdir(os.path.join(data, "nvram")) if f.endswith(".cer"))
            check("database level complete keeps every certificate", len(files) == before - 1, f"{files} {before}")
            chains = all(openssl("verify", "-CAfile", ca, pem_of(data, folder, f))[0] for f in files)
            check("openssl verifies all of them", chains)
            out = router.line("write memory")
            router.kill()
        with boot(data) as router:
            router.wait_for("CS_ENABLED")
            out = router.line("show crypto pki server")
            check("after kill -9 the server is enabled again", "State: enabled" in out, out)
            check("its serial number has not gone back", serial_of(out) >= before, out)
            out = router.line("show crypto pki certificates labrouter")
            check("the certificate of the trustpoint is still there", "\nCertificate\n  Status: Available" in out, out)
            check("the CRL number has grown", crl(data, ca, check) > number)
            strongswan(folder, ca, check)
            check("the next serial number is higher", serial_of(router.line("show crypto pki server")) > before)
            check("the router stops tidily", router.stop() == 0)
        by_hand(folder, check)
        mic_roots(check)
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
