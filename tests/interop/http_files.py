#!/usr/bin/python3
"""Phone files by HTTP 6970 and HTTPS 6972: whole, in order, many at once, and nothing that was not published."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../lib")]
from pki import selfsigned  # noqa: E402
from router import Checks, Router, drop_net, in_net, until  # noqa: E402

NET = f"parley-httpfiles-{os.getpid()}"
ADDRESS = "192.0.2.1"
NAME = "cme.branch.example"
PHONE = "SEP00124302A7CC.cnf.xml"
BASE = f"""configure terminal
interface GigabitEthernet0/0
 ip address {ADDRESS} 255.255.255.0
 no shutdown
tftp-server flash:big.loads alias firmware.loads
telephony-service
 max-ephones 4
 ip source-address {ADDRESS} port 2000
 cnf-file location flash:
 cnf-file perphone
 load 7970 SCCP70.8-0-3S
 tftp-server-credentials trustpoint files
ephone 1
 mac-address 0012.4302.A7CC
 type 7970
 exit
"""
# Each line of standard input of this program is sent at once; what comes until the end of the connection is printed.
RAW = """
import socket, sys
s = socket.create_connection(("%s", 6970), 10)
s.sendall(sys.stdin.buffer.read())
s.shutdown(socket.SHUT_WR)
while True:
    d = s.recv(65536)
    if not d: break
    sys.stdout.buffer.write(d)
