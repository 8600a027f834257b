#!/usr/bin/python3
"""Phones of our own, as processes, against the router: from the factory to certificate, encrypted file and register; and `test phone`."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../lib"))
from phone_lab import ADDRESS, PHONE, set_up, under  # noqa: E402
from router import ROOT, Checks, Router, drop_net, in_net, until  # noqa: E402

NET = f"parley-phone-{os.getpid()}"
NEW, OLD, PIN = "001122334455", "0011223344AA", "0011223344BB"


def phone(mac, home, *options):
    done = in_net(NET, PHONE, "--server", ADDRESS, "--mac", mac, "--home", home, *options)
    return done.returncode, (done.stdout + done.stderr).decode()


def in_order(out, *wanted):
    at = 0
    for w in wanted:
        if (at := out.find("\n" + w, at)) < 0:
            return False
    return True


def told(check, name, out, *wanted):
    """Every wanted line stands in the output, in this order."""
    check(name, in_order(out, *wanted), out)


def story(router, check, homes):
    scheduled = router.line("show running-config | include cert-oper|capf-auth-str")
    serial = router.line("show crypto pki server iosca")
    out = router.line("test phone 0011.2233.4455", timeout=120)
    told(check, "test phone: an encrypted phone out of the box", out, "address  ok", "CTL  ok (first list, taken on trust)", "ITL  ok (signed by a known signer)",
         "configuration file  ok (signed, partial)", "CAPF  ok (proof and key accepted)",
         "encrypted file  FAILED: the router knows no certificate of this phone; next: ephone, cert-oper upgrade", "TVS  ok",
         "signalling  ok (Call control not present)", "SEP001122334455: 8 steps, 1 failed")
    out = router.line("test phone 0011.2233.44BB", timeout=120)
    told(check, "test phone: it waits for the string", out,
         "CAPF  FAILED: the phone waits for the authentication string of its user; next: test phone with auth-string")
    for _ in range(6):
        out = router.line("test phone 0011.2233.44BB auth-string 7654321", timeout=120)
    told(check, "test phone: a wrong string", out, "CTL  ok (unchanged)", "CAPF  FAILED: the CAPF server refused; next: show capf-server summary")
    out = router.line("test phone 0011.2233.44BB auth-string 1234567", timeout=120)
    told(check, "test phone: the right string, not locked by wrong ones", out, "CAPF  ok (proof and key accepted)")
    out = router.line("test phone 0011.2233.44AA legacy", timeout=120)
    told(check, "test phone legacy", out, "CTL  ok", "configuration file  ok (signed)", "CAPF  ok (proof and key accepted)",
         "signalling  ok (Call control not present)", "SEP0011223344AA: 6 steps, 0 failed")
    check("test phone used up no operation and no string",
          router.line("show running-config | include cert-oper|capf-auth-str") == scheduled)
    check("test phone took no serial number of the authority", router.line("show crypto pki server iosca") == serial, serial)
    check("test phone: unknown mac-address", "% No ephone has this mac-address" in router.line("test phone 00AA.00AA.00AA"))

    status, out = phone(NEW, homes[NEW])
    told(check, "a new phone: certificate, encrypted file, register", "\n" + out, "CTL  ok (first list, taken on trust)", "ITL  ok (signed by a known signer)",
         "configuration file  ok (signed, partial)", "CAPF  ok (certificate stored)", "encrypted file  ok (opened)", "TVS  ok",
         "signalling  ok (Call control not present)")
    check("its exit status", status == 0)
    status, out = phone(NEW, homes[NEW])
    told(check, "its second boot", "\n" + out, "CTL  ok (unchanged)", "CAPF  ok (no session wanted)", "encrypted file  ok (opened)", "signalling  ok")
    status, out = phone(OLD, homes[OLD], "--legacy")
    told(check, "an old phone: TLS 1.0, SHA-1, CTL only, NULL-SHA", "\n" + out, "CTL  ok", "configuration file  ok (signed)",
         "CAPF  ok (certificate stored)", "signalling  ok (Call control not present)")
    check("its exit status", status == 0 and "ITL" not in out, out)
    status, out = phone(PIN, homes[PIN], "--auth-string", "1111")
    told(check, "a wrong string at a phone", "\n" + out, "CAPF  FAILED: the CAPF server refused", "signalling  FAILED: the phone has no certificate")
    check("its exit status tells", status == 1)
    status, out = phone(PIN, homes[PIN], "--auth-string", "1234567")
    told(check, "the right string", "\n" + out, "CAPF  ok (certificate stored)", "signalling  ok")
    check("the phones' operations are done", not re.search(r"^ cert-oper", router.line("show running-config"), re.M))
    modes(router, check, homes)
    services(router, check, homes)
    refusals(router, check, homes)


def operation(router, what):
    under(router, "ephone 1", f"cert-oper {what}")


def boots(check, name, home, *wanted, options=()):
    """The phone is switched on until it has the file that follows the configuration; then every wanted line stands in its words."""
    out = until(lambda: "\n" + phone(NEW, home, *options)[1], good=lambda out: "\n" + wanted[0] in out)
    told(check, name, out, *wanted)


def modes(router, check, homes):
    keys = os.path.join(ROOT, "tests/vectors/keys")
    mic = ("--mic", os.path.join(keys, "mic.pem"))
    operation(router, "upgrade auth-mode LSC")
    boots(check, "renewal with the LSC as proof", homes[NEW], "CAPF  ok (certificate stored)", "encrypted file  ok (opened)", "signalling  ok")
    operation(router, "fetch auth-mode LSC")
    boots(check, "the LSC is handed in", homes[NEW], "CAPF  ok (certificate handed in)", "encrypted file  ok (opened)", "signalling  ok")
    operation(router, "delete auth-mode null-string")
    boots(check, "the LSC is deleted", homes[NEW], "CAPF  ok (certificate deleted)",
         "encrypted file  FAILED: the router knows no certificate of this phone", "signalling  FAILED: the phone could not open its whole file")
    operation(router, "upgrade auth-mode MIC")
    boots(check, "a MIC of a maker nobody imported", homes[NEW], "CAPF  FAILED: the CAPF server refused", "signalling  FAILED: ", options=mic)
    with open(os.path.join(keys, "micca.pem")) as f:
        ca = f.read().split("-----BEGIN PRIVATE KEY-----")[0]
    router.lines("configure terminal\ncrypto pki trustpoint maker\nenrollment terminal\nrevocation-check none\nend\n")
    router.line("configure terminal")
    start = len(router.log)
    router.write("crypto pki authenticate maker\n" + ca + "\n\n")
    router.wait_for(r"\[yes/no\]: ", start)
    router.line("yes")
    router.line("end")
    boots(check, "a MIC as proof", homes[NEW], "CAPF  ok (certificate stored)", "encrypted file  ok (opened)", "signalling  ok", options=mic)


def services(router, check, homes):
    router.lines(f"configure terminal\nip http secure-server\nip http secure-trustpoint cme\ntelephony-service\n"
                 f"url services http://{ADDRESS}/menu\nservice https\nend\n")
    boots(check, "HTTPS services of a server that no list names in this role", homes[NEW], "services  FAILED: TVS does not vouch for the certificate", "signalling  ok")
    under(router, "ctl-client", f"server application {ADDRESS} trustpoint cme", "regenerate")
    boots(check, "with a record for it", homes[NEW], "CTL  ok (signed by a known signer)", "services  ok", "signalling  ok")


def refusals(router, check, homes):
    status, out = phone("00AA00AA00AA", homes[NEW])
    told(check, "a phone nobody configured gets no file", "\n" + out, "configuration file  FAILED: the server has no file for this phone")
    other = os.path.join(ROOT, "tests/vectors/tlv/genuine/CTLFile.tlv")
    with open(other, "rb") as source, open(os.path.join(homes[OLD], "flash/CTLFile.tlv"), "wb") as target:
        target.write(source.read())
    status, out = phone(OLD, homes[OLD], "--legacy")
    told(check, "a phone with the list of another router refuses ours", "\n" + out,
         "CTL  FAILED: its signer is in no list of the phone, and TVS cannot be asked",
         "configuration file  FAILED: its signer has no TFTP record in the phone's lists")
    under(router, "ephone 1", "device-security-mode none")
    out = router.line("test phone 0011.2233.4455", timeout=120)
    told(check, "device-security-mode none is refused on 2443", out,
         "encrypted file  ok", "signalling  FAILED: the call manager refused the register (Security mode is none); next: show telephony-service")
    under(router, "interface GigabitEthernet0/0", "no ip address")
    out = router.line("test phone 0011.2233.44BB", timeout=120)
    told(check, "no address: the step says so", out,
         "address  FAILED: no interface of this router has the address of the phones' server; next: interface, ip address")
    out = router.line("show crypto legacy")
    check("show crypto legacy lists the old phone and 2443", re.search(r"SEP0011223344AA\s+2443\s+TLSv1\s+\S*NULL", out), out)
    out = router.line("show telephony-service")
    check("refusals are counted", re.search(r"registers \d+; refused: .*security mode 1", out), out)
    check("and logged", "%SCCP-4-REFUSED: SEP001122334455 at " in router.log)


def main():
    checks = Checks()
    check = checks.check
    drop_net(NET)
    with tempfile.TemporaryDirectory() as folder, Router(net=NET) as router:
        homes = {mac: os.path.join(folder, mac) for mac in (NEW, OLD, PIN)}
        for home in homes.values():
            os.makedirs(home)
        set_up(router, check)
        story(router, check, homes)
    drop_net(NET)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
