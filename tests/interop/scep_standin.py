"""A certificate authority that is not ours: SCEP over http.server, every certificate and signature made by the openssl program.
The few DER frames openssl cannot write (SCEP's signed attributes) are put together here; nothing is shared with the router."""
# SPDX-License-Identifier: GPL-3.0-or-later
import hashlib
import http.server
import os
import re
import subprocess
import sys
import urllib.parse

SCEP = "2.16.840.1.113733.1.9."


def openssl(*args, stdin=None):
    p = subprocess.run(["openssl", *args], input=stdin, capture_output=True, timeout=30)
    if p.returncode:
        raise ValueError(f"openssl {args[0]} {args[1] if len(args) > 1 else ''}: {p.stderr.decode(errors='replace')[-300:]}")
    return p.stdout


def tlv(tag, *parts):
    body = b"".join(parts)
    n = len(body)
    head = bytes([n]) if n < 128 else bytes([0x80 | (n.bit_length() + 7) // 8]) + n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([tag]) + head + body


def oid(dotted):
    first, second, *rest = (int(x) for x in dotted.split("."))
    out = b""
    for arc in [first * 40 + second, *rest]:
        part = bytes([arc & 0x7f])
        while arc := arc >> 7:
            part = bytes([0x80 | arc & 0x7f]) + part
        out += part
    return tlv(6, out)


def values(der):
    """The values of one level: (tag, content, whole)."""
    at, out = 0, []
    while at < len(der):
        n, head = der[at + 1], 2
        if n & 0x80:
            head = 2 + (n & 0x7f)
            n = int.from_bytes(der[at + 2:at + head], "big")
        out.append((der[at], der[at + head:at + head + n], der[at:at + head + n]))
        at += head + n
    return out


class Authority:
    def __init__(self, folder, caps="AES\nPOSTPKIOperation\nSHA-256\nRenewal\n", pending=0):
        self.folder, self.caps, self.pending, self.log, self.serial = folder, caps, pending, [], 100
        self.days = "30"
        self.key, self.pem = self.path("ca.key"), self.path("ca.pem")
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.key, "-out", self.pem, "-subj", "/O=elsewhere/CN=standin",
                "-addext", "keyUsage=critical,keyCertSign,cRLSign,digitalSignature,keyEncipherment", "-days", "60")
        self.der = openssl("x509", "-in", self.pem, "-outform", "der")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as f:
            f.write(data)
        return self.path(name)

    def attributes(self, message):
        text = openssl("asn1parse", "-inform", "der", stdin=message).decode()
        found, lines = {}, text.splitlines()
        for i, line in enumerate(lines):
            hit = re.search(re.escape(SCEP) + r"(\d+)$|:id-smime-|OBJECT +:(transactionID|transId|messageType|senderNonce)$", line)
            name = hit and (hit[1] or {"transactionID": "7", "transId": "7", "messageType": "2", "senderNonce": "5"}.get(hit[2]))
            value = name and re.search(r"(?:PRINTABLESTRING +:|\[HEX DUMP\]:)(.*)$", lines[i + 2])
            if value:
                found[name] = value[1].strip()
        return found["2"], found["7"], bytes.fromhex(found["5"])

    def operation(self, message):
        kind, transaction, nonce = self.attributes(message)
        path = self.write("message.der", message)
        content = self.path("content.der")
        openssl("cms", "-verify", "-inform", "der", "-noverify", "-binary", "-in", path, "-out", content, "-signer", self.path("signer.pem"))
        inner = openssl("cms", "-decrypt", "-inform", "der", "-binary", "-in", content, "-inkey", self.key, "-recip", self.pem)
        self.log.append(kind)
        if kind == "17":   # RenewalReq: the signer must have a certificate of ours
            openssl("verify", "-CAfile", self.pem, self.path("signer.pem"))
        if kind != "20":
            self.write("request.der", inner)
            openssl("req", "-inform", "der", "-in", self.path("request.der"), "-noout", "-verify")
        if self.pending:
            self.pending -= 1
            return self.reply(transaction, nonce, "3", b"")
        return self.reply(transaction, nonce, "0", self.issue())

    def issue(self):
        self.serial += 1
        cert = self.path(f"{self.serial}.pem")
        openssl("x509", "-req", "-inform", "der", "-in", self.path("request.der"), "-CA", self.pem, "-CAkey", self.key, "-set_serial",
                str(self.serial), "-days", self.days, "-copy_extensions", "copyall", "-out", cert)
        bag = self.write("bag.der", openssl("crl2pkcs7", "-nocrl", "-certfile", cert, "-outform", "der"))
        return openssl("cms", "-encrypt", "-binary", "-outform", "der", "-aes-128-cbc", "-in", bag, self.path("signer.pem"))

    def reply(self, transaction, nonce, status, envelope):
        def attribute(number, tag, value):
            return tlv(0x30, oid(SCEP + number if number.isdigit() else number), tlv(0x31, tlv(tag, value)))
        signed = [tlv(0x30, oid("1.2.840.113549.1.9.3"), tlv(0x31, oid("1.2.840.113549.1.7.1"))),
                  attribute("1.2.840.113549.1.9.4", 4, hashlib.sha256(envelope).digest()),
                  attribute("2", 0x13, b"3"), attribute("3", 0x13, status.encode()), attribute("7", 0x13, transaction.encode()),
                  attribute("5", 4, os.urandom(16)), attribute("6", 4, nonce)]
        body = b"".join(sorted(signed))
        signature = openssl("dgst", "-sha256", "-sign", self.key, self.write("attributes.der", tlv(0x31, body)))
        fields = values(values(values(self.der)[0][1])[0][1])
        serial, issuer = fields[1][2], fields[3][2]
        sha256 = tlv(0x30, oid("2.16.840.1.101.3.4.2.1"), b"\5\0")
        info = tlv(0x30, tlv(2, b"\1"), tlv(0x30, issuer, serial), sha256, tlv(0xa0, body),
                   tlv(0x30, oid("1.2.840.113549.1.1.1"), b"\5\0"), tlv(4, signature))
        content = tlv(0x30, oid("1.2.840.113549.1.7.1"), tlv(0xa0, tlv(4, envelope)) if envelope else b"")
        data = tlv(0x30, tlv(2, b"\1"), tlv(0x31, sha256), content, tlv(0xa0, self.der), tlv(0x31, info))
        return tlv(0x30, oid("1.2.840.113549.1.7.2"), tlv(0xa0, data))


def handler_of(authority):
    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self, kind, body, status=200):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
            operation = query.get("operation", [""])[0]
            if operation == "GetCACaps":
                return self.answer("text/plain", authority.caps.encode())
            if operation == "GetCACert":
                return self.answer("application/x-x509-ca-cert", authority.der)
            self.answer("text/plain", b"unknown", 404)

        def do_POST(self):
            message = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                self.answer("application/x-pki-message", authority.operation(message))
            except (ValueError, KeyError) as e:
                print(f"refused: {e}", flush=True)
                self.answer("text/plain", str(e).encode(), 400)
            with open(authority.path("log"), "w") as f:
                f.write(" ".join(authority.log))

        def log_message(self, *args):
            pass
    return Handler


if __name__ == "__main__":   # scep_standin.py FOLDER ADDRESS PORT [PENDING]
    ca = Authority(sys.argv[1], pending=int(sys.argv[4]) if len(sys.argv) > 4 else 0)
    server = http.server.HTTPServer((sys.argv[2], int(sys.argv[3])), handler_of(ca))
    print("ready", flush=True)
    server.serve_forever()
