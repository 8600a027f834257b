#!/usr/bin/python3
"""Kills the router at every single durable write of one command and looks what is left after the next boot.

usage: power_cut.py [STORY...]
"""
# SPDX-License-Identifier: GPL-3.0-or-later
import datetime
import os
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from pki import enroll, start_server  # noqa: E402
from router import Checks, Router, drop_net, until  # noqa: E402
from trustpoint_cuts import IMPORTED, configure, enable, import_prepare, import_story, renew_act, renew_configure, renew_judge  # noqa: E402

NET = f"parley-power-{os.getpid()}"
CUT = "PARLEY_TEST_CUT_AT"     # platform/README.md: the process ends at the n-th durable step of the store
MOST = 400


class Story:
    """prepare() leaves a state on disk; act() does the work and returns what was acknowledged; judge() boots again."""

    def __init__(self, name, prepare, act, judge):
        self.name, self.prepare, self.act, self.judge = name, prepare, act, judge


def run_cut(story, base, cut):
    """One copy of the prepared state, cut at step `cut`. Returns (reached the end, acknowledged, data folder)."""
    data = tempfile.mkdtemp(prefix="parley-cut-")
    shutil.rmtree(data)
    shutil.copytree(base, data)
    drop_net(NET)
    acknowledged = []
    with Router(data=data, net=NET, env={CUT: str(cut)}) as router:
        try:
            router.wait_for(r"[>#]\s?$")
            story.act(router, acknowledged)
            ended = router.process.poll() is None
        except (TimeoutError, BrokenPipeError):
            ended = False
        if router.process.poll() is None:
            router.kill()
    return ended, acknowledged, data


def tell(story, check):
    base = tempfile.mkdtemp(prefix="parley-base-")
    drop_net(NET)
    with Router(data=base, net=NET) as router:
        router.wait_for(r"[>#]\s?$")
        story.prepare(router)
        router.stop()
    cuts = 0
    bad = []
    for cut in range(1, MOST):
        ended, acknowledged, data = run_cut(story, base, cut)
        drop_net(NET)
        with Router(data=data, net=NET) as router:
            try:
                router.wait_for(r"[>#]\s?$")
                why = story.judge(router, acknowledged)
            except TimeoutError as error:
                why = f"does not boot: {error}"
        if why:
            bad.append(f"cut {cut}: {why}")
        shutil.rmtree(data, ignore_errors=True)
        if ended:
            break
        cuts += 1
    shutil.rmtree(base, ignore_errors=True)
    check(f"{story.name}: {cuts} cuts, nothing acknowledged is lost", cuts > 0 and not bad, "; ".join(bad[:3]))


# ---- write memory: the old or the new configuration, never a mixture

def write_prepare(router):
    enable(router)
    configure(router, "hostname Before")
    router.line("write memory")


def write_act(router, acknowledged):
    enable(router)
    configure(router, "hostname After", *[f"ip host h{i} 10.0.0.{i}" for i in range(1, 40)])
    if "[OK]" in router.line("write memory"):
        acknowledged.append("write")


def write_judge(router, acknowledged):
    out = router.line("enable")
    out = router.line("show running-config")
    before, after = "hostname Before" in out, "hostname After" in out
    if before == after:
        return "neither the old nor the new configuration"
    if acknowledged and not after:
        return "an acknowledged write is lost"
    if after and "h39" not in out:
        return "half a configuration"
    return None


# ---- the certificate authority and an enrolment

CA = ["ip http server", "interface GigabitEthernet0/0", "ip address 10.9.9.1 255.255.255.0",
      "crypto pki trustpoint tp", "enrollment url http://10.9.9.1:80", "revocation-check none", "rsakeypair tp 1024", "exit"]


def start_ca(router):
    configure(router, "crypto pki server ca", "grant auto")
    start_server(router, "ca")


def enrol_prepare(router):
    enable(router)
    configure(router, *CA)
    start_ca(router)
    router.line("configure terminal")
    router.line("crypto pki authenticate tp")
    router.line("yes")
    router.line("end")
    router.line("write memory")


