#!/usr/bin/python3
"""Real sockets at the plain signalling port (2000): known phones, phones nobody configured, resets, hostile peers."""
# SPDX-License-Identifier: GPL-3.0-or-later
import ctypes
import os
import re
import socket
import struct
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../lib"))
from pki import enroll  # noqa: E402
from router import PATIENCE, Checks, Router, drop_net, in_net, until  # noqa: E402

NET = f"parley-register-auto-{os.getpid()}"
ADDRESS = "10.13.32.11"
RESET, REJECT, KEEP_ALIVE, KEEP_ALIVE_ACK, REGISTER = 0x9F, 0x9D, 0x00, 0x100, 0x01
CONFIG = f"""configure terminal
hostname lab
interface GigabitEthernet0/0
 ip address {ADDRESS} 255.255.255.0
 no shutdown
crypto pki trustpoint cme
 enrollment selfsigned
 subject-name CN=cme
 rsakeypair cme 2048
telephony-service
 max-ephones 5
 max-dn 10
 ip source-address {ADDRESS} port 2000
 auto assign 4 to 5 type 7970
 auto assign 1 to 3
 cnf-file perphone
 create cnf-files
ephone-dn 1
 number 1001
ephone-dn 2
 number 1002
ephone-dn 4
 number 1004
ephone 2
 mac-address 0011.2233.4402
 type 7960
 button 1:1
"""


