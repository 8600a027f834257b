#!/usr/bin/python3
"""Phones that hold their signalling connection: reset, restart, all of them in turn, a request that waits for a phone."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../lib"))
from phone_lab import ADDRESS, PHONE, set_up, under  # noqa: E402
from router import PATIENCE, Checks, Router, drop_net, until  # noqa: E402

NET = f"parley-register-reset-{os.getpid()}"
ONE, TWO = "001122334455", "0011223344BB"
UP = r"signalling  ok \(Call control not present\)"
BOOT = r"CTL  ok .*?" + UP


class Phone:
    """One phone process; what it said is in `text`."""

    def __init__(self, folder, mac, *options, stay=1400, home=None):
        home = home or os.path.join(folder, mac)
        os.makedirs(home, exist_ok=True)
        self.text = ""
        self.process = subprocess.Popen(["ip", "netns", "exec", NET, "timeout", "1450", PHONE, "--server", ADDRESS, "--mac", mac, "--home", home,
                                         "--stay", str(stay), *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        os.set_blocking(self.process.stdout.fileno(), False)

    def read(self):
        self.text += (self.process.stdout.read() or b"").decode()
        return self.text

    def says(self, pattern, start=0, seconds=PATIENCE):
        return until(lambda: re.search(pattern, self.read()[start:], re.S), seconds)

    def off(self):
        self.process.terminate()          # `timeout` hands it on
        self.process.wait()
        return self.read()


def telephony(router, line):
    return under(router, "telephony-service", line)


def ephone(router, tag):
    return router.line(f"show ephone {tag}")


def one_phone(router, check, folder):
    phone = Phone(folder, ONE)
    check("a phone comes up and holds its connection", phone.says(BOOT), phone.text)
    check("it fetched the file that followed from its CAPF session: no reset", "certificate stored" in phone.text and "reset by" not in phone.text, phone.text)
    out = ephone(router, 1)
    check("show ephone shows it", re.search(r"TCP socket:\[\d+\] .* UNREGISTERED with TLS connection\n.*reset:0 reset_sent:0", out) and f"IP:{ADDRESS} * " in out, out)
    check("counted", "phones connected 1; resets: 0 waiting, 0 sent and not back" in router.line("show telephony-service"))
    before = len(phone.read())
    out = under(router, "ephone 1", "reset")
    check("ephone, reset: the console says so", "\nresetting 0011.2233.4455\n" in out, out)
    check("the phone boots and fetches everything again", phone.says(r"reset by the call manager.*" + BOOT, before), phone.text)
    check("and is back", re.search(r"reset:0 reset_sent:0", router.shows("show ephone 1", r"TCP socket:\[\d")), ephone(router, 1))
    before = len(phone.read())
    out = telephony(router, "restart 0011.2233.4455")
    check("restart MAC: the console says so", "\nrestarting 0011.2233.4455\n" in out, out)
    check("the phone registers again without a boot", phone.says(r"restarted by the call manager.*" + UP, before) and "CTL" not in phone.text[before:], phone.text)
    check("a mac-address that is no ephone's", "% No ephone has this mac-address" in telephony(router, "reset 00AA.00AA.00AA"))
    return phone


def away(router, check, folder, phone):
    phone.off()
    router.shows("show ephone 1", r"TCP socket:\[-1\]")
    out = under(router, "ephone 1", "reset")
    check("a phone that is away: the console says that it waits",
          "0011.2233.4455 is not connected: it is reset when it registers, unless it fetches its file before" in out, out)
    check("show ephone as well", "reset:1 reset_sent:0" in ephone(router, 1), ephone(router, 1))
    phone = Phone(folder, ONE)
    check("it boots by itself", phone.says(BOOT), phone.text)
    check("and the request is dropped", "reset:0 reset_sent:0" in router.shows("show ephone 1", r"TCP socket:\[\d") and "reset by" not in phone.read(), phone.text)
    return phone


def replaced(router, check, folder, phone):
    shutil.copytree(os.path.join(folder, ONE), os.path.join(folder, "copy"))
    second = Phone(folder, ONE, home=os.path.join(folder, "copy"))
    check("the same phone connects again", second.says(BOOT), second.text)
    check("its former connection is closed", phone.says("the call manager hung up"), phone.text)
    check("one connection is left", "phones connected 1;" in router.line("show telephony-service"))
    phone.off()
    return second


def everybody(router, check, folder, first):
    other = Phone(folder, TWO, "--auth-string", "1234567")
    check("an EC key: certificate, and the register with ECDSA", other.says(r"CAPF  ok \(certificate stored\).*" + UP), other.text)
    shown = subprocess.run(["openssl", "x509", "-inform", "DER", "-in", os.path.join(folder, TWO, "flash/LSC.der"), "-noout", "-text"],
                           capture_output=True, check=False).stdout.decode()
    check("it is one of P-256", "prime256v1" in shown or "NIST CURVE: P-256" in shown, shown)
    starts = [len(p.read()) for p in (first, other)]
    out = telephony(router, "reset all 2")
    check("reset all: how many, how fast, who waits",
          "Resetting 2 phones: at 2 second interval -- this could take several minutes per phone\n1 phones are not connected: each is reset when it "
          "registers, unless it fetches its file before\n  ephone-2 Mac:0011.2233.44AA\n" in out, out)
    check("the first boots", first.says("reset by the call manager.*" + BOOT, starts[0]), first.text)
    check("the second boots", other.says("reset by the call manager.*" + BOOT, starts[1]), other.text)
    check("the log tells the end", until(lambda: "Reset of all phones is over: 2 were told, 0 did not come back in time" in router.line("show logging") + router.log))
    starts = [len(p.read()) for p in (first, other)]
    out = telephony(router, "reset sequence-all")
    check("reset sequence-all", "Resetting 2 phones: each when the one before has registered again" in out, out)
    check("both boot", first.says("reset by the call manager.*" + BOOT, starts[0]) and other.says("reset by the call manager.*" + BOOT, starts[1]), other.text)
    router.shows("show ephone summary", r"(?s)TCP socket:\[\d+\].*TCP socket:\[\d+\]")
    starts = [len(p.read()) for p in (first, other)]
    telephony(router, "reset all 60")
    check("the first of a slow round boots", first.says("reset by the call manager", starts[0]))
    out = telephony(router, "reset all")
    check("a second round is refused", "% A reset is in progress, 1 phones are left: 'reset cancel' ends it" in out, out)
    out = telephony(router, "reset cancel")
    check("reset cancel", "Reset cancelled, 2 phones were not told" in out, out)
    check("nobody waits any more", "resets: 0 waiting" in router.line("show telephony-service"))
    check("the second was left alone", "reset by" not in other.read()[starts[1]:], other.text)
    return other


def after_capf(router, check, folder, first, other):
    """The certificate changes under a phone that holds a connection: its encrypted file is made anew, and it has to fetch that."""
    first.says("reset by the call manager.*" + BOOT)
    under(router, "ephone 1", "cert-oper upgrade auth-mode null-string")
    router.shows("show running-config | section ephone  1", "cert-oper upgrade")
    before = len(first.read())
    twin = Phone(folder, ONE, home=os.path.join(folder, "twin"), stay=1)
    check("a CAPF session gives a new certificate", twin.says(r"CAPF  ok \(certificate stored\)", seconds=3 * PATIENCE), twin.text)   # it makes a key
    check("the phone that is connected is reset", first.says("reset by the call manager", before), first.text)
    for p in (first, other, twin):
        p.off()


def main():
    checks = Checks()
    check = checks.check
    drop_net(NET)
    with tempfile.TemporaryDirectory() as folder, Router(net=NET) as router:
        set_up(router, check)
        phone = one_phone(router, check, folder)
        phone = away(router, check, folder, phone)
        phone = replaced(router, check, folder, phone)
        under(router, "capf-server", "phone-key-type ec")
        other = everybody(router, check, folder, phone)
        under(router, "capf-server", "no phone-key-type")
        after_capf(router, check, folder, phone, other)
        check("ends tidily", router.stop() == 0)
    drop_net(NET)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
