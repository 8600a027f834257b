#!/usr/bin/python3
"""archive mode, show archive, differences, show tech-support, alias exec on the real program. Standard library only."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from router import PATIENCE, Checks, Router, drop_net, until  # noqa: E402

NET = f"parley-trans-archive-{os.getpid()}"
SECRETS = ["Enable123", "Console123", "Admin123", "Vty12345", "Comm1234", "Radius123", "Phone123", "Web12345"]
CONFIG = """enable secret Enable123
username admin password 0 Admin123
snmp-server community Comm1234 RO
radius-server key Radius123
line con 0
 privilege level 15
 password Console123
line vty 0 4
 password Vty12345
telephony-service
 max-ephones 2
 max-dn 2
 web admin system name boss password Web12345
ephone 1
 mac-address 0011.2233.4455
 username "one" password Phone123
"""


def start(data=None):
    router = Router(data=data, net=NET)
    router.wait_for(r"[>#]\s?$")
    router.line("enable")
    if re.search(r"Password: ?$", router.log):
        router.line("Enable123")
    router.line("terminal length 0")
    return router


def body(text):
    return [line for line in text.splitlines() if not line.startswith("! ")]


def copies(router):
    folder = os.path.join(router.data, "flash")
    return sorted(name for name in os.listdir(folder) if name.startswith("backup-"))


def content(router, name):
    with open(os.path.join(router.data, "flash", name), encoding="utf-8") as file:
        return file.read()


def wait_copy(router, name, seconds=PATIENCE):
    until(lambda: router.line("") and os.path.exists(os.path.join(router.data, "flash", name)), seconds)
    return name in copies(router)


def archive(router, check):
    out = router.line("show archive")
    check("no path, no archive", "Archive feature not enabled" in out, out)
    out = router.lines("configure terminal\narchive\n path tftp://10.1.1.1/x\n")
    check("a path on a server is refused", "% The archive is a place on flash:, nvram: or slot0:" in out, out)
    router.lines("configure terminal\narchive\n path flash:backup\n maximum 2\n write-memory\n")
    out = router.line("show running-config | section archive")
    check("the mode is written", "archive\n path flash:backup\n maximum 2\n write-memory\n" in out, out)
    for _ in range(3):
        router.line("archive config")
    check("the oldest copy goes", copies(router) == ["backup-2", "backup-3"], repr(copies(router)))
    shown = router.line("show running-config")
    shown = shown[shown.find("\n!\n") + 1:shown.rfind("\nend\n") + 5]
    check("a copy is the running-config", body(content(router, "backup-3")) == body(shown))
    out = router.line("show archive")
    check("show archive", "The next archive file will be named flash:backup-4\n" in out and "   1        flash:backup-2\n" in out
          and "   2        flash:backup-3 <- Most Recent\n" in out and "\n   3" not in out, out)
    router.lines("configure terminal\nhostname Second\n")
    router.line("write memory")
    check("write memory makes a copy", wait_copy(router, "backup-4") and "hostname Second" in content(router, "backup-4"))
    router.lines("configure terminal\narchive\n path slot0:none/backup\n")
    out = router.line("archive config")
    check("a place that is not there", re.search(r"^%Error opening slot0:none/backup-\S* \(", out, re.M), out)
    router.lines("configure terminal\narchive\n path flash:$h-\n")
    router.line("archive config")
    check("$h is the host name", os.path.exists(os.path.join(router.data, "flash", "Second--1")), repr(os.listdir(router.data + "/flash")))
    router.lines("configure terminal\narchive\n path flash:backup\n")


def differences(router, check):
    router.line("write memory")
    out = router.line("show archive config differences")
    check("nothing to save, no difference", "!No changes were found" in out, out)
    router.lines("configure terminal\nhostname Third\ninterface GigabitEthernet0/0\n description uplink\n")
    out = router.line("show archive config differences")
    check("what is not saved", "Contextual Config Diffs:\n-hostname Second\n+hostname Third\n" in out
          and " interface GigabitEthernet0/0\n" in out and "+ description uplink\n" in out, out)
    out = router.line("show archive config differences nvram:startup-config")
    check("one file: what it would change", "-hostname Third\n" in out and "+hostname Second\n" in out, out)
    out = router.line("show archive config differences nvram:startup-config system:running-config")
    check("two files: from the first to the second", "-hostname Second\n+hostname Third\n" in out, out)
    out = router.line("show archive config differences flash:none")
    check("a missing file", "%Error opening flash:/none (No such file or directory)" in out, out)
    check("no secret in plain", not [s for s in SECRETS if s in out])


def tech_support(router, check):
    written = re.findall(r"(?:secret|password) (?:[05-9] )?(\S+)", router.line("show running-config"))
    out = router.line("show tech-support")
    for command in ("show version", "show running-config", "show processes cpu", "dir flash:", "show logging"):
        check(f"has {command}", f"\n------------------ {command} ------------------\n" in out, out[:2000])
    check("the configuration is there", "\nhostname Third\n" in out and "\nend\n" in out)
    check("no secret, in no form", len(written) >= 5 and not [s for s in SECRETS + written if s in out],
          repr([s for s in SECRETS + written if s in out]))
    check("secrets are marked", "enable secret <removed>\n" in out and "snmp-server community <removed>\n" in out, out)


def aliases(router, check):
    router.lines("configure terminal\nalias exec sv show version\nalias exec cl show clock | include UTC\nalias exec show sv\n")
    out = router.line("show aliases")
    check("show aliases", re.search(r"^ +sv +show version$", out, re.M), out)
    plain = router.line("show version").split("\n", 1)[1]
    check("an alias runs", re.sub(r"\d+", "", router.line("sv").split("\n", 1)[1]) == re.sub(r"\d+", "", plain))
    out = router.line("cl")
    check("an alias with a filter", " UTC " in out and "Translating" not in out, out)
    out = router.line("sv nonsense")
    check("the caret stands below the wrong word", re.search(r"^ {%d}\^$" % len("Third#sv "), out, re.M), out)
    check("a command keeps its own word", "hostname Third" in router.line("show running-config | include hostname"))
    router.lines("configure terminal\nno alias exec sv\n")
    check("no alias", "Translating" in router.line("sv") or "Unknown command" in router.log[-200:])


def main():
    checks = Checks()
    drop_net(NET)
    with start() as router:
        router.lines("configure terminal\n" + CONFIG)
        router.line("show running-config")
        archive(router, checks.check)
        router.lines("configure terminal\narchive\n no write-memory\n time-period 1\n")
        number = max(int(name.split("-")[1]) for name in copies(router)) + 1
        differences(router, checks.check)
        tech_support(router, checks.check)
        aliases(router, checks.check)
        checks.check("time-period makes a copy", wait_copy(router, f"backup-{number}", 60 + PATIENCE), repr(copies(router)))
        router.line("write memory")
        before = router.line("show archive")
        router.kill()
        with start(router.data) as again:
            checks.check("copies are known after a restart", again.line("show archive") == before)
    drop_net(NET)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
