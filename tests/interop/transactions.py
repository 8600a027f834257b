#!/usr/bin/python3
"""configure check / replace / confirm / revert, also with the power cut while a replacement waits. Standard library only."""
# SPDX-License-Identifier: GPL-3.0-or-later
import glob
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from router import PATIENCE, Checks, Router, drop_net  # noqa: E402

NET = f"parley-trans-{os.getpid()}"
BASE = """hostname Before
enable secret Sesame123
service password-encryption
username admin privilege 15 password 0 Cisco123
ip host alpha 10.1.1.1
banner motd #
first line
second line
#
crypto pki trustpoint known
 enrollment url http://10.1.1.1
interface GigabitEthernet0/0
 ip address 10.1.1.1 255.255.255.0
telephony-service
 max-ephones 5
 max-dn 10
ephone 1
 mac-address 0011.2233.4455
"""
NEW = """hostname After
username admin privilege 15 password 0 Cisco123
ip host beta 10.1.1.2
interface GigabitEthernet0/0
 ip address 10.2.2.2 255.255.255.0
telephony-service
 max-ephones 7
 max-dn 10
ephone 2
 mac-address 0011.2233.4466
end
"""
BAD = """hostname Other
telephny-service
 max-ephones 3
t\u0435lephony-service
 max-ephones 3
 secure-signaling trustpoint cme-sccp
hostname
interface GigabitEthernet0/0
 ip address 10.1.1.999 255.255.255.0
"""


def start(data=None, startup=None):
    router = Router(data=data, net=NET, startup=startup)
    router.wait_for(r"[>#]\s?$")
    router.line("enable")
    if re.search(r"Password: ?$", router.log):
        router.line("Sesame123")
    router.line("terminal length 0")
    return router


def running(router):
    out = router.line("show running-config")
    return out[out.find("\n!\n") + 1:out.rfind("\nend\n") + 5]


def lines_of(text):
    """Without the comments about times."""
    return [line for line in text.splitlines() if not line.startswith("! ")]


def put(router, name, text):
    with open(os.path.join(router.data, "flash", name), "w", encoding="utf-8") as file:
        file.write(text)


def files(router):
    """Every file of flash: and nvram: with its bytes."""
    found = {}
    for path in glob.glob(os.path.join(router.data, "*/**"), recursive=True):
        if os.path.isfile(path) and "/system/" not in path:
            with open(path, "rb") as file:
                found[path] = file.read()
    return found


def rollback_file(router):
    return os.path.join(router.data, "nvram", "rollback-config")


def check_file(router, check):
    put(router, "bad.cfg", BAD)
    put(router, "new.cfg", NEW)
    put(router, "depends.cfg", "telephony-service\n secure-signaling trustpoint cme-sccp\n")
    before, disk = running(router), files(router)
    out = router.line("configure check flash:bad.cfg")
    check("misspelt word with its neighbour",
          re.search(r"^ +2:7 +error +'telephny-service': no such command; near: telephony-service$", out, re.M), out)
    check("look-alike letter by code point",
          re.search(r"^ +4:2 +error +'t\S+lephony-service': no such command: U\+0435 only looks like 'e'; near: telephony-service$", out, re.M), out)
    check("incomplete line", re.search(r"^ +7:1 +error +'hostname': incomplete command$", out, re.M), out)
    check("bad address with its column", re.search(r"^ +9:13 +error +'10\.1\.1\.999': not possible here$", out, re.M), out)
    depends = router.line("configure check flash:depends.cfg")
    check("trustpoint that the file does not define",
          re.search(r"^ +2:2 +warning +secure-signaling: trustpoint cme-sccp is not defined in this file$", depends, re.M), depends)
    out = router.line("configure check flash:new.cfg")
    check("summary of a good file", "Lines 11, accepted 11, errors 0, warnings 0, phones affected 0" in out, out)
    check("differences are grouped by mode",
          "\n interface GigabitEthernet0/0\n- ip address 10.1.1.1 255.255.255.0\n+ ip address 10.2.2.2 255.255.255.0\n" in out and
          "\n-hostname Before\n" in out and "\n+hostname After\n" in out, out)
    check("nothing has changed", running(router) == before and files(router) == disk)
    out = router.line("configure check flash:none.cfg")
    check("missing file", "%Error opening flash:/none.cfg (No such file or directory)" in out, out)


