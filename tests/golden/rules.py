#!/usr/bin/python3
# The numbered rules of the command line: dialogues with the real program, byte for byte, and which rule has a test.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: tests/golden/rules.py [--update] [NAME...]       NAME: tests/golden/rules/NAME.txt
A case begins with `== R-4.1 R-4.2 title`. What is typed stands in « » (shown) or ‹ › (not shown), \\xNN is a byte. `@startup`
begins the startup-config of the case, `@boot` shows the boot too; both end with an empty line. --update writes what
the program does: read `git diff` afterwards.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from router import PROGRAM, ROOT, Checks, drop_net  # noqa: E402

FOLDER = os.path.join(ROOT, "tests/golden/rules")
NET = f"parley-rules-{os.getpid()}"
STARTUP = "no logging console\nline con 0\n privilege level 15\n"     # quiet, and begins with Router#
TYPED = re.compile(r"«(.*?)»|‹(.*?)›")
VOLATILE = [
    (re.compile(r"\*?[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d\.\d{3}"), "TIME"),
    (re.compile(r"\d\d:\d\d:\d\d(\.\d+)? UTC [A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d{4}"), "DATE"),
    (re.compile(r"Current configuration : \d+ bytes"), "Current configuration : N bytes"),
    (re.compile(r"Using \d+ out of"), "Using N out of"),
    (re.compile(r"^network namespace .*\n", re.M), ""),
    (re.compile(r"elapsed time was \d+ seconds"), "elapsed time was N seconds"),
    (re.compile(r"password 7 [0-9A-F]+$", re.M), "password 7 CIPHER"),
    # which functions an image has is no rule of the command line
    (re.compile(r"^% Note: '[^'\n]*' is stored; its function is not in this image\n", re.M), ""),
]
# Chapter of cli.md: how many numbers it has.
RULES = {1: 5, 2: 5, 3: 11, 4: 15, 5: 10, 6: 9, 8: 8, 9: 14, 10: 5, 12: 10}
# Rules that need no test here, with the reason.
WITHOUT = {
    "R-10.5": "tests/interop/register.sh starts a router again and again",
}


class Case:
    def __init__(self, title):
        self.title, self.startup, self.boot, self.text = title, STARTUP, False, ""

    def typed(self):
        found = [m[1] if m[1] is not None else m[2] for m in TYPED.finditer(self.text)]
        return [re.sub(r"\\x([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), t.replace("^Z", "\x1a")) for t in found]


def read(path):
    """Yields comments and cases in the order of the file."""
    case, part = None, None
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.startswith("== "):
                if case:
                    yield case
                case, part = Case(line[3:].strip()), "text"
            elif case is None:
                yield line
            elif line.startswith("@startup"):
                case.startup, part = "", "startup"
            elif line.startswith("@boot"):
                case.boot = True
            elif part == "startup" and line == "\n":
                part = "text"
            elif part == "startup":
                case.startup += line
            else:
                case.text += line
    if case:
        yield case


def run(case):
    data = tempfile.mkdtemp(prefix="parley-rules-")
    startup = os.path.join(data, "startup")
    with open(startup, "w", encoding="utf-8") as f:
        f.write(case.startup)
    drop_net(NET)
    keys = "".join(t + "\n" for t in case.typed()).encode()
    try:
        done = subprocess.run([PROGRAM, "--batch", "--data", os.path.join(data, "nvram"), "--net", NET, "--startup", startup],
                              input=keys, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
        log = done.stdout.decode("utf-8", "replace").replace("\r\n", "\n")
    except subprocess.TimeoutExpired as e:
        log = "(no answer) " + (e.stdout or b"").decode("utf-8", "replace")
    shutil.rmtree(data, ignore_errors=True)
    if not case.boot:
        begin = re.search(r"^(\S+[>#]|User Access)", log, re.M)
        log = log[begin.start():] if begin else log
    for expression, instead in VOLATILE:
        log = expression.sub(instead, log)
    return log


def shown(text):
    """The transcript as the console shows it: without the marks, bytes as dots."""
    text = TYPED.sub(lambda m: m[1] if m[1] is not None else "", text)
    text = text.replace("\\x09", " ")
    return re.sub(r"\\x[01][0-9a-f]|\\x7f", ".", text)


def marked(case, log):
    """The log as a transcript: the echo of each typed line is put into marks again."""
    out, at = "", 0
    for m in TYPED.finditer(case.text):
        if m[1] is None:
            question = re.compile(r": ?$", re.M).search(log, at)
            end = question.end() if question else len(log)
            out += log[at:end] + m[0]
            at = end
            continue
        echo = shown(m[0])
        found = re.compile(r"(?:[>#:?\]]|\) ?) ?" + re.escape(echo) + r"(?=\n)" if echo else r"[>#:?\]] ?(?=\n)").search(log, at)
        if not found:
            found = re.compile(r"^" + re.escape(echo) + r"(?=\n)", re.M).search(log, at)
        if not found:
            return out + log[at:] + f"(no echo of {m[0]})\n"
        begin = found.end() - len(echo)
        out += log[at:begin] + m[0]
        at = found.end()
    return out + log[at:]


def compare(checks, path, update):
    new = ""
    for case in read(path):
        if isinstance(case, str):
            new += case
            continue
        log = run(case)
        want = shown(case.text).rstrip("\n")
        if update:
            head = ("@boot\n" if case.boot else "") + (f"@startup\n{case.startup}\n" if case.startup != STARTUP else "")
            new += f"== {case.title}\n{head}{marked(case, log).rstrip()}\n\n"
        else:
            checks.check(case.title, log.rstrip() == want.rstrip(), f"\n--- expected\n{want}\n--- shown\n{log}")
    if update:
        with open(path, "w", encoding="utf-8") as f:
            f.write(new.rstrip("\n") + "\n")


def cited():
    """Rules that a test names: headings here, comments and titles of other tests."""
    found = set()
    for path in glob.glob(os.path.join(FOLDER, "*.txt")):
        for case in read(path):
            found |= set(re.findall(r"R-\d+\.\d+", case.title)) if isinstance(case, Case) else set()
    tests = glob.glob(os.path.join(ROOT, "**/*_test.cc"), recursive=True) + glob.glob(os.path.join(ROOT, "tests/*/*.py"))
    for path in tests:
        if os.path.abspath(path) != os.path.abspath(__file__) and "/build/" not in path:
            with open(path, encoding="utf-8") as f:
                found |= set(re.findall(r"R-\d+\.\d+", f.read()))
    return found


def every_rule(checks):
    rules = {f"R-{chapter}.{n}" for chapter, count in RULES.items() for n in range(1, count + 1)}
    tested = cited()
    open_rules = sorted(rules - tested - set(WITHOUT), key=lambda r: [int(x) for x in r[2:].split(".")])
    checks.check("every rule has a test or a reason", not open_rules, " ".join(open_rules))
    checks.check("no test names a rule that does not exist", not tested - rules, " ".join(sorted(tested - rules)))
    for rule, reason in WITHOUT.items():
        if rule not in tested:
            print(f"        {rule} has no test: {reason}")


def main():
    arguments = [a for a in sys.argv[1:] if a != "--update"]
    update = "--update" in sys.argv
    checks = Checks()
    for path in sorted(glob.glob(os.path.join(FOLDER, "*.txt"))):
        if not arguments or os.path.basename(path)[:-4] in arguments:
            compare(checks, path, update)
    drop_net(NET)
    if not update:
        every_rule(checks)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
