#!/usr/bin/python3
"""Keys and certificates in and out, enrolment with an authority built on openssl, by hand and over SCEP; renewal; notices."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../lib"))
from router import Checks, Router, drop_net, in_net, until  # noqa: E402

NET = f"parley-tpoint-{os.getpid()}"
SETUP = """enable
configure terminal
hostname R1
ip domain name lab.example
interface GigabitEthernet0/0
 ip address 10.78.0.1 255.255.255.0
 no shutdown
exit
"""


def openssl(*args, stdin=None):
    p = subprocess.run(["openssl", *args], input=stdin, capture_output=True, timeout=30)
    return p.returncode == 0, (p.stdout + p.stderr).decode(errors="replace")


def pem(text, what):
    return [b + "\n" for b in re.findall(rf"-----BEGIN {what}-----.*?-----END {what}-----", text, re.S)]


def boot(data, text=SETUP):
    router = Router(net=NET, data=data)
    router.wait_for(r"[>#]\s?$")
    for line in text.splitlines():
        router.line(line)
    return router


def paste(router, command, text, wait, end="quit\n"):
    start = len(router.log)
    router.write(command + "\n" + text + end)
    return router.wait_for(wait, start)


class Ca:
    """A root in a folder, used through `openssl ca`."""

    def __init__(self, folder):
        self.folder = folder
        with open(self.path("ca.cnf"), "w") as f:
            f.write(f"""[ca]\ndefault_ca = d\n[d]\ndatabase = {folder}/index\nserial = {folder}/serial\nnew_certs_dir = {folder}
