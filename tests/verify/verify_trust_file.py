#!/usr/bin/python3
# Judges CTL, ITL, .sgn and .enc.sgn files without any code of the router: own TLV reader, certificates and signatures by openssl.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: verify_trust_file.py list FILE [--stored OLD] [--secure|--nonsecure]
       verify_trust_file.py signed FILE --name NAME (--list LIST | --certificate CERT) [--body FILE]
       verify_trust_file.py encrypted FILE --name NAME (--list LIST | --certificate CERT) --key PEM [--body FILE]

list    the signer is a SAST record of FILE (and of OLD, the list a phone already stores), the signature holds, each
        record says what its certificate says
signed  the signer is a TFTP record of LIST (or the owner of CERT), the file was made for NAME, its body is FILE
encrypted  as signed; the private key of the phone opens it, the digest holds, the plain text is FILE
Prints what it found. Exit status 0: accepted; 1: refused, the last line says why.
"""
import argparse
import functools
import os
import subprocess
import sys
import tempfile
import time

ROLES = {0: "SAST", 1: "CCM", 2: "CCM+TFTP", 3: "TFTP", 4: "CAPF", 7: "APP-SERVER", 21: "TVS"}
VERSIONS = {(1, 2): "list", (1, 0): "signed", (2, 0): "encrypted"}
DIGESTS = {1: "sha1", 3: "sha512"}
HEADER_CONTAINERS = {3: {4, 5, 6}, 7: {8, 9}, 9: {10, 11}, 16: {17, 21}, 17: {18, 19, 20}, 21: {22, 23, 24, 25}}
HEADER_TOP = {"list": {1, 2, 28, 3, 7, 12, 14, 15}, "signed": {1, 2, 3, 7, 12, 14, 15},
              "encrypted": {1, 2, 3, 7, 12, 14, 15, 16, 26, 27}}
HEADER_SINGLE = {4, 5, 6, 8, 10, 11, 12, 14, 15}


class Refused(Exception):
    pass


def need(condition, why):
    if not condition:
        raise Refused(why)


# ---- TLV

def tlvs(data, begin, end):
    """(tag, offset of the tag, value) of data[begin:end]; `padding` bytes are left to the caller."""
    at = begin
    while at < end:
        need(at + 3 <= end, f"cut field at {at}")
        length = int.from_bytes(data[at + 1:at + 3], "big")
        need(at + 3 + length <= end, f"field {data[at]} at {at} runs past its end")
        yield data[at], at, data[at + 3:at + 3 + length]
        at += 3 + length


def string(value, what):
    need(value.endswith(b"\0") and value.count(b"\0") == 1 and len(value) <= 4097, f"{what} is not ended by one NUL")
    return value[:-1].decode("utf-8", "surrogateescape")


class Header:
    def __init__(self, data):
        need(len(data) >= 10, "too short for a header")
        need(data[:3] == b"\x01\x00\x02" and data[5:8] == b"\x02\x00\x02", "does not begin with version and header length")
        self.version = (data[3], data[4])
        need(self.version in VERSIONS, f"unknown version {self.version}")
        self.kind = VERSIONS[self.version]
        self.length = int.from_bytes(data[8:10], "big")
        need(10 <= self.length <= len(data), f"header length {self.length} of a file of {len(data)}")
        self.fields = {}
        end = self.length
        while end > 10 and data[end - 1] == 13 and self.length - end < 3 and not self._whole(data, end):
            end -= 1
        self._read(data, 10, end, HEADER_TOP[self.kind])
        for tag in HEADER_SINGLE:
            need(tag in self.fields, f"header field {tag} is missing")
        self.signer = string(self.fields[4][1], "signer name")
        self.issuer = string(self.fields[6][1], "issuer name")
        self.serial = self.fields[5][1]
        need(self.serial, "empty serial number")
        self.digest = DIGESTS.get(self._number(8))
        need(self.digest, f"digest algorithm {self._number(8)} is not used in these files")
        need(self._number(10) == 0, "unknown signature algorithm")
        need(self._number(11) <= 3, "unknown modulus code")
        self.bits = {0: 512, 1: 1024, 2: 2048, 3: 4096}[self._number(11)]
        at, self.signature = self.fields[12]
        need(len(self.signature) * 8 == self.bits, "signature size and modulus code differ")
        self.signed = data[:at] + data[at + 3 + len(self.signature):]
        self.name = string(self.fields[14][1], "file name")
        need(len(self.fields[15][1]) == 4, "timestamp is not a 32-bit number")
        self.time = int.from_bytes(self.fields[15][1], "big")
        self.body = data[self.length:]

    def _number(self, tag):
        need(len(self.fields[tag][1]) == 1, f"header field {tag} is not one byte")
        return self.fields[tag][1][0]

    def _whole(self, data, end):
        """Does the header end exactly with a field when read up to `end`?"""
        try:
            for _ in tlvs(data, 10, end):
                pass
            return True
        except Refused:
            return False

    def _read(self, data, begin, end, allowed):
        for tag, at, value in tlvs(data, begin, end):
            need(tag in allowed, f"header field {tag} at {at} is unknown there")
            need(tag not in self.fields, f"header field {tag} stands twice")
            self.fields[tag] = (at, value)
            if tag in HEADER_CONTAINERS:
                self._read(data, at + 3, at + 3 + len(value), HEADER_CONTAINERS[tag])


def records(body):
    at = 0
    while at < len(body):
        need(body[at:at + 3] == b"\x01\x00\x02" and at + 5 <= len(body), f"no record begins at {at}")
        length = int.from_bytes(body[at + 3:at + 5], "big")
        need(5 <= length <= len(body) - at, f"record length {length} at {at}")
        fields = {}
        for tag, _, value in tlvs(body, at + 5, at + length):
            need(tag not in fields and tag != 1, f"record field {tag} stands twice")
            fields[tag] = value
        need(len(fields.get(4, b"")) == 2, f"record at {at} has no role")
        yield Record(fields)
        at += length


class Record:
    def __init__(self, fields):
        self.fields = fields
        self.role = ROLES.get(int.from_bytes(fields[4], "big"), str(int.from_bytes(fields[4], "big")))
        self.dns = string(fields[2], "server name") if 2 in fields else None
        self.subject = string(fields[3], "subject") if 3 in fields else None
        self.issuer = string(fields[5], "issuer") if 5 in fields else None
        self.serial = fields.get(6)
        self.certificate = fields.get(9)
        need(10 not in fields or len(fields[10]) in (4, 16), "address is neither IPv4 nor IPv6")
        self.address = ".".join(map(str, fields[10])) if len(fields.get(10, b"")) == 4 else None

    def check(self):
        """Every field against the certificate; returns the set of name styles that fit."""
        if self.certificate is None:
            return {"cisco", "comma"}
        c = certificate(self.certificate)
        need(self.serial in (None, c.serial), f"{self.role}: serial {self.serial and self.serial.hex()}, certificate {c.serial.hex()}")
        need(self.fields.get(7) in (None, c.key), f"{self.role}: key differs from the certificate")
        need(self.fields.get(8) in (None, c.signature), f"{self.role}: signature field differs from the certificate")
        styles = {style for style in ("cisco", "comma")
                  if self.subject in (None, c.subject[style]) and self.issuer in (None, c.issuer[style])}
        need(styles, f"{self.role}: names {self.subject!r}, {self.issuer!r} are not those of the certificate {c.subject}")
        return styles

    def __str__(self):
        return f"{self.role:10} {self.address or '-':15} {self.dns or '-':15} {self.subject or '(no certificate)'}"


# ---- certificates, read by openssl

def openssl(*command, data=None):
    return subprocess.run(["openssl", *command], input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30)


def der_items(data):
    at = 0
    while at < len(data):
        size, head = data[at + 1], 2
        if size & 0x80:
            head += size & 0x7f
            size = int.from_bytes(data[at + 2:at + head], "big")
        yield data[at], data[at + head:at + head + size]
        at += head + size


def bits_of_second(der, index):
    """Content of the BIT STRING at `index` inside the outer SEQUENCE."""
    inside = next(der_items(der))[1]
    return list(der_items(inside))[index][1][1:]


ESCAPED = {c: "\\" + c for c in ',;+"<>\\'}


def names(text):
    pairs = [line.strip().split("=", 1) for line in text.splitlines() if "=" in line]
    cisco = ";".join(f"{k}={v}" for key in ("CN", "OU", "O", "L", "ST", "C") for k, v in pairs if k == key)
    comma = ",".join(f"{k}={''.join(ESCAPED.get(c, c) for c in v)}" for k, v in pairs)
    return {"cisco": cisco, "comma": comma}


class Certificate:
    def __init__(self, der):
        found = openssl("x509", "-inform", "DER", "-outform", "DER", data=der)
        need(found.returncode == 0 and found.stdout == der, "not a certificate")

        def ask(option):
            out = openssl("x509", "-inform", "DER", "-noout", option, "-nameopt", "sep_multiline,sname,utf8", data=der)
            return out.stdout.decode("utf-8", "surrogateescape").split("=", 1)[1]
        self.subject, self.issuer = names(ask("-subject")), names(ask("-issuer"))
        digits = ask("-serial").strip().lstrip("-")
        self.serial = bytes.fromhex(digits if len(digits) % 2 == 0 else "0" + digits)
        self.pem = openssl("x509", "-inform", "DER", "-noout", "-pubkey", data=der).stdout
        spki = openssl("pkey", "-pubin", "-outform", "DER", data=self.pem).stdout
        self.key = bits_of_second(spki, 1)
        self.rsa = b"rsaEncryption" in openssl("x509", "-inform", "DER", "-noout", "-text", data=der).stdout.split(b"Public Key Algorithm:", 1)[1][:40]
        self.bits = 0
        if self.rsa:
            modulus = openssl("rsa", "-pubin", "-noout", "-modulus", data=self.pem).stdout.strip().split(b"=")[1]
            self.bits = int(modulus, 16).bit_length()
        self.signature = bits_of_second(der, 2)


@functools.lru_cache(maxsize=None)
def certificate(der):
    try:
        return Certificate(der)
    except (IndexError, StopIteration, ValueError):
        raise Refused("a certificate that openssl cannot read completely") from None


def load_certificate(path):
    data = open(path, "rb").read()
    if b"-----BEGIN" in data:
        data = openssl("x509", "-outform", "DER", data=data).stdout
    return data


def check_signature(header, cert):
    need(cert.rsa, "the signer has no RSA key")
    need(cert.bits == header.bits and cert.bits >= 1024, f"signer key of {cert.bits} bits, modulus code for {header.bits}")
    with tempfile.TemporaryDirectory() as folder:
        key, signature = os.path.join(folder, "key"), os.path.join(folder, "signature")
        open(key, "wb").write(cert.pem)
        open(signature, "wb").write(header.signature)
        found = openssl("dgst", "-" + header.digest, "-verify", key, "-signature", signature, data=header.signed)
    need(found.returncode == 0 and found.stdout.strip() == b"Verified OK", "the signature does not hold")


# ---- the two verdicts

def signer_record(found, header, roles, where):
    mine = [r for r in found if r.role in roles and r.issuer == header.issuer and r.serial == header.serial]
    need(mine, f"the signer {header.signer} (serial {header.serial.hex()}) has no {'/'.join(roles)} record in {where}")
    need(mine[0].certificate is not None, "the record of the signer holds no certificate")
    return mine[0]


def read_list(data, where):
    header = Header(data)
    need(header.kind == "list", f"{where} is not a list")
    found = list(records(header.body))
    styles = {"cisco", "comma"}
    for record in found:
        styles &= record.check()
    need(styles, "two styles of names in one file")
    need(1 <= sum(r.role == "SAST" for r in found) <= 2, "a list holds one or two SAST records")
    return header, found


def verify_ctl(data, stored=None):
    header, found = read_list(data, "the file")
    own = signer_record(found, header, ("SAST",), "the file")
    check_signature(header, certificate(own.certificate))
    if stored is not None:
        old_header, old = read_list(stored, "the stored list")
        before = signer_record(old, header, ("SAST",), "the stored list")
        check_signature(header, certificate(before.certificate))
        need(header.time > old_header.time or data == stored, "not newer than the stored list")
    return header, found


def verify_signed(data, trusted, name):
    """trusted: the bytes of a list, or a certificate in DER."""
    header = Header(data)
    need(header.kind in ("signed", "encrypted"), "not a signed file")
    need(header.name == name, f"signed for the name {header.name}, asked for {name}")
    if trusted[:1] == b"\x01":
        _, found = read_list(trusted, "the list")
        cert = certificate(signer_record(found, header, ("TFTP", "CCM+TFTP"), "the list").certificate)
    else:
        cert = certificate(trusted)
    need(header.serial == cert.serial and header.issuer in cert.issuer.values() and header.signer in cert.subject.values(),
         f"signed by {header.signer}, not by the trusted signer")
    check_signature(header, cert)
    return header


def decrypt(header, key):
    """Plain text of an encrypted file; key: path of the phone's private key."""
    need(header.kind == "encrypted", "not an encrypted file")
    for tag in (18, 19, 20, 22, 23, 24, 25, 26, 27):
        need(tag in header.fields, f"header field {tag} is missing")
    iv, wrapped = header.fields[19][1], header.fields[25][1]
    pad = int.from_bytes(header.fields[20][1], "big")
    need(len(iv) == 16 and len(header.fields[20][1]) == 2 and 1 <= pad <= 16, f"padding count {pad}")
    need(header.body and len(header.body) % 16 == 0, "the cipher text is not made of whole blocks")
    need(int.from_bytes(header.fields[23][1], "big") == 8 * len(wrapped), "size of the wrapped key")
    need(header._number(24) == 1 and DIGESTS.get(header._number(26)) == header.digest, "algorithms")
    found = openssl("pkeyutl", "-decrypt", "-inkey", key, "-pkeyopt", "rsa_padding_mode:pkcs1", data=wrapped)
    need(found.returncode == 0, "the key of this phone does not open it")
    need(len(found.stdout) == 16, f"the unwrapped key has {len(found.stdout)} bytes")
    found = openssl("enc", "-d", "-aes-128-cbc", "-nopad", "-K", found.stdout.hex(), "-iv", iv.hex(), data=header.body)
    need(found.returncode == 0, "the cipher text cannot be decrypted")
    plain = found.stdout[:-pad]
    digest = openssl("dgst", "-" + header.digest, "-binary", data=plain).stdout
    need(digest == header.fields[27][1], "the digest of the plain text does not hold")
    return plain


