#!/usr/bin/python3
"""Two routers on one wire: the CTL client of one asks the CTL provider of the other, with TLS in between that nobody breaks."""
# SPDX-License-Identifier: GPL-3.0-or-later
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
for folder in ("../lib", "../verify"):
    sys.path.insert(0, os.path.join(HERE, folder))
import verify_trust_file as verifier  # noqa: E402
from pki import from_authority, selfsigned, start_server  # noqa: E402
from router import Checks, Router, drop_net, in_net, until  # noqa: E402

A_NET, B_NET = (f"parley-cred-{os.getpid()}-{side}" for side in "ab")
CLIENT, PROXY = (os.path.join(HERE, "../lib", name) for name in ("ctl_client.py", "tls_proxy.py"))
A, B, MIDDLE = "10.79.0.1", "10.79.0.2", "10.79.0.66"
# As in modules/credentials/README.md and modules/ctl-client/README.md.
PROVIDER = f"""credentials
 ip source-address {B} port 2444
 trustpoint ctlpv
 ctl-service admin user4 secret 0 c89L8o
"""
LIST = f"""ctl-client
 server cme {A} trustpoint cmeserver
 server cme {B} username user4 password 0 c89L8o
 sast1 trustpoint cmeserver
 sast2 trustpoint sast2
"""
CALL_AGENT = f"""telephony-service
 max-ephones 4
 ip source-address {B} port 2000
 secure-signaling trustpoint cme2
 tftp-server-credentials trustpoint cme2
"""


def wire():
    for net in (A_NET, B_NET):
        subprocess.run(["ip", "netns", "add", net], check=True)
        subprocess.run(["ip", "-n", net, "link", "set", "lo", "up"], check=True)
    subprocess.run(["ip", "link", "add", "gi0-0", "netns", A_NET, "type", "veth", "peer", "name", "gi0-0", "netns", B_NET], check=True)


def extra_addresses():
    """Strangers live on further addresses of the client's side: a lock-out of them is none of the router."""
    for last in (*range(50, 60), 66):
        subprocess.run(["ip", "-n", A_NET, "addr", "add", f"10.79.0.{last}/24", "dev", "gi0-0"], check=True)


def type1(password, seed=2):
    """The reversible encoding of `service password-encryption` (commands.md 0.4)."""
    key = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
    return f"{seed:02d}" + "".join(f"{c ^ key[(seed + i) % len(key)]:02X}" for i, c in enumerate(password.encode()))


def base(router, name, address):
    router.wait_for(r"[>#]\s?$")
    router.line("enable")
    router.set_clock(3600)   # later than the certificates that openssl makes here
    router.lines(f"configure terminal\nhostname {name}\nno logging console\nlogging buffered 65536\ninterface GigabitEthernet0/0\n"
                 f" ip address {address} 255.255.255.0\n no shutdown\n")
    router.line("terminal length 0")


def own_certificate(router, label):
    text = router.shows(f"show running-config | section certificate chain {label}", r"(?ms)^ certificate (?!ca)[^\n]*\n(.*?)\n\s*quit")
    blocks = re.findall(r"^ certificate (?!ca)[^\n]*\n(.*?)\n\s*quit", text, re.S | re.M)
    return bytes.fromhex("".join(blocks[0].split())) if blocks else b""


def ask(*arguments, net=A_NET, address=B):
    return in_net(net, "python3", CLIENT, address, *arguments).stdout.decode()


def shows_certificate(provider, label, check):
    wanted = f"certificate {hashlib.sha256(own_certificate(provider, label)).hexdigest()}"
    out = until(lambda: ask("--from", "10.79.0.56"), good=lambda out: wanted in out)
    check(f"the provider has changed to the certificate of {label}", wanted in out, out)


def regenerate(router, *answers):
    router.line("configure terminal")
    router.line("ctl-client")
    out = router.line("regenerate")
    for answer in answers:
        out += router.line(answer)
    router.line("end")
    return out


def counter(router, word):
    found = re.search(rf"(\d+) {word}", router.line("show credentials"))
    return int(found[1]) if found else -1


