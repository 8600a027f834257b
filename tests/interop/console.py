#!/usr/bin/python3
"""Keys on a pseudo terminal against the real program: editing, help, paging, passwords, paste. Standard library only."""
# SPDX-License-Identifier: GPL-3.0-or-later
import fcntl
import os
import pty
import re
import select
import shutil
import struct
import sys
import tempfile
import termios
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from router import PATIENCE, PROGRAM, Checks  # noqa: E402


class Console:
    """The program on a terminal of 50 lines and 132 columns (which it must not take over)."""

    def __init__(self, data):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execv(PROGRAM, [PROGRAM, "--data", data, "--net", "host"])
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 132, 0, 0))
        self.log = b""
        self.status = None

    def read(self, seconds):
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        self.log += data
        return bool(data)

    def send(self, keys, pattern=rb"[>#]$", timeout=PATIENCE):
        """Types keys, waits until the new output matches, returns it."""
        start = len(self.log)
        view = memoryview(keys)
        end = time.monotonic() + timeout
        while view:
            _, writable, _ = select.select([], [self.fd], [], 0.01)
            if writable:
                view = view[os.write(self.fd, view[:1024]):]
            self.read(0)
        while True:
            if re.search(pattern, self.log[start:]) and not self.read(0.1):
                return self.log[start:]
            if time.monotonic() > end:
                raise TimeoutError(f"{keys[:60]!r}: no {pattern!r} in ...{self.log[start:][-600:]!r}")
            self.read(0.05)

    def wait_exit(self, timeout=PATIENCE):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            self.read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        return None


def editing(t, c):
    out = c.send(b"enable\r", rb"#$")
    t.check("each key is echoed once, lines end with CR LF", out == b"enable\r\nRouter#", out)
    out = c.send(b"show priv?", rb"Router#show priv$")
    t.check("R-5.1 ? lists words and shows the line again", b"show priv?\r\nprivilege  \r\n" in out, out)
    out = c.send(b"\t", rb"Router#show privilege $")
    t.check("R-5.7 TAB completes on a new line", out.endswith(b"\r\nRouter#show privilege "), out)
    out = c.send(b"\r")
    t.check("the completed line runs", b"Current privilege level is 15\r\n" in out, out)
    out = c.send(b"\x1b[A\x01\x0b\x19\r")          # up, begin, kill, yank, Enter
    t.check("R-8.1 R-8.2 history, Ctrl-A, Ctrl-K, Ctrl-Y", b"Current privilege level is 15\r\n" in out, out)
    out = c.send(b"shw privilege\x1bb\x02\x02o\x05\r")  # Esc-B, back to the gap, o, end
    t.check("R-8.1 editing inside the line", b"Current privilege level is 15\r\n" in out, out)
    out = c.send(b"sh runing-config\r")
    t.check("R-4.10 the caret stands below the wrong letter",
            b"sh runing-config\r\n" + b" " * (7 + 6) + b"^\r\n% Invalid input detected at '^' marker.\r\n\r\nRouter#" in out, out)
    out = c.send(b"nonsense\x03")
    t.check("Ctrl-C drops the line", out == b"nonsense^C\r\nRouter#", out)
    out = c.send(b"nonsenseword\r")
    t.check("an unknown word is answered at once", b"% Unknown command or computer name" in out, out)
    long_line = b"show privilege " + b"x" * 80
    out = c.send(long_line, rb"x$")
    t.check("R-8.1 long lines scroll at 80 columns", out.startswith(long_line[:64]) and b"\x08$" in out, out[:200])
    c.send(b"\x15\r")
    out = c.send(b"sh i\t", rb"i\x07?$")
    t.check("R-5.7 TAB with several words changes nothing", out in (b"sh i", b"sh i\x07"), out)
    c.send(b"\x15\r")
    for what, keys in (("DEL and Ctrl-H erase", b"show privilegeXY\x08\x7f\r"), ("Ctrl-T swaps", b"shwo\x14 privilege\r"),
                       ("Esc-D erases the word to the right", b"show junk privilege\x1bb\x1bb\x1bd\r"),
                       ("Ctrl-D erases below the cursor", b"xshow privilege\x01\x04\r"),
                       ("arrows move", b"how privilege\x1b[D\x1b[D\x1b[C\x01s\r")):
        out = c.send(keys)
        t.check(f"R-8.1 {what}", b"Current privilege level is 15\r\n" in out, out)
    out = c.send(b"nonsense\x17show\x0c", rb"show$")
    t.check("R-8.1 Ctrl-W erases the word, Ctrl-L draws the line again", out.endswith(b"Router#show"), out)
    out = c.send(b"\x15\x16?x\r")
    t.check("R-8.1 Ctrl-V takes the next key as it is", b"?x\r\n" in out and b"Exec commands" not in out, out)


