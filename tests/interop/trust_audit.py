#!/usr/bin/python3
"""show telephony-service trust-audit on a router whose phone has everything, with one link broken at a time."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../lib")]
from pki import selfsigned, start_server  # noqa: E402
from router import Checks, Router, drop_net, in_net, until  # noqa: E402

NET = f"parley-audit-{os.getpid()}"
DEVICE = "SEP00124302A7CC"
CAPF_PHONE = os.path.join(HERE, "../lib/capf_phone.py")
ADDRESS = "192.0.2.1"
LABELS = ("cme", "sast2", "capfs", "tvs")
BASE = f"""configure terminal
interface GigabitEthernet0/0
 ip address {ADDRESS} 255.255.255.0
 no shutdown
telephony-service
 max-ephones 4
 ip source-address {ADDRESS} port 2000
 cnf-file location flash:
 cnf-file perphone
 cnf-file encrypted
 load 7970 SCCP70.8-0-3S
 tftp-server-credentials trustpoint cme
 secure-signaling trustpoint cme
 device-security-mode encrypted
ephone 1
 mac-address 0012.4302.A7CC
 type 7970
trust-verification
 trustpoint tvs
capf-server
 auth-mode null-string
 cert-enroll-trustpoint iosca password 0 mypassword
 trustpoint-label capfs
 source-addr {ADDRESS}
ctl-client
 server cme-tftp {ADDRESS} trustpoint cme
 server capf {ADDRESS} trustpoint capfs
 sast1 trustpoint cme
 sast2 trustpoint sast2
