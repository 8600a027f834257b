#!/usr/bin/python3
"""A certificate server among bad clients: every wrong request is refused with a reason and counted, good ones go on.

Then requests by hand, one-time passwords, and OCSP judged by openssl and gnutls."""
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from router import Checks, Router, drop_net, in_net  # noqa: E402
from scep_client import Client, certificate, run, status  # noqa: E402

NET = f"parley-ra-{os.getpid()}"
U = "http://10.77.0.1/cgi-bin/pkiclient.exe"
OCSP = "http://10.77.0.1/ocsp"
CONFIG = f"""enable
configure terminal
no logging rate-limit
hostname lab
interface GigabitEthernet0/0
 ip address 10.77.0.1 255.255.255.0
 no shutdown
ip http server
crypto pki trustpoint labca
 rsakeypair labca 2048
 revocation-check none
 ocsp url {OCSP}
crypto pki server labca
 issuer-name CN=labca,O=lab
 grant auto
end
"""
HALF_OPEN = """
import socket, sys, time
held = []
for i in range(500):
    s = socket.socket()
    s.settimeout(60)
    try:
        s.connect(("10.77.0.1", 80))
        if i % 2: s.send(b"POST /cgi-bin/pkiclient.exe?operation=PKIOperation HTTP/1.1\\r\\nHo")
    except OSError:
        pass
    held.append(s)
print("open", flush=True)
sys.stdin.read()
"""
SLOW = """
import socket, sys, time
s = socket.create_connection(("10.77.0.1", 80), 60)
print("open", flush=True)
message = b"POST /cgi-bin/pkiclient.exe?operation=PKIOperation HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 60000\\r\\n\\r\\n" + b"0" * 60000
try:
    for b in message:
        s.send(bytes([b])); time.sleep(0.02)
except OSError:
    pass
"""


def post(message, target=U):
    p = in_net(NET, "curl", "-s", "-m", "60", "-o", "-", "-w", "\n%{http_code}", "--data-binary", "@-", "-H",
               "Content-Type: application/x-pki-message", f"{target}?operation=PKIOperation", input=message)
    body, _, code = p.stdout.rpartition(b"\n")
    return code.decode(), body


def get(message):
    text = base64.b64encode(message).decode().replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    return in_net(NET, "curl", "-s", "-m", "60", f"{U}?operation=PKIOperation&message={text}").stdout


def counted(router, name):
    found = re.search(re.escape(name) + r": (\d+)", router.line("show crypto pki counters"))
    return int(found[1]) if found else -1


class Story:
    def __init__(self, router, folder, check):
        self.router, self.folder, self.check = router, folder, check
        self.ca = os.path.join(folder, "ca.pem")
        der = in_net(NET, "curl", "-s", "-m", "60", f"{U}?operation=GetCACert&message=0").stdout
        run("openssl", "x509", "-inform", "der", "-out", self.ca, stdin=der)

    def enrols(self, name, how="post", **options):
        """A client that does everything right."""
        client = Client(self.folder, name, **options)
        reply = get(client.message(self.ca)) if how == "get" else post(client.message(self.ca))[1]
        text = certificate(reply, client) if status(reply)[0] == "success" else ""
        path = os.path.join(self.folder, f"{name}.pem")
        with open(path, "w") as f:
            f.write(text[text.find("-----BEGIN"):])
        p = subprocess.run(["openssl", "verify", "-x509_strict", "-CAfile", self.ca, path], capture_output=True, check=False)
        self.check(f"a good client enrols ({name}, {how.upper()})", p.returncode == 0, f"{status(reply)} {p.stderr}")
        return client, path

    def refused(self, what, counter, message, log, http="200"):
        before = counted(self.router, counter)
        code, reply = post(message)
        told = status(reply)[0] if code == "200" else code
        self.check(f"refused: {what}", code == http and told in ("failure", http), f"{code} {told}")
        after = counted(self.router, counter)
        self.check("   and counted", after == before + 1, f"{counter}: {before} -> {after}")
        self.check("   and told in the log", f"refused: {log}" in self.router.log, self.router.log[-800:])


