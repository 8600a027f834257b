#!/usr/bin/python3
"""backup trust and restore trust: a blank router takes the place of a dead one, and phones that knew the old list accept the next."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
for folder in ("../lib", "../verify"):
    sys.path.insert(0, os.path.join(HERE, folder))
import verify_trust_file as verifier  # noqa: E402
from pki import from_authority, selfsigned, start_server  # noqa: E402
from router import Checks, Router, drop_net, in_net, until  # noqa: E402

NET, OTHER_NET = f"parley-trust-{os.getpid()}", f"parley-trust-{os.getpid()}-far"
ADDRESS = "10.80.0.1"
TFTP = os.path.join(HERE, "../lib/tftp_sink.py")
TFTPD = shutil.which("in.tftpd", path="/usr/sbin:" + os.environ["PATH"])
SECRET = "Keep-it-apart-9"
# The example of modules/trust-backup/README.md stands in lines() below.
CONFIG = f"""interface GigabitEthernet0/0
 ip address {ADDRESS} 255.255.255.0
 no shutdown
ip http server
telephony-service
 max-ephones 4
 ip source-address {ADDRESS} port 2000
 tftp-server-credentials trustpoint cme
 cnf-file perphone
ephone 1
 mac-address 0012.4302.A7CC
ctl-client
 server cme {ADDRESS} trustpoint cme
 sast1 trustpoint cme
 sast2 trustpoint sast2
"""
CA = """crypto pki server rootca
 issuer-name CN=rootca
 database level minimum
 grant auto
"""


def cable():
    """The free end of GigabitEthernet0/0 goes into another namespace, where the TFTP server is."""
    for command in (f"netns add {OTHER_NET}", f"-n {NET} link set gi0-0-wire netns {OTHER_NET}",
                    f"-n {OTHER_NET} addr add 10.80.0.9/24 dev gi0-0-wire", f"-n {OTHER_NET} link set gi0-0-wire up"):
        subprocess.run(["ip", *command.split()], check=True)


def boot(data, env=None):
    router = Router(data=data, net=NET, env=env)
    router.wait_for(r"[>#]\s?$")
    router.line("enable")
    return router


def start(data, name):
    router = boot(data)
    router.set_clock(3600)
    router.lines(f"configure terminal\nhostname {name}\nno logging console\nlogging buffered 65536\n")
    router.line("terminal length 0")
    return router


def dialogue(router, command, *answers):
    out = router.line(command)
    for answer in answers:
        out += router.line(answer)
    return out


def regenerate(router):
    router.line("configure terminal")
    router.line("ctl-client")
    out = router.line("regenerate")
    router.line("end")
    return out


def list_of(data):
    with open(os.path.join(data, "nvram", "CTLFile.tlv"), "rb") as f:
        return f.read()


def accepted(new, old):
    """By a phone that holds `old`: the verifier's verdict, and the signer."""
    try:
        verifier.verify_ctl(new, old)
        return verifier.Header(new).signer, verifier.Header(new).serial
    except verifier.Refused as why:
        return str(why)


def kept(data):
    """What counts of a router's files."""
    found = {}
    for folder, _, names in os.walk(os.path.join(data, "nvram")):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), os.path.join(data, "nvram"))
            if path.startswith(("keys/", "pki/")) or path in ("CTLFile.tlv", "ITLFile.tlv", "rootca.ser"):
                with open(os.path.join(folder, name), "rb") as f:
                    found[path] = f.read()
    return found


def last_serial(data):
    with open(os.path.join(data, "nvram", "rootca.ser")) as f:
        return int(re.search(r"last_serial = (0x[0-9A-Fa-f]+)", f.read())[1], 16)


