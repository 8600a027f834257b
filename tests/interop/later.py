#!/usr/bin/python3
"""What comes later by itself: a certificate that another authority's operator grants, an authority's next certificate, and all of
PKI on a router whose clock is set late. Two routers on a wire; the first is the authority."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../lib"))
from pki import start_server  # noqa: E402
from router import PATIENCE, Checks, Router, drop_net, until  # noqa: E402

CA_NET, BRANCH_NET, LAB_NET = (f"parley-later-{os.getpid()}-{n}" for n in ("ca", "branch", "lab"))
DAY = 86400
NO_CLOCK = {"PARLEY_TEST_CLOCK": "730944000"}   # 1 March 1993: a board without a battery
CA_CONFIG = """enable
terminal length 0
configure terminal
hostname ca
interface GigabitEthernet0/0
 ip address 10.79.0.1 255.255.255.0
 no shutdown
exit
ip http server
crypto pki server rootca
 issuer-name CN=rootca,O=lab
 lifetime ca-certificate 100
 lifetime certificate 40
 auto-rollover 20
end
"""
BRANCH_CONFIG = """enable
terminal length 0
configure terminal
hostname branch
no logging console
logging buffered 200000 debugging
interface GigabitEthernet0/0
 ip address 10.79.0.2 255.255.255.0
 no shutdown
exit
end
"""
TRUSTPOINT = """crypto pki trustpoint {label}
 enrollment {how}
 enrollment retry period 1
 subject-name CN={label},O=lab
 fqdn none
 serial-number none
 ip-address none
 revocation-check none
 rsakeypair {label} 2048
