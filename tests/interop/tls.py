#!/usr/bin/python3
"""The management page with client certificates: openssl s_client and gnutls-cli, TLS 1.2 and 1.3, RSA and ECDSA, and who is refused."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from router import PATIENCE, Checks, Router, drop_net, in_net, until  # noqa: E402

NET = f"parley-path-{os.getpid()}"
HOST = "10.78.0.1"
GET = b"GET /nothing HTTP/1.0\r\nHost: x\r\n\r\n"


class Authority:
    """A root, an intermediate and what they issued, made with openssl."""

    def __init__(self, folder):
        self.folder = folder
        self.root("root")
        self.root("stranger")
        self.issue("int", "root", "/O=lab/CN=int", "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n"
                   f"crlDistributionPoints=URI:http://{HOST}:8080/root.crl\n")

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *args, stdin=None):
        p = subprocess.run(["openssl", *args], input=stdin, capture_output=True, timeout=30, cwd=self.folder)
        if p.returncode:
            raise RuntimeError(f"openssl {args}: {p.stderr.decode()}")
        return p.stdout.decode()

    def root(self, name):
        self.run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", name + ".key", "-out", name + ".pem",
                 "-subj", f"/O=lab/CN={name}", "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-days", "3650")

    def key(self, name, kind="rsa"):
        if kind == "rsa":
            self.run("genrsa", "-out", name + ".key", "2048")
        else:
            self.run("ecparam", "-name", "secp384r1" if kind == "ec384" else "prime256v1", "-genkey", "-noout", "-out", name + ".key")

    def issue(self, name, issuer, subject, extensions, kind="rsa", more=(), csr=None):
        if csr is None:
            self.key(name, kind)
            self.run("req", "-new", "-key", name + ".key", "-subj", subject, "-out", name + ".csr")
        with open(self.path(name + ".ext"), "w") as f:
            f.write(extensions)
        days = () if "-not_after" in more or "-days" in more else ("-days", "30")
        self.run("x509", "-req", "-in", csr or name + ".csr", "-CA", issuer + ".pem", "-CAkey", issuer + ".key", "-CAcreateserial",
                 "-extfile", name + ".ext", "-out", name + ".pem", *days, *more)
        with open(self.path(name + "-chain.pem"), "w") as f:
            f.write(open(self.path(name + ".pem")).read())
            if issuer == "int":
                f.write(open(self.path("int.pem")).read())

    def client(self, name, issuer="int", extensions="", **more):
        self.issue(name, issuer, f"/O=lab/CN={name}",
                   "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n"
                   f"crlDistributionPoints=URI:http://{HOST}:8080/{issuer}.crl\nauthorityInfoAccess=OCSP;URI:http://{HOST}:8081/\n" + extensions, **more)

    def index(self, issuer, good=(), revoked=()):
        """The database of openssl ca and openssl ocsp: what is not in it, is unknown."""
        with open(self.path(issuer + ".index"), "w") as f:
            for name in (*good, *revoked):
                serial = self.run("x509", "-in", name + ".pem", "-noout", "-serial").strip().split("=")[1]
                state = "R\t351231235959Z\t250101000000Z" if name in revoked else "V\t351231235959Z\t"
                f.write(f"{state}\t{serial}\tunknown\t/CN={name}\n")
        with open(self.path(issuer + ".cnf"), "w") as f:
            f.write(f"[ca]\ndefault_ca=d\n[d]\ndatabase={issuer}.index\ncertificate={issuer}.pem\nprivate_key={issuer}.key\n"
                    "default_md=sha256\ndefault_crl_days=1\ncrl_extensions=x\n[x]\nauthorityKeyIdentifier=keyid\n")
        self.run("ca", "-gencrl", "-config", issuer + ".cnf", "-out", issuer + ".crl.pem")
        self.run("crl", "-in", issuer + ".crl.pem", "-outform", "der", "-out", issuer + ".crl")


def boot():
    router = Router(net=NET)
    router.wait_for(r"[>#]\s?$")
    for line in ("enable", "terminal length 0", "configure terminal", "no logging rate-limit", "hostname lab", "interface GigabitEthernet0/0",
                 f"ip address {HOST} 255.255.255.0", "no shutdown", "exit"):
        router.line(line)
    return router


def enrol(router, ca, label, keypair, check):
    """The router's own certificate by paste."""
    for line in (f"crypto pki trustpoint {label}", "enrollment terminal pem", "subject-name CN=lab.example", "revocation-check none", keypair, "exit"):
        router.line(line)
    start = len(router.log)
    router.write(f"crypto pki authenticate {label}\n" + open(ca.path("root.pem")).read() + "\n")
    router.wait_for(r"accept this certificate\? \[yes/no\]: ", start)
    router.line("yes")
    out = router.dialogue(f"crypto pki enroll {label}", lambda asked: "yes" if "Display" in asked else "no")   # not again
    request = re.search(r"-----BEGIN.*?REQUEST-----.*?-----END CERTIFICATE REQUEST-----", out, re.S)
    if not check(f"{label}: the router shows its request", request, out):
        return
    with open(ca.path(label + ".csr"), "w") as f:
        f.write(request[0] + "\n")
    ca.issue(label, "root", "", f"basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:lab.example,IP:{HOST}\n", csr=label + ".csr")
    start = len(router.log)
    router.write(f"crypto pki import {label} certificate\n" + open(ca.path(label + ".pem")).read() + "\n")
    router.wait_for("% Router Certificate successfully imported", start)