def prepare(folder, check):
    """The router that will die: signers, lists, a CA that issued something; two copies, and one on a TFTP server."""
    data, sink = os.path.join(folder, "old"), os.path.join(folder, "tftp")
    os.makedirs(sink)
    with start(data, "oldone") as a:
        for label in ("cme", "sast2"):
            selfsigned(a, label, "revocation-check none")
        a.lines("configure terminal\n" + CONFIG + CA)
        start_server(a, "rootca")
        from_authority(a, "mine", f"http://{ADDRESS}:80")
        check("the list is made", "CTL file made, signed by trustpoint cme" in regenerate(a))
        until(lambda: os.path.exists(os.path.join(data, "nvram/ITLFile.tlv")))
        check("backup: too short a passphrase", "% Invalid passphrase" in dialogue(a, "backup trust flash:trust.bak", "short"))
        check("   not the same twice", "% Passphrases do not match" in dialogue(a, "backup trust flash:trust.bak", SECRET, SECRET + "x"))
        check("   a place that is none", "% A sealed copy lies on flash:, slot0: or tftp:" in a.line("backup trust nvram:x"))
        check("   nothing was written", not os.path.exists(os.path.join(data, "flash/trust.bak")))
        out = dialogue(a, "backup trust flash:trust.bak", SECRET, SECRET)
        check("backup trust flash:", re.search(r"\[OK - \d+ bytes, \d+ files\]", out), out)
        check("backup trust slot0:", "[OK - " in dialogue(a, "backup trust slot0:trust.bak", SECRET, SECRET))
        with open(os.path.join(data, "flash/trust.bak"), "rb") as f:
            sealed = f.read()
        check("the copy shows nothing of what is in it", all(word not in sealed for word in (b"oldone", b"nvram", b"CN=", list_of(data)[200:240])))
        check("the log says so, without the passphrase", "%TRUST-5-BACKUP" in a.line("show logging") and SECRET not in a.line("show logging"))
        cable()
        with subprocess.Popen(["ip", "netns", "exec", OTHER_NET, sys.executable, TFTP, "10.80.0.9", sink], stdout=subprocess.PIPE) as server:
            server.stdout.readline()
            out = dialogue(a, "backup trust tftp://10.80.0.9/trust.bak", SECRET, SECRET)
            server.kill()
        check("backup trust tftp:", "[OK - " in out and os.path.getsize(os.path.join(sink, "trust.bak")) > 1000, out)
        text = a.line("show running-config")
        check("the router stops tidily", a.stop() == 0)
    drop_net(NET)
    drop_net(OTHER_NET)
    return data, sealed, text[text.index("hostname"):].replace("hostname oldone", "hostname newone")


def refusals(data, sealed, check):
    """On a blank router: nothing of this changes anything."""
    os.makedirs(os.path.join(data, "flash"), exist_ok=True)
    before = kept(data)
    files = {"good": sealed, "cut": sealed[:-40], "changed": sealed[:200] + bytes([sealed[200] ^ 1]) + sealed[201:],
             "head": sealed[:13] + bytes([sealed[13] ^ 1]) + sealed[14:], "other": b"\x7fELF" + sealed[4:], "rounds": sealed[:8] + b"\xff" + sealed[9:]}
    for name, content in files.items():
        with open(os.path.join(data, "flash", name), "wb") as f:
            f.write(content)
    with start(data, "blank") as b:
        before = kept(data)
        for name, passphrase in (("good", SECRET + "x"), ("cut", SECRET), ("changed", SECRET), ("head", SECRET)):
            out = dialogue(b, f"restore trust flash:{name}", passphrase)
            check(f"restore: {name} with {'right' if passphrase == SECRET else 'wrong'} passphrase is refused",
                  "% Nothing was changed: wrong passphrase, or the sealed copy was changed" in out, out)
        for name, why in (("other", "this is no sealed copy"), ("rounds", "the head of this sealed copy is damaged")):
            out = b.line(f"restore trust flash:{name}")
            check(f"restore: {why}", f"% Nothing was changed: {why}" in out, out)
        check("restore: no such file", "%Error opening flash:nothing (No such file or directory)" in b.line("restore trust flash:nothing"))
        out = dialogue(b, "restore trust flash:good", SECRET, "no")
        check("restore asks and says whose copy it is", re.search(r"Copy of router oldone, made .* UTC: \d+ files", out) and "Continue? [no]:" in out, out)
        check("the log names what was refused", b.line("show logging").count("%TRUST-4-REFUSED") == 6)
        check("the router stops tidily", b.stop() == 0)
    check("nothing was changed by all that", kept(data) == before and not os.path.exists(os.path.join(data, "nvram/trust-journal")))