def replace(router, command, answer="y"):
    out = router.line(command)
    return out + router.line(answer) if "[no]:" in out else out


def replaced(router, check):
    before = running(router)
    out = router.line("configure replace flash:bad.cfg")
    check("a file with errors is refused", re.search(r"^% \d+ errors, configuration not replaced$", out, re.M) and running(router) == before, out)
    out = replace(router, "configure replace flash:new.cfg", "")
    check("no is the default answer", "[no]:" in out and running(router) == before, out)
    out = router.line("configure confirm")
    check("nothing to confirm", "% No Rollback Confirmed Change pending" in out, out)
    out = router.line("configure revert now")
    check("nothing to revert", "% No Rollback Confirmed Change pending" in out, out)
    out = replace(router, "configure replace flash:new.cfg revert timer 5")
    after = running(router)
    check("the file is the configuration", "hostname After" in after and "ip host alpha" not in after and "mac-address 0011.2233.4455" not in after
          and " max-ephones 7" in after and "banner motd" not in after, after)
    check("it acts: the prompt", router.log.rstrip().endswith("After#"), router.log[-60:])
    check("it acts: the address", "10.2.2.2" in router.line("show ip interface brief"), "")
    check("the warning is logged", "Rollback Confirmed Change: Reverting in 5 minute(s) unless confirmed" in router.line("show logging"))
    check("the way back lies in nvram:", os.path.exists(rollback_file(router)))
    router.line("configure revert now")
    back = running(router)
    check("revert now: byte for byte", back == before, back)
    check("its address acts again", "10.1.1.1" in router.line("show ip interface brief"))
    check("the copy is gone", not os.path.exists(rollback_file(router)))


def timer(router, check):
    before = running(router)
    replace(router, "configure replace flash:new.cfg revert timer 1")
    start_of_wait = len(router.log)
    router.wait_for("the previous configuration is back", start_of_wait, 60 + PATIENCE)
    router.line("")
    check("the timer brings it back byte for byte", running(router) == before)
    replace(router, "configure replace flash:new.cfg revert timer 1")
    router.line("configure confirm")
    check("a confirmed one stays", "hostname After" in running(router) and not os.path.exists(rollback_file(router)))
    put(router, "before.cfg", before)
    replace(router, "configure replace flash:before.cfg")
    check("a saved text replaces back", lines_of(running(router)) == lines_of(before))


def power(router, check):
    """kill -9 while a replacement waits; it was even saved."""
    before = running(router)
    replace(router, "configure replace flash:new.cfg revert timer 60")
    router.line("write memory")
    router.kill()
    with start(router.data) as again:
        back = running(again)
        check("the boot brings the old configuration", lines_of(back) == lines_of(before), back)
        check("and says so", "not confirmed before the restart" in again.log)
        check("the copy is gone after the boot", not os.path.exists(rollback_file(again)))
        replace(again, "configure replace flash:new.cfg revert timer 60")
        again.line("configure confirm")
        again.line("write memory")
        again.kill()
    with start(router.data) as again:
        check("a confirmed one survives the power cut", "hostname After" in running(again))


def large_file(name):
    with open(name, "w", encoding="ascii") as file:
        for i in range(20000):
            file.write(f"ip host name{i} 10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}\n")
    return name


def large(router, check):
    shown = running(router)
    check("a large configuration is shown whole", shown.count("\nip host name") == 20000)
    router.line("write memory")
    out = router.line("show startup-config")
    check("and saved whole", out.count("\nip host name") == 20000)
    hogs = re.findall(r"CPUHOG.*", router.line("show logging"))
    check("without a long step of the scheduler", not [h for h in hogs if "Session" in h or "onsole" in h], repr(hogs[:3]))


def exclusive(router, check):
    out = router.line("configure exclusive")
    check("configure exclusive enters configuration mode", "(config)#" in out, out)
    router.line("ip host gamma 10.1.1.3")
    router.line("end")
    out = router.line("configure terminal")
    check("and is given back at the end", "(config)#" in out, out)
    router.line("no ip host gamma")
    router.line("end")