""" % ADDRESS


def curl(*arguments):
    return in_net(NET, "curl", "-s", *arguments)


def http(name, *arguments):
    return curl("-f", f"http://{ADDRESS}:6970/{name}", *arguments).stdout


def raw(text):
    return in_net(NET, "python3", "-c", RAW, input=text.encode()).stdout


def tftp(name, folder):
    out = os.path.join(folder, "t")
    in_net(NET, "curl", "-s", f"tftp://{ADDRESS}/{name}", "-o", out)
    data = open(out, "rb").read() if os.path.exists(out) else b""
    if os.path.exists(out):
        os.remove(out)
    return data


def plain(check, router, folder, big):
    same = tftp(PHONE, folder)
    check("the phone file is the one that TFTP gives", same != b"" and http(PHONE) == same)
    head = curl("-D", "-", "-o", "/dev/null", f"http://{ADDRESS}:6970/{PHONE}").stdout.decode()
    check("length and no-store in the head", f"Content-Length: {len(same)}\r\n" in head and "Cache-Control: no-store\r\n" in head, head)
    check("a large file of flash: is whole", http("firmware.loads") == big)
    for tool in (["wget", "-q", "-O", "-"], ["busybox", "wget", "-q", "-O", "-"]):
        got = in_net(NET, *tool, f"http://{ADDRESS}:6970/firmware.loads").stdout
        check(f"{' '.join(tool[:-3])} takes it too", got == big, len(got))
    code = curl("-o", "/dev/null", "-w", "%{http_code}", f"http://{ADDRESS}:6970/CTLFile.tlv").stdout
    check("a name that is not published: 404", code == b"404", code)
    code = curl("-o", "/dev/null", "-w", "%{http_code}", f"http://{ADDRESS}:6970/SEP000000000001.cnf.xml.sgn").stdout
    check("a signed file that is not there is not answered with another", code == b"404", code)
    for path in ("../nvram:startup-config", "..%2f..%2fetc/passwd", "%2e%2e/nvram/startup-config", "flash:big.loads", "nvram:startup-config"):
        code = curl("--path-as-is", "-o", "/dev/null", "-w", "%{http_code}", f"http://{ADDRESS}:6970/{path}").stdout
        check(f"nothing but published names: {path}", code in (b"404", b"400"), code)
    code = curl("-X", "PUT", "-d", "x", "-o", "/dev/null", "-w", "%{http_code}", f"http://{ADDRESS}:6970/{PHONE}").stdout
    check("nobody writes", code == b"405" and http(PHONE) == same, code)
    answer = raw(f"GET /{PHONE} HTTP/1.1\r\nHost: a\r\n\r\nHEAD /{PHONE} HTTP/1.1\r\nHost: a\r\n\r\nGET /none HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    parts = answer.split(b"HTTP/1.1 ")
    check("three requests at once are answered in order", [p[:3] for p in parts[1:]] == [b"200", b"200", b"404"] and same in parts[1] and
          same not in parts[2], answer[:200])
    answer = raw(f"GET /{PHONE} HTTP/1.0\r\n\r\n")
    check("HTTP/1.0 without a Host", answer.endswith(same) and b"200 OK" in answer, answer[:100])
    many = in_net(NET, "curl", "-s", "-Z", "--parallel-max", "40", "-o", f"{folder}/m#1",
                  f"http://{ADDRESS}:6970/firmware.loads?[1-40]", timeout=70)
    good = sum(os.path.exists(f"{folder}/m{i}") and open(f"{folder}/m{i}", "rb").read() == big for i in range(1, 41))
    check("forty clients at once, each gets the whole file", good == 40 and many.returncode == 0, good)


def s_client(*arguments):
    done = in_net(NET, "openssl", "s_client", "-connect", f"{ADDRESS}:6972", *arguments, input=b"")
    return done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")


def secure(check, router, folder, big):
    shown = router.line("show tftp-server")
    check("no certificate, no HTTPS, and it is told why", "HTTPS server is not listening on TCP port 6972: trustpoint files, " in shown, shown)
    selfsigned(router, "files", subject=f"CN={NAME}")
    check("HTTPS comes by itself with the certificate", until(lambda: "HTTPS server is listening" in router.line("show tftp-server")))
    pem = s_client().split("-----BEGIN CERTIFICATE-----")
    ca = os.path.join(folder, "ca.pem")
    open(ca, "w").write("-----BEGIN CERTIFICATE-----" + pem[1].split("-----END")[0] + "-----END CERTIFICATE-----\n")
    url = f"https://{NAME}:6972/"
    there = ["--resolve", f"{NAME}:6972:{ADDRESS}", "--cacert", ca]
    check("the trust list under the name of the certificate", until(lambda: curl("-f", *there, url + "ITLFile.tlv").stdout == http("ITLFile.tlv") != b""))
    check("a large file is whole", curl(*there, url + "firmware.loads").stdout == big)
    done = curl("--cacert", ca, f"https://{ADDRESS}:6972/ITLFile.tlv")
    check("another name is not in it", done.returncode == 60, done.returncode)
    text = s_client("-tls1_2")
    check("TLS 1.2 with ECDHE and AEAD", "Cipher is ECDHE-RSA-AES" in text and "GCM" in text, text[-600:])
    text = s_client("-tls1", "-cipher", "ALL:@SECLEVEL=0")
    check("no TLS 1.0", "Cipher is (NONE)" in text, text[-600:])
    router.lines("configure terminal\nip http tls-version TLSv1.0\nend\n")
    check("ip http tls-version TLSv1.0 permits it", until(lambda: "Protocol  : TLSv1\n" in s_client("-tls1", "-cipher", "ALL:@SECLEVEL=0")))
    shown = router.line("show crypto legacy")
    check("show crypto legacy lists the port", "6972" in shown, shown)
    router.lines("configure terminal\nno ip http tls-version TLSv1.0\nend\n")


def counted(check, router):
    shown = router.line("show tftp-server")
    line = next((text for text in shown.splitlines() if text.startswith("firmware.loads ")), "")
    check("the file was counted by all protocols", len(line.split()) > 3 and int(line.split()[2]) >= 44, line)
    check("HTTP counters", "HTTP server is listening on TCP port 6970" in shown, shown)
    router.lines("configure terminal\nno telephony-service\nctl-client\nno itl\nend\n")   # by itself the trust list stays: phones hold it
    shown = router.shows("show tftp-server", "HTTP server is not listening")
    check("without phone files both ports are closed", "HTTP server is not listening" in shown, shown)
    check("really", curl(f"http://{ADDRESS}:6970/{PHONE}").returncode == 7)


def main():
    checks = Checks()
    drop_net(NET)
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        os.makedirs(os.path.join(data, "flash"))
        big = os.urandom(1_000_003)
        open(os.path.join(data, "flash", "big.loads"), "wb").write(big)
        with Router(data=data, net=NET) as router:
            router.wait_for(r"[>#]\s?$")
            router.line("enable")
            router.lines(BASE)
            router.lines("configure terminal\ntelephony-service\ncreate cnf-files\nend\n")
            checks.check("HTTP 6970 is open with the first phone file", until(lambda: http(PHONE) != b""))
            plain(checks.check, router, folder, big)
            secure(checks.check, router, folder, big)
            counted(checks.check, router)
    drop_net(NET)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
