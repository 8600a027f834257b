"""Stories of trustpoints for power_cut.py: a renewal with a new key pair, and imports."""
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import datetime
import os
import re
import subprocess
import tempfile

from router import until

SOON = "clock set 12:00:00 {}".format((datetime.date.today() + datetime.timedelta(days=10)).strftime("%d %B %Y").lstrip("0"))


def openssl(*args, text=True):
    out = subprocess.run(["openssl", *args], capture_output=True, timeout=30, check=True).stdout
    return out.decode() if text else out


def enable(router):
    router.line("enable")


def configure(router, *lines):
    router.line("configure terminal")
    for line in lines:
        router.line(line)
    router.line("end")


# ---- a trustpoint renews with a new key pair, and files are imported: certificate and key are one thing

def trustpoint_of(router, label):
    """What the trustpoint has: (serial of its own certificate, is there a CA certificate, does its key pair fit)."""
    out = router.line(f"show running-config | section chain {label}")
    found = {}
    for word, text in re.findall(r"certificate ((?:ca )?)[0-9A-F]+\s*\n((?:\s+[0-9A-F]{2,8}(?: [0-9A-F]{2,8})*\s*\n)+)\s*quit", out):
        found[word.strip()] = bytes.fromhex(re.sub(r"\s", "", text))
    if "" not in found:
        return None, "ca" in found, False
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "c")
        with open(path, "wb") as f:
            f.write(found[""])
        text = openssl("x509", "-inform", "der", "-in", path, "-noout", "-serial", "-pubkey")
    public = base64.b64decode("".join(text.split("-----")[2].split()))
    keys = router.line("show crypto key mypubkey rsa")
    shown = [bytes.fromhex(re.sub(r"\s", "", k)) for k in re.findall(r"Key Data:\s*\n((?:\s+[0-9A-F]{2,8}(?: +[0-9A-F]{2,8})*\s*\n)+)", keys)]
    return re.search(r"serial=(\w+)", text)[1], "ca" in found, public in shown


def renew_configure(router):
    configure(router, "crypto pki trustpoint tp", "auto-enroll 1 regenerate")
    router.line("write memory")


def renew(router):
    """The day of the renewal has come; any line makes the router look at once."""
    router.line(SOON)
    configure(router, "crypto pki trustpoint tp", "enrollment retry count 5")
    def renewed():
        serial, _, fits = trustpoint_of(router, "tp")
        return serial if serial not in (None, "02") and fits and "tp#" not in router.line("show crypto key mypubkey rsa") else None
    return until(renewed, pause=0.05)


def renew_act(router, acknowledged):
    enable(router)
    router.wait_for("CS_ENABLED")
    serial = renew(router)
    if serial:
        acknowledged.append(serial)


def renew_judge(router, acknowledged):
    enable(router)
    router.line(SOON)
    router.wait_for("CS_ENABLED")
    serial, ca, fits = trustpoint_of(router, "tp")
    if not serial or not ca or not fits:
        return f"a trustpoint without certificate and key that belong together: {serial} {ca} {fits}"
    if acknowledged and serial != acknowledged[0]:
        return f"an acknowledged certificate is lost: {serial} {acknowledged}"
    return None if renew(router) else "it cannot be renewed any more: " + router.line("show logging")[-600:]


IMPORTED = "crypto pki import came pkcs12 flash:came password Secret-12"


def import_prepare(router):
    enable(router)
    with tempfile.TemporaryDirectory() as folder:
        def path(name):
            return os.path.join(folder, name)
        openssl("req", "-x509", "-newkey", "rsa:1024", "-nodes", "-keyout", path("ca.key"), "-out", path("ca.pem"), "-subj", "/CN=root", "-days", "300")
        openssl("req", "-new", "-newkey", "rsa:1024", "-nodes", "-keyout", path("key"), "-out", path("csr"), "-subj", "/CN=came")
        openssl("x509", "-req", "-in", path("csr"), "-CA", path("ca.pem"), "-CAkey", path("ca.key"), "-set_serial", "7", "-days", "200", "-out", path("pem"))
        files = {"came": openssl("pkcs12", "-export", "-inkey", path("key"), "-in", path("pem"), "-certfile", path("ca.pem"), "-passout",
                                 "pass:Secret-12", text=False)}
        for suffix, name in ((".ca", "ca.pem"), (".prv", "key"), (".crt", "pem")):
            with open(path(name), "rb") as f:
                files["came" + suffix] = f.read()
    os.makedirs(os.path.join(router.data, "flash"), exist_ok=True)
    for name, content in files.items():
        with open(os.path.join(router.data, "flash", name), "wb") as f:
            f.write(content)
    configure(router, "crypto pki trustpoint came", "enrollment terminal", "revocation-check none", "rsakeypair came")
    router.line("write memory")


def bring_in(router, command):
    router.line("configure terminal")
    out = router.dialogue(command, lambda asked: "yes" if "[yes/no]" in asked else "")
    router.line("end")
    return "% PEM files import succeeded." in out or "CRYPTO_PKI: Imported PKCS12 file successfully." in out


def import_story(command):
    def act(router, acknowledged):
        enable(router)
        if bring_in(router, command):
            acknowledged.append("import")

    def judge(router, acknowledged):
        enable(router)
        serial, ca, fits = trustpoint_of(router, "came")
        if bool(serial) != ca or (serial and not fits):
            return f"half a trustpoint: {serial} {ca} {fits}"
        if "#import" in router.line("show crypto key mypubkey rsa") and acknowledged:
            return "a key pair with a temporary name is left"
        if acknowledged and not serial:
            return "an acknowledged import is lost"
        if not serial and not bring_in(router, command):
            return "it cannot be imported any more"
        return None if trustpoint_of(router, "came") == ("07", True, True) else f"not whole after all: {trustpoint_of(router, 'came')}"
    return act, judge
