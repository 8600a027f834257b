#!/usr/bin/python3
"""Every trust key changes while half of the phones are off and the power is cut; phones judge by themselves, over real sockets."""
# SPDX-License-Identifier: GPL-3.0-or-later
import ctypes
import hashlib
import os
import shutil
import socket
import ssl
import struct
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../lib"), os.path.join(HERE, "../verify")]
from pki import enroll, start_server  # noqa: E402
from router import PATIENCE, Checks, Router, drop_net, until  # noqa: E402
import verify_trust_file as verify  # noqa: E402

NET = f"parley-rotation-{os.getpid()}"
ADDRESS = "192.0.2.1"
DIGEST_INFO = {"sha1": bytes.fromhex("3021300906052b0e03021a05000414"), "sha512": bytes.fromhex("3051300d060960864801650304020305000440")}
BASE = f"""configure terminal
interface GigabitEthernet0/0
 ip address {ADDRESS} 255.255.255.0
 no shutdown
ip http server
telephony-service
 max-ephones 8
 ip source-address {ADDRESS} port 2000
 cnf-file location flash:
 cnf-file perphone
 tftp-server-credentials trustpoint files
ephone 1
 mac-address 0011.2233.4401
ephone 2
 mac-address 0011.2233.4402
ephone 3
 mac-address 0011.2233.4403
ephone 4
 mac-address 0011.2233.4404
capf-server
 auth-mode null-string
 trustpoint-label oldca
 source-addr {ADDRESS}
trust-verification
 trustpoint tvs
"""
LISTS = f"""configure terminal
ctl-client
 server tftp {ADDRESS} trustpoint files
 server capf {ADDRESS} trustpoint oldca
 sast1 trustpoint s1
 sast2 trustpoint s2
end
"""


def enter(net):
    libc = ctypes.CDLL(None, use_errno=True)
    with open(f"/run/netns/{net}") as f:
        if libc.setns(f.fileno(), 0x40000000) != 0:
            raise OSError(ctypes.get_errno(), "setns")


def tftp(name):
    """One file; None: the server has none."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(3)
    data, block, peer = b"", 1, (ADDRESS, 69)
    packet = struct.pack(">H", 1) + name.encode() + b"\0octet\0"
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        s.sendto(packet, peer)
        try:
            got, peer = s.recvfrom(2048)
        except TimeoutError:
            continue
        kind, number = struct.unpack(">HH", got[:4])
        if kind == 5:
            return None
        if kind == 3 and number == block:
            data += got[4:]
            packet = struct.pack(">HH", 4, block)
            block += 1
            if len(got) < 516:
                s.sendto(packet, peer)
                return data
    return None


def tftp_again(name):
    """A phone that restarts with its router asks until the files are there."""
    return until(lambda: tftp(name), good=lambda data: data is not None)


def shown(port, ask=()):
    """The certificate behind a TLS port, and the answers of TVS to certificates: (valid, TTL)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with context.wrap_socket(socket.create_connection((ADDRESS, port), timeout=10)) as tls:
                answers = []
                for der in ask:
                    body = b"\x01\x00\x18\x01CP-7962-SEP001122334455" + struct.pack(">BH", 2, len(der)) + der
                    tls.sendall(struct.pack(">BBBBIH", 0x57, 1, 1, 0, 1, len(body)) + body)
                    answer = tls.recv(4096)
                    answers.append((answer[13] == 0, int.from_bytes(answer[-4:], "big")))
                return tls.getpeercert(binary_form=True), answers
        except (OSError, IndexError):
            time.sleep(0.25)
    return b"", []


