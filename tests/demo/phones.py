"""The second half of the demo: phones of two generations, as processes of their own, from the factory to their register; a capture shows TLS."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import shutil
import subprocess
import time

from router import ROOT, in_net, until

PHONE = os.path.join(ROOT, "build/native/phone")
PORTS = {3804: "CAPF", 2445: "TVS", 2443: "signalling", 6972: "files by HTTPS"}

RECORD = re.compile(r"1[4-7]03")

LINES = """configure terminal
capf-server
 phone-key-size 2048
 cert-enroll-trustpoint myra password 0 mypassword
 tls-minimum 1.0
trust-verification
 trustpoint mytrustpoint1
 tls-minimum 1.0
telephony-service
 tls-minimum 1.0
ephone 1
 cnf-file encrypted
 cert-oper upgrade auth-mode null-string
ephone 2
 cnf-file encrypted
 cert-oper upgrade auth-mode null-string
end
"""


class Capture:
    """tshark on the loopback of the router's network: the phones of the demo live there, too."""

    def __init__(self, net, folder):
        self.file = os.path.join(folder, "phones.pcap")
        self.process = None
        if not shutil.which("tshark"):
            self.why = "tshark is not installed"
            return
        self.process = subprocess.Popen(["ip", "netns", "exec", net, "tshark", "-q", "-i", "lo", "-w", self.file],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.why = "this machine does not permit a capture"
        until(lambda: self.process.poll() is not None or (os.path.exists(self.file) and os.path.getsize(self.file) > 0), 30)
        if self.process.poll() is not None:
            self.process = None

    def end(self):
        """Port -> records of TLS, and bytes on the port that are none; None: nothing was captured."""
        if self.process is None:
            return None
        time.sleep(1)
        self.process.terminate()
        self.process.wait(20)
        known = [word for port in PORTS for word in ("-d", f"tcp.port=={port},tls")]
        out = subprocess.run(["tshark", "-r", self.file, *known, "-Y", "tcp.len > 0", "-T", "fields", "-e", "tcp.srcport", "-e", "tcp.dstport",
                              "-e", "frame.protocols", "-e", "tcp.payload", "-e", "tcp.analysis.retransmission"],
                             capture_output=True, check=False, timeout=120).stdout.decode()
        seen = {port: [0, 0] for port in PORTS}
        for line in out.splitlines():
            fields = (line + "\t\t\t\t").split("\t")
            port = next((int(p) for p in fields[:2] if p.isdigit() and int(p) in PORTS), None)
            if port and not fields[4]:   # a record may begin in one segment and end in the next: its head tells
                seen[port][0 if ":tls" in fields[2] or RECORD.match(fields[3]) else 1] += 1
        return seen


def boot(net, address, mac, home, *options):
    done = in_net(net, PHONE, "--server", address, "--mac", mac, "--home", home, *options, timeout=110)
    out = (done.stdout + done.stderr).decode()
    for line in out.splitlines():
        print(f"          {line}", flush=True)
    return done.returncode, out


def story(net, address, macs, router, check, folder):
    new, old = macs
    out = router.lines(LINES)
    refused = re.findall(r"% (?:Invalid|Incomplete|Ambiguous)[^\n]*", out)
    check("certificates and encrypted files for two phones are configured", not refused, repr(refused))
    links = ("TVS in list", "CAPF in list", "file signature", "call control")   # lists and files follow the configuration
    audit = until(lambda: router.line("show telephony-service trust-audit ephone 1"),
                  good=lambda audit: all(re.search(rf"^  {link} +ok$", audit, re.M) for link in links))
    check("the links of the chain of trust are there", all(re.search(rf"^  {link} +ok$", audit, re.M) for link in links), audit)
    capture = Capture(net, folder)
    for mac, what, options in ((new, "a new phone (ITL, TVS, TLS 1.2)", ()), (old, "an old phone (CTL only, SHA-1, TLS 1.0)", ("--legacy",))):
        home = os.path.join(folder, mac)
        os.makedirs(home)
        print(f"        {what}, from the factory:", flush=True)
        status, out = boot(net, address, mac, home, *options)
        check(f"{what}: list, certificate, encrypted file, register", status == 0 and "CAPF  ok (certificate stored)" in out and
              "encrypted file  ok (opened)" in out and "signalling  ok" in out)
        print("        the same phone, switched on again:", flush=True)
        status, out = boot(net, address, mac, home, *options)
        check(f"{what}: its next boot needs nothing new", status == 0 and "CTL  ok (unchanged)" in out and "CAPF  ok (no session" in out)
    done = in_net(net, "curl", "-sk", "-o", os.path.join(folder, "itl"), "-w", "%{http_code}", f"https://{address}:6972/ITLFile.tlv")
    check("curl fetches ITLFile.tlv by HTTPS 6972", done.stdout == b"200", repr(done.stdout))
    seen = capture.end()
    if seen is None:
        print(f"  skip  tshark reads a capture: {capture.why}", flush=True)
    else:
        for port, (tls, other) in seen.items():
            check(f"tshark: {tls} segments of TLS on port {port} ({PORTS[port]}), nothing else", tls > 0 and other == 0, f"{other} other")
    out = router.line(f"test phone {new[:4]}.{new[4:8]}.{new[8:]}", timeout=120)
    check("test phone: the built-in phone comes up, too", re.search(r"SEP\w+: \d+ steps, 0 failed", out), out)
    out = router.line("show crypto legacy")
    check("show crypto legacy names the old phone only", f"SEP{old}" in out and f"SEP{new}" not in out, out)