def questions(router, check):
    """R-9.10: nobody answers while a file is copied to the running-config."""
    put(router, "ask.cfg", "crypto pki trustpoint asked\n enrollment terminal\n exit\ncrypto pki authenticate asked\nip host later 10.1.1.9\n")
    router.line("copy flash:ask.cfg running-config")
    out = router.line("")
    check("a question takes the refusing answer", "crypto pki authenticate asked\n" in out and "% Command cancelled\n" in out, out)
    check("and the rest of the file counts", "\nip host later 10.1.1.9\n" in running(router))
    router.lines("configure terminal\nno ip host later\nno crypto pki trustpoint asked\ny\n")


def secret_in_work(router, check):
    router.lines("configure terminal\nenable secret Other1234\nend\ncopy running-config flash:copy.cfg\n\n")
    with open(os.path.join(router.data, "flash", "copy.cfg"), encoding="utf-8") as file:
        text = file.read()
    check("a copy waits for the hash of a new secret", "enable secret 9 $9$" in text and "Other1234" not in text, text[:400])
    router.lines("configure terminal\nenable secret Sesame123\n")


CHAIN = """crypto pki trustpoint lab
 enrollment terminal
crypto pki certificate chain lab
 certificate ca 01 nvram:lab.cer
"""


def certificate_file(check):
    """R-6.3: the certificate of a file, typed and in a startup-config."""
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(os.path.join(folder, "data/nvram"))
        der = os.path.join(folder, "data/nvram/lab.cer")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=lab", "-days", "30", "-keyout", "/dev/null",
                        "-outform", "DER", "-out", der], check=True, capture_output=True, timeout=60)
        subprocess.run(["openssl", "x509", "-inform", "DER", "-in", der, "-out", der + ".pem"], check=True, capture_output=True, timeout=60)
        with open(der, "rb") as file:
            want = file.read().hex().upper()
        startup = os.path.join(folder, "startup")
        with open(startup, "w", encoding="ascii") as file:
            file.write("no logging console\n" + CHAIN)
        with start(os.path.join(folder, "data"), startup) as router:
            check("a startup-config takes it", hex_of(router, "certificate ca 01") == want)
            router.lines("configure terminal\ncrypto pki certificate chain lab\n no certificate ca 01\ny\n")
            check("(removed)", hex_of(router, "certificate ca 01") == "")
            out = router.lines("configure terminal\n" + CHAIN)
            check("typed, without a multi-line part", hex_of(router, "certificate ca 01") == want and "hexidecimal" not in out, out)
            router.lines("configure terminal\ncrypto pki certificate chain lab\n certificate ca 02 nvram:lab.cer.pem\n")
            check("a PEM file is the same", hex_of(router, "certificate ca 02") == want)
            out = router.lines("configure terminal\ncrypto pki certificate chain lab\n certificate ca 03 nvram:none.cer\n")
            check("a missing file", "%Error opening nvram:/none.cer (No such file or directory)" in out, out)
            with open(os.path.join(folder, "data/nvram/bad.cer"), "wb") as file:
                file.write(b"no certificate")
            out = router.lines("configure terminal\ncrypto pki certificate chain lab\n certificate ca 03 nvram:bad.cer\n")
            check("a file that is none", "% Certificate data for serial 03 is invalid, ignored" in out and hex_of(router, "certificate ca 03") == "", out)
            put(router, "chain.cfg", CHAIN)
            out = router.line("configure check flash:chain.cfg")
            check("a check says that a replacement would not take it",
                  re.search(r"^ +4:2 +warning +'certificate' acts at once: a replacement does not run it$", out, re.M), out)
    drop_net(NET)


def hex_of(router, line):
    found = re.search(rf"\n {line}\n((?:  [0-9A-F ]+\n)*)  quit\n", running(router))
    return re.sub(r"\s", "", found[1]) if found else ""


def main():
    checks = Checks()
    drop_net(NET)
    with start() as router:
        router.lines("configure terminal\n" + BASE)
        running(router)
        check_file(router, checks.check)
        replaced(router, checks.check)
        exclusive(router, checks.check)
        questions(router, checks.check)
        secret_in_work(router, checks.check)
        timer(router, checks.check)
        power(router, checks.check)
    drop_net(NET)
    certificate_file(checks.check)
    with tempfile.TemporaryDirectory() as folder, start(startup=large_file(os.path.join(folder, "large.cfg"))) as router:
        large(router, checks.check)
    drop_net(NET)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