class Phone:
    """Boots as a telephone does and keeps its lists; RSA by long division, nothing of the router's."""

    def __init__(self, mac):
        self.name, self.ctl, self.itl = "SEP" + mac, None, None

    def records(self):
        return [r for data in (self.ctl, self.itl) if data for r in verify.records(verify.Header(data).body)]

    @staticmethod
    def holds(header, record):
        n, e = (int.from_bytes(v, "big") for _, v in verify.der_items(next(verify.der_items(record.fields[7]))[1]))
        size = (n.bit_length() + 7) // 8
        block = DIGEST_INFO[header.digest] + hashlib.new(header.digest, header.signed).digest()
        wanted = b"\x00\x01" + b"\xff" * (size - 3 - len(block)) + b"\x00" + block
        return pow(int.from_bytes(header.signature, "big"), e, n).to_bytes(size, "big") == wanted

    def good(self, data, roles, found):
        header = verify.Header(data)
        return any(r.role in roles and r.issuer == header.issuer and r.serial == header.serial and self.holds(header, r) for r in found)

    def take(self, data, stored, also):
        """A list: by the signers of the list of its kind, or (ITL) of the CTL; the first one on trust."""
        found = list(verify.records(verify.Header(data).body))
        if not self.good(data, ("SAST",), found):
            return False
        before = [r for d in (stored, also) if d for r in verify.records(verify.Header(d).body)]
        return not before or self.good(data, ("SAST",), before)

    def boot(self):
        """Empty: all is well; else what it misses."""
        ctl = tftp_again(f"CTL{self.name}.tlv") if self.ctl else tftp(f"CTL{self.name}.tlv")
        itl = tftp_again(f"ITL{self.name}.tlv")
        if ctl and ctl != self.ctl:
            if not self.take(ctl, self.ctl, None):
                return f"{self.name} refuses the CTL"
            self.ctl = ctl
        if itl and itl != self.itl:
            if not self.take(itl, self.itl, self.ctl):
                return f"{self.name} refuses the ITL"
            self.itl = itl
        name = f"{self.name}.cnf.xml.sgn"
        data = tftp_again(name)
        if data is None or verify.Header(data).name != name or not self.good(data, ("TFTP", "CCM+TFTP"), self.records()):
            return f"{self.name} refuses its file"
        return self.services()

    def services(self):
        """Without fetching anything: are CAPF and TVS those of its lists?"""
        for port, role in ((3804, "CAPF"), (2445, "TVS")):
            if shown(port)[0] not in [r.certificate for r in self.records() if r.role == role]:
                return f"{self.name} does not know the certificate of {role}"
        return ""


class World:
    def __init__(self, data):
        self.data, self.router, self.keys = data, None, {}
        self.phones = [Phone(f"00112233440{i}") for i in range(1, 5)]

    def power_on(self):
        self.router = Router(data=self.data, net=NET)
        self.router.wait_for(r"[>#]\s?$")
        self.router.line("enable")
        self.router.set_clock()

    def power_cut(self):
        self.router.kill()
        self.power_on()

    def enrol(self, label):
        """A new key pair and a self-signed certificate."""
        self.keys[label] = self.keys.get(label, 0) + 1
        pair = f"{label}{self.keys[label]}"
        for line in ("configure terminal", f"crypto key generate rsa label {pair} modulus 2048", f"crypto pki trustpoint {label}",
                     "enrollment selfsigned", f"subject-name CN={label}{self.keys[label]},O=Vector", f"rsakeypair {pair} 2048", "exit"):
            self.router.line(line)
        self.router.line("end")
        return "successfully" in enroll(self.router, label)

    def authority(self, label):
        for line in ("configure terminal", f"crypto key generate rsa label {label} modulus 2048", f"crypto pki server {label}", "grant auto"):
            self.router.line(line)
        self.router.line("end")
        start_server(self.router, label)
        return "enabled" in self.router.shows("show crypto pki server", "enabled")

    def rotation(self):
        return self.router.line("show ctl-client rotation")

    def save(self):
        self.router.lines("write memory\n")

    def boot(self, phones):
        return "; ".join(filter(None, (p.boot() for p in phones)))

    def settled(self):
        """All phones boot as often as it takes until nothing is open."""
        def boots():
            why = self.boot(self.phones)
            return (why,) if why or until(lambda: "none is open" in self.rotation(), 4) else None
        done = until(boots, 2 * PATIENCE)
        return done[0] if done else "still open: " + self.rotation()


