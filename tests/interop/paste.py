#!/usr/bin/python3
"""Reference configurations and damaged text pasted into the real console; what is shown is pasted again."""
# SPDX-License-Identifier: GPL-3.0-or-later
import glob
import os
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from router import ROOT, Checks, Router, drop_net  # noqa: E402

CONFIGS = os.path.join(ROOT, "tests/configs")
NET = f"parley-paste-{os.getpid()}"
ERRORS = re.compile(r"^% (?:Invalid input|Incomplete command|Ambiguous command)[^\n]*", re.M)
VOLATILE = re.compile(r"^(Current configuration : .*|! (Last|No) configuration change.*|! NVRAM config last.*"
                      r"| create cnf-files version-stamp.*|ntp clock-period.*)$", re.M)
# Files whose text holds EXEC commands or questions: what may be refused there, by cli.md and commands.md.
MAY_REFUSE = {
    # `no shutdown`, authenticate and enroll take the next pasted lines as answers
    "https-provisioning.cfg": None, "server-function-certs.cfg": None, "ra-server.cfg": None, "ios-ca.cfg": None,
    "ios-ca-show-run-fragment.cfg": None,
}


def fresh(**options):
    drop_net(NET)
    router = Router(net=NET, **options)
    router.wait_for(r"[>#]\s?$")
    router.line("enable")
    return router


def running(router):
    router.line("terminal length 0")
    out = router.line("show running-config")
    begin = out.find("\n!\n")
    text = out[begin + 1:out.rfind("\nend\n") + 5]
    return text


def still(text):
    return VOLATILE.sub("(volatile)", text)


def every_file(check):
    for name in sorted(glob.glob(os.path.join(CONFIGS, "*.cfg"))):
        base = os.path.basename(name)
        with open(name) as f, fresh() as router:
            router.line("configure terminal")
            out = router.lines(f.read())
            bad = ERRORS.findall(out)
            if base not in MAY_REFUSE:
                check(f"{base}: no line is refused by the parser", not bad, f"{bad[:3]} in {out[-1500:]}")
            if base.endswith(".elided.cfg"):
                lost = re.findall(r"% Certificate data for serial \w+ is invalid, ignored", out)
                check(f"{base}: the six cut certificates are named", len(lost) == 6, repr(lost))
            check(f"{base}: the router goes on", "hostname" in router.line("show running-config | include hostname"))


def paste_full(router, name):
    router.line("configure terminal")
    with open(os.path.join(CONFIGS, name)) as f:
        router.lines(f.read())


def fixed_point(check):
    with fresh() as router:
        paste_full(router, "secure-cme-full.cfg")
        first = running(router)
        out = router.line("show crypto pki certificates")
        check("the expired 512 and 1024 bit certificates are shown", out.count("Certificate Serial Number") >= 3, out)
        check("and refused for use with a reason", "%PKI-4-CERTWEAK" in router.line("show logging"))
        router.line("write memory")
        data = tempfile.mkdtemp(prefix="parley-again-")
        shutil.rmtree(data)
        router.kill()
        shutil.copytree(router.data, data)
    with fresh() as second:
        second.line("configure terminal")
        out = second.lines(first)
        check("its running-config is pasted into an empty router without error", not ERRORS.findall(out), out[-600:])
        again = running(second)
        check("and comes back byte for byte", still(again) == still(first), difference(first, again))
    with fresh(data=data) as third:
        again = running(third)
        check("so it does after write memory, kill -9 and restart", still(again) == still(first), difference(first, again))
    shutil.rmtree(data, ignore_errors=True)
    with fresh() as flat:
        paste_full(flat, "secure-cme-full.flat.cfg")
        text = running(flat)
        want = first.replace(" destination-pattern ........\n", " destination-pattern .....\n")
        want = want.replace(" transfer-pattern ........\n", " transfer-pattern .....\n")
        check("the configuration without indentation gives the same text", still(text) == still(want), difference(want, text))