def describe(header):
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(header.time))
    return f"{header.name}: {header.digest}, RSA {header.bits}, {when} UTC, signed by {header.signer}"


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("kind", choices=("list", "signed", "encrypted"))
    parser.add_argument("file")
    parser.add_argument("--stored")
    parser.add_argument("--secure", action="store_true")
    parser.add_argument("--nonsecure", action="store_true")
    parser.add_argument("--name")
    parser.add_argument("--list")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--body")
    a = parser.parse_args()
    data = open(a.file, "rb").read()
    try:
        if a.kind == "list":
            header, found = verify_ctl(data, open(a.stored, "rb").read() if a.stored else None)
            print(describe(header))
            for record in found:
                print(f"  {record}")
            servers = [r for r in found if r.role in ("CCM", "CCM+TFTP")]
            need(not a.secure or servers and all(r.certificate for r in servers), "no call manager with a certificate")
            need(not a.nonsecure or not any(r.certificate for r in servers), "a call manager has a certificate")
        else:
            need(a.name and (a.list or a.certificate), "--name and --list or --certificate are needed")
            trusted = open(a.list, "rb").read() if a.list else load_certificate(a.certificate)
            header = verify_signed(data, trusted, a.name)
            print(describe(header))
            body = header.body
            if a.kind == "encrypted":
                need(a.key, "--key is needed")
                body = decrypt(header, a.key)
            need(not a.body or body == open(a.body, "rb").read(), "the body is another file")
    except Refused as why:
        print(f"refused: {why}")
        return 1
    print("accepted")
    return 0


if __name__ == "__main__":
    sys.exit(main())