def questions(t, c):
    c.send(b"configure terminal\r", rb"\(config\)#$")
    c.send(b"crypto pki trustpoint asked\r", rb"#$")
    c.send(b"enrollment terminal\r", rb"#$")
    c.send(b"exit\r", rb"\(config\)#$")
    c.send(b"crypto pki authenticate asked\r", rb"itself\r\n\r\n$")
    out = c.send(b"MIIB?\t\x1b[A\r", rb"MIIB[^\r]*\r\n$")
    t.check("R-6.7 no help, no completion, no history in input of several lines", b"Exec commands" not in out and b"authenticate" not in out, out)
    out = c.send(b"\x03", rb"#$")
    t.check("R-6.7 Ctrl-C returns to the mode of the command", out.endswith(b"\r\nRouter(config)#"), out)
    c.send(b"no crypto pki trustpoint asked\r", rb"\(config\)#$")
    c.send(b"end\r", rb"CONFIG_I[^\n]*\n$")
    c.send(b"\r", rb"Router#$")


def paging(t, c):
    c.send(b"configure terminal\r", rb"\(config\)#$")
    c.send(b"no logging console\r", rb"\(config\)#$")   # messages would stand behind the prompts
    c.send(b"end\r", rb"Router#$")
    out = c.send(b"configure terminal\r?", rb" --More-- $")
    page = out[out.index(b"(config)#?\r\n") + len(b"(config)#?\r\n"):]
    t.check("R-8.4 a page has 24 lines although the terminal has 50", page.count(b"\r\n") == 23, page)
    out = c.send(b"\r", rb" --More-- $")
    t.check("R-8.4 Enter shows one line", out.count(b"\r\n") == 1, out)
    out = c.send(b" ", rb" --More-- $|#$")
    t.check("blank shows the next page", out.count(b"\r\n") >= 3, out)
    if out.endswith(b" --More-- "):
        out = c.send(b"q", rb"\(config\)#$")
        t.check("R-8.4 q stops and the question is wiped", out.startswith(b"\b" * 9 + b" " * 8 + b"\b" * 9), out)
    out = c.send(b"end\r", rb"#$")
    t.check("end leaves configuration mode", b"Router#" in out, out)
    time.sleep(0.2)
    c.send(b"\r", rb"Router#$")


def secrets(t, c):
    c.send(b"configure terminal\r", rb"\(config\)#$")
    c.send(b"enable secret Sesame123\rend\r", rb"Router#$")
    time.sleep(0.5)
    c.send(b"disable\r", rb"Router>$")
    c.send(b"enable\r", rb"Password: $")
    out = c.send(b"wrong\r", rb"Password: $")
    t.check("a wrong password is asked again, nothing is echoed", b"wrong" not in out, out)
    out = c.send(b"Sesame123\r", rb"Router#$")
    t.check("the right one opens, nothing is echoed", b"Sesame" not in out, out)
    out = c.send(b"show history\r")
    t.check("passwords are not in the history", b"Sesame123\r" not in out.replace(b"enable secret Sesame123\r", b""), out)


def paste(t, c):
    count = 2000
    text = b"configure terminal\r" + b"".join(b"ip host h%d 10.1.%d.%d\r\n" % (i, i // 250, i % 250 + 1) for i in range(count)) + b"end\r"
    begin = time.monotonic()
    c.send(text, rb"end\r\n(.*\r\n)*Router#$")
    seconds = time.monotonic() - begin
    out = c.send(b"\rshow running-config | count ^ip host h\r", rb"regexp = \d+[^#]*Router#$")
    t.check(f"{count} pasted lines arrive ({len(text) / 1e6 / seconds:.2f} MB/s)", b"= %d\r\n" % count in out, out[-200:])


def leave(t, c):
    out = c.send(b"exit\r", rb"Press RETURN to get started\.\r\n")
    t.check("R-1.1 exit closes the line", b"Router con0 is now available\r\n\r\nPress RETURN" in out, out)
    out = c.send(b"\r", rb"Router>$")
    t.check("RETURN opens it in user EXEC", out.endswith(b"Router>"), out)
    os.write(c.fd, b"\x1c")
    t.check("Ctrl-\\ ends the program tidily", c.wait_exit() == 0)


def main():
    t = Checks()
    data = tempfile.mkdtemp(prefix="parley-console-")
    c = Console(data)
    try:
        out = c.send(b"", rb"Press RETURN to get started")
        t.check("R-10.3 the boot ends with the invitation", b"Press RETURN to get started!\r\n" in out, out)
        out = c.send(b"\r", rb"Router>$")
        t.check("RETURN begins the session in user EXEC", out.endswith(b"Router>"), out)
        for story in (editing, questions, paging, secrets, paste, leave):
            story(t, c)
    except TimeoutError as e:
        t.check("the console answers", False, str(e))
        os.kill(c.pid, 9)
    finally:
        shutil.rmtree(data, ignore_errors=True)
    return t.end()


if __name__ == "__main__":
    sys.exit(main())