default_md = sha256\ndefault_days = 20\npolicy = p\nunique_subject = no\ncopy_extensions = copy\n[p]\ncommonName = optional\norganizationName = optional\n""")
        open(self.path("index"), "w").close()
        with open(self.path("serial"), "w") as f:
            f.write("0A\n")
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.path("ca.key"), "-out", self.path("ca.pem"),
                "-subj", "/O=lab/CN=byhand", "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-days", "40")
        self.pem = open(self.path("ca.pem")).read()

    def path(self, name):
        return os.path.join(self.folder, name)

    def sign(self, request):
        with open(self.path("r.csr"), "w") as f:
            f.write(request)
        good, text = openssl("ca", "-batch", "-config", self.path("ca.cnf"), "-cert", self.path("ca.pem"), "-keyfile", self.path("ca.key"),
                             "-preserveDN", "-in", self.path("r.csr"), "-out", self.path("r.pem"), "-notext")
        return good and open(self.path("r.pem")).read(), text


def by_hand(router, ca, label, key, check):
    """CSR out by paste, signed by `openssl ca`, certificate in by paste."""
    for line in (f"crypto pki trustpoint {label}", "enrollment terminal pem", f"subject-name CN={label}.lab.example", "fqdn none",
                 "serial-number none", "ip-address none", "revocation-check none", "usage ssl-server", key, "exit"):
        router.line(line)
    paste(router, f"crypto pki authenticate {label}", ca.pem, r"\[yes/no\]: ", "\n")
    out = router.line("yes")
    check(f"{label}: CA certificate accepted", "% Certificate successfully imported" in out, out)
    out = router.line(f"crypto pki enroll {label}")
    out += router.line("yes")
    router.line("no")
    request = pem(out, "CERTIFICATE REQUEST")
    check(f"{label}: the request is shown", len(request) == 1, out)
    with open(ca.path("seen.csr"), "w") as f:
        f.write(request[0])
    good, text = openssl("req", "-in", ca.path("seen.csr"), "-noout", "-verify", "-text")
    check(f"{label}: openssl verifies it; it asks for the usage", good and "TLS Web Server Authentication" in text, text)
    signed, text = ca.sign(request[0])
    check(f"{label}: openssl signs it", signed, text)
    out = paste(router, f"crypto pki import {label} certificate", signed, "% Router Certificate successfully imported|% Failed", "\n")
    check(f"{label}: the certificate is imported", "% Router Certificate successfully imported" in out, out)


def files(router, folder, ca, check):
    """PEM and PKCS#12 out to openssl, and back in under another label."""
    out = router.line("crypto key generate rsa general-keys label give modulus 2048 exportable")
    check("an exportable pair is made", "keys will be exportable..." in out and "[OK]" in out, out)
    by_hand(router, ca, "give", "rsakeypair give", check)
    out = router.line("crypto pki export give pem terminal 3des Secret-12")
    keys, certificates = pem(out, "ENCRYPTED PRIVATE KEY"), pem(out, "CERTIFICATE")
    check("export pem: CA certificate, key, certificate",
          len(keys) == 1 and len(certificates) == 2 and "% The CA certificate:" in out and "% Key name: give" in out and "% Certificate:" in out, out)
    with open(os.path.join(folder, "k.pem"), "w") as f:
        f.write(keys[0])
    with open(os.path.join(folder, "c.pem"), "w") as f:
        f.write(certificates[1])
    _, a = openssl("pkey", "-in", os.path.join(folder, "k.pem"), "-passin", "pass:Secret-12", "-pubout")
    _, b = openssl("x509", "-in", os.path.join(folder, "c.pem"), "-noout", "-pubkey")
    check("openssl opens the key, it is that of the certificate", a == b and "PUBLIC KEY" in a, a + b)
    router.line("crypto pki export give pkcs12 flash:give Secret-12")
    out = router.line("give.p12")
    check("export pkcs12 into a file", "CRYPTO_PKI: Exported PKCS12 file successfully." in out, out)
    p12 = os.path.join(router.data, "flash", "give.p12")
    good, text = openssl("pkcs12", "-in", p12, "-passin", "pass:Secret-12", "-nodes")
    check("openssl opens it", good and text.count("BEGIN CERTIFICATE") == 2 and "BEGIN PRIVATE KEY" in text, text)
    good, text = openssl("pkcs12", "-in", p12, "-passin", "pass:wrong", "-noout")
    check("not with another password", not good, text)
    router.line("crypto pki import taken pkcs12 flash:give password secret-12")
    out = router.line("give.p12")
    check("import pkcs12: a wrong password is told", "CRYPTO_PKI: Import PKCS12 operation failed: wrong passphrase" in out, out)
    router.line("crypto pki import taken pkcs12 flash:give password Secret-12")
    out = router.line("give.p12")
    check("import pkcs12", "CRYPTO_PKI: Imported PKCS12 file successfully." in out, out)
    out = router.line("do show crypto pki trustpoints taken status")
    check("the new trustpoint has key, CA and certificate", "Keys generated ............. Yes" in out and
          "Issuing CA authenticated ....... Yes" in out and "configured:" in out.split("Router")[-1], out)
    out = router.line("crypto pki export taken pem terminal Secret-12")
    check("a key imported without `exportable` does not leave", "% RSA keypair 'taken' is not exportable." in out, out)
    from_outside(router, folder, ca, check)


def over_tftp(router, folder, check):
    """Files to and from a TFTP server that is not ours."""
    root = os.path.join(folder, "tftp")
    os.makedirs(os.path.join(root, "keys"))
    os.chmod(folder, 0o755)
    for path in (root, os.path.join(root, "keys")):
        os.chmod(path, 0o777)
    in_net(NET, "ip", "addr", "add", "10.78.0.9/32", "dev", "lo")
    server = subprocess.Popen(["ip", "netns", "exec", NET, "in.tftpd", "-L", "-c", "-p", "-s", "-a", "10.78.0.9:69", root])
    try:
        until(lambda: b"10.78.0.9:69 " in in_net(NET, "ss", "-lun").stdout)
        out = router.line("crypto pki export give pkcs12 tftp://10.78.0.9/keys/give Secret-12")
        check("export to TFTP asks for the host, then for the name", "Address or name of remote host [10.78.0.9]? " in out, out)
        out = router.line("")
        check("   the name comes out of the URL", "Destination filename [keys/give]? " in out, out)
        out = router.line("")
        check("   written", "Writing pkcs12 file to tftp://10.78.0.9/keys/give\nCRYPTO_PKI: Exported PKCS12 file successfully." in out, out)
        good, text = openssl("pkcs12", "-in", os.path.join(root, "keys", "give"), "-passin", "pass:Secret-12", "-nodes")
        check("   openssl opens what arrived", good and text.count("BEGIN CERTIFICATE") == 2, text)
        router.line("crypto pki import fetched pkcs12 tftp://10.78.0.9/keys/give password Secret-12")
        router.line("")
        out = router.line("")
        check("import from TFTP", "CRYPTO_PKI: Imported PKCS12 file successfully." in out, out)
        router.line("crypto pki import missed pkcs12 tftp://10.78.0.9/keys/other password Secret-12")
        router.line("")
        out = router.line("")
        check("a file that is not there is told", "CRYPTO_PKI: Import PKCS12 operation failed: no such file on the server" in out, out)
        router.line("crypto pki export give pem url tftp://10.78.0.9/keys/ Secret-12")
        for _ in range(6):
            out = router.line("")
        names = sorted(os.listdir(os.path.join(root, "keys")))
        check("export pem to TFTP: three files under the label", names == ["give", "give.ca", "give.crt", "give.prv"], names)
    finally:
        server.kill()


