#!/usr/bin/python3
"""copy tftp:, ping and traceroute against a neighbour behind the cable of GigabitEthernet0/0: tftpd-hpa, the kernel's ICMP."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from router import Checks, Router, drop_net, in_net, until  # noqa: E402

PID = os.getpid()
NET, FAR = f"parley-tools-{PID}", f"parley-tools-far-{PID}"
ROUTER, SERVER = "192.0.2.1", "192.0.2.9"
SERVER_PROGRAM = shutil.which("in.tftpd", path="/usr/sbin:" + os.environ["PATH"])
SIZES = [0, 511, 512, 1428, 20000, 300000]
CONFIG = f"""enable
configure terminal
hostname Branch7
interface GigabitEthernet0/0
 ip address {ROUTER} 255.255.255.0
 no shutdown
ip host files {SERVER}
end
"""


def content(size):
    return bytes((i * 31 + i // 511) & 0xff for i in range(size))


def neighbour():
    """The free end of the router's cable becomes another host's network."""
    subprocess.run(["ip", "netns", "add", FAR], check=True)
    subprocess.run(["ip", "netns", "exec", NET, "ip", "link", "set", "gi0-0-wire", "netns", FAR], check=True)
    for command in (["ip", "addr", "add", f"{SERVER}/24", "dev", "gi0-0-wire"], ["ip", "link", "set", "gi0-0-wire", "up"],
                    ["ip", "link", "set", "lo", "up"]):
        in_net(FAR, *command, check=True)


def answers(router, first, *rest):
    return "".join(router.line(text) for text in (first, *rest))


def check_copies(check, router, folder):
    for size in SIZES:
        with open(f"{folder}/f{size}", "wb") as f:
            f.write(content(size))
        shown = answers(router, "copy tftp: flash:", SERVER, f"f{size}", "")
        stored = f"{router.data}/flash/f{size}"
        got = open(stored, "rb").read() if os.path.exists(stored) else None
        check(f"tftp: to flash:, {size} bytes", got == content(size) and f"[OK - {size} bytes]" in shown, shown[-400:])
        back = f"{folder}/back{size}"
        open(back, "wb").close()          # tftpd-hpa without --create writes only what exists
        os.chmod(back, 0o666)
        shown = answers(router, f"copy flash:f{size} tftp:", SERVER, f"back{size}")
        check(f"flash: to tftp:, {size} bytes", open(back, "rb").read() == content(size) and "bytes copied in" in shown, shown[-400:])
    check("the dialogue names the way", f"Loading f0 from {SERVER} (via GigabitEthernet0/0): " in router.log
          and f"Accessing tftp://{SERVER}/f0...\n" in router.log)
    shown = answers(router, f"copy tftp://{SERVER}/f512 flash:", "")
    check("an existing file is asked about", "%Warning:There is a file already existing with this name" in shown, shown)
    shown = router.line("n")
    check("and kept when refused", "Accessing" not in shown, shown)


def check_configuration(check, router, folder):
    for name in ("branch7-confg", "saved"):
        open(f"{folder}/{name}", "wb").close()
        os.chmod(f"{folder}/{name}", 0o666)
    answers(router, "copy running-config tftp:", "files", "")
    text = open(f"{folder}/branch7-confg").read()
    check("running-config to tftp:", "hostname Branch7\n" in text and text.endswith("end\n"), text[-200:])
    router.line("write memory")
    answers(router, f"copy startup-config tftp://{SERVER}/saved", "", "")
    check("startup-config to tftp:", open(f"{folder}/saved", "rb").read() == open(f"{router.data}/nvram/startup-config", "rb").read())
    with open(f"{folder}/more.cfg", "w") as f:
        f.write("banner exec ^Chello^C\nnonsense\nhostname Merged\nend\n")
    shown = answers(router, f"copy tftp://{SERVER}/more.cfg running-config", "")
    check("tftp: to running-config merges, and names the refused line", "Line 2: nonsense" in shown and "Merged#" in shown, shown)


def check_refusals(check, router):
    shown = answers(router, f"copy tftp://{SERVER}/none flash:", "")
    check("missing file", f"%Error opening tftp://{SERVER}/none (No such file or directory)" in shown, shown)
    shown = answers(router, f"copy flash:f512 tftp://{SERVER}/new", "", "")
    check("a server that permits no new file", f"%Error opening tftp://{SERVER}/new (" in shown, shown)
    shown = answers(router, "copy tftp://192.0.2.77/x flash:", "")
    check("nobody there", "%Error opening tftp://192.0.2.77/x (Timed out)" in shown, shown)
    check("no half file is left", not os.path.exists(f"{router.data}/flash/none") and not os.path.exists(f"{router.data}/flash/x"))
    shown = answers(router, "copy tftp: flash:", "nowhere.example")
    check("unknown host name", "?Invalid host address or name" in shown, shown)


def check_echo(check, router):
    shown = router.line(f"ping {SERVER}")
    good = re.search(r"Type escape sequence to abort\.\nSending 5, 100-byte ICMP Echos to 192\.0\.2\.9, timeout is 2 seconds:\n!!!!!\n"
                     r"Success rate is 100 percent \(5/5\), round-trip min/avg/max = \d+/\d+/\d+ ms", shown)
    check("ping a neighbour", good is not None, shown)
    shown = router.line(f"ping ip {SERVER} repeat 3 size 1500 source GigabitEthernet0/0")
    check("ping with repeat, size and source", "Sending 3, 1500-byte" in shown and f"Packet sent with a source address of {ROUTER}" in shown
          and "!!!\n" in shown, shown)
    shown = router.line("ping 192.0.2.77 repeat 1")
    check("ping nobody", ".\nSuccess rate is 0 percent (0/1)" in shown, shown)
    shown = router.line(f"traceroute {SERVER}")
    check("traceroute to a neighbour", re.search(r"Tracing the route to 192\.0\.2\.9\n\n +1 192\.0\.2\.9 \d+ msec \d+ msec \d+ msec\n", shown)
          is not None, shown)


def main():
    if SERVER_PROGRAM is None:
        print("tftpd-hpa is not installed (toolchain/setup test)")
        return 77
    result = Checks()
    folder = tempfile.mkdtemp(prefix="parley-tftpd-")
    os.chmod(folder, 0o755)
    server = None
    try:
        with Router(net=NET) as router:
            router.lines(CONFIG)
            neighbour()
            server = subprocess.Popen(["ip", "netns", "exec", FAR, SERVER_PROGRAM, "--foreground", "--listen", "--address", f"{SERVER}:69",
                                       "--user", "root", "--secure", folder])
            until(lambda: b":69 " in in_net(FAR, "ss", "-lun").stdout)
            router.lines("enable\n")
            check_echo(result.check, router)
            check_copies(result.check, router, folder)
            check_configuration(result.check, router, folder)
            check_refusals(result.check, router)
            result.check("the router ends tidily", router.stop() == 0)
    finally:
        if server is not None:
            server.terminate()
            server.wait()
        drop_net(NET)
        drop_net(FAR)
        shutil.rmtree(folder, ignore_errors=True)
    return result.end()


if __name__ == "__main__":
    sys.exit(main())
