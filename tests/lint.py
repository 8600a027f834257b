#!/usr/bin/python3
# Checks the house rules that a compiler cannot: who includes whom, file length, heads, banned words.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each rule is one test. A finding is printed as FILE:LINE: what is wrong. Last line: N passed, N failed."""
import glob
import os
import re
import shutil
import subprocess
import sys

LIMIT = 500
CODE = ("platform/", "cli/", "modules/", "board/")
RULES = {}


def rule(title):
    def add(function):
        RULES[title] = function
        return function
    return add


def tree():
    """Files git knows or would add."""
    git = shutil.which("git")
    out = subprocess.run([git, "ls-files", "-co", "--exclude-standard", "-z"], stdout=subprocess.PIPE, check=False).stdout if git else b""
    names = [n for n in out.decode().split("\0") if n] or [
        os.path.relpath(os.path.join(d, f), ".") for d, _, fs in os.walk(".") for f in fs
        if not d.startswith(("./build", "./.git"))]
    return sorted(n for n in set(names) if os.path.isfile(n) and not os.path.islink(n))


def text(name, cache={}):
    if name not in cache:
        cache[name] = open(name, errors="replace").read()
    return cache[name]


def is_source(name):
    return name.endswith((".cc", ".h"))


def is_test(name):
    return bool(re.search(r"_test(_\w+)?\.(cc|h)$|^tests/|^platform/fake/|_fuzz\.cc$|test_\w+\.(cc|h)$", name)) or name in listed("TEST")


def listed(kind, cache={}):
    """Files that module.mk files list under SRC, MAIN or TEST."""
    if kind not in cache:
        found = set()
        for mk in glob.glob("*/module.mk") + glob.glob("*/*/module.mk") + glob.glob("*/*/*/module.mk"):
            body = text(mk).replace("\\\n", " ")
            for line in re.findall(rf"^{kind}\s*\+?:?=(.*)$", body, re.M):
                line = re.sub(r"\$\(addprefix\s+\$\(D\)/,([^)]*)\)", lambda m: " ".join("$(D)/" + w for w in m[1].split()), line)
                found |= {w.replace("$(D)", os.path.dirname(mk)) for w in line.split()}
        cache[kind] = found
    return cache[kind]


def product():
    return [n for n in tree() if is_source(n) and n.startswith(CODE) and not is_test(n)]


def bare(name):
    """The text without comments and literals, line numbers kept."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match[0])
    pattern = r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\''
    return re.sub(pattern, blank, text(name), flags=re.S)


def includes(name):
    for match in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', text(name), re.M):
        yield text(name).count("\n", 0, match.start()) + 1, match[1]


def words(name, pattern):
    for match in re.finditer(pattern, bare(name)):
        yield bare(name).count("\n", 0, match.start()) + 1, match[0].strip()


@rule("files have at most 500 lines")
def length():
    for name in tree():
        if is_source(name) or name.endswith((".py", ".mk", ".sh")):
            lines = text(name).count("\n")
            if lines > LIMIT:
                yield f"{name}:{lines}: {lines} lines; the limit is {LIMIT}"


@rule("files start with their purpose and licence")
def heads():
    for name in tree():
        script = (name.endswith((".py", ".mk", ".sh")) and not name.endswith("module.mk")) or os.path.basename(name) in ("Makefile", "Kconfig", "defconfig")
        if not (is_source(name) or script):
            continue
        lines = [l for l in text(name).splitlines()[:6] if not l.startswith("#!")]
        mark = "//" if is_source(name) else "#"
        if not lines or not lines[0].startswith((mark, mark if is_source(name) else '"""')) or "SPDX" in lines[0] or len(lines[0]) < 12:
            yield f"{name}:1: no line of purpose"
        if not any("SPDX-License-Identifier: GPL-3.0-or-later" in l for l in lines):
            yield f"{name}:2: no SPDX-License-Identifier: GPL-3.0-or-later"
        if name.endswith(".h") and "#pragma once" not in text(name):
            yield f"{name}:3: no #pragma once"