"""


def audit(router):
    """What the audit says: {link: (state, cause)}, and the whole text."""
    text = router.line("show telephony-service trust-audit ephone 1")
    rows = re.findall(r"^  (\S.{20}) (ok|broken|not checked|-)(?:: (.*))?$", text, re.M)
    return {name.strip(): (state, cause) for name, state, cause in rows}, text


def broken(links):
    return sorted(name for name, (state, _) in links.items() if state == "broken")


def typed(router, *lines):
    router.lines("configure terminal\n" + "\n".join(lines) + "\nend\n")


def set_up(check, router, folder):
    for label in LABELS:
        selfsigned(router, label)
    router.lines("configure terminal\nip http server\ncrypto pki server iosca\ngrant auto\nend\n")
    start_server(router, "iosca")
    router.shows("show crypto pki server", "enabled")
    router.lines(BASE)
    links, text = audit(router)
    check("before the list: CTL file", "CTL file" in broken(links), text)
    typed(router, "ctl-client", "regenerate")
    typed(router, "telephony-service", "create cnf-files")
    check("a phone without a certificate: that link", until(lambda: broken(audit(router)[0]) == ["phone certificate"]), audit(router)[1])
    typed(router, "ephone 1", "cert-oper upgrade auth-mode null-string")
    check("the phone is to fetch it", until(lambda: "has not fetched" in audit(router)[0]["phone certificate"][1]), audit(router)[1])
    run = in_net(NET, "python3", CAPF_PHONE, ADDRESS, DEVICE, folder)
    check("the phone gets a certificate", b"end 1" in run.stdout, run.stdout)
    check("the chain of trust is whole", until(lambda: "The chain of trust is whole" in audit(router)[1]), audit(router)[1])
    links, text = audit(router)
    judged = [name for name, (state, _) in links.items() if state == "ok"]
    check("every link but option 150 and phone services was judged", len(judged) == len(links) - 2 == 28, text)


# Link, what breaks it, what mends it.
BREAKS = [
    ("server address", ["interface GigabitEthernet0/0", "shutdown"], ["interface GigabitEthernet0/0", "no shutdown"]),
    ("server address", ["telephony-service", "ip source-address 192.0.2.77 port 2000"], ["telephony-service", f"ip source-address {ADDRESS} port 2000"]),
    ("device mode", ["telephony-service", "server-security-mode non-secure"], ["telephony-service", "server-security-mode secure"]),
    ("CAPF server", ["no capf-server"], BASE[BASE.index("capf-server"):BASE.index("ctl-client")].splitlines()),
    ("CAPF server", ["capf-server", "trustpoint-label nobody"], ["capf-server", "trustpoint-label capfs"]),
    ("issuing CA", ["crypto pki server iosca", "shutdown"], ["crypto pki server iosca", "no shutdown"]),
    ("issuing CA", ["capf-server", "no cert-enroll-trustpoint"], ["capf-server", "cert-enroll-trustpoint iosca password 0 mypassword"]),
    ("TVS server", ["trust-verification", "trustpoint nobody"], ["trust-verification", "trustpoint tvs"]),
    ("call control", ["telephony-service", "no secure-signaling trustpoint"], ["telephony-service", "secure-signaling trustpoint cme"]),
    ("call control", ["telephony-service", "secure-signaling trustpoint nobody"], ["telephony-service", "secure-signaling trustpoint cme"]),
]


def each_break(check, router):
    for link, how, back in BREAKS:
        typed(router, *how)
        good = until(lambda: broken(audit(router)[0]) == [link])
        links, text = audit(router)
        check(f"{' / '.join(how)}: {link}, and no other", good, text)
        check("  and says what to do", "next: " in text and links.get(link, ("", ""))[1] != "", text)
        typed(router, *back)
        check("  mended: whole", until(lambda: broken(audit(router)[0]) == []), audit(router)[1])


def kept(check, router):
    """What phones know stays in use when the configuration takes it away: they are not stranded."""
    for how in ("no tftp-server-credentials trustpoint", "tftp-server-credentials trustpoint nobody"):
        typed(router, "telephony-service", how)
        time.sleep(2)
        links, text = audit(router)
        check(f"{how}: the chain of the phone stays whole", broken(links) == [] and links["file signer"][0] == "ok", text)
        shown = router.line("show ctl-client rotation")
        check("  and show ctl-client rotation tells it", "cme" in shown, shown)
    typed(router, "telephony-service", "tftp-server-credentials trustpoint cme")


def plain(router):
    return in_net(NET, "curl", "-s", f"http://{ADDRESS}:6970/{DEVICE}.cnf.xml").stdout.decode()


def mixed(check, router):
    """security-mode mixed: checked, switched in order, and back."""
    def entered(*lines):
        router.line("configure terminal")
        router.line("telephony-service")
        out = [router.line(line) for line in lines][-1]
        router.line("end")
        return out
    out = entered("no cnf-file encrypted", "security-mode mixed")
    check("mixed mode wants no auto-registration", "% Auto-registration is not supported in mixed mode" in out and "% Security mode was not changed" in out, out)
    typed(router, "ephone 2", "mac-address 0000.0000.0002", "type 7912", "ephone 3", "mac-address 0000.0000.0003", "type 7970")
    out = entered("no auto-reg-ephone", "security-mode mixed")
    check("a phone that knows no lists is named", "% ephone 2 (SEP000000000002): type 7912 knows no trust lists" in out, out)
    check("a phone without a certificate is named", "% ephone 3 (SEP000000000003): no certificate" in out, out)
    check("nothing was switched", "security-mode mixed" not in router.line("show running-config | include security-mode"))
    typed(router, "no ephone 3", "ephone 2", "device-security-mode none", "telephony-service", "device-security-mode none")
    check("the phone is told mode 1", until(lambda: "<deviceSecurityMode>1<" in plain(router)), plain(router))
    out = entered("security-mode mixed")
    check("then it is switched", "CTL file made, phones are told to be secure" in out, out)
    shown = router.line("show running-config | include security-mode")
    check("with all that follows", all(f" {x}-security-mode {y}" in shown for x, y in (("device", "encrypted"), ("server", "secure"))) and
          " security-mode mixed" in shown, shown)
    check("the phone is told mode 3", until(lambda: "<deviceSecurityMode>3<" in plain(router)), plain(router))
    text = plain(router)
    check("its file names the TVS", f"<address>{ADDRESS}</address>" in text and "<port>2445</port>" in text, text)
    check("its doors are shut", all(x in text for x in ("<webAccess>1<", "<sshAccess>1<", "<settingsAccess>0<")), text)
    entered("service phone settingsAccess 1")
    check("service phone opens one again", until(lambda: "<settingsAccess>1<" in plain(router)), plain(router))
    out = entered("auto-reg-ephone")
    check("auto-registration is refused in mixed mode", "% Auto-registration is not supported in mixed mode" in out, out)
    shown = router.line("show telephony-service security-features")
    check("show telephony-service security-features", "SEP00124302A7CC  7970      yes  yes  yes  yes   yes" in shown and
          "SEP000000000002  7912      no   no   no   no    no" in shown, shown)
    out = entered("no security-mode mixed")
    check("and back", "phones are told mode none" in out, out)
    check("the phone is told mode 1 again", until(lambda: "<deviceSecurityMode>1<" in plain(router)), plain(router))
    check("its chain is whole", until(lambda: broken(audit(router)[0]) == []), audit(router)[1])
    typed(router, "telephony-service", "server-security-mode secure", "device-security-mode encrypted", "ctl-client", "regenerate")


def port_taken(check, data):
    """Another program has the port of TFTP: only that link is broken."""
    holder = subprocess.Popen(["ip", "netns", "exec", NET, "python3", "-c",
                               "import socket, time\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
                               "s.bind(('0.0.0.0', 69))\nprint('bound', flush=True)\ntime.sleep(120)"], stdout=subprocess.PIPE)
    holder.stdout.readline()
    try:
        with Router(data=data, net=NET) as router:
            router.wait_for(r"[>#]\s?$")
            router.line("enable")
            good = until(lambda: broken(audit(router)[0]) == ["file service"])
            check("another program has port 69: file service, and no other", good, audit(router)[1])
            router.line("show tftp-server")
            typed(router, "no ctl-client")
            check("no ctl-client: CTL file, and no other but the port", until(lambda: broken(audit(router)[0]) == ["CTL file", "file service"]), audit(router)[1])
    finally:
        holder.kill()


def main():
    checks = Checks()
    drop_net(NET)
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        with Router(data=data, net=NET) as router:
            router.wait_for(r"[>#]\s?$")
            router.line("enable")
            set_up(checks.check, router, folder)
            each_break(checks.check, router)
            kept(checks.check, router)
            mixed(checks.check, router)
            out = router.line("show telephony-service trust-audit ephone 4")
            checks.check("an ephone that is not there", "% This ephone is not configured" in out, out)
            router.line("write memory")
        port_taken(checks.check, data)
    drop_net(NET)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