ENROLLED = r"(?ms)^Certificate\n  Status: Available\n.*?Serial Number \(hex\): (\w+)"


def enrol_act(router, acknowledged):
    enable(router)
    enroll(router, "tp")
    out = router.shows("show crypto pki certificates tp", ENROLLED)
    if found := re.search(ENROLLED, out):
        acknowledged.append(found[1])


def enrol_judge(router, acknowledged):
    enable(router)
    out = router.line("show crypto pki certificates tp")
    found = re.search(ENROLLED, out)
    if acknowledged and (not found or found[1] != acknowledged[0]):
        return "an acknowledged certificate is lost"
    out = router.shows("show crypto pki server", "Last certificate issued")   # it starts after the prompt is there
    last = re.search(r"Last certificate issued serial number \(hex\): (\w+)", out)
    if not last:
        return "the certificate server is gone"
    if acknowledged and int(last[1], 16) < int(acknowledged[0], 16):
        return "a serial number would be used again"
    return None


# ---- revocation: in the list for good, numbers of lists never go back

def crl_of(router):
    """Number and size of the revocation list, by the router's own show."""
    out = router.line("crypto pki server ca info crl")
    found = re.search(r"CRL Number \(hex\): (\w+)\n +Number of CRL entries: (\d+)", out)
    return (int(found[1], 16), int(found[2])) if found else (0, 0)


def revoke_prepare(router):
    enrol_prepare(router)
    enrol_act(router, [])
    router.line("write memory")


def revoke_act(router, acknowledged):
    enable(router)
    router.wait_for("CS_ENABLED")
    number, _ = crl_of(router)
    acknowledged.append(("number", number))
    if "% Certificate 02 succesfully revoked." in router.line("crypto pki server ca revoke 2 key-compromise"):
        acknowledged.append(("revoked", crl_of(router)[0]))


def revoke_judge(router, acknowledged):
    enable(router)
    router.wait_for("CS_ENABLED")
    number, entries = crl_of(router)
    if acknowledged and number <= acknowledged[-1][1]:
        return f"the number of the revocation list goes back to {number}: {acknowledged}"
    if acknowledged and acknowledged[-1][0] == "revoked":
        if entries != 1:
            return "a revoked certificate is not in the list"
        out = router.line("show crypto pki server ca certificates")
        return None if "(revoked)" in out else "a revoked certificate is good again"
    out = router.line("crypto pki server ca revoke 2")
    return None if crl_of(router)[1] == 1 else "it cannot be revoked any more: " + out


# ---- a request that waits, and is granted

def waiting_prepare(router):
    enable(router)
    configure(router, *CA)
    start_ca(router)
    configure(router, "crypto pki server ca", "no grant auto")
    router.line("configure terminal")
    router.line("crypto pki authenticate tp")
    router.line("yes")
    router.line("end")
    router.line("write memory")


def waiting_act(router, acknowledged):
    enable(router)
    router.wait_for("CS_ENABLED")
    enroll(router, "tp")
    router.wait_for("%PKI-6-CERTPENDING")
    acknowledged.append("pending")
    start = len(router.log)
    router.line("crypto pki server ca grant all")
    router.wait_for("%PKI-6-CS_GRANTED", start)
    acknowledged.append("granted")


def waiting_judge(router, acknowledged):
    enable(router)
    router.wait_for("CS_ENABLED")
    requests = router.line("crypto pki server ca info requests")
    if acknowledged and not re.search(r"^1 +(pending|granted)", requests, re.M):
        return "a waiting request is lost: " + requests
    issued = router.line("show crypto pki server ca certificates")
    if "granted" in acknowledged and not re.search(r"^02 ", issued, re.M):
        return "a granted certificate is not listed: " + issued
    return None


def renew_prepare(router):
    enrol_prepare(router)
    enrol_act(router, [])
    renew_configure(router)


# ---- roll-over of the CA certificate: the router is always left with an authority that goes on