def from_outside(router, folder, ca, check):
    """What openssl made: PEM with the old encryption pasted, PKCS#12 with RC2 pasted as base 64, files by URL."""
    key, cert = os.path.join(folder, "out.key"), os.path.join(folder, "out.pem")
    openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", os.path.join(folder, "out.csr"), "-subj", "/CN=outside")
    signed, text = ca.sign(open(os.path.join(folder, "out.csr")).read())
    with open(cert, "w") as f:
        f.write(signed)
    _, old = openssl("rsa", "-in", key, "-traditional", "-des3", "-passout", "pass:Secret-12")
    old = pem(old, "RSA PRIVATE KEY")[0]
    start = len(router.log)
    router.write("crypto pki import pasted pem terminal exportable Secret-12\n" + ca.pem + "quit\n")
    router.wait_for("private General Purpose key", start)
    router.write(old + "quit\n")
    router.wait_for("PEM-formatted General Purpose certificate", start)
    router.write(signed + "quit\n")
    out = router.wait_for("% PEM files import.*\n", start)
    check("import pem terminal: DEK-Info key of openssl", "% PEM files import succeeded." in out, out)
    out = router.line("crypto key export rsa pasted pem terminal Secret-12")
    _, public = openssl("pkey", "-in", key, "-pubout")
    check("crypto key export: the public key is that of openssl", pem(out, "PUBLIC KEY") == pem(public, "PUBLIC KEY"), out)
    openssl("pkcs12", "-export", "-legacy", "-inkey", key, "-in", cert, "-certfile", ca.path("ca.pem"), "-passout", "pass:Secret-12",
            "-out", os.path.join(folder, "old.p12"))
    _, text = openssl("base64", "-in", os.path.join(folder, "old.p12"))
    out = paste(router, "crypto pki import older pkcs12 terminal password Secret-12", text, "CRYPTO_PKI: .*\n")
    check("import pkcs12 terminal: RC2-40 and 3DES of old programs", "CRYPTO_PKI: Imported PKCS12 file successfully." in out, out)
    for suffix, source in ((".ca", ca.path("ca.pem")), (".prv", key), (".crt", cert)):
        shutil.copy(source, os.path.join(router.data, "flash", "byurl" + suffix))
    router.line("crypto pki import byurl pem url flash:byurl Secret-12")
    router.line("")
    router.line("")
    out = router.line("")
    check("import pem url: three files", "% PEM files import succeeded." in out, out)
    shutil.copy(ca.path("ca.key"), os.path.join(router.data, "flash", "odd.prv"))
    for suffix in (".ca", ".crt"):
        shutil.copy(os.path.join(router.data, "flash", "byurl" + suffix), os.path.join(router.data, "flash", "odd" + suffix))
    router.line("crypto pki import odd pem url flash:odd Secret-12")
    router.line("")
    router.line("")
    out = router.line("")
    check("a key that is not the certificate's is refused", "no certificate belongs to the private key" in out, out)
    out = router.line("do show crypto key mypubkey all")
    check("and leaves no key behind", "Key name: odd" not in out and "#import" not in out, out)


def standin(folder, pending=0):
    p = subprocess.Popen(["ip", "netns", "exec", NET, "/usr/bin/python3", os.path.join(HERE, "scep_standin.py"), folder, "10.78.0.1", "8080",
                          str(pending)], stdout=subprocess.PIPE, text=True)
    p.stdout.readline()
    return p


