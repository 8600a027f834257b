"""What many stories do with certificates at the console of a router."""
# SPDX-License-Identifier: GPL-3.0-or-later


def enroll(router, label, password="Phone123"):
    """crypto pki enroll: the password, no to what may be included, yes to the rest. Returns all that was shown."""
    router.line("configure terminal")
    out = router.dialogue(f"crypto pki enroll {label}", lambda asked: password if "assword" in asked else "no" if "nclude" in asked else "yes")
    router.line("end")
    return out


def trustpoint(router, label, *settings):
    router.line("configure terminal")
    for line in (f"crypto pki trustpoint {label}", *settings, "end"):
        router.line(line)


def selfsigned(router, label, *settings, subject=None):
    """A trustpoint with its key pair and a self-signed certificate; tells whether it has one."""
    trustpoint(router, label, "enrollment selfsigned", f"subject-name {subject or f'CN={label}'}", f"rsakeypair {label} 2048", *settings)
    return "successfully" in enroll(router, label)


def from_authority(router, label, url, *settings):
    """A trustpoint of a certificate authority that is asked by SCEP and grants at once."""
    trustpoint(router, label, f"enrollment url {url}", f"subject-name CN={label},O=Parley", f"rsakeypair {label} 2048", "revocation-check none", *settings)
    router.line("configure terminal")
    router.dialogue(f"crypto pki authenticate {label}", lambda _: "yes")
    router.line("end")
    return enroll(router, label)


def start_server(router, name, password="Secret123"):
    """no shutdown of a certificate server, with the passphrase of its new key; all that was shown."""
    router.line("configure terminal")
    router.line(f"crypto pki server {name}")
    out = router.dialogue("no shutdown", lambda _: password)
    router.line("end")
    return out