def take_over(old, data, config, check, sink):
    """The copy comes from a TFTP server, as on the day when the old router is dead."""
    before = list_of(old)
    with boot(data) as b:
        b.set_clock(3600)
        b.lines(f"configure terminal\ninterface GigabitEthernet0/0\nip address {ADDRESS} 255.255.255.0\nno shutdown\n")
        cable()
        with subprocess.Popen(["ip", "netns", "exec", OTHER_NET, TFTPD, "--foreground", "--listen", "--address", "10.80.0.9:69", "--user", "root", "--secure", sink]) as server:
            until(lambda: b"10.80.0.9:69 " in in_net(OTHER_NET, "ss", "-lun").stdout)
            out = b.line("restore trust tftp://10.80.0.9/none.bak")
            check("restore: no such file on the TFTP server", "%Error reading tftp://10.80.0.9/none.bak (No such file or directory)" in out, out)
            out = dialogue(b, "restore trust tftp://10.80.0.9/trust.bak", SECRET, "yes")
            server.kill()
        check("restore trust tftp:", re.search(r"\[OK - \d+ files\]\n% They take effect at the next reload", out), out)
        check("the router stops tidily", b.stop() == 0)
    with boot(data) as b:
        b.set_clock(3600)
        check("the next boot says so", "%TRUST-5-RESTORED" in b.line("show logging"), b.line("show logging"))
        b.lines("configure terminal\n" + config)
        check("all keys and lists are those of the dead router", {k: v for k, v in kept(old).items() if k != "rootca.ser" and not k.startswith("pki/")} ==
              {k: v for k, v in kept(data).items() if k != "rootca.ser" and not k.startswith("pki/")}, f"{sorted(kept(old))} {sorted(kept(data))}")
        out = regenerate(b)
        check("the new router makes a list", "CTL file made, signed by trustpoint cme" in out, out)
        new = list_of(data)
        check("a phone that knew the old list accepts it, signed by the same SAST",
              new != before and accepted(new, before) == (verifier.Header(before).signer, verifier.Header(before).serial), accepted(new, before))
        old_serial = last_serial(old)
        start_server(b, "rootca")
        out = b.line("show crypto pki server rootca")
        check("the certificate server is the same one and runs", "State: enabled" in out or "Status: enabled" in out, out)
        from_authority(b, "later", f"http://{ADDRESS}:80")
        until(lambda: last_serial(data) > old_serial)
        check("its next number is none that the dead one may have used", last_serial(data) > old_serial + 0x10000, f"{old_serial} {last_serial(data)}")
        check("the router stops tidily", b.stop() == 0)
    with start(os.path.join(os.path.dirname(data), "stranger"), "stranger") as c:
        for label in ("cme", "sast2"):
            selfsigned(c, label, "revocation-check none")
        c.lines("configure terminal\n" + CONFIG)
        regenerate(c)
        check("control: a list of a router without the copy is refused by such a phone", isinstance(accepted(list_of(c.data), before), str))


def power(folder, sealed, check):
    """Each change of the restore and of the next boot: afterwards all files are old, or all are new."""
    blank = os.path.join(folder, "blank")
    with boot(blank) as b:
        b.stop()
    os.makedirs(os.path.join(blank, "flash"), exist_ok=True)
    with open(os.path.join(blank, "flash/good"), "wb") as f:
        f.write(sealed)
    old = kept(blank)

    def run(base, cut, restore):
        data = os.path.join(folder, "cut")
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(base, data)
        drop_net(NET)
        told = False
        with Router(data=data, net=NET, env={"PARLEY_TEST_CUT_AT": str(cut)} if cut else None) as r:
            try:
                r.wait_for(r"[>#]\s?$")
                r.line("enable")
                if restore:
                    told = "They take effect" in dialogue(r, "restore trust flash:good", SECRET, "yes")
                ended = r.stop() == 0
            except (TimeoutError, BrokenPipeError):
                ended = False
        return data, told, ended
    staged = os.path.join(folder, "staged")
    shutil.copytree(run(blank, 0, True)[0], staged)
    data, _, _ = run(staged, 0, False)
    new = kept(data)
    check("without a cut everything is new", new != old and "CTLFile.tlv" in new)
    cuts, bad, states = 0, [], [0, 0]
    for base, restore in ((blank, True), (staged, False)):
        for cut in range(1, 400):
            data, told, ended = run(base, cut, restore)
            if ended:
                break
            cuts += 1
            drop_net(NET)
            with Router(data=data, net=NET) as r:
                r.wait_for(r"[>#]\s?$")
                r.stop()
            now = kept(data)
            states[now == new] += 1
            if now not in (old, new) or (told and now != new) or (not restore and now != new):
                bad.append((restore, cut, sorted(now)))
    check(f"{cuts} cuts: {states[0]} times all old, {states[1]} times all new, never half, nothing acknowledged lost", cuts > 20 and not bad and all(states), bad[:2])


def main():
    checks = Checks()
    check = checks.check
    folder = tempfile.mkdtemp(prefix="parley-trust-")
    try:
        old, sealed, config = prepare(folder, check)
        data = os.path.join(folder, "new")
        os.makedirs(data)
        refusals(data, sealed, check)
        take_over(old, data, config, check, os.path.join(folder, "tftp"))
        power(folder, sealed, check)
    finally:
        drop_net(NET)
        drop_net(OTHER_NET)
        shutil.rmtree(folder, ignore_errors=True)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
