"""A router set up as the README of test-phone shows, for stories with phones of our own (build/native/phone)."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re

from pki import enroll, start_server
from router import ROOT

ADDRESS = "10.13.32.11"
PHONE = os.path.join(ROOT, "build/native/phone")
README = os.path.join(ROOT, "modules/test-phone/README.md")


def example():
    """The configuration that the README shows: it is executed here."""
    with open(README, encoding="utf-8") as f:
        body = f.read().split("## Example\n```\n", 1)[1].split("```", 1)[0]
    return f"""configure terminal
no logging rate-limit
hostname lab
ip domain name lab.example
interface GigabitEthernet0/0
 ip address {ADDRESS} 255.255.255.0
 no shutdown
ip http server
{body}"""


def under(router, mode, *lines):
    router.line("configure terminal")
    router.line(mode)
    out = ""
    for line in lines:
        out = router.line(line)
    router.line("end")
    return out


def set_up(router, check):
    """Certificates, lists and files; ends when the secure signalling port listens."""
    router.wait_for(r"[>#]\s?$")
    router.line("enable")
    out = router.lines(example())
    refused = re.findall(r"% (?:Invalid|Incomplete|Ambiguous)[^\n]*", out)
    check("the configuration is taken", not refused, repr(refused))
    start_server(router, "iosca")
    for label in ("cme", "spare"):
        enroll(router, label)
    under(router, "ctl-client", "regenerate")
    under(router, "telephony-service", "create cnf-files")
    router.shows("show telephony-service tftp-bindings", "SEP0011223344BB.cnf.xml.sgn")
    router.shows("show tftp-server", "ITLFile.tlv")
    out = router.shows("show telephony-service", "port 2443, listening")
    check("the secure signalling port listens", "port 2443, listening, TLS minimum 1.0" in out, out)