def difference(a, b):
    left, right = still(a).splitlines(), still(b).splitlines()
    for i, (x, y) in enumerate(zip(left, right)):
        if x != y:
            return f"line {i + 1}: {x!r} became {y!r}"
    return f"{len(left)} lines became {len(right)}"


# mode line to enter first, line, column of the caret behind the prompt (None: no caret), text
DAMAGED = [
    ("", "hоstname x", 1, "% Invalid input detected at '^' marker."),           # Cyrillic o
    ("", "crypto pki trustpоint x", 17, "% Invalid input detected at '^' marker."),
    ("", "logging 0255.255.1", 8, "% Invalid input detected at '^' marker."),
    ("", "crypto pki", None, "% Incomplete command."),
    ("", "ephone-dn  5  dual-lime", 21, "% Invalid input detected at '^' marker."),
    ("telephony-service", "max-ephones many", 12, "% Invalid input detected at '^' marker."),
    ("telephony-service", "secure-signalling trustpoint x", 13, "% Invalid input detected at '^' marker."),
    ("capf-server", "port 100", 5, "% Invalid input detected at '^' marker."),
    ("interface GigabitEthernet0/0", "ip address 10.1.1.1 255.0.255.0", None, "% Bad mask 0xFF00FF00 for address 10.1.1.1"),
]


def damaged(check):
    with fresh() as router:
        for mode, line, column, text in DAMAGED:
            router.line("configure terminal")
            if mode:
                router.line(mode)
            prompt = router.log.rsplit("\n", 1)[-1]
            out = router.line(line)
            good = text in out
            if column is not None:
                caret = re.search(r"^( *)\^$", out, re.M)
                good = good and caret is not None and len(caret[1]) == len(prompt) + column
            check(f"refused as it should be: {line!r}", good, f"prompt {prompt!r}: {out}")
            router.line("end")
        router.line("configure terminal")
        noise = bytes(range(1, 256)).replace(b"\x03", b"").replace(b"\x1a", b"").replace(b"\x16", b"").replace(b"\n", b"")
        router.write(noise + b"\n" + b"\xef\xbb\xbfhostname Bom\r\n" + b"\t hostname\t Tabs \r\n" + b"x" * 65536 + b"\n")
        out = router.lines("   hostname Odd\r\n\r\nip host after 10.0.0.1")
        check("64 KiB in one line are dropped whole", "Line is longer than" in router.log, out[-300:])
        out = router.line("show running-config")
        check("BOM, CR LF, tabs and odd indentation do not matter", "hostname Odd" in out, out[:600])
        check("the lines after binary noise are applied", "ip host after 10.0.0.1" in out)


CERTIFICATE = "crypto pki certificate chain x\n certificate ca 01\n{}\n  quit\nip host behind 10.0.0.2\n"


def damaged_certificates(check):
    with open(os.path.join(CONFIGS, "ios-ca-iosca-chain.cfg")) as f:
        digits = [line for line in f.read().splitlines() if re.match(r"  [0-9A-F]{8} ", line)]
    digits[3] = digits[3][:-1]
    with fresh() as router:
        router.line("configure terminal")
        out = router.lines(CERTIFICATE.format("\n".join(digits)))
        check("a missing hex digit: the certificate is refused by name",
              "% Certificate data for serial 01 is invalid, ignored" in out, out[-800:])
        check("and the next line is applied", "ip host behind" in router.line("show running-config | include behind"))
        router.line("configure terminal")
        router.line("crypto pki trustpoint t")
        router.line("enrollment terminal pem")
        router.line("exit")
        out = router.lines("crypto pki authenticate t\n-----BEGIN CERTIFICATE-----\nMIIBnotbase64!!\n-----END CERTIFICATE-----\n")
        check("a PEM that does not decode", "% Error in saving certificate: status = FAIL" in router.log, out[-600:])


def main():
    checks = Checks()
    wanted = sys.argv[1:]
    for story in (every_file, fixed_point, damaged, damaged_certificates):
        if not wanted or story.__name__ in wanted:
            story(checks.check)
    drop_net(NET)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