def trust_list(data):
    with open(os.path.join(data, "nvram", "CTLFile.tlv"), "rb") as f:
        blob = f.read()
    verifier.verify_ctl(blob)
    return blob, [(r.role, r.address, hashlib.sha256(r.certificate or b"").hexdigest()) for r in verifier.read_list(blob, "list")[1]]


def strangers(b, folder, shown, check):
    """The protocol as another program speaks it."""
    record = os.path.join(folder, "exchange")
    out = ask("--from", "10.79.0.50", "--record", record)
    check("an independent client that knows the secret is served", "welcome" in out and "provider proves itself" in out, out)
    check("   with the certificate of the call agent there", f"record 1 {B} {shown['cme2']}" in out and f"record 3 {B} {shown['cme2']}" in out, out)
    check("   over a session with the certificate of `trustpoint`", f"certificate {shown['ctlpv']}" in out, out)
    out = ask("--from", "10.79.0.50", "--slow")
    check("one byte in each TLS record", "welcome 2" in out, out)
    out = ask("--from", "10.79.0.50", "--old")
    check("TLS 1.0 is refused", "no TLS" in out, out)
    wrong = counter(b, "wrong proofs")
    out = ask("--from", "10.79.0.51", "--secret", "c89L8p")
    check("a wrong secret is refused", "refused 3" in out, out)
    out = ask("--from", "10.79.0.51", "--user", "nobody")
    check("a wrong user is refused in the same words", "refused 3" in out, out)
    out = ask("--from", "10.79.0.52", "--replay", record)
    check("a recorded exchange, played again, is refused", "refused 3" in out, out)
    out = ask("--from", "10.79.0.53", "--binding", os.path.join(folder, "evil.der"))
    check("a right proof for another certificate is refused", "refused 3" in out, out)
    check("all four are counted", counter(b, "wrong proofs") == wrong + 4, b.line("show credentials"))
    log = b.line("show logging")
    check("   and logged, without any secret", log.count("%CREDENTIALS-4-AUTHFAIL") == wrong + 4 and "c89L8" not in log, log)
    refused = counter(b, r"refused\n")
    for name, wanted, arguments in (("an oversized frame", "refused 1", ("--oversize",)), ("a proof without hello", "refused 1", ("--proof-only",)),
                                    ("another protocol", "closed", ("--raw", "16030100" * 4)), ("an unknown version", "refused 2", ("--versions", "2-9"))):
        out = ask("--from", "10.79.0.54", *arguments)
        check(f"{name} is refused", wanted in out, out)
    out = ask("--from", "10.79.0.54", "--stall", "hello")
    check("a peer that stalls in its hello is closed", "closed" in out, out)
    out = ask("--from", "10.79.0.54", "--stall", "tls")
    check("a peer that says nothing at all is closed", "closed" in out, out)
    check("all are counted", counter(b, r"refused\n") == refused + 6, b.line("show credentials"))
    log = b.line("show logging")
    check("   and logged with their reason", all(w in log for w in ("frame is longer than allowed", "a message out of turn", "not the CTL protocol",
                                                                  "no version of the CTL protocol", "too slow")), log)
    for _ in range(5):
        out = ask("--from", "10.79.0.55", "--secret", "guess")
    out = ask("--from", "10.79.0.55")
    check("after five guesses the address is locked out, also with the right secret", re.search(r"refused 4 \d{3}", out), out)
    check("   which is logged and counted", "%CREDENTIALS-2-LOCKED" in b.line("show logging") and counter(b, "locked out") == 1, b.line("show credentials"))
    out = ask("--from", "10.79.0.50")
    check("   other addresses are not", "welcome 2" in out, out)