def exchange(*args):
    """Sends GET through a TLS client and stays at its keyboard until the server closes: what the client shows."""
    p = subprocess.Popen(["ip", "netns", "exec", NET, "timeout", str(PATIENCE), *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, bufsize=0)
    try:
        p.stdin.write(GET)
    except BrokenPipeError:
        pass
    out = p.stdout.read()
    p.stdin.close()
    p.wait()
    return out.decode(errors="replace")


def s_client(ca, name, version="-tls1_3", *more):
    args = ["openssl", "s_client", "-connect", f"{HOST}:443", version, "-CAfile", ca.path("root.pem"), "-verify_return_error",
            "-verify_ip", HOST, "-quiet", *more]
    if name:
        args += ["-cert", ca.path(name + ".pem"), "-key", ca.path(name + ".key"), "-cert_chain", ca.path(name + "-chain.pem")]
    return exchange(*args)


def gnutls(ca, name, version):
    args = ["gnutls-cli", HOST, "-p", "443", "--x509cafile", ca.path("root.pem"), "--priority",
            f"NORMAL:-VERS-ALL:+VERS-TLS{version}", "--x509certfile", ca.path(name + "-chain.pem"), "--x509keyfile", ca.path(name + ".key")]
    return exchange(*args)


ANSWER = "404 Not Found"


def refused(router, ca, name, reason, check, *more):
    """Not served, and the log says why. It tells ten failures in a minute: then the client comes again."""
    start = len(router.log)

    def told():
        out = s_client(ca, name, *more)
        router.line("")
        if ANSWER not in out and reason not in router.log[start:]:
            time.sleep(2)
            router.line("")
        return out, ANSWER not in out and reason in router.log[start:]
    out, good = until(told, pause=1, good=lambda got: got[1] or ANSWER in got[0])
    check(f"refused: {name or 'no certificate'} ({reason})", good, out[-800:] + router.log[start:][-800:])


def wait_https(router):
    return "HTTP secure server status: Enabled\n" in router.shows("do show ip http server status", "HTTP secure server status: Enabled\n")


def self_signed(router, check):
    router.line("ip http secure-server")
    check("HTTPS starts by itself with a certificate of its own", wait_https(router), router.line("do show ip http server status"))
    out = exchange("openssl", "s_client", "-connect", f"{HOST}:443", "-quiet")
    check("openssl reads an answer over it", ANSWER in out and "IOS-Self-Signed-Certificate-" in out, out)


def mutual(router, ca, check):
    for own, pair in (("webrsa", "rsakeypair webrsa 2048"), ("web384", "eckeypair web384"), ("webec", "eckeypair webec")):
        if own != "webrsa":
            router.line(f"crypto key generate ec keysize {'384' if own == 'web384' else '256'} label {own}")
        enrol(router, ca, own, pair, check)
        router.line(f"ip http secure-trustpoint {own}")
        router.line("ip http secure-client-auth")
        check(f"{own}: HTTPS is enabled", wait_https(router), router.line("do show ip http server status"))
        for client in ("good384",) if own == "web384" else ("goodrsa", "goodec"):
            for version in ("1.2", "1.3"):
                out = s_client(ca, client, "-tls" + version.replace(".", "_"))
                check(f"{own}: openssl s_client TLS {version} with {client}", ANSWER in out, out[-800:])
                out = gnutls(ca, client, version)
                check(f"{own}: gnutls-cli TLS {version} with {client}", ANSWER in out and f"(TLS{version}-" in out, out[-1200:])


def refusals(router, ca, check):
    refused(router, ca, "", "the peer sent no certificate", check)
    refused(router, ca, "unknown", "issued by an unknown authority", check)
    refused(router, ca, "expired", "certificate has expired", check)
    refused(router, ca, "serveronly", "certificate is not for a TLS client (extended key usage)", check)
    refused(router, ca, "weak", "certificate is signed with MD5 or SHA-1", check, "-tls1_2", "-cipher", "DEFAULT:@SECLEVEL=0")
    refused(router, ca, "belownoca", "the issuer is not a certificate authority", check)
    refused(router, ca, "goodrsa", "TLS version is not allowed here", check, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0")
    out = s_client(ca, "goodrsa")
    check("and the good one still gets its answer", ANSWER in out, out[-800:])


def old_versions(router, ca, check):
    """ip http tls-version: who still needs it stands in show crypto legacy, and goes from there when it comes with something new."""
    router.line("ip http tls-version TLSv1.0")
    check("HTTPS is enabled for old versions", wait_https(router))
    out = s_client(ca, "goodrsa", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0")
    check("TLS 1.1 is answered now", ANSWER in out, out[-800:])
    out = router.line("do show crypto legacy")
    check("show crypto legacy names the port, the device and its version", re.search(r"443.*TLS 1\.0", out) and re.search(r"goodrsa.*443.*TLSv1\.1", out), out)
    router.line("no ip http tls-version")
    check("HTTPS is enabled", wait_https(router))


def maps(router, ca, check):
    """match certificate: of all below the CA only those of the map."""
    for line in ("crypto pki certificate map ours 10", "subject-name co cn=goodrsa", "exit", "crypto pki trustpoint webec", "match certificate ours", "exit"):
        router.line(line)
    answers("goodrsa", check, "certificate map: who fits is served", ca)
    refused(router, ca, "goodec", "map", check)
    for line in ("crypto pki trustpoint webec", "no match certificate ours", "exit"):
        router.line(line)
    answers("goodec", check, "without it the other one too", ca)


def background(ca, *args):
    return subprocess.Popen(["ip", "netns", "exec", NET, *args], cwd=ca.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def answers(client, check, name, ca):
    out = s_client(ca, client)
    check(name, ANSWER in out, out[-800:])


def methods(router, *words):
    for line in ("crypto pki trustpoint webec", "revocation-check " + " ".join(words), "exit"):
        router.line(line)
    router.line("do clear crypto pki crls")


def long_session(router, ca, check):
    """A peer is connected while its certificate is revoked (PKI-23)."""
    p = subprocess.Popen(["ip", "netns", "exec", NET, "openssl", "s_client", "-connect", f"{HOST}:443", "-quiet", "-no_ign_eof", "-cert",
                          ca.path("goodec.pem"), "-key", ca.path("goodec.key"), "-cert_chain", ca.path("goodec-chain.pem")],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        p.stdin.write(b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n")
        p.stdin.flush()
        shown = b""
        while ANSWER.encode() not in shown and select.select([p.stdout], [], [], PATIENCE)[0]:
            if not (more := os.read(p.stdout.fileno(), 65536)):
                break
            shown += more
        check("a long session is open", ANSWER.encode() in shown and p.poll() is None, shown)
        ca.index("int", ["goodrsa"], ["revoked", "goodec"])
        router.line("do clear crypto pki crls webec")
        check("it ends when the list says revoked", until(lambda: p.poll() is not None) is True, router.log[-800:])
        refused(router, ca, "goodec", "certificate is revoked", check)
    finally:
        p.kill()
        p.wait()


def revocation(router, ca, check):
    ca.index("root", ["int"])
    ca.index("int", ["goodrsa", "goodec"], ["revoked"])
    web = background(ca, "python3", "-m", "http.server", "8080", "--bind", HOST)
    ocsp = background(ca, "openssl", "ocsp", "-port", "8081", "-index", "int.index", "-CA", "int.pem", "-rsigner", "ocsp.pem", "-rkey", "ocsp.key",
                      "-resp_key_id", "-ndays", "1")   # a responder that the authority named (RFC 6960 4.2.2.2)
    try:
        until(lambda: all(port in in_net(NET, "ss", "-ltn").stdout for port in (b":8080 ", b":8081 ")))
        answers("revoked", check, "without revocation-check a revoked certificate is taken", ca)
        methods(router, "crl")
        refused(router, ca, "revoked", "certificate is revoked", check)
        answers("goodrsa", check, "revocation-check crl: the others are served", ca)
        out = router.line("do show crypto pki crls")
        check("show crypto pki crls lists both lists", "cn=int,o=lab" in out and "cn=root,o=lab" in out and
              "Number of CRL entries: 1" in out, out)
        methods(router, "ocsp", "crl")
        refused(router, ca, "revoked", "certificate is revoked", check)
        answers("goodrsa", check, "revocation-check ocsp crl: the others are served", ca)
        methods(router, "crl")
        long_session(router, ca, check)
        web.kill()
        ocsp.kill()
        web.wait()
        ocsp.wait()
        methods(router, "crl")
        refused(router, ca, "goodrsa", "CRL fetch for trustpoint webec failed", check)
        methods(router, "ocsp", "none")
        answers("goodrsa", check, "revocation-check ocsp none: nobody answers, and that is allowed", ca)
        methods(router, "none")
    finally:
        for p in (web, ocsp):
            p.kill()
            p.wait()


def main():
    checks = Checks()
    drop_net(NET)
    folder = tempfile.mkdtemp(prefix="tls-")
    try:
        ca = Authority(folder)
        ca.client("goodrsa")
        ca.client("goodec", kind="ec")
        ca.client("good384", kind="ec384")
        ca.client("revoked")
        ca.issue("ocsp", "int", "/CN=ocsp", "keyUsage=critical,digitalSignature\nextendedKeyUsage=OCSPSigning\n", kind="ec")
        ca.client("unknown", issuer="stranger")
        ca.client("weak", more=("-sha1",))
        ca.client("expired", more=("-days", "0"))
        ca.issue("serveronly", "int", "/CN=serveronly", "keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n")
        ca.client("notca", issuer="root")
        ca.issue("belownoca", "notca", "/CN=belownoca", "keyUsage=critical,digitalSignature\n")
        with open(ca.path("belownoca-chain.pem"), "a") as f:
            f.write(open(ca.path("notca.pem")).read())
        with boot() as router:
            self_signed(router, checks.check)
            mutual(router, ca, checks.check)
            refusals(router, ca, checks.check)
            out = router.line("do show crypto pki certificates verbose webec")
            checks.check("show crypto pki certificates verbose tells the verdict", out.count("  Validation: valid\n") == 2, out)
            revocation(router, ca, checks.check)
            maps(router, ca, checks.check)
            old_versions(router, ca, checks.check)
            checks.check("the router stops tidily", router.stop() == 0)
    finally:
        drop_net(NET)
        shutil.rmtree(folder, ignore_errors=True)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