LATER = "clock set 12:00:00 {}".format((datetime.date.today() + datetime.timedelta(days=40)).strftime("%d %B %Y").lstrip("0"))


FIRST = []     # fingerprint of the certificate that ends


def rollover_prepare(router):
    enable(router)
    configure(router, "ip http server", "crypto pki server ca", "lifetime ca-certificate 39", "auto-rollover 0")
    start_ca(router)
    router.line("write memory")
    FIRST[:] = [server_of(router)[1]]


def server_of(router):
    out = router.line("show crypto pki server")
    state = re.search(r"State: (\w+)", out)
    print_ = re.search(r"CA cert fingerprint: ([0-9A-F ]+)", out)
    serial = re.search(r"serial number \(hex\): (\w+)", out)
    return (state and state[1], print_ and print_[1], int(serial[1], 16) if serial else 0)


def rolled(router):
    """Waits until the server signs with the certificate that follows its first one."""
    def goes_on():
        state, print_, serial = server_of(router)
        return (print_, serial) if state == "enabled" and print_ != FIRST[0] else None
    return until(goes_on, pause=0.05) or (None, 0)


def rollover_act(router, acknowledged):
    enable(router)
    router.wait_for("CS_ENABLED")
    start = len(router.log)
    router.line(LATER)
    router.wait_for("%PKI-6-CS_ROLLOVER_NOW", start)
    print_, serial = rolled(router)
    if print_:
        acknowledged.append((print_, serial, crl_of(router)[0]))


def rollover_judge(router, acknowledged):
    enable(router)
    router.line(LATER)
    print_, serial = rolled(router)
    if not print_:
        return "no authority goes on: " + router.line("show crypto pki server")
    if acknowledged:
        known, last, number = acknowledged[0]
        if print_ != known:
            return "the certificate of the authority is lost"
        if serial < last or crl_of(router)[0] <= number:
            return "a number goes back"
    return None


# ---- regenerate of the trust list

def trust_prepare(router):
    enable(router)
    configure(router, "interface GigabitEthernet0/0", "ip address 10.9.9.1 255.255.255.0",
              "crypto pki trustpoint s1", "enrollment selfsigned", "subject-name CN=s1", "rsakeypair s1 1024", "exit",
              "crypto pki trustpoint s2", "enrollment selfsigned", "subject-name CN=s2", "rsakeypair s2 1024", "exit")
    for label in ("s1", "s2"):
        enroll(router, label)
    configure(router, "ctl-client", "sast1 trustpoint s1", "sast2 trustpoint s2", "server cme 10.9.9.1 trustpoint s1",
              "server tftp 10.9.9.1 trustpoint s1")
    router.line("write memory")


def trust_act(router, acknowledged):
    enable(router)
    router.line("configure terminal")
    router.line("ctl-client")
    out = router.line("regenerate")
    if "%" not in out.split("\n", 1)[-1]:
        acknowledged.append("regenerate")


def trust_judge(router, acknowledged):
    enable(router)
    if acknowledged and "CTLFile.tlv" not in router.shows("show tftp-server", "CTLFile.tlv"):
        return "an acknowledged CTL file is lost"
    return None


STORIES = [
    Story("write memory", write_prepare, write_act, write_judge),
    Story("enrolment", enrol_prepare, enrol_act, enrol_judge),
    Story("revocation", revoke_prepare, revoke_act, revoke_judge),
    Story("waiting request", waiting_prepare, waiting_act, waiting_judge),
    Story("renewal with a new key", renew_prepare, renew_act, renew_judge),
    Story("import pkcs12", import_prepare, *import_story(IMPORTED)),
    Story("import pem", import_prepare, *import_story("crypto pki import came pem url flash:came Secret-12")),
    Story("roll-over", rollover_prepare, rollover_act, rollover_judge),
    Story("regenerate", trust_prepare, trust_act, trust_judge),
]


def main():
    checks = Checks()
    wanted = sys.argv[1:]
    for story in STORIES:
        if not wanted or story.name in wanted:
            tell(story, checks.check)
    drop_net(NET)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
