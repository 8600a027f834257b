"""A SCEP client by hand (RFC 8894): openssl makes keys, requests, envelopes and signatures, the DER around them is ours.

Made to send what no well-behaved client sends: any digest, any cipher, damaged and repeated messages."""
# SPDX-License-Identifier: GPL-3.0-or-later
import hashlib
import os
import subprocess
import time

CONTENT_TYPE = "2a864886f70d010903"
MESSAGE_DIGEST = "2a864886f70d010904"
DATA = "2a864886f70d010701"
SIGNED = "2a864886f70d010702"
RSA = "2a864886f70d010101"
SCEP = "6086480186f84501 09".replace(" ", "")
LEGACY = ("-provider", "legacy", "-provider", "default")   # single DES
DIGESTS = {"sha256": "608648016503040201", "sha512": "608648016503040203", "sha1": "2b0e03021a", "md5": "2a864886f70d0205"}


def der(tag, *parts):
    body = b"".join(parts)
    n = len(body)
    size = bytes([n]) if n < 128 else bytes([0x80 | (n.bit_length() + 7) // 8]) + n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([tag]) + size + body


def oid(text):
    return der(6, bytes.fromhex(text))


def run(*args, stdin=None, good=True):
    p = subprocess.run(args, input=stdin, capture_output=True, timeout=30, check=False)
    if good and p.returncode:
        raise RuntimeError(f"{args}: {p.stderr.decode()}")
    return p.stdout


def take(data):
    """First DER value: whole, content, rest."""
    n, at = data[1], 2
    if n & 0x80:
        at = 2 + (n & 0x7f)
        n = int.from_bytes(data[2:at], "big")
    return data[:at + n], data[at:at + n], data[at + n:]


class Client:
    """Key, self-signed certificate and request of one device, in files of `folder`."""

    def __init__(self, folder, name, bits=2048, challenge="", subject=None, days=30, key=None):
        self.folder, self.name = folder, name
        self.key, self.cert, self.csr = (os.path.join(folder, f"{name}.{e}") for e in ("key", "self", "csr"))
        self.subject = subject or f"/O=lab/CN={name}"
        self.key = key or self.key
        if key is None:
            run("openssl", "genrsa", "-out", self.key, str(bits))
        conf = os.path.join(folder, f"{name}.cnf")
        with open(conf, "w") as f:
            names = "\n".join(self.subject.strip("/").split("/"))
            f.write(f"[req]\nprompt=no\ndistinguished_name=dn\nattributes=at\n[dn]\n{names}\n[at]\n")
            if challenge:
                f.write(f"challengePassword={challenge}\n")
        run("openssl", "req", "-new", "-key", self.key, "-config", conf, "-outform", "der", "-out", self.csr)
        self.sign_self(days)
        self.transaction = hashlib.md5(open(self.csr, "rb").read()).hexdigest().upper()
        self.nonce = os.urandom(16)

    def sign_self(self, days):
        """days < 0: it has ended already."""
        csr = open(self.csr, "rb").read()
        _, name, rest = [None, *take(take(take(take(csr)[1])[1])[2])[::2]]
        now = time.time()
        validity = der(0x30, *(der(0x17, time.strftime("%y%m%d%H%M%SZ", time.gmtime(t)).encode())
                               for t in (min(now, now + (days - 1) * 86400), now + days * 86400)))
        algorithm = der(0x30, oid("2a864886f70d01010b"), der(5))
        tbs = der(0x30, der(0xa0, der(2, b"\2")), der(2, b"\1"), algorithm, name, validity, name, take(rest)[0])
        signature = run("openssl", "dgst", "-sha256", "-sign", self.key, stdin=tbs)
        run("openssl", "x509", "-inform", "der", "-out", self.cert, stdin=der(0x30, tbs, algorithm, der(3, b"\0", signature)))

    def envelope(self, content, ca, cipher="aes-128-cbc"):
        return run("openssl", "cms", "-encrypt", *LEGACY, "-binary", "-outform", "der", f"-{cipher}", ca, stdin=content)

    def message(self, ca, content=None, kind=19, cipher="aes-128-cbc", digest="sha256", cert=None, key=None):
        """pkiMessage; `ca`: file of the recipient's certificate."""
        body = self.envelope(open(self.csr, "rb").read() if content is None else content, ca, cipher)
        cert_der = run("openssl", "x509", "-in", cert or self.cert, "-outform", "der")

        def attribute(o, value):
            return der(0x30, oid(o), der(0x31, value))

        attributes = sorted([
            attribute(CONTENT_TYPE, oid(DATA)),
            attribute(MESSAGE_DIGEST, der(4, hashlib.new(digest, body).digest())),
            attribute(SCEP + "02", der(0x13, str(kind).encode())),
            attribute(SCEP + "05", der(4, self.nonce)),
            attribute(SCEP + "07", der(0x13, self.transaction.encode()))])
        signature = run("openssl", "dgst", f"-{digest}", "-sign", key or self.key, stdin=der(0x31, *attributes))
        tbs = take(take(cert_der)[1])[1]
        if tbs[0] == 0xa0:
            tbs = take(tbs)[2]
        serial, _, rest = take(tbs)
        issuer = take(take(rest)[2])[0]
        algorithm = der(0x30, oid(DIGESTS[digest]), der(5))
        signer = der(0x30, der(2, b"\1"), der(0x30, issuer, serial), algorithm, der(0xa0, *attributes),
                     der(0x30, oid(RSA), der(5)), der(4, signature))
        return der(0x30, oid(SIGNED), der(0xa0, der(0x30, der(2, b"\1"), der(0x31, algorithm),
                   der(0x30, oid(DATA), der(0xa0, der(4, body))), der(0xa0, cert_der), der(0x31, signer))))


def attribute(reply, arc):
    """Value of a SCEP attribute in a message; None: not there."""
    at = reply.find(bytes.fromhex(SCEP) + bytes([arc]))
    return take(take(reply[at + 10:])[1])[1] if at >= 0 else None


def status(reply):
    """("success" | "failure" | "pending" | "no message", failInfo)"""
    value = attribute(reply, 3)
    return {b"0": "success", b"2": "failure", b"3": "pending"}.get(value, "no message"), attribute(reply, 4)


def certificate(reply, client, cert=None, key=None):
    """PEM of the certificates in a success answer, the signature of the answer checked."""
    envelope = run("openssl", "cms", "-verify", "-noverify", "-binary", "-inform", "der", stdin=reply)
    bag = run("openssl", "cms", "-decrypt", *LEGACY, "-binary", "-inform", "der", "-inkey", key or client.key, "-recip", cert or client.cert,
              stdin=envelope)
    return run("openssl", "pkcs7", "-inform", "der", "-print_certs", stdin=bag).decode()