def bad_requests(s):
    client, _ = s.enrols("r1")
    s.enrols("r2", "get")
    message = client.message(s.ca)
    s.check("a repeated request with a fresh signature gets its certificate again", status(post(message)[1])[0] == "success")
    s.refused("the very same message", "transaction replayed", message, "the message was answered before")
    other = Client(s.folder, "r3", key=client.key)
    other.transaction = client.transaction
    s.refused("the transaction of another request", "transaction replayed", other.message(s.ca), "the transaction id was used")
    broken = bytearray(open(Client(s.folder, "r4").csr, "rb").read())
    broken[-1] ^= 1
    r4 = Client(s.folder, "r4")
    s.refused("a request with a bad signature", "no proof of possession", r4.message(s.ca, bytes(broken)), "signature")
    s.refused("a key of 512 bits", "key too weak", Client(s.folder, "weak", bits=512).message(s.ca), "RSA key shorter than 1024 bits",
              http="400")
    ended = Client(s.folder, "ended", days=-2)
    s.refused("a signer whose certificate has ended", "signer expired or revoked", ended.message(s.ca), "the signer's certificate has ended")
    strange = Client(s.folder, "strange")
    s.refused("a message for another CA", "another or unknown authority", strange.message(strange.cert),
              "the envelope is not for this certificate", http="200")
    foreign = Client(s.folder, "foreign")
    s.refused("a renewal under a certificate of another CA", "another or unknown authority", foreign.message(s.ca, kind=17),
              "the signer has no certificate of this authority")
    s.refused("3DES without scep-legacy", "algorithm not allowed", Client(s.folder, "des3").message(s.ca, cipher="des-ede3-cbc"),
              "the 3DES cipher needs scep-legacy 3des")
    s.refused("SHA-1 without scep-legacy", "algorithm not allowed", Client(s.folder, "sha1").message(s.ca, digest="sha1"),
              "the SHA-1 digest needs scep-legacy 3des")
    s.refused("a damaged message", "message damaged", message[:-9] + b"\0" + message[-8:], "", http="400")
    s.refused("a message of 40 KB", "message too large", b"\x30" * 40000, "the message is larger than 32 KB", http="413")


def renewals(s):
    client, path = s.enrols("r5")
    new = Client(s.folder, "r5-new", subject=client.subject)
    reply = post(new.message(s.ca, kind=17, cert=path, key=client.key))[1]
    text = certificate(reply, new, path, client.key) if status(reply)[0] == "success" else ""
    s.check("a renewal signed with the old certificate is granted", "BEGIN" in text, status(reply))
    thief = Client(s.folder, "thief", subject="/O=lab/CN=somebody")
    s.refused("a renewal under another name", "name missing or changed", thief.message(s.ca, kind=17, cert=path, key=client.key),
              "renewal under another name")


def old_dialects(s):
    """scep-legacy: each client is answered in its own dialect."""
    s.router.line("configure terminal")
    s.router.line("crypto pki server labca")
    s.router.line("scep-legacy des")
    s.router.line("end")
    for name, cipher, digest, mark in (("old1", "des-cbc", "md5", "06082a864886f70d0205"), ("old2", "des-ede3-cbc", "sha1", "06052b0e03021a")):
        client = Client(s.folder, name)
        reply = post(client.message(s.ca, cipher=cipher, digest=digest))[1]
        text = certificate(reply, client) if status(reply)[0] == "success" else ""
        out = s.router.line("show crypto legacy")
        s.check(f"   {name} is listed by show crypto legacy", re.search(rf"{name} .*SCEP", out), out)
        s.check(f"scep-legacy des: {cipher} with {digest} is answered in kind", "BEGIN" in text and bytes.fromhex(mark) in reply, status(reply))
    client = Client(s.folder, "new1")
    reply = post(client.message(s.ca, cipher="aes-256-cbc", digest="sha512"))[1]
    s.check("   and AES-256 with SHA-512 too", "BEGIN" in certificate(reply, client) and bytes.fromhex("0609608648016503040203") in reply)
    s.router.line("configure terminal")
    s.router.line("crypto pki server labca")
    s.router.line("no scep-legacy")
    s.router.line("end")


