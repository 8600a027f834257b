"""Runs the real router and talks to its console as a person or a script would. Standard library only."""
# SPDX-License-Identifier: GPL-3.0-or-later
import atexit
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("PARLEY", os.path.join(ROOT, "build/native/parley"))
PROMPT = re.compile(r"(?:^|\n)[A-Za-z][\w.-]*(?:\([a-z0-9-]+\))?[>#]\s?$")
QUESTION = re.compile(r"(?:\?|(?<!\)):) $|\[confirm\] ?$")   # "(via GigabitEthernet0/0): " is none
PLAIN_QUESTION = re.compile(r"(?:\][:?]|(?:assword|assphrase|sername):) $|\[confirm\] ?$")
HIDDEN = re.compile(r"(?:assword|assphrase|ecret)[^\n]*$")   # the answer to such a question is not shown
PATIENCE = 90   # seconds for one answer of a router or a client: a slow machine that does much else


NETS = set()     # namespaces of routers; they go when the script ends, however it ends


@atexit.register
def _drop_nets():
    for net in NETS:
        drop_net(net)


def until(condition, seconds=PATIENCE, pause=0.2, good=bool):
    """Asks condition() until its value is good or the time is up; returns the last value. Waiting is by the clock, never by a count of tries."""
    end = time.monotonic() + seconds
    while not good(got := condition()) and time.monotonic() < end:
        time.sleep(pause)
    return got


class Router:
    """One router process on a console of lines (--batch). `data` survives; a temporary one is removed by close()."""

    def __init__(self, data=None, net=None, startup=None, env=None, program=PROGRAM):
        self.own_data = data is None
        self.data = data or tempfile.mkdtemp(prefix="parley-")
        self.net = net
        if net:
            NETS.add(net)
        args = [program, "--batch", "--data", self.data]
        if net:
            args += ["--net", net]
        if startup:
            args += ["--startup", startup]
        self.log = ""
        atexit.register(self.close)
        self.process = subprocess.Popen(args, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        env={**os.environ, **(env or {})})
        os.set_blocking(self.process.stdout.fileno(), False)

    def _read(self, seconds):
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        if not ready:
            return False
        data = os.read(self.process.stdout.fileno(), 65536)
        if not data:
            return False
        self.log += data.decode("utf-8", "replace").replace("\r\n", "\n")
        return True

    def wait_for(self, pattern, start=0, timeout=PATIENCE):
        """Waits until the console shows `pattern` after position start; returns the text from start."""
        end = time.monotonic() + timeout
        expression = re.compile(pattern) if isinstance(pattern, str) else pattern
        while not expression.search(self.log, start):
            self._more(end, f"no {expression.pattern!r} in", start)
        return self.log[start:]

    def _more(self, end, trouble, start):
        """Reads on, or tells what does not come."""
        if time.monotonic() > end or (self.process.poll() is not None and not self._read(0)):
            raise TimeoutError(f"{trouble}: ...{self.log[start:][-1500:]!r}")
        self._read(0.05)

    def write(self, text):
        self.process.stdin.write(text.encode() if isinstance(text, str) else text)
        self.process.stdin.flush()

    def line(self, text, timeout=PATIENCE):
        """Types one line and waits for the next prompt or question; returns what the console showed for it."""
        while self._read(0):   # messages that came meanwhile
            pass
        start, last = len(self.log), self.log.rsplit("\n", 1)[-1]
        echo = text + "\n" if PROMPT.search(last) or (QUESTION.search(last) and not HIDDEN.search(last)) else "\n"
        self.write(text + "\n")
        end, trouble = time.monotonic() + timeout, f"no prompt after {text!r}"
        while True:
            at = self.log.find(echo, start)   # a message may come before the line is read: the prompt behind it is not ours
            tail = self.log[at + len(echo):].rsplit("\n", 1)[-1]
            if at >= 0 and (PROMPT.search(tail) or QUESTION.search(tail)):   # output that stops for a moment may look so, too
                if not self._read(0.03 if PROMPT.search(tail) or PLAIN_QUESTION.search(tail) else 0.3):
                    return self.log[start:]
                continue
            self._more(end, trouble, start)

    def dialogue(self, command, answer, most=12):
        """Types a command and answer(question) to each of its questions; returns all that was shown."""
        out = shown = self.line(command)
        while most and QUESTION.search(out.rsplit("\n", 1)[-1]):
            out = self.line(answer(out.rsplit("\n", 1)[-1]))
            shown, most = shown + out, most - 1
        return shown

    def set_clock(self, ahead=0):
        """The machine's own clock, or `ahead` seconds later: certificates that other programs make here begin now."""
        return self.line(time.strftime("clock set %H:%M:%S %d %B %Y", time.gmtime(time.time() + ahead)))

    def shows(self, command, pattern, seconds=PATIENCE, pause=0.2):
        """Types a command until its output holds `pattern`; returns the last output, which the caller checks."""
        return until(lambda: self.line(command), seconds, pause, lambda out: re.search(pattern, out))

    def lines(self, text, timeout=2 * PATIENCE):
        """Pastes many lines at once; returns the output up to the prompt after the last one."""
        start = len(self.log)
        marker = f"show privilege | include paste-end-{time.monotonic_ns()}"
        self.write(text if text.endswith("\n") else text + "\n")
        self.write("\n\n\nend\n" + marker + "\n")   # an empty line answers a question that is still open
        return self.wait_for(re.compile(re.escape(marker) + r"[^\n]*\n(?:.*\n)*?.*[>#]\s?$"), start, timeout)

    def stop(self, timeout=PATIENCE):
        """End of input: the router stops tidily. Returns its exit status."""
        self.process.stdin.close()
        end = time.monotonic() + timeout
        while self.process.poll() is None and time.monotonic() < end:
            self._read(0.05)
        while self._read(0):
            pass
        if self.process.poll() is None:
            self.process.kill()
        return self.process.wait()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self):
        if self.process.poll() is None:
            self.kill()
        if self.own_data:
            shutil.rmtree(self.data, ignore_errors=True)
        atexit.unregister(self.close)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Terminated(BaseException):
    """Somebody ends the script: what it started is ended, too."""


def _terminated(*_):
    raise Terminated("ended from outside: its time is up")


class Checks:
    """Prints one line a check and the sum at the end, also when the story breaks."""

    def __init__(self):
        self.passed = self.failed = 0
        self.check = self   # a story may hold either: check(...), checks.check(...), check.need(...)
        sys.excepthook = self._broken
        signal.signal(signal.SIGTERM, _terminated)

    def _broken(self, kind, error, trace):
        traceback.print_tb(trace, file=sys.stdout)
        self("the story goes on to its end", False, f"{kind.__name__}: {error}")
        self.end()

    def __call__(self, name, good, detail=""):
        if good:
            self.passed += 1
            print(f"  ok    {name}", flush=True)
        else:
            self.failed += 1
            print(f"  FAIL  {name}  {detail}", flush=True)
        return good

    def need(self, name, good, detail=""):
        """A check without which the rest of the story means nothing: it ends here."""
        if not self(name, good, detail):
            sys.exit(self.end())

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed else 0


def in_net(net, *command, timeout=PATIENCE, **options):
    """Runs a client inside the router's network namespace; one that takes too long is ended and has status 124."""
    options.setdefault("capture_output", True)
    return subprocess.run(["ip", "netns", "exec", net, "timeout", str(timeout), *command], timeout=timeout + PATIENCE, **options)


def drop_net(net):
    subprocess.run(["ip", "netns", "del", net], capture_output=True, check=False)