def log_of(folder):
    try:
        return open(os.path.join(folder, "log")).read().split()
    except FileNotFoundError:
        return []


def wait_log(router, pattern):
    return router.shows("do show logging", pattern)


def received(router, label):
    """Certificates of the chain in the running-config, DER."""
    out = router.line(f"do show running-config | section chain {label}")
    found = re.findall(r"certificate (?:ca )?[0-9A-F]+\s*\n((?:\s+[0-9A-F]{2,8}(?: [0-9A-F]{2,8})*\s*\n)+)\s*quit", out)
    return [bytes.fromhex(re.sub(r"\s", "", f)) for f in found]


def scep(router, folder, check):
    """Enrolment and renewal with the stand-in; what is refused."""
    for line in ("crypto pki trustpoint far", "enrollment url http://10.78.0.1:8080", "enrollment retry period 1", "subject-name CN=far,O=lab",
                 "serial-number none", "ip-address none", "password 0 Challenge1", "revocation-check none", "rsakeypair far 2048",
                 "source interface GigabitEthernet0/0", "exit"):
        router.line(line)
    out = router.line("crypto pki authenticate far")
    _, want = openssl("x509", "-in", os.path.join(folder, "ca.pem"), "-noout", "-fingerprint", "-sha1")
    got = re.search(r"Fingerprint SHA1: ([0-9A-F ]+)", out)
    check("authenticate shows the fingerprint openssl computes", got and want.strip().split("=")[1].replace(":", "") == got[1].replace(" ", ""), out)
    router.line("yes")
    router.line("crypto pki enroll far")
    out = router.line("yes")
    check("the request is sent", "% Certificate request sent to Certificate Authority" in out, out)
    out = wait_log(router, "CERTRET|CERTREJECT")
    check("a foreign authority's certificate is received", "CERTRET" in out, out[-600:])
    check("with one PKCSReq", log_of(folder) == ["19"], log_of(folder))
    chain = received(router, "far")
    with open(os.path.join(folder, "101.pem")) as f:
        der = subprocess.run(["openssl", "x509", "-outform", "der"], input=f.read().encode(), capture_output=True, check=True).stdout
    check("the running-config has it byte for byte", der in chain, [len(c) for c in chain])
    renewal(router, folder, check)
    out = router.line("crypto key generate ec keysize 256 label curve")
    for line in ("crypto pki trustpoint curved", "enrollment url http://10.78.0.1:8080", "eckeypair curve", "revocation-check none", "exit"):
        router.line(line)
    router.line("crypto pki authenticate curved")
    router.line("yes")
    out = router.line("crypto pki enroll curved")
    check("SCEP with an EC key is refused with the reason", "a SCEP server cannot encrypt its answer for it" in out, out)


def renewal(router, folder, check):
    """auto-enroll with a new key: RenewalReq signed by the old certificate, the key takes the place of the old one."""
    out = router.line("do show crypto key mypubkey rsa")
    before = out.split("Key name: far")[1][:600]
    router.line("crypto pki trustpoint far")
    router.line("auto-enroll 1 regenerate")
    router.line("exit")
    # 1 % of 30 days is not over: nothing may happen
    time.sleep(2)
    check("auto-enroll waits for its time", log_of(folder) == ["19"], log_of(folder))
    out = router.line("do show crypto pki timers")
    check("show crypto pki timers has the renewal", re.search(r"\|\s+(\d+d)?\d+:\d\d:\d\d\.\d{3}  RENEW far", out), out)
    router.line("do clock set 12:00:00 " + time.strftime("%d %B %Y", time.gmtime(time.time() + 2 * 86400)))
    out = wait_log(router, "(?s)Log Buffer.*CLOCKUPDATE.*CERTRENEWAUTO.*(CERTRET|CERTREJECT)")
    check("and renews when it has come", "CERTRENEWAUTO" in out and log_of(folder)[-1] == "17", (log_of(folder), out[-3000:]))
    out = router.line("do show crypto key mypubkey rsa")
    check("the new key has the old name", "Key name: far\n" in out and "far#" not in out and out.split("Key name: far")[1][:600] != before, out)
    out = router.line("do show crypto pki certificates far")
    check("the new certificate is there, the old one gone", "(hex): 66\n" in out and "(hex): 65\n" not in out, out)