def man_in_the_middle(a, b, folder, check):
    proxy = subprocess.Popen(["ip", "netns", "exec", A_NET, "python3", PROXY, MIDDLE, "2444", B, f"{folder}/evil.pem", f"{folder}/evil.key"],
                             stdout=subprocess.PIPE)
    try:
        proxy.stdout.readline()
        out = ask(address=MIDDLE)
        check("the right secret through a man in the middle: refused by the provider", "refused 3" in out, out)
        a.lines(f"configure terminal\nctl-client\nno server cme {B} username user4\nserver cme {MIDDLE} username user4 password 0 c89L8o\n")
        wrong, before = counter(b, "wrong proofs"), os.path.exists(os.path.join(a.data, "nvram/CTLFile.tlv"))
        out = regenerate(a, "no")
        check("the router asks before it believes him; `no` makes no list", "% Do you accept this certificate? [yes/no]:" in out and
              "% Certificate not accepted" in out and not before and not os.path.exists(os.path.join(a.data, "nvram/CTLFile.tlv")), out)
        check("   and he got no proof that he could pass on", counter(b, "wrong proofs") == wrong, b.line("show credentials"))
        out = regenerate(a, "yes")
        check("even when the operator accepts his certificate the exchange fails", f"% Server {MIDDLE}: wrong user name or password" in out, out)
        check("   the provider counts and logs it", counter(b, "wrong proofs") == wrong + 1, b.line("show credentials"))
        check("   and show ctl-client names it", re.search(rf"{MIDDLE} +wrong user name or password", a.line("show ctl-client")), a.line("show ctl-client"))
        check("   and the log", re.search(rf"%CTL-4-PROVIDERFAIL: CTL provider at {MIDDLE}", a.line("show logging")), a.line("show logging"))
        a.lines(f"configure terminal\nctl-client\nno server cme {MIDDLE} username user4\nserver cme {B} username user4 password 0 c89L8o\n")
    finally:
        proxy.kill()
        proxy.wait()


def two_routers(a, b, shown, check):
    out = regenerate(a, "maybe", "yes")
    check("regenerate shows the fingerprints of the other router", f"Certificate of the CTL provider at {B} has the following attributes:" in out and
          all(f"Fingerprint {h}: " in out for h in ("MD5", "SHA1", "SHA256")), out)
    check("   the right one", " ".join(shown["ctlpv"][i:i + 8].upper() for i in range(0, 64, 8)) in out, out)
    check("   wants yes or no", "% Please answer 'yes' or 'no'." in out, out)
    check("the list is made", "CTL file made, signed by trustpoint cmeserver" in out, out)
    blob, found = trust_list(a.data)
    check("an independent reader finds both routers in it", ("CCM", A, shown["cmeserver"]) in found and ("CCM+TFTP", B, shown["cme2"]) in found, found)
    check("   and only our own signers", [f[2] for f in found if f[0] == "SAST"] == [shown["cmeserver"], shown["sast2"]], found)
    out = a.line("show ctl-client")
    check("show ctl-client: records, and why the provider is believed", re.search(rf"{B} +2 records of .*certificate accepted at the console", out), out)
    out = regenerate(a)
    check("the fingerprint is asked once only", "Do you accept" not in out and "CTL file made" in out, out)
    return blob


def later(a, b, data, check):
    """Power cut, a provider that is away, a wrong password, another certificate."""
    a.lines("write memory\n")
    a.kill()
    with Router(data=data, net=A_NET) as a:
        a.wait_for(r"[>#]\s?$")
        a.line("enable")
        a.set_clock(3600)
        out = regenerate(a)
        check("after kill -9 the accepted fingerprint is still known", "Do you accept" not in out and "CTL file made" in out, out)
        extra_addresses()
        b.lines("configure terminal\nno credentials\n")
        out = regenerate(a)
        check("a provider that is away: what it gave before is used, and that is said", re.search(rf"% Server {B}: .*; what it gave before is used", out)
              and "CTL file made" in out and ("CCM+TFTP", B) in [f[:2] for f in trust_list(data)[1]], out)
        b.lines("configure terminal\n" + PROVIDER)
        a.lines(f"configure terminal\nctl-client\nserver cme {B} username user4 password 0 wrong1\n")
        b.shows("show credentials", "State: listening")
        out = regenerate(a)
        check("a wrong password on the router: refused with words, no new list", f"% Server {B}: wrong user name or password" in out and "CTL file made" not in out, out)
        check("   the password is in no log", "wrong1" not in a.line("show logging") + b.line("show logging"))
        encoded = type1("c89L8o")
        a.lines(f"configure terminal\nctl-client\nserver cme {B} username user4 password 1 {encoded}\n")
        text = a.line("show running-config | section ctl-client")
        check("type 1 is kept as typed", f"server cme {B} username user4 password 1 {encoded}" in text, text)
        out = regenerate(a)
        check("   and its plain text is used", "CTL file made" in out, out)
        b.lines(f"configure terminal\ncredentials\ntrustpoint cme2\n")
        b.shows("show credentials", "State: listening")
        shows_certificate(b, "cme2", check)
        out = regenerate(a, "no")
        check("another certificate than the accepted one is said and asked", "is not the one that was accepted before" in out and "% Certificate not accepted" in out, out)
        by_authority(a, b, check)
        check("the client stops tidily", a.stop() == 0)