SYSTEM = re.compile(r"^(sys|netinet|arpa|net|linux|netpacket|asm)/|^(unistd|fcntl|errno|pthread|poll|signal|netdb|termios|dirent|"
                    r"sched|ifaddrs|syslog|pwd|time|mntent|semaphore)\.h$|^(cerrno|csignal)$")


@rule("system headers only in platform/posix")
def system_headers():
    for name in product():
        if name.startswith(("platform/posix/", "board/")) or name in listed("MAIN"):
            continue
        for line, header in includes(name):
            if SYSTEM.match(header):
                yield f"{name}:{line}: <{header}> belongs into platform/posix"
            elif header in ("thread", "mutex", "condition_variable", "future") and not name.startswith("platform/"):
                yield f"{name}:{line}: <{header}>: threads belong into platform"


@rule("third-party libraries stay in their corner")
def libraries():
    allowed = {"wolfssl": ("platform/tls/", "platform/crypto/", "modules/crypto-pki/"), "srtp2": ("modules/voice-srtp/",)}
    readers = {}
    for name in product():
        for line, header in includes(name):
            library = header.split("/")[0].removesuffix(".h")
            if library in allowed and not name.startswith(allowed[library]):
                yield f"{name}:{line}: {library} may be used only in {', '.join(allowed[library])}"
            if library == "wolfssl" and name in ("platform/tls/tls.h", "platform/crypto/engine.h", "platform/crypto/random.h"):
                yield f"{name}:{line}: a public header shows a library"
            if header == "expat.h":
                readers[name] = line
    if len(readers) > 1:
        yield from (f"{n}:{l}: expat has more than one reader" for n, l in readers.items())


@rule("platform knows no command and no module")
def platform_rule():
    for name in product():
        if not name.startswith("platform/") or name in listed("MAIN"):
            continue
        for line, header in includes(name):
            if header.startswith(("cli/", "modules/")):
                yield f"{name}:{line}: platform must not include {header}"
            if name.startswith("platform/base/") and "/" in header and not header.startswith("platform/base/"):
                yield f"{name}:{line}: platform/base includes only the C++ library, not {header}"


@rule("cli knows platform/base and platform/sched only")
def cli_rule():
    for name in product():
        if not name.startswith("cli/") or name in listed("MAIN"):
            continue
        for line, header in includes(name):
            contract = header in ("modules/module.h", "platform/net/terminal.h")   # interfaces only
            if not contract and (header.startswith("modules/") or (header.startswith("platform/") and
                                 not header.startswith(("platform/base/", "platform/sched/")))):
                yield f"{name}:{line}: cli must not include {header}"


@rule("a module includes only what it depends on")
def module_rule():
    for name in product():
        if not re.match(r"modules/[^/]+/", name):
            continue
        own = name.split("/")[1]
        kconfig = f"modules/{own}/Kconfig"
        needs = set(re.findall(r"\bMODULE_\w+", " ".join(re.findall(r"depends on(.*)", text(kconfig))))) if os.path.exists(kconfig) else set()
        for line, header in includes(name):
            part = header.split("/")
            if header.startswith(("platform/posix/", "platform/fake/", "platform/crypto/software/")):
                yield f"{name}:{line}: modules use the interfaces, not {header}"
            if part[0] == "modules" and len(part) > 2 and part[1] != own and \
                    "MODULE_" + part[1].upper().replace("-", "_") not in needs:
                yield f"{name}:{line}: {kconfig} does not depend on {part[1]}"


@rule("no std::string, iostream or printf in product code")
def strings():
    for name in product():
        if name.startswith(("platform/log/", "platform/posix/")) or name in listed("MAIN"):
            continue
        for line, header in includes(name):
            if header in ("string", "iostream", "sstream", "fstream", "iomanip", "format", "regex"):
                yield f"{name}:{line}: <{header}> is not used in product code"
        for line, word in words(name, r"std::(string\b(?!_)|to_string|cout|cerr|ostringstream|function\b)|\b[vsf]?n?printf\s*\("):
            yield f"{name}:{line}: {word}"