MAIL = """
import socketserver, sys
class H(socketserver.StreamRequestHandler):
    def handle(self):
        say = lambda s: self.wfile.write(s + b"\\r\\n")
        say(b"220 mail"); body = False; out = open(sys.argv[1], "ab")
        for line in self.rfile:
            out.write(line); out.flush()
            if body:
                if line == b".\\r\\n": body = False; say(b"250 taken")
            elif line.startswith(b"EHLO"): say(b"250-mail"); say(b"250 SIZE 100000")
            elif line.startswith(b"DATA"): body = True; say(b"354 go on")
            elif line.startswith(b"QUIT"): say(b"221 bye"); return
            else: say(b"250 ok")
socketserver.TCPServer.allow_reuse_address = True
s = socketserver.TCPServer(("10.78.0.1", 25), H); print("ready", flush=True); s.serve_forever()
"""


def notices(router, folder, check):
    mails = os.path.join(folder, "mails")
    server = subprocess.Popen(["ip", "netns", "exec", NET, "/usr/bin/python3", "-c", MAIL, mails], stdout=subprocess.PIPE, text=True)
    server.stdout.readline()
    try:
        router.line("crypto pki notice mail-server 10.78.0.1 from router@lab.example to admin@lab.example")
        router.line("crypto pki notice days 200 repeat 1")
        out = wait_log(router, "CERTEXPIRES.*give")
        check("the end of a certificate is told to the log", "CERTEXPIRES" in out, out[-600:])
        until(lambda: os.path.exists(mails) and b"QUIT" in open(mails, "rb").read())
        text = open(mails, "rb").read().decode() if os.path.exists(mails) else ""
        check("and by mail", "MAIL FROM:<router@lab.example>\r\nRCPT TO:<admin@lab.example>\r\nDATA" in text and
              "of trustpoint give ends at" in text and "Subject: Certificates of R1" in text, text)
    finally:
        server.kill()


def usage_keys(router, ca, check):
    out = router.line("crypto key generate rsa usage-keys label pair modulus 1024")
    out = router.line("do show crypto key mypubkey rsa")
    check("usage-keys: two pairs", "Signature Key" in out and "Encryption Key" in out, out)
    by_hand_pair(router, ca, check)


def by_hand_pair(router, ca, check):
    for line in ("crypto pki trustpoint pair", "enrollment url http://10.78.0.1:8080", "subject-name CN=pair", "fqdn none", "serial-number none",
                 "ip-address none", "password 0 Challenge1", "revocation-check none", "rsakeypair pair", "exit"):
        router.line(line)
    router.line("crypto pki authenticate pair")
    router.line("yes")
    router.line("crypto pki enroll pair")
    router.line("yes")
    out = until(lambda: router.line("do show crypto pki certificates pair"),
                good=lambda out: "Certificate Usage: Encryption" in out and out.count("Certificate Usage: Signature") >= 2)
    check("one certificate for each key, with its usage", "Certificate Usage: Encryption" in out, out)


def main():
    checks = Checks()
    check = checks.check
    drop_net(NET)
    folder, data = tempfile.mkdtemp(prefix="tpoint-"), tempfile.mkdtemp(prefix="tpoint-data-")
    os.makedirs(os.path.join(folder, "hand"))
    os.makedirs(os.path.join(folder, "far"))
    server = None
    try:
        with boot(data) as router:
            ca = Ca(os.path.join(folder, "hand"))
            out = router.line("crypto key generate ec keysize 384 label round")
            check("an EC pair is made", "% The key size is 384 bits" in out, out)
            by_hand(router, ca, "round", "eckeypair round", check)
            files(router, folder, ca, check)
            over_tftp(router, folder, check)
            server = standin(os.path.join(folder, "far"))
            scep(router, os.path.join(folder, "far"), check)
            usage_keys(router, ca, check)
            notices(router, folder, check)
            check("no key and no password in the log", "Secret-12" not in router.line("do show logging"))
            check("the router stops tidily", router.stop() == 0)
    finally:
        if server:
            server.kill()
        drop_net(NET)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
