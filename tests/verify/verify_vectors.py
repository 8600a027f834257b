#!/usr/bin/python3
# Runs verify_trust_file over a folder of vectors: good ones, negative ones, and good ones with one byte flipped.
# SPDX-License-Identifier: GPL-3.0-or-later
import glob
import os
import sys

import verify_trust_file as v

STEP = 97  # every how many bytes one is flipped
SIGNERS = {"rsa1024": "tftp1024", "rsa4096": "tftp4096", "ccmtftp": "ccmtftp"}
passed = failed = 0


def verdict(name, good, check):
    global passed, failed
    try:
        check()
        why = None
    except v.Refused as refusal:
        why = str(refusal)
    if (why is None) == good:
        passed += 1
    else:
        failed += 1
        print(f"{name}: {'refused: ' + why if good else 'accepted'}")


def flips(name, data, check):
    for at in range(0, len(data), STEP):
        bad = data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1:]
        verdict(f"{name}, byte {at} flipped", False, lambda: check(bad))
    for cut in range(0, len(data), STEP * 7):
        verdict(f"{name}, cut to {cut}", False, lambda: check(data[:cut]))


PHONES = {"lsc1024": "lsc1024", "lsc2048": "lsc2048", "mic2048": "mic"}


def encrypted(root, key):
    """Opened with the key of the phone and with no other one; every flipped byte is noticed."""
    for path in sorted(glob.glob(f"{root}/enc/**/*.enc.sgn", recursive=True)):
        data, name = open(path, "rb").read(), os.path.relpath(path, root)
        phone = next(k for part, k in PHONES.items() if part in name)
        plain = os.path.join(os.path.dirname(path), "plain.xml")
        if not os.path.exists(plain):
            plain = f"{root}/config/{requested(data)[:-8]}"

        def check(d, with_key=phone):
            text = v.decrypt(v.verify_signed(d, key("tftp"), requested(data)), f"{root}/keys/{with_key}.pem")
            v.need(text == open(plain, "rb").read(), "another plain text")
        verdict(name, True, lambda: check(data))
        verdict(name + ", key of another phone", False, lambda: check(data, "lscother"))
        if "genuine" in name:
            flips(name, data, check)
    for name in ("digest-mismatch", "padding-zero", "padding-17", "key-for-other-phone", "aes256-key"):
        data = open(f"{root}/negative/enc-{name}.enc.sgn", "rb").read()
        verdict(name, False, lambda: v.decrypt(v.verify_signed(data, key("tftp"), requested(data)), f"{root}/keys/lsc2048.pem"))


def requested(data):
    return v.Header(data).name


def main():
    root = sys.argv[1]
    key = lambda name: open(f"{root}/keys/{name}.der", "rb").read()
    for path in sorted(glob.glob(f"{root}/tlv/**/*.tlv", recursive=True)):
        data, name = open(path, "rb").read(), os.path.relpath(path, root)
        verdict(name, True, lambda: v.verify_ctl(data))
        if "genuine" in name:
            flips(name, data, v.verify_ctl)
    genuine = [open(f"{root}/tlv/genuine/{n}", "rb").read() for n in ("CTLFile.tlv", "CTLFile-signed-by-sast2.tlv")]
    verdict("successor signed by sast2", True, lambda: v.verify_ctl(genuine[1], genuine[0]))
    verdict("older list as successor", False, lambda: v.verify_ctl(genuine[0], genuine[1]))
    other = open(f"{root}/tlv/CTLFile-rsa1024-sha1.tlv", "rb").read()
    verdict("successor of a stranger", False, lambda: v.verify_ctl(other, genuine[0]))
    encrypted(root, key)
    for path in sorted(glob.glob(f"{root}/sgn/**/*.sgn", recursive=True)):
        data, name = open(path, "rb").read(), os.path.relpath(path, root)
        signer = key(next((k for part, k in SIGNERS.items() if part in name), "tftp"))
        check = lambda d: v.verify_signed(d, signer, requested(data))
        verdict(name, True, lambda: check(data))
        verdict(name + ", other signer", False, lambda: v.verify_signed(data, key("capf"), requested(data)))
        plain = f"{root}/config/" + os.path.basename(requested(data))[:-4]
        verdict(name + ", body", True, lambda: v.need(v.Header(data).body == open(plain, "rb").read(), "body differs"))
        flips(name, data, check)
    for path in sorted(glob.glob(f"{root}/negative/c*-*")):
        data, name = open(path, "rb").read(), os.path.relpath(path, root)
        if "/ctl-" in path:
            verdict(name, False, lambda: v.verify_ctl(data))
        else:
            verdict(name, False, lambda: v.verify_signed(data, key("tftp"), "SEP001122334455.cnf.xml.sgn"))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
