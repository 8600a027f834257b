#!/usr/bin/python3
"""aaa authentication login, max-fail, login delay and log, security passwords min-length at the console. Standard library only."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from router import Checks, Router, drop_net  # noqa: E402

NET = f"parley-trans-login-{os.getpid()}"
CONFIG = """enable password Enable123
username ann privilege 15 password 0 Annpass1
username bob privilege 5 password 0 Bobpass1
line con 0
 password Line1234
 privilege level 15
"""
ASKS = r"(?:Username: |Password: |[>#]\s?)$"


def configure(router, *lines):
    return router.lines("configure terminal\n" + "\n".join(lines) + "\n")


def answer(router, text):
    start = len(router.log)
    router.write(text + "\n")
    return router.wait_for(ASKS, start)


def leave(router):
    """Ends the session; the next one begins with its question."""
    return answer(router, "exit")


def asks(router, user, *passwords):
    out = ""
    for password in passwords:
        out += answer(router, user) + answer(router, password)
    return out


def lists(router, check):
    configure(router, "aaa new-model")
    out = leave(router)
    check("aaa without a list lets the console in", out.rstrip().endswith("Router#"), out)
    configure(router, "aaa authentication login default group radius local none")
    out = leave(router)
    check("a server group cannot answer: local does", out.endswith("Username: "), out)
    out = asks(router, "ann", "wrong")
    check("the text of AAA", "% Authentication failed" in out and "% Login invalid" not in out, out)
    out = asks(router, "ann", "Annpass1")
    check("the right password", out.rstrip().endswith("Router#"), out)
    configure(router, "aaa authentication login default enable")
    out = leave(router)
    check("enable asks for a password only", out.endswith("Password: "), out)
    out = answer(router, "Line1234")
    check("not that of the line", "% Authentication failed" in out, out)
    check("that of enable", answer(router, "Enable123").rstrip().endswith("Router#"))
    configure(router, "aaa authentication login con line none", "line con 0", "login authentication con")
    out = leave(router)
    check("a list of its own for the line", out.endswith("Password: ") and answer(router, "Line1234").rstrip().endswith("Router#"), out)
    configure(router, "line con 0", "no password")
    out = leave(router)
    check("the next method when one cannot answer", out.rstrip().endswith("Router#"), out)
    out = router.line("show running-config | include ^aaa")
    check("the lists are written", "aaa new-model\n" in out and "aaa authentication login con line none\n" in out
          and "aaa authentication login default enable\n" in out, out)
    configure(router, "line con 0", "no login", "exit", "aaa authentication login default local")


def lockout(router, check):
    configure(router, "aaa local authentication attempts max-fail 2", "login on-failure log", "login on-success log")
    leave(router)
    asks(router, "bob", "no1", "no2")
    out = asks(router, "bob", "Bobpass1")
    check("locked out: the right password is refused", "% Authentication failed" in out, out)
    asks(router, "ann", "no1", "no2", "no3")
    out = asks(router, "ann", "Annpass1")
    check("privilege 15 is never locked out", out.rstrip().endswith("Router#"), out)
    log = router.line("show logging")
    check("the log tells", "%AAA-5-USER_LOCKED: User bob locked out on authentication failure" in log
          and "%SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: bob] [line: con0]" in log
          and "%SEC_LOGIN-5-LOGIN_SUCCESS: Login Success [user: ann] [line: con0]" in log, log)
    check("no password in the log", "no1" not in log and "Bobpass1" not in log)
    out = router.line("clear aaa local user lockout username eve")
    check("somebody who is not locked out", "% User eve is not locked out" in out, out)
    router.line("clear aaa local user lockout username bob")
    leave(router)
    out = asks(router, "bob", "Bobpass1")
    check("unlocked", out.rstrip().endswith(("Router#", "Router>")), out)
    leave(router)
    asks(router, "bob", "no1")
    asks(router, "bob", "Bobpass1")
    leave(router)
    asks(router, "bob", "no1")
    out = asks(router, "bob", "Bobpass1")
    check("a good login forgets the failures", out.rstrip().endswith(("Router#", "Router>")), out)
    leave(router)
    asks(router, "ann", "Annpass1")


def delay(router, check):
    configure(router, "login delay 3", "no login on-failure log")
    leave(router)
    asks(router, "ann", "wrong")
    begin = time.monotonic()
    out = asks(router, "ann", "Annpass1")
    check("the second attempt waits", time.monotonic() - begin >= 2.5 and out.rstrip().endswith("Router#"), out)
    configure(router, "no login delay")


def min_length(router, check):
    out = configure(router, "security passwords min-length 8", "username eve password 0 short", "enable secret short", "username eve password 0 longenough")
    check("short passwords are refused",
          out.count("% Password too short - must be at least 8 characters. Password configuration failed") == 2, out)
    out = router.line("show running-config | include eve|min-length|enable")
    check("the long one is kept", "username eve password 0 longenough\n" in out and "security passwords min-length 8\n" in out
          and "enable secret" not in out, out)


def main():
    checks = Checks()
    drop_net(NET)
    with Router(net=NET) as router:
        router.wait_for(r"[>#]\s?$")
        router.line("enable")
        configure(router, *CONFIG.splitlines())
        leave(router)
        router.line("terminal length 0")
        lists(router, checks.check)
        lockout(router, checks.check)
        delay(router, checks.check)
        min_length(router, checks.check)
    drop_net(NET)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
