#!/usr/bin/python3
"""config-register: what show version says, what the next start reads, what a power cut right after the prompt leaves."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from router import Checks, Router  # noqa: E402

READY = r"[>#]\s?$"
ASK = "show version | include register"


def start(data):
    router = Router(data)
    router.wait_for(READY)
    router.line("enable")
    return router


def main():
    c = Checks()
    data = tempfile.mkdtemp(prefix="parley-register-")
    with start(data) as r:
        c.check("factory value", "Configuration register is 0x2102\n" in r.line(ASK))
        r.lines("configure terminal\nhostname Branch7\nend\nwrite memory")
        r.line("configure terminal")
        for wrong in ("2142", "0x", "0x12345", "0x21g2"):
            c.check(f"{wrong} is refused", "% The configuration register is" in r.line(f"config-register {wrong}"))
        c.check("0x2142 is taken without a word", "%" not in r.line("config-register 0x2142"))
        r.line("end")
        c.check("shown for the next start", "is 0x2102 (will be 0x2142 at next reload)" in r.line(ASK))
        c.check("not in the running-config", "register" not in r.line("show running-config").split("\n", 1)[1])
        r.kill()                                    # the prompt said it is kept
    with start(data) as r:
        c.check("startup-config is not read", "Router#" in r.line(""))
        c.check("but still there", "hostname Branch7" in r.line("show startup-config"))
        c.check("value of this start", "Configuration register is 0x2142\n" in r.line(ASK))
        r.line("copy startup-config running-config")
        c.check("and can be loaded by hand", "Branch7#" in r.line("") + r.line(""))
        r.line("configure terminal")
        r.line("no config-register")
        r.line("end")
        c.check("no: the factory value again", "is 0x2142 (will be 0x2102 at next reload)" in r.line(ASK))
        c.check("ends tidily", r.stop() == 0)
    with start(data) as r:
        c.check("startup-config is read again", "Branch7#" in r.line(""))
        c.check("factory value again", "Configuration register is 0x2102\n" in r.line(ASK))
    shutil.rmtree(data, ignore_errors=True)
    return c.end()


if __name__ == "__main__":
    sys.exit(main())