@rule("modules take memory from pools")
def memory():
    for name in product():
        if name.startswith("modules/"):
            for line, word in words(name, r"\b(malloc|calloc|realloc|alloca|strdup)\s*\("):
                yield f"{name}:{line}: {word}"


@rule("a module is chosen by the build, not by the preprocessor")
def switches():
    for name in product():
        for match in re.finditer(r"#\s*(if|ifdef|ifndef|elif).*\bCONFIG_MODULE_\w+", text(name)):
            yield f"{name}:{text(name).count(chr(10), 0, match.start()) + 1}: {match[0]}"


@rule("no open ends in product code")
def open_ends():
    for name in product():
        for match in re.finditer(r"\b(TODO|FIXME|XXX|HACK)\b(?!.*#\d)", text(name)):
            yield f"{name}:{text(name).count(chr(10), 0, match.start()) + 1}: {match[0]} without an issue number"


@rule("no marks of an unfinished merge")
def merge_marks():
    mark = re.compile(r"^(<{7} |={7}$|>{7} )", re.M)
    for name in tree():
        if not name.endswith((".md", ".txt")) and (match := mark.search(text(name))):
            yield f"{name}:{text(name).count(chr(10), 0, match.start()) + 1}"


def registries():
    """Hosts this machine gets its packages from; they differ from machine to machine and stand in no file."""
    sources = glob.glob("/etc/apt/sources.list") + glob.glob("/etc/apt/sources.list.d/*") + glob.glob("/etc/apt/apt.conf.d/*") + \
        ["/etc/pip.conf", os.path.expanduser("~/.config/pip/pip.conf"), os.path.expanduser("~/.pip/pip.conf"),
         os.path.expanduser("~/.npmrc"), os.path.expanduser("~/.cargo/config.toml")]
    hosts = set()
    for source in sources:
        try:
            lines = [l.split("#")[0] for l in open(source, errors="replace")]
        except OSError:
            continue
        for line in lines:
            hosts |= set(re.findall(r"https?://(?:[^/@\s]*@)?([\w.-]+\.[\w-]+)", line))
    for value in ("GOPROXY", "PIP_INDEX_URL", "http_proxy", "https_proxy", "npm_config_registry"):
        hosts |= set(re.findall(r"https?://(?:[^/@\s]*@)?([\w.-]+\.[\w-]+)", os.environ.get(value, "")))
    return hosts - {"localhost", "127.0.0.1"}


@rule("no package registry is named in the tree")
def registry_names():
    hosts = registries()
    for name in tree():
        for host in hosts:
            if host in text(name):
                yield f"{name}:{text(name)[:text(name).index(host)].count(chr(10)) + 1}: names a package host of this machine"


@rule("tests wait by the clock, never by a count of tries")
def waits():
    for name in tree():
        if not name.startswith("tests/") or not (name.endswith(".py") or name.endswith("/run")):
            continue
        for m in re.finditer(r"^( *)for _ in range\([^\n]*\):\n((?:\1 [^\n]*\n|\n)*)", text(name), re.M):
            if re.search(r"^ +break$|\bsleep\(", m[2], re.M):
                yield f"{name}:{text(name)[:m.start()].count(chr(10)) + 1}: a loop of tries; see until() in tests/lib/router.py"


@rule("every folder of code explains itself")
def readmes():
    folders = {os.path.dirname(n) for n in listed("SRC") | listed("MAIN")} | {"toolchain", "kconfig", "cli", "modules", "platform", "tests"}
    for folder in sorted(folders):
        if os.path.isdir(folder) and not os.path.exists(f"{folder}/README.md"):
            yield f"{folder}:1: no README.md"


def main():
    os.chdir(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    passed = failed = 0
    for title, check in RULES.items():
        findings = list(check())
        print("\n".join(["  ok    " + title] if not findings else ["  FAIL  " + title] + ["    " + f for f in findings]))
        passed, failed = (passed + 1, failed) if not findings else (passed, failed + 1)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