def rotate(world, check, name, change, stages):
    """change(): the operator's work. stages: texts of the rotation while phones are waited for."""
    on, off = world.phones[:2], world.phones[2:]
    before = [p.services() for p in world.phones]
    change()
    world.save()
    world.power_cut()
    check(f"{name}: after the change and a power cut the running phones know their servers", not any(before) and not any(p.services() for p in on))
    opened = until(lambda: all(s in world.rotation() for s in stages))
    check(f"{name}: it is rotated in stages", opened, world.rotation())
    rounds = "; ".join(filter(None, (world.boot(on) for _ in range(2))))
    check(f"{name}: half of the phones boot and go on", rounds == "", rounds)
    time.sleep(1.5)
    world.power_cut()
    text = world.rotation()
    check(f"{name}: the stage is held open for the others, by name", "open, TVS" in text and all(p.name in text for p in off), text)
    check(f"{name}: those that slept know their servers still", "".join(p.services() for p in off) == "")
    der = [r.certificate for r in off[0].records() if r.role == "TVS"] + [r.certificate for r in on[0].records() if r.role == "CAPF"]
    _, answers = shown(2445, der)
    check(f"{name}: TVS answers for former and next, an hour at most", len(answers) == len(der) and all(a[0] and a[1] <= 3600 for a in answers), answers)
    why = world.boot(off)
    check(f"{name}: the others come back", why == "", why)
    world.power_cut()
    why = world.settled()
    check(f"{name}: completed after another power cut, nobody stranded", why == "", why)


def main():
    check = Checks()
    folder = tempfile.mkdtemp(prefix="parley-rotation-")
    world = World(folder)
    try:
        world.power_on()
        enter(NET)
        world.router.lines(BASE.split("telephony-service")[0] + "end\n")
        for label in ("files", "tvs", "s1", "s2"):
            check.check(f"certificate {label}", world.enrol(label))
        check.check("authority oldca", world.authority("oldca"))
        world.router.lines(BASE)
        world.router.lines("configure terminal\ntelephony-service\ncreate cnf-files\nend\n")
        world.save()
        check.check("phones take their first ITL", until(lambda: world.boot(world.phones) == ""), world.boot(world.phones))
        world.router.lines(LISTS)
        world.router.line("configure terminal")
        world.router.line("ctl-client")
        out = world.router.line("regenerate")
        world.router.line("end")
        check.check("CTL", "CTL file made" in out, out)
        world.save()
        why = world.settled()
        check.check("all phones hold both lists", why == "" and all(p.ctl and p.itl for p in world.phones), why)

        first = [p.services() for p in world.phones]
        check.check("they know all servers", not any(first), first)

        def capf_shows(label):
            world.router.lines(f"configure terminal\ncapf-server\ntrustpoint-label {label}\nend\n")

        rotate(world, check.check, "CA", lambda: (world.authority("newca"), capf_shows("newca")),
               ["CAPF certificate of trustpoint oldca, to be that of newca"])
        rotate(world, check.check, "SAST1", lambda: world.enrol("s1"), ["the next signer is introduced"])
        rotate(world, check.check, "SAST2 and CAPF", lambda: (world.enrol("s2"), world.enrol("capf"), capf_shows("capf")),
               ["CAPF certificate of trustpoint newca, to be that of capf"])
        rotate(world, check.check, "TFTP and TVS", lambda: (world.enrol("tvs"), world.enrol("files")),
               ["TVS certificate of trustpoint tvs", "TFTP certificate of trustpoint files", "waits for the end of the other change"])
        def known():
            world.boot(world.phones)
            return sorted({r.subject.split(";")[0][3:] for p in world.phones for r in p.records()})

        new = ["capf1", "files2", "oldca", "s12", "s22", "tvs2"]   # oldca: still a line of ctl-client
        check.check("in the end the phones know the new certificates only", until(lambda: known() == new), known())
        text = world.router.line("show crypto key mypubkey rsa")
        check.check("no former key pair is kept any longer", "Key name: kept-" not in text)
        check.check("the router stops tidily", world.router.stop() == 0)
    finally:
        if world.router is not None:
            world.router.close()
        drop_net(NET)
        shutil.rmtree(folder, ignore_errors=True)
    return check.end()


if __name__ == "__main__":
    sys.exit(main())
