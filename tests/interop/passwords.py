#!/usr/bin/python3
"""Passwords at the console: policy, forms, master key, and no secret in any log (commands.md section 0)."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from router import ROOT, Checks, Router, drop_net  # noqa: E402

NET = f"parley-passwords-{os.getpid()}"
CASES = os.path.join(ROOT, "tests/configs/password-policy-cases.tsv")
POLICY = """Error: The password you have entered is incorrect.
Your password must contain:
1. A minimum of 6 and a maximum of 15 alphanumeric characters, excluding symbols and special characters.
2. A minimum of one numeral, one uppercase alphabet, and one lowercase alphabet.

"""
MODES = {"telephony-service": "telephony-service", "ephone": "ephone 1", "voice-register-pool": "voice register pool 1",
         "voice-register-global": "voice register global"}


def configure(router, *lines):
    router.line("configure terminal")
    out = "".join(router.line(line) for line in lines)
    router.line("end")
    return out


def policy(router, check):
    with open(CASES) as f:
        rows = [line.rstrip("\n").split("\t") for line in f if line.strip() and not line.startswith("#")]
    for mode, command, verdict, why in rows:
        out = configure(router, MODES[mode], command)
        shown = out[out.index(command) + len(command) + 1:]
        good = shown.startswith(POLICY) if verdict == "reject" else "Error" not in shown and "%" not in shown
        check(f"{verdict}: {command} ({why})", good, shown)


def stored(router):
    out = router.line("show running-config | include ssh userid")
    found = re.search(r"^ ssh userid admin password (\d) (\S+)$", out, re.M)
    return (found[1], found[2]) if found else (None, out)


def matrix(router, check):
    configure(router, "telephony-service", "no ssh userid", "ssh userid admin password 0 Cisco123")
    check("without a master key: shown in clear", stored(router) == ("0", "Cisco123"), repr(stored(router)))
    configure(router, "key config-key password-encrypt cisco123", "password encryption aes")
    kind, first = stored(router)
    check("key and aes: every password becomes type 6", kind == "6" and "Cisco123" not in first, repr((kind, first)))
    configure(router, "telephony-service", f"ssh userid admin password 6 {first}")
    check("its own type 6 string is taken back as it is", stored(router) == ("6", first), repr(stored(router)))
    configure(router, "telephony-service", "no encrypt password")
    check("no encrypt password: clear again for a downgrade", stored(router) == ("0", "Cisco123"), repr(stored(router)))
    configure(router, "telephony-service", f"ssh userid admin password 6 {first}")
    check("type 6 typed then: decrypted", stored(router) == ("0", "Cisco123"), repr(stored(router)))
    configure(router, "telephony-service", "encrypt password")
    _, second = stored(router)
    check("encrypt password: another salt", second != first and stored(router)[0] == "6", second)
    configure(router, "key config-key password-encrypt another12345")
    _, third = stored(router)
    check("a new key encrypts again", third != second and stored(router)[0] == "6", third)
    configure(router, "telephony-service", "no encrypt password")
    check("and the text is still known", stored(router) == ("0", "Cisco123"), repr(stored(router)))
    configure(router, "telephony-service", "encrypt password")
    out = configure(router, "key config-key password-encrypt short")
    check("a short key is refused", "% Invalid password: Minimum 8 characters" in out, out)
    check("the key is never in the configuration", "config-key" not in router.line("show running-config"))


def local_secrets(router, check):
    configure(router, "username bob privilege 15 secret Sesame123", "enable secret Sesame124", "service password-encryption",
              "username eve password 0 Secret125")
    out = router.line("show running-config")
    check("secrets are type 9 hashes", len(re.findall(r"secret 9 \$9\$\S{14}\$\S{43}$", out, re.M)) == 2, out[:1500])
    check("service password-encryption: type 7", bool(re.search(r"username eve password 7 \w+", out)), out[:1500])
    check("no plain secret is shown", not re.search("Sesame12|Secret125", out))


def restart(data, check):
    with Router(data=data, net=NET) as router:
        router.wait_for(r"[>#]\s?$")
        router.line("enable")
        out = router.line("Sesame124")
        check("the enable secret is asked after a restart", out.rstrip().endswith("#"), out)
        configure(router, "telephony-service", "no encrypt password")
        check("the master key survives a restart", stored(router) == ("0", "Cisco123"), repr(stored(router)))
        router.stop()


def main():
    checks = Checks()
    drop_net(NET)
    with Router(net=NET) as router:
        router.wait_for(r"[>#]\s?$")
        router.line("enable")
        router.line("terminal length 0")
        policy(router, checks.check)
        matrix(router, checks.check)
        local_secrets(router, checks.check)
        log = router.line("show logging")
        checks.check("no password in any message", not re.search("Cisco123|Sesame12|Secret125|another12345|cisco123", log), log)
        router.line("write memory")
        router.stop()
        found = subprocess.run(["grep", "-rlE", "Cisco123|Sesame12|Secret125|another12345", router.data], capture_output=True,
                               text=True, check=False).stdout
        checks.check("nor in clear in any file", not found, found)
        drop_net(NET)
        restart(router.data, checks.check)
    drop_net(NET)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