def enter(net):
    """This process goes where the router is."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open(f"/var/run/netns/{net}", encoding="ascii") as f:
        if libc.setns(f.fileno(), 0x40000000) != 0:
            raise OSError(ctypes.get_errno(), "setns")


def frame(number, payload=b""):
    return struct.pack("<III", 4 + len(payload), 0, number) + payload


def register(mac, kind=7):
    name = f"SEP{mac}".encode().ljust(16, b"\0")
    return frame(REGISTER, name + struct.pack("<II", 0, 1) + bytes(4) + struct.pack("<III", kind, 0, 0) + bytes([17, 0, 0x72, 0x85]))


class Phone:
    def __init__(self, port=2000):
        self.tcp = socket.create_connection((ADDRESS, port), timeout=PATIENCE)

    def say(self, data, slow=False):
        for part in ([data[i:i + 1] for i in range(len(data))] if slow else [data]):
            self.tcp.sendall(part)
            if slow:
                time.sleep(0.002)

    def take(self, n):
        got = b""
        while len(got) < n:
            part = self.tcp.recv(n - len(got))
            if not part:
                raise EOFError
            got += part
        return got

    def hears(self, seconds=PATIENCE):
        """(message, payload), "closed", or None when nothing came."""
        self.tcp.settimeout(seconds)
        try:
            length, _, number = struct.unpack("<III", self.take(12))
            return number, self.take(length - 4)
        except TimeoutError:
            return None
        except (EOFError, ConnectionError):
            return "closed"

    def text(self):
        got = self.hears()
        return got[1].split(b"\0")[0].decode() if isinstance(got, tuple) and got[0] == REJECT else got

    def off(self):
        self.tcp.close()


def registered(mac, kind=7, slow=False, port=2000):
    phone = Phone(port)
    phone.say(register(mac, kind), slow)
    return phone, phone.text()


def typed(router, *lines):
    router.line("configure terminal")
    out = "".join(router.line(line) for line in lines)
    router.line("end")
    return out


def known(router, check):
    phone, said = registered("001122334402", slow=True)
    check("a known phone, one byte at a time", said == "Call control not present", said)
    phone.say(frame(KEEP_ALIVE))
    check("its signs of life are answered", phone.hears() == (KEEP_ALIVE_ACK, b""))
    out = router.line("show ephone 2")
    check("show ephone shows its connection", re.search(r"TCP socket:\[\d+\] activeLine:0 whisperLine:0 UNREGISTERED\n", out) and f"IP:{ADDRESS} * {phone.tcp.getsockname()[1]} 7960" in out, out)
    second, said = registered("001122334402")
    check("it connects again: the former connection is closed", said == "Call control not present" and phone.hears() == "closed")
    out = typed(router, "ephone 2", "reset")
    check("reset: Reset 1 arrives", "resetting 0011.2233.4402" in out and second.hears() == (RESET, struct.pack("<I", 1)), out)
    check("reset_sent:1 until it is back", "reset:0 reset_sent:1" in router.line("show ephone 2"))
    second.off()
    out = typed(router, "telephony-service", "restart 0011.2233.4402")
    check("restart of a phone that is away waits", "0011.2233.4402 is not connected: it is restarted when it registers" in out, out)
    phone = Phone()
    phone.say(register("001122334402"))
    check("its register is answered with Restart 2", phone.hears() == (RESET, struct.pack("<I", 2)))
    phone.off()
    phone, said = registered("001122334402")
    check("then it is back", said == "Call control not present" and "reset:0 reset_sent:0" in router.line("show ephone 2"), said)
    return phone


def paced(router, check, phone):
    others = [registered("001122334403")[0], registered("001122334404")[0]]
    typed(router, "telephony-service", "reset all 1")
    began = time.monotonic()
    came = []
    for p in [others[0], phone, others[1]]:          # ephone 1, 2, 3
        came.append((p.hears(20), time.monotonic() - began))
    check("reset all 1: in the order of the ephones", [c[0] for c in came] == [(RESET, struct.pack("<I", 1))] * 3, came)
    for p in others + [phone]:
        p.off()


def unknown(router, check):
    phone, said = registered("001122334403", 30006)
    check("a phone nobody configured is answered as an ephone", said == "Call control not present", said)
    out = router.line("show running-config | section ephone  1")
    check("it is in the running-config: lowest free tag, type, number of its type",
          re.search(r"ephone  1\n mac-address 0011.2233.4403\n type 7970\n button  1:4\n", out), out)
    check("and in the log", until(lambda: router.line("") and "%SCCP-5-AUTOREG: SEP001122334403 at 10.13.32.11 registered itself and is ephone 1 now" in router.log))
    phone.off()
    phone, said = registered("001122334404", 9999)
    out = router.line("show running-config | section ephone  3")
    check("an unknown type: the numbers for every type", re.search(r"ephone  3\n mac-address 0011.2233.4404\n button  1:2\n", out), out)
    phone.off()
    out = router.shows("show telephony-service tftp-bindings", "SEP001122334404.cnf.xml")
    check("their files are made", "SEP001122334403.cnf.xml" in out and "SEP001122334404.cnf.xml" in out, out)
    got = in_net(NET, "busybox", "tftp", "-g", "-l", "-", "-r", "SEP001122334404.cnf.xml", ADDRESS).stdout
    check("and served", b"<ethernetPhonePort>2000" in got, got[:200])
    phone, said = registered("001122334403")
    check("the next time it is known", said == "Call control not present" and router.line("show running-config").count("0011.2233.4403") == 1)
    phone.off()
    registered("001122334405")[0].off()
    phone, said = registered("001122334406")
    out = router.line("show running-config | section ephone  4")
    check("no number is left: an ephone without a button", re.search(r"ephone  4\n mac-address 0011.2233.4405\n type 7960\n(?! button)", out), out)
    phone.off()
    phone, said = registered("001122334407")
    check("max-ephones", said == "Max Phones Exceeded", said)
    phone.off()
    for device in (b"MTP001122334455", b"SEP00112233445", b"SEP0011223344zz"):
        phone = Phone()
        phone.say(register("0" * 12).replace(b"SEP000000000000", device.ljust(15, b"\0")))
        check(f"{device.decode()} is no phone", phone.text() == "No Entry in Database")
        phone.off()


def refused(router, check):
    typed(router, "telephony-service", "no auto-reg-ephone", "max-ephones 20")
    check("no auto-reg-ephone is written", "\n no auto-reg-ephone\n" in router.line("show running-config | section telephony-service"))
    phone, said = registered("001122334408", 115)
    check("then it is refused", said == "No Entry in Database", said)
    check("and the connection closed after a while", phone.hears(10) == "closed")
    out = router.line("show ephone attempted-registrations")
    check("show ephone attempted-registrations", re.search(r"\n    1  0011\.2233\.4407 +\d\d:\d\d:\d\d UTC \w{3} \w{3} +\d+ \d{4} +7960\n    2  0011\.2233\.4408 .* 7941\n", out), out)
    router.line("clear telephony-service ephone-attempts")
    check("clear telephony-service ephone-attempts", "0011." not in router.line("show ephone attempted-registrations"))
    check("the log says why", until(lambda: router.line("") and "no ephone has its mac-address, and auto-reg-ephone is off" in router.log))
    typed(router, "telephony-service", "auto-reg-ephone")
    out = typed(router, "telephony-service", "auto assign 7 to 8 cfw 1234 timeout 10")
    check("auto assign with cfw says what it does not do", "% Note: 'cfw' is stored; its function is not in this image" in out, out)
    check("without it nothing is said", "%" not in typed(router, "telephony-service", "auto assign 9 to 10"))
    out = typed(router, "telephony-service", "security-mode mixed")
    check("mixed mode and auto-registration exclude each other", "Auto-registration is not supported in mixed mode" in out, out)


def built_in(router, check):
    """`test phone` at the plain port: it counts for no phone."""
    before = router.line("show telephony-service")
    out = router.line("test phone 0011.2233.4402", timeout=60)
    check("test phone registers on the plain port", "signalling  ok (Call control not present)" in out, out)
    check("and holds nothing", "TCP socket:[-1]" in router.line("show ephone 2") and "phones connected 0;" in router.line("show telephony-service"), before)


def secure(router, check):
    """With a trust list the server is secure: nobody registers himself, and secure phones have to go to 2443."""
    typed(router, "crypto pki trustpoint spare", "enrollment selfsigned", "subject-name CN=spare", "rsakeypair spare 2048")
    for label in ("cme", "spare"):
        enroll(router, label)
    typed(router, "ctl-client", f"server cme-tftp {ADDRESS} trustpoint cme", "sast1 trustpoint cme", "sast2 trustpoint spare", "regenerate")
    out = router.shows("show telephony-service security-info", "Server Security Mode: Secure")
    check("the server is secure", "Server Security Mode: Secure" in out, out)
    phone, said = registered("001122334409")
    check("nobody registers himself in secure mode", said == "No Entry in Database", said)
    phone.off()
    check("the log says why", until(lambda: router.line("") and "phones do not register themselves in secure mode" in router.log))
    typed(router, "ephone 2", "device-security-mode encrypted")
    phone, said = registered("001122334402")
    check("an encrypted phone is refused on the plain port", said == "Security Mode Mismatch", said)
    phone.off()
    typed(router, "ephone 2", "device-security-mode none")
    phone, said = registered("001122334402")
    check("one with mode none is not", said == "Call control not present", said)
    phone.off()


def debugs(router, check):
    check("debug ephone register", "EPHONE registration debugging is on" in router.line("debug ephone register"))
    router.line("debug ephone message mac-address 0011.2233.4402")
    router.line("debug ephone state mac-address 0011.2233.4402")
    router.line("debug ephone error")
    before = len(router.log)
    for mac in ("001122334402", "001122334403", "0011223344AA"):
        registered(mac)[0].off()
    shown = until(lambda: router.line("show clock") and router.log[before:], good=lambda log: "connection closed" in log)
    check("who registers, with type and version", "ephone-2[SEP001122334402]:Register from 10.13.32.11, deviceType 7, SCCP ver 17, load -" in shown
          and "ephone-1[SEP001122334403]:Register from" in shown, shown)
    check("messages of one phone only", "ephone-2[SEP001122334402]:<- Register (0x0001), 44 bytes" in shown
          and "ephone-2[SEP001122334402]:-> RegisterReject (0x009D)" in shown and "SEP001122334403]:->" not in shown, shown)
    check("its state", "ephone-2[SEP001122334402]:connected, register answered" in shown and "ephone-2[SEP001122334402]:connection closed" in shown, shown)
    check("errors", "ephone-(?)[SEP0011223344AA]:refused at 10.13.32.11: no ephone has its mac-address" in shown, shown)
    router.line("undebug all")
    before = len(router.log)
    registered("001122334402")[0].off()
    time.sleep(0.5)
    router.line("")
    check("undebug all ends it", "SEP001122334402]:" not in router.log[before:])


def hostile(router, check):
    peers = [Phone() for _ in range(30)]
    open_ones = until(lambda: [p for p in peers if p.hears(0.02) is None], good=lambda alive: len(alive) <= 8)
    check("one address holds eight connections", len(open_ones) == 8, len(open_ones))
    for p in peers:
        p.off()
    for name, data in (("HTTP", b"GET / HTTP/1.0\r\n\r\n"), ("a length of 4 GB", b"\xff" * 12), ("a length below its least", frame(0)[:0] + b"\x03" + bytes(11)),
                       ("a length above the limit", struct.pack("<III", 8193, 0, 1))):
        def closed():
            p = Phone()
            p.say(data)
            return p.hears() == "closed"
        check(f"{name} is closed", until(closed))
    big = Phone()
    big.say(struct.pack("<III", 8192, 0, 0x7777) + bytes(8188) + frame(KEEP_ALIVE))
    check("the largest message of an unknown kind is skipped", big.hears() == (KEEP_ALIVE_ACK, b""))
    big.off()
    short = Phone()
    short.say(frame(REGISTER, b"SEP0011") + frame(KEEP_ALIVE))
    check("a register without its fields is dropped, the connection stays", short.hears() == (KEEP_ALIVE_ACK, b""))
    short.off()
    out = router.line("show telephony-service")
    check("all of it is counted", re.search(r"signaling 10\.13\.32\.11 port 2000, listening\n  connections \d+, registers \d+; refused: unknown phone [1-9]\d*, other name 0, "
                                            r"security mode 1, not SCCP ([5-9]|\d\d), too many [1-9]\d*\n", out), out)
    typed(router, "telephony-service", f"ip source-address {ADDRESS} port 2002")
    router.shows("show telephony-service", "port 2002, listening")
    phone, said = registered("001122334402", port=2002)
    check("another port", said == "Call control not present", said)
    phone.off()
    typed(router, "telephony-service", "no ip source-address")
    check("no address, no port", until(lambda: socket.socket().connect_ex((ADDRESS, 2002)) != 0))


def main():
    checks = Checks()
    check = checks.check
    drop_net(NET)
    with Router(net=NET) as router:
        router.wait_for(r"[>#]\s?$")
        router.line("enable")
        out = router.lines(CONFIG)
        check("the configuration is taken", not re.findall(r"% (?:Invalid|Incomplete|Ambiguous|Note)[^\n]*", out), out)
        enter(NET)
        router.shows("show telephony-service", "port 2000, listening")
        phone = known(router, check)
        unknown(router, check)
        paced(router, check, phone)
        refused(router, check)
        built_in(router, check)
        secure(router, check)
        debugs(router, check)
        hostile(router, check)
        check("ends tidily", router.stop() == 0)
    drop_net(NET)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