"""


def openssl(*args, stdin=None):
    p = subprocess.run(["openssl", *args], input=stdin, capture_output=True, timeout=30, check=False)
    return p.returncode == 0, (p.stdout + p.stderr).decode(errors="replace")


def wire():
    for net in (CA_NET, BRANCH_NET):
        subprocess.run(["ip", "netns", "add", net], check=True)
    subprocess.run(["ip", "link", "add", "gi0-0", "netns", CA_NET, "type", "veth", "peer", "name", "gi0-0", "netns", BRANCH_NET], check=True)


def logged(router, pattern, seconds=PATIENCE):
    """Of the log buffer, not of the console: the clock of one router jumps while the other is asked."""
    return until(lambda: re.search("(?s)Log Buffer.*" + pattern, router.line("show logging")), seconds)


def chain(router, label):
    """(word before the serial number, DER) of the certificates in the running-config."""
    out = router.line(f"show running-config | section chain {label}")
    found = re.findall(r"certificate ((?:ca |rollover )?)[0-9A-F]+\s*\n((?:\s+[0-9A-F]{2,8}(?: [0-9A-F]{2,8})*\s*\n)+)\s*quit", out)
    return [(word.strip(), bytes.fromhex(re.sub(r"\s", "", text))) for word, text in found]


def verified(folder, anchor, der, at):
    paths = [os.path.join(folder, n) for n in ("anchor.pem", "leaf.pem")]
    for path, data in zip(paths, (anchor, der)):
        openssl("x509", "-inform", "der", "-out", path, stdin=data)
    return openssl("verify", "-x509_strict", "-attime", str(int(at)), "-CAfile", *paths)


def standin(folder):
    p = subprocess.Popen(["ip", "netns", "exec", BRANCH_NET, "/usr/bin/python3", os.path.join(HERE, "scep_standin.py"), folder, "10.79.0.2", "8080", "1"],
                         stdout=subprocess.PIPE, text=True)
    p.stdout.readline()
    return p


def waits_for_clock(ca, branch, check):
    """The trustpoint knows its authority (by paste) and may enrol by itself; the clock says 1993."""
    out = branch.line("show clock")
    check("the clock is not set", re.search(r"\n\*\d+:", out), out)
    branch.line("configure terminal")
    branch.lines("configure terminal\n" + TRUSTPOINT.format(label="rootca", how="terminal pem") + "end\n")
    pem = openssl("x509", "-inform", "der", stdin=dict(chain(ca, "rootca"))["ca"])[1]
    branch.line("configure terminal")
    start = len(branch.log)
    branch.write("crypto pki authenticate rootca\n" + pem + "\n")
    branch.wait_for(r"\[yes/no\]: ", start)
    check("a CA certificate is taken by paste", "% Certificate successfully imported" in branch.line("yes"))
    for line in ("crypto pki trustpoint rootca", "enrollment url http://10.79.0.1:80", "auto-enroll 90", "exit"):
        branch.line(line)
    for line in TRUSTPOINT.format(label="far", how="url http://10.79.0.2:8080").splitlines():
        branch.line(line)
    branch.line("exit")
    out = branch.line("crypto pki authenticate far")
    check("authenticate over the network waits: told with the reason", "% The clock is not set; certificates cannot be checked" in out, out)
    out = branch.line("crypto pki enroll rootca")
    check("so does enroll", "% The clock is not set; certificates cannot be requested" in out, out)
    branch.line("end")
    time.sleep(4)   # two looks of every part that waits
    check("nothing is asked by itself", "pending" not in ca.line("show crypto pki server rootca requests") and
          "CERTRENEWAUTO" not in branch.line("show logging"))
    branch.set_clock()
    check("clock set: auto-enroll begins by itself", logged(branch, "%PKI-6-CERTRENEWAUTO"))


def server_waits_for_clock(check):
    """A certificate server after a reload of a router without a battery."""
    data = tempfile.mkdtemp(prefix="later-lab-")
    setup = CA_CONFIG.replace("rootca", "labca").replace("hostname ca", "hostname lab")
    try:
        with Router(net=LAB_NET, data=data, env=NO_CLOCK) as router:
            router.wait_for(r"[>#]\s?$")
            router.lines(setup)
            out = start_server(router, "labca")
            check("without a clock no certificate server starts", "% The clock is not set" in out or "% the clock is not set" in out, out)
            router.set_clock()
            out = start_server(router, "labca")
            check("with it, it does", "% Certificate Server enabled." in out, out)
            router.line("write memory")
            check("the router stops tidily", router.stop() == 0)
        with Router(net=LAB_NET, data=data, env=NO_CLOCK) as router:
            router.wait_for(r"[>#]\s?$")
            router.line("enable")
            router.line("terminal length 0")
            out = router.shows("show crypto pki server", "State: waiting")
            check("after a reload it waits and says why", "Status: disabled\n    State: waiting for the clock to be set\n" in out, out)
            router.set_clock()
            router.wait_for("%PKI-6-CS_ENABLED")
            check("clock set: it is enabled by itself", "State: enabled" in router.line("show crypto pki server"))
            check("the router stops tidily", router.stop() == 0)
    finally:
        shutil.rmtree(data, ignore_errors=True)


def polls(ca, branch, folder, check):
    """Both authorities answered "pending"; one operator grants, the other grants by itself at the next poll."""
    branch.line("configure terminal")
    branch.line("crypto pki authenticate far")
    branch.line("yes")
    branch.line("crypto pki enroll far")
    for answer in ("Challenge1", "Challenge1", "yes"):
        out = branch.line(answer)
        if "% Certificate request sent" in out:
            break
    branch.line("end")
    check("the stand-in answers pending", logged(branch, "%PKI-6-CERTPENDING.*(far|rootca).*%PKI-6-CERTPENDING"), branch.line("show logging")[-800:])
    out = until(lambda: re.search(r"\n\d+ +pending.*", ca.line("show crypto pki server rootca requests")))
    check("the other router's operator sees the request", out and "cn=rootca,o=lab" in out[0], out)
    out = branch.line("show crypto pki trustpoints rootca status")
    check("the branch shows that it waits", re.search(r"Certificate request\(s\) \.+ Pending", out), out)
    ca.line("crypto pki server rootca grant all")
    server_waits_for_clock(check)
    got = logged(branch, "%PKI-6-CERTRET.*%PKI-6-CERTRET", 60 + PATIENCE)   # they ask once a minute
    check("both certificates come with the next poll", got, branch.line("show logging")[-800:])
    kinds = dict(chain(branch, "rootca"))
    good, text = verified(folder, kinds["ca"], kinds[""], time.time())
    check("openssl verifies that of the other router", good, text)
    log = open(os.path.join(folder, "far", "log")).read().split()
    check("the stand-in was asked once and polled", log[0] == "19" and set(log[1:]) == {"20"}, log)


def rollover(ca, branch, folder, check):
    """The authority's next certificate, fetched before and taken when it begins; the clocks of both routers run ahead."""
    for line in ("configure terminal", "crypto pki server rootca", "shutdown", "grant auto", "no shutdown"):
        ca.line(line)
    ca.line("end")
    old = dict(chain(branch, "rootca"))["ca"]
    ca.set_clock(92 * DAY)
    check("the authority makes its next certificate", logged(ca, "%PKI-6-CS_ROLLOVER_AVAIL"), ca.line("show logging")[-800:])
    following = dict(chain(ca, "rootca")).get("rollover")
    branch.set_clock(92 * DAY)
    check("the branch fetches it (GetNextCACert)", logged(branch, "%PKI-6-SHADOWCA"), branch.line("show logging")[-800:])
    check("   the same, byte for byte", following and dict(chain(branch, "rootca")).get("rollover") == following)
    check("   it renews with the present one meanwhile", until(lambda: verified(folder, old, dict(chain(branch, "rootca"))[""], time.time() + 92 * DAY)[0]),
          branch.line("show logging")[-800:])
    ca.set_clock(101 * DAY)
    check("the authority goes over", logged(ca, "%PKI-6-CS_ROLLOVER_NOW"), ca.line("show logging")[-800:])
    branch.set_clock(101 * DAY)
    check("so does the branch", logged(branch, "%PKI-5-CAROLLOVER"), branch.line("show logging")[-800:])

    def renewed():
        own = dict(chain(branch, "rootca"))
        return "rollover" not in own and own.get("ca") == following and verified(folder, following, own.get("", b""), time.time() + 101 * DAY)[0]
    check("   and has a certificate from the next authority, openssl verifies", until(renewed), branch.line("show logging")[-1500:])


def main():
    checks = Checks()
    check = checks.check
    nets = (CA_NET, BRANCH_NET, LAB_NET)
    for net in nets:
        drop_net(net)
    folder = tempfile.mkdtemp(prefix="later-")
    os.makedirs(os.path.join(folder, "far"))
    server = None
    try:
        wire()
        with Router(net=CA_NET) as ca, Router(net=BRANCH_NET, env=NO_CLOCK) as branch:
            ca.wait_for(r"[>#]\s?$")
            ca.lines(CA_CONFIG)
            out = start_server(ca, "rootca")
            check("the authority is enabled, granting is manual", "% Certificate Server enabled." in out, out)
            branch.wait_for(r"[>#]\s?$")
            branch.lines(BRANCH_CONFIG)
            server = standin(os.path.join(folder, "far"))
            waits_for_clock(ca, branch, check)
            polls(ca, branch, folder, check)
            rollover(ca, branch, folder, check)
            check("both routers stop tidily", ca.stop() == 0 and branch.stop() == 0)
    finally:
        if server:
            server.kill()
        for net in nets:
            drop_net(net)
        shutil.rmtree(folder, ignore_errors=True)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
