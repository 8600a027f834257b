#!/usr/bin/python3
"""Ten years in some minutes: the clock is set on month by month; authority, services and phones renew by themselves, no phone is stranded."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import shutil
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../lib"))
from pki import from_authority, start_server  # noqa: E402
from router import ROOT, Checks, Router, drop_net, in_net, until  # noqa: E402

NET = f"parley-years-{os.getpid()}"
ADDRESS = "192.0.2.1"
PHONE = os.path.join(ROOT, "build/native/phone")
NEW, OLD, AWAY = "001122334401", "001122334402", "001122334403"
LABELS = ("cme", "spare", "capf", "tvs")
DAY = 86400
BEGIN = 1735689600   # 1 January 2025: `clock set` takes years up to 2035, and all certificates of this story are the router's own
STEP = 40 * DAY
CONFIG = f"""configure terminal
hostname years
ip domain name lab.example
no logging console
logging buffered 65536
interface GigabitEthernet0/0
 ip address {ADDRESS} 255.255.255.0
 no shutdown
ip http server
crypto pki server iosca
 lifetime ca-certificate 1825
 grant auto
 auto-rollover 90
"""
SETTINGS = ("fqdn none", "ip-address none", "serial-number none", "auto-enroll 70 regenerate", "revocation-check crl")
PHONES = f"""configure terminal
telephony-service
 max-ephones 4
 ip source-address {ADDRESS} port 2000
 cnf-file perphone
 secure-signaling trustpoint cme
 tftp-server-credentials trustpoint cme
 device-security-mode encrypted
 server-security-mode secure
 tls-minimum 1.0
ephone 1
 mac-address 0011.2233.4401
 type 7975
 cnf-file encrypted
 cert-oper upgrade auth-mode null-string
ephone 2
 mac-address 0011.2233.4402
 type 7960
 device-security-mode authenticated
 cert-oper upgrade auth-mode null-string
ephone 3
 mac-address 0011.2233.4403
 type 7975
 cert-oper upgrade auth-mode null-string
capf-server
 auth-mode null-string
 cert-enroll-trustpoint iosca password 0 none
 trustpoint-label capf
 source-addr {ADDRESS}
 tls-minimum 1.0
 cert-oper renew 180
trust-verification
 trustpoint tvs
 source-addr {ADDRESS}
ctl-client
 server cme {ADDRESS} trustpoint cme
 server tftp {ADDRESS} trustpoint cme
 server capf {ADDRESS} trustpoint capf
 sast1 trustpoint cme
 sast2 trustpoint spare
"""


STARTED = time.time()


def clock():
    return BEGIN + time.time() - STARTED


def set_clock(router, now):
    router.line("clock set " + time.strftime("%H:%M:%S %d %B %Y", time.gmtime(now)))


def boot(mac, folder, ahead, *options):
    home = os.path.join(folder, mac)
    os.makedirs(home, exist_ok=True)
    done = in_net(NET, PHONE, "--server", ADDRESS, "--mac", mac, "--home", home, "--time", str(int(clock() + ahead)), *options, timeout=90)
    return (done.stdout + done.stderr).decode()


def well(out):
    return "FAILED" not in out and "signalling  ok" in out


def boots(mac, folder, ahead, seconds=90):
    """A phone that misses something restarts after a while, as telephones do."""
    return until(lambda: boot(mac, folder, ahead, *(["--legacy"] if mac == OLD else [])), seconds, 1, well)


class Years:
    def __init__(self, router, folder):
        self.router, self.folder = router, folder
        self.ahead = 0
        self.bad, self.ended, self.renewed = [], [], {}

    def look(self):
        """What the router shows: certificates in use that have ended, and who has got a new one."""
        text = until(lambda: self.router.line("show crypto pki forecast", timeout=30), 20, 1, lambda t: not self.over(t))
        self.ended += [(self.steps(), e) for e in self.over(text)]
        for owner, end in re.findall(r"^((?:trustpoint|LSC of|CA of trustpoint) \S+)[^\n]*\n +Ends: ([^,]+),", text, re.M):
            self.renewed.setdefault(owner, set()).add(end)

    @staticmethod
    def over(text):
        """Not counted: the phone that sleeps, and a former signer of lists, which phones that slept know."""
        ended = [block.strip().splitlines()[0] for block in text.split("\n\n") if "has ended" in block]
        return [e for e in ended if AWAY not in e and not e.endswith("(signer)")]

    def steps(self):
        return self.ahead // STEP

    def step(self, phones):
        self.ahead += STEP
        set_clock(self.router, clock() + self.ahead)
        # CAPF looks every five minutes who is due; a line of its own makes it look now.
        self.router.lines("configure terminal\ncapf-server\ncert-oper renew 179\ncert-oper renew 180\nend\n")
        time.sleep(2)
        for mac in phones:
            out = boots(mac, self.folder, self.ahead)
            if not well(out):
                self.bad.append((self.steps(), mac, out))
        self.look()


def main():
    checks = Checks()
    check = checks.check
    folder = tempfile.mkdtemp(prefix="parley-years-")
    try:
        with Router(data=os.path.join(folder, "data"), net=NET) as router:
            router.wait_for(r"[>#]\s?$")
            router.line("enable")
            years = Years(router, folder)
            set_clock(router, clock())
            router.lines(CONFIG)
            router.line("terminal length 0")
            start_server(router, "iosca")
            check("the authority runs", "enabled" in until(lambda: router.line("show crypto pki server"), good=lambda t: "enabled" in t))
            for label in LABELS:
                from_authority(router, label, f"http://{ADDRESS}:80", *SETTINGS)
            text = until(lambda: router.line("show crypto pki trustpoints status"), good=lambda t: t.count("Router General Purpose") >= 4)
            router.lines(PHONES)
            out = "".join(router.line(line, timeout=90) for line in ("configure terminal", "ctl-client", "regenerate", "end"))
            check("the CTL file is made", "CTL file made" in out, out + text)
            router.lines("configure terminal\ntelephony-service\ncreate cnf-files\nend\n")
            for mac in (NEW, OLD, AWAY):
                out = boots(mac, folder, 0)
                check(f"{mac} comes up", well(out), out)
            while years.ahead < 10.2 * 365 * DAY:
                years.step([NEW, OLD] + ([AWAY] if years.steps() % 2 else []))   # one phone sleeps in between
                if years.bad:
                    break
            check("no phone was stranded in ten years", not years.bad, years.bad[:1])
            check("no certificate in use had ended", not years.ended, years.ended[:5])
            if years.bad or years.ended:
                print(router.line("show logging | exclude CONFIG_I|CLOCKUPDATE|CNF-5|CRYPTO-4")[-14000:])
                print(router.line("show ctl-client rotation"), router.line("show crypto pki timers"))
            counts = {owner: len(ends) for owner, ends in years.renewed.items()}
            check("the authority rolled over twice", counts.get("CA of trustpoint cme") == 3, counts)
            check("trustpoints and phones renewed at least every year", all(n >= 10 for o, n in counts.items() if not o.startswith("CA")), counts)
            check("the log tells of the roll-over", "%PKI-6-CS_ROLLOVER_NOW" in router.line("show logging | include ROLLOVER"))
            check("the router stops tidily", router.stop() == 0)
    finally:
        drop_net(NET)
        shutil.rmtree(folder, ignore_errors=True)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