def crowds(s):
    """Peers that hold connections open or send byte by byte; a normal client enrols meanwhile."""
    crowd = subprocess.Popen(["ip", "netns", "exec", NET, "/usr/bin/python3", "-c", HALF_OPEN], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    slow = [subprocess.Popen(["ip", "netns", "exec", NET, "/usr/bin/python3", "-c", SLOW], stdout=subprocess.PIPE) for _ in range(3)]
    try:
        opened = crowd.stdout.readline() + b"".join(p.stdout.readline() for p in slow)
        s.check("500 connections are open, three peers send byte by byte", opened.count(b"open") == 4, opened)
        s.enrols("r6")
        s.enrols("r7", "get")
        out = s.router.line("show crypto pki server")
        s.check("the console answers meanwhile", "State: enabled" in out, out)
    finally:
        crowd.stdin.close()
        for p in [crowd, *slow]:
            p.kill()
            p.wait()
    s.enrols("r8")


def passwords(s):
    out = s.router.line("crypto pki server labca password generate 30")
    found = re.search(r"% New password is ([0-9A-F]{16}), valid for 30 minutes", out)
    s.check("crypto pki server password generate", found, out)
    word = found[1] if found else ""
    s.refused("a request without the password", "challenge password wrong", Client(s.folder, "p0").message(s.ca), "the challenge password is missing")
    s.refused("a wrong challenge", "challenge password wrong", Client(s.folder, "p1", challenge="0123456789ABCDEF").message(s.ca),
              "the challenge password is wrong")
    s.enrols("p2", challenge=word)
    s.refused("the password a second time", "challenge password wrong", Client(s.folder, "p3", challenge=word).message(s.ca),
              "the challenge password was used before")
    s.check("the password is not in the log", word not in s.router.log.replace(out, ""), "")


def by_hand(s, data):
    s.router.line("configure terminal")
    s.router.line("crypto pki server labca")
    s.router.line("no grant auto")
    s.router.line("end")
    hand = Client(s.folder, "hand")
    pem = run("openssl", "req", "-inform", "der", "-in", hand.csr).decode()
    start = len(s.router.log)
    s.router.write("crypto pki server labca request pkcs10 terminal pem\n" + pem)
    s.router.wait_for(r"% Enrollment request pending, reqId=\d+\n[^\n]*#", start)
    out = s.router.line("quit")
    s.check("`quit` that comes behind the END line is no command", out.endswith("\nlab#"), out)
    number = re.search(r"reqId=(\d+)", s.router.log[start:])[1]
    out = s.router.line(f"crypto pki server labca grant {number}")
    found = re.search(r"% Granted certificate:\n(-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----)", out, re.S)
    path = os.path.join(s.folder, "hand.pem")
    with open(path, "w") as f:
        f.write(found[1] + "\n" if found else "")
    good = subprocess.run(["openssl", "verify", "-CAfile", s.ca, path], capture_output=True, check=False)
    s.check("request pkcs10 terminal: pasted, granted, openssl verifies", good.returncode == 0, out)
    filed = Client(s.folder, "filed")
    shutil.copy(filed.csr, os.path.join(data, "flash", "filed.req"))
    out = s.router.line("crypto pki server labca request pkcs10 flash:filed.req pem")
    number = re.search(r"reqId=(\d+)", out)
    s.check("request pkcs10 URL waits for the operator", number, out)
    s.router.line("crypto pki server labca grant all")
    out = s.router.line("crypto pki server labca request pkcs10 flash:filed.req pem")
    written = os.path.join(data, "flash", "filed.crt")
    good = subprocess.run(["openssl", "verify", "-CAfile", s.ca, written], capture_output=True, check=False)
    s.check("and its certificate is in flash:filed.crt", good.returncode == 0, out + good.stderr.decode())
    return path


def ocsp(s, path):
    _, text = s.folder, subprocess.run(["openssl", "x509", "-in", path, "-noout", "-ocsp_uri"], capture_output=True, check=False).stdout
    s.check("issued certificates name the ocsp url of the server's trustpoint", text.decode().strip() == OCSP, text)
    ask = ("openssl", "ocsp", "-issuer", s.ca, "-cert", path, "-url", OCSP, "-CAfile", s.ca)
    out = in_net(NET, *ask)
    s.check("openssl ocsp: good, nonce and signature verified", b": good" in out.stdout and b"Response verify OK" in out.stderr,
            out.stdout + out.stderr)
    out = in_net(NET, *ask[:2], "-sha256", *ask[2:])
    s.check("openssl ocsp with SHA-256 identifiers", b": good" in out.stdout, out.stdout + out.stderr)
    out = in_net(NET, "openssl", "ocsp", "-issuer", s.ca, "-serial", "0xABCDEF", "-url", OCSP, "-CAfile", s.ca)
    s.check("a serial number that was never used is unknown", b": unknown" in out.stdout, out.stdout + out.stderr)
    if shutil.which("ocsptool"):
        out = in_net(NET, "ocsptool", f"--ask={OCSP}", "--load-issuer", s.ca, "--load-cert", path, "--load-signer", s.ca)
        s.check("gnutls ocsptool agrees", b"Certificate Status: good" in out.stdout and b"not trusted" not in out.stdout + out.stderr,
                out.stdout[-600:] + out.stderr)
    request = run("openssl", "ocsp", "-issuer", s.ca, "-cert", path, "-no_nonce", "-reqout", "/dev/stdout")
    request = request[request.find(b"0"):] if not request.startswith(b"0") else request
    target = f"{OCSP}/" + base64.b64encode(request).decode().replace("/", "%2F").replace("+", "%2B")
    body = in_net(NET, "curl", "-s", "-m", "60", target).stdout
    out = run("openssl", "ocsp", "-respin", "/dev/stdin", "-CAfile", s.ca, "-issuer", s.ca, "-cert", path, stdin=body, good=False)
    s.check("the same by GET", b": good" in out, out)
    strange = Client(s.folder, "ocsp-strange")
    out = in_net(NET, "openssl", "ocsp", "-issuer", strange.cert, "-serial", "1", "-url", OCSP)
    s.check("another CA's certificates are not answered", b"unauthorized" in out.stdout + out.stderr, out.stdout + out.stderr)


def main():
    checks = Checks()
    drop_net(NET)
    folder, data = tempfile.mkdtemp(prefix="refusals-"), tempfile.mkdtemp(prefix="refusals-data-")
    try:
        with Router(net=NET, data=data) as router:
            router.wait_for(r"[>#]\s?$")
            router.lines(CONFIG)
            for line in ("configure terminal", "crypto pki server labca", "no shutdown", "Secret123"):
                router.line(line)
            out = router.line("Secret123")
            checks.check("certificate server enabled", "% Certificate Server enabled." in out, out)
            router.line("end")
            router.line("terminal length 0")
            story = Story(router, folder, checks.check)
            bad_requests(story)
            renewals(story)
            old_dialects(story)
            crowds(story)
            passwords(story)
            ocsp(story, by_hand(story, data))
            checks.check("the router stops tidily", router.stop() == 0)
    finally:
        drop_net(NET)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