def by_authority(a, b, check):
    """The provider's certificate comes from a CA that both have a trustpoint for: no question, and the client shows its own."""
    a.lines("configure terminal\nip http server\ncrypto pki server rootca\nissuer-name CN=rootca\ngrant auto\n")
    start_server(a, "rootca")
    a.lines("configure terminal\ncrypto pki trustpoint rootca\nrevocation-check none\n")
    for router, label in ((a, "mine"), (b, "prov")):
        from_authority(router, label, f"http://{A}:80")
    check("both routers enrol with one CA", own_certificate(a, "mine") and own_certificate(b, "prov"), a.line("show crypto pki certificates") + b.line("show logging"))
    b.lines("configure terminal\ncredentials\ntrustpoint prov\n")
    shows_certificate(b, "prov", check)
    out = regenerate(a)
    check("its certificate is believed because of the CA", "Do you accept" not in out and "CTL file made" in out, out + a.line("show ctl-client"))
    check("   which show ctl-client says", re.search(r"certificate by trustpoint (mine|rootca)", a.line("show ctl-client")), a.line("show ctl-client"))
    log = b.line("show logging")
    check("   and the client proved itself by certificate as well", re.search(rf"handed to the CTL client at {A}, user user4, with a certificate", log), log)


def main():
    checks = Checks()
    check = checks.check
    folder = tempfile.mkdtemp(prefix="parley-cred-")
    data = os.path.join(folder, "a")
    try:
        wire()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=ctlpv", "-days", "999", "-keyout",
                        f"{folder}/evil.key", "-out", f"{folder}/evil.pem"], capture_output=True, check=True)
        subprocess.run(["openssl", "x509", "-in", f"{folder}/evil.pem", "-outform", "DER", "-out", f"{folder}/evil.der"], check=True)
        with Router(data=data, net=A_NET) as a, Router(net=B_NET) as b:
            base(a, "branch", A)
            base(b, "cme2", B)
            extra_addresses()
            for router, labels in ((a, ("cmeserver", "sast2")), (b, ("ctlpv", "cme2"))):
                for label in labels:
                    selfsigned(router, label, "revocation-check none", subject=f"CN={label},O=Parley")
            shown = {label: hashlib.sha256(own_certificate(r, label)).hexdigest()
                     for r, labels in ((a, ("cmeserver", "sast2")), (b, ("ctlpv", "cme2"))) for label in labels}
            b.lines("configure terminal\n" + CALL_AGENT + PROVIDER)
            text = b.shows("show credentials", "State: listening")
            check("show credentials", f"Credentials IP: {B}\nCredentials PORT: 2444\nTrustpoint: ctlpv\nState: listening\n" in text, text)
            strangers(b, folder, shown, check)
            a.lines("configure terminal\n" + LIST)   # only now: it asks by itself, and counters are compared above
            man_in_the_middle(a, b, folder, check)
            two_routers(a, b, shown, check)
            later(a, b, data, check)
            check("the provider stops tidily", b.stop() == 0)
    finally:
        for net in (A_NET, B_NET):
            drop_net(net)
        shutil.rmtree(folder, ignore_errors=True)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
