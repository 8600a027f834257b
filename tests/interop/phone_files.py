#!/usr/bin/python3
"""CTL, ITL, signed and encrypted phone files: made, fetched, verified, kept over a power cut, made non-secure, taken away."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../lib"), os.path.join(HERE, "../verify")]
from pki import selfsigned, start_server  # noqa: E402
from router import Checks, Router, drop_net, in_net, until  # noqa: E402
import verify_trust_file as verify  # noqa: E402

NET = f"parley-phones-{os.getpid()}"
DEVICE = "SEP00124302A7CC"
CAPF_PHONE = os.path.join(HERE, "../lib/capf_phone.py")
ADDRESS = "192.0.2.1"
PHONE = "SEP00124302A7CC.cnf.xml"
BASE = f"""configure terminal
interface GigabitEthernet0/0
 ip address {ADDRESS} 255.255.255.0
 no shutdown
telephony-service
 max-ephones 4
 ip source-address {ADDRESS} port 2000
 cnf-file location flash:
 cnf-file perphone
 load 7970 SCCP70.8-0-3S
 tftp-server-credentials trustpoint cmeserver
 secure-signaling trustpoint cmeserver
 device-security-mode encrypted
ephone 1
 mac-address 0012.4302.A7CC
 type 7970
ctl-client
 server cme {ADDRESS} trustpoint cmeserver
 server tftp {ADDRESS} trustpoint cmeserver
 server capf {ADDRESS} trustpoint sast2
 sast1 trustpoint cmeserver
 sast2 trustpoint sast2
"""


def fetch(name, folder):
    out = os.path.join(folder, "fetched")
    if os.path.exists(out):
        os.remove(out)
    in_net(NET, "tftp", "-m", "binary", ADDRESS, "-c", "get", name, out)
    data = open(out, "rb").read() if os.path.exists(out) else b""
    return data or None


def verdict(function, *arguments):
    try:
        return function(*arguments), ""
    except verify.Refused as why:
        return None, str(why)


def command(router, *lines):
    for line in lines:
        out = router.line(line)
    return out


def own(router, label):
    return selfsigned(router, label, subject=f"CN={label},O=Vector")


def roles(data):
    return [r.role for r in verify.verify_ctl(data)[1]]


def itl_when(folder, wanted, name="ITLFile.tlv"):
    """The ITL, once its roles are the wanted ones; the last one seen when that does not happen."""
    return until(lambda: fetch(name, folder), good=lambda data: data is not None and verdict(roles, data)[0] == wanted)


def check_itl(check, what, data, wanted, signer, stored=None):
    result, why = verdict(verify.verify_ctl, data, stored) if data else (None, "no file")
    check(f"{what}: accepted", result is not None, why)
    check(f"{what}: its records", result is not None and [r.role for r in result[1]] == wanted,
          str(result and [r.role for r in result[1]]))
    check(f"{what}: signed by {signer}", result is not None and f"CN={signer};" in result[0].signer + ";", result and result[0].signer)
    check(f"{what}: its name", result is not None and result[0].name == "ITLFile.tlv")


def phone_boots(folder):
    """The router takes a list for held when the phone goes on to its signed file."""
    for name in ("CTLSEP00124302A7CC.tlv", "ITLSEP00124302A7CC.tlv", PHONE + ".sgn"):
        fetch(name, folder)


def itl_changes(check, router, folder):
    """Another file signer comes in two steps; the recovery key; the way back; no itl."""
    first = fetch("ITLFile.tlv", folder)
    check("self-signed certificate files2", own(router, "files2"))
    check("self-signed certificate recovery", own(router, "recovery"))
    router.lines("configure terminal\ntelephony-service\ntftp-server-credentials trustpoint files2\nend\n")
    both = ["SAST", "SAST", "TFTP", "TFTP", "CCM"]
    staged = itl_when(folder, both)
    check_itl(check, "a new signer is introduced, files of both are good", staged, both, "cmeserver", first)
    out = command(router, "show ctl-client rotation")
    check("show ctl-client rotation names the phone", "TFTP certificate of trustpoint cmeserver, to be that of files2" in out and DEVICE in out, out)
    phone_boots(folder)   # it has both lists now
    second = itl_when(folder, ["SAST", "TFTP", "CCM"])
    check_itl(check, "then it signs", second, ["SAST", "TFTP", "CCM"], "files2", staged)
    def accepted():
        return verdict(verify.verify_signed, fetch(PHONE + ".sgn", folder) or b"", second, PHONE + ".sgn")[0] is not None
    check("the signed file is accepted by this ITL", until(accepted))
    router.lines("configure terminal\nctl-client\nprepare-rollback\nend\n")
    empty = itl_when(folder, ["SAST"])
    check_itl(check, "prepare-rollback", empty, ["SAST"], "files2", second)
    router.lines("configure terminal\nctl-client\nno prepare-rollback\nrecovery trustpoint recovery\nend\n")
    staged = itl_when(folder, ["SAST", "SAST", "TFTP", "CCM"])
    check_itl(check, "the recovery key is introduced", staged, ["SAST", "SAST", "TFTP", "CCM"], "files2", empty)
    phone_boots(folder)
    last = until(lambda: fetch("ITLFile.tlv", folder), good=lambda data: data != staged)
    check_itl(check, "the recovery key signs", last, ["SAST", "SAST", "TFTP", "CCM"], "recovery", staged)
    out = command(router, "show ctl-client")
    check("show ctl-client names the signer", "ITL signed by: CN=recovery" in out, out)
    router.lines("configure terminal\ntelephony-service\ntftp-server-credentials trustpoint cmeserver\n"
                 "ctl-client\nno itl\nend\n")
    check("no itl takes the list away", until(lambda: fetch("ITLFile.tlv", folder) is None))
    check("also from nvram: (ITL)", "ITLFile" not in command(router, "dir nvram:"))


def made(check, router, folder):
    for label in ("cmeserver", "sast2"):
        check(f"self-signed certificate {label}", own(router, label))
    router.lines(BASE)
    first = itl_when(folder, ["SAST", "TFTP"])
    check_itl(check, "ITL outside secure mode", first, ["SAST", "TFTP"], "cmeserver")
    check("ITLSEP<MAC>.tlv is the same list", fetch("ITLSEP00124302A7CC.tlv", folder) == first)
    before = command(router, "show telephony-service security-info")
    check("non-secure before the first list", "Server Security Mode: Non-secure" in before, before)
    out = command(router, "configure terminal", "ctl-client", "regenerate")
    check("regenerate", "CTL file made, signed by trustpoint cmeserver" in out, out)
    out = command(router, "telephony-service", "create cnf-files")
    check("create cnf-files", "Creating CNF files" in out and "\n% " not in out, out)
    command(router, "end")
    after = command(router, "show telephony-service security-info")
    check("secure after it", "Server Security Mode: Secure" in after, after)
    ctl = fetch("CTLFile.tlv", folder)
    result, why = verdict(verify.verify_ctl, ctl)
    check("CTLFile.tlv is accepted", result is not None, why)
    check("its records", roles(ctl) == ["SAST", "SAST", "CCM+TFTP", "CAPF"], str(roles(ctl)))
    check("CTLSEP<MAC>.tlv is the same list", fetch("CTLSEP00124302A7CC.tlv", folder) == ctl)
    for name in (PHONE, "XMLDefault.cnf.xml"):
        signed, plain = fetch(name + ".sgn", folder), fetch(name, folder)
        result, why = verdict(verify.verify_signed, signed, ctl, name + ".sgn")
        check(f"{name}.sgn is accepted", result is not None, why)
        check("its body is the plain file", result is not None and result.body == plain)
    check("the phone is told mode 3", b"<deviceSecurityMode>3<" in plain_of(folder))
    itl = itl_when(folder, ["SAST", "CCM+TFTP"])
    check_itl(check, "ITL in secure mode", itl, ["SAST", "CCM+TFTP"], "cmeserver", first)
    result, why = verdict(verify.verify_signed, fetch(PHONE + ".sgn", folder), itl, PHONE + ".sgn")
    check("the signed file is accepted by the ITL", result is not None, why)
    return ctl


def plain_of(folder):
    return fetch(PHONE, folder) or b""


def kept(check, data, folder, ctl, signed, itl):
    """After a power cut: the same bytes, so nothing was signed."""
    with Router(data=data, net=NET) as router:
        router.wait_for(r"[>#]\s?$")
        command(router, "enable")
        until(lambda: fetch(PHONE + ".sgn", folder))
        check("after a power cut: the same list", fetch("CTLFile.tlv", folder) == ctl)
        check("after a power cut: the same signed file", fetch(PHONE + ".sgn", folder) == signed)
        time.sleep(4)   # the ITL is looked at again after the boot
        check("after a power cut: the same ITL", fetch("ITLFile.tlv", folder) == itl)
        itl_changes(check, router, folder)
        nonsecure(check, router, folder, ctl)
        encrypted(check, router, folder, ctl)


def nonsecure(check, router, folder, ctl):
    command(router, "configure terminal", "telephony-service", "server-security-mode non-secure", "exit")
    out = command(router, "ctl-client", "regenerate")
    check("non-secure list", "CTL file made" in out, out)
    command(router, "end")
    data = fetch("CTLFile.tlv", folder)
    result, why = verdict(verify.verify_ctl, data, ctl)
    check("a phone that holds the first list accepts it", result is not None, why)
    servers = [r for r in result[1] if r.role == "CCM"] if result else []
    check("its call manager has no certificate", len(servers) == 1 and servers[0].certificate is None)
    check("the phone is told mode 1", until(lambda: b"<deviceSecurityMode>1<" in plain_of(folder)))
    signed = fetch(PHONE + ".sgn", folder)
    result, why = verdict(verify.verify_signed, signed, data, PHONE + ".sgn")
    check("its signed file is accepted by the non-secure list", result is not None, why)
    out = command(router, "configure terminal", "ctl-client", "sast2 trustpoint cmeserver", "regenerate")
    check("equal signers are refused", "% SAST1 and SAST2 must use different certificates" in out, out)
    command(router, "exit", "no ctl-client", "end")
    check("no ctl-client takes the list away", until(lambda: fetch("CTLFile.tlv", folder) is None))
    check("also from nvram:", "CTLFile" not in command(router, "dir nvram:"))


def phone(folder):
    done = in_net(NET, "python3", CAPF_PHONE, ADDRESS, DEVICE, folder)
    return done.stdout.decode()


def loaded(check, router, folder, data, ctl):
    """load-cfg-file: a file of the operator, plain and signed, which changes; then one that is no XML."""
    path = os.path.join(data, "flash", "ring.xml")
    open(path, "w").write("<CiscoIPPhoneRingList/>")
    command(router, "configure terminal", "telephony-service", "load-cfg-file flash:ring.xml alias Ringlist.xml sign create", "end")
    text = command(router, "show running-config | include load-cfg-file")
    check("load-cfg-file is kept without create", "load-cfg-file flash:ring.xml alias Ringlist.xml sign" in text and "create" not in text.split("\n", 1)[-1], text)
    check("served as it is", until(lambda: fetch("Ringlist.xml", folder) == b"<CiscoIPPhoneRingList/>"))
    result, why = verdict(verify.verify_signed, fetch("Ringlist.xml.sgn", folder) or b"", ctl, "Ringlist.xml.sgn")
    check("and signed", result is not None and result.body == b"<CiscoIPPhoneRingList/>", why)
    open(path, "w").write("<CiscoIPPhoneRingList><Ring/></CiscoIPPhoneRingList>")
    check("signed anew when it changes", until(lambda: b"<Ring/>" in (fetch("Ringlist.xml.sgn", folder) or b"")))
    open(path, "w").write("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")
    check("a document type is refused", until(lambda: fetch("Ringlist.xml", folder) is None))
    command(router, "configure terminal", "telephony-service", "no load-cfg-file flash:ring.xml alias Ringlist.xml", "end")


def encrypted(check, router, folder, ctl):
    """The phone gets a certificate from CAPF; its own key, and nothing else, opens its file then."""
    command(router, "configure terminal", "ip http server", "crypto pki server iosca", "grant auto", "end")
    start_server(router, "iosca")
    shown = router.shows("show crypto pki server", "enabled")
    check("the authority is enabled", "enabled" in shown, shown)
    command(router, "configure terminal", "telephony-service", "ssh userid admin password 0 hidden-Password1", "cnf-file encrypted",
            "url services http://192.0.2.1:80/menu", "service https", "exit", "ephone 1", "cert-oper upgrade auth-mode null-string", "exit",
            "capf-server", "auth-mode null-string", "cert-enroll-trustpoint iosca password 0 mypassword",
            "trustpoint-label sast2", f"source-addr {ADDRESS}", "end")
    check("before it has a certificate: the partial file", until(lambda: b"<fullConfig>false<" in plain_of(folder)))
    check("with an empty hash", b"<certHash></certHash>" in plain_of(folder))
    check("and no encrypted one", fetch(PHONE + ".enc.sgn", folder) is None)
    check("the phone gets a certificate", until(lambda: "end 1" in phone(folder)))
    check("then there is an encrypted file", until(lambda: fetch(PHONE + ".enc.sgn", folder) is not None))
    der = verify.openssl("x509", "-in", f"{folder}/{DEVICE}.pem", "-outform", "DER").stdout
    digest = verify.openssl("dgst", "-md5", "-r", data=der).stdout[:32]
    partial = fetch(PHONE + ".sgn", folder)
    result, why = verdict(verify.verify_signed, partial, ctl, PHONE + ".sgn")
    check("the partial file is accepted and names the certificate", result is not None and b"<certHash>" + digest + b"</certHash>" in partial, why)
    data = fetch(PHONE + ".enc.sgn", folder)
    result, why = verdict(verify.verify_signed, data, ctl, PHONE + ".enc.sgn")
    check("the signature of the encrypted file is accepted", result is not None, why)
    plain, why = verdict(verify.decrypt, result, f"{folder}/{DEVICE}.key") if result else (b"", "")
    check("the phone's key opens it", plain and b"<fullConfig>true<" in plain, why)
    check("HTTPS form of the services", plain and b"<secureServicesURL>https://192.0.2.1/menu<" in plain)
    verify.openssl("genrsa", "-out", f"{folder}/other.key", "2048")
    check("another key does not", verdict(verify.decrypt, result, f"{folder}/other.key")[0] is None)
    names = (PHONE, PHONE + ".sgn", "XMLDefault.cnf.xml", "XMLDefault.cnf.xml.sgn")
    check("nothing readable holds the password", not any(b"hidden-Password1" in fetch(n, folder) for n in names))
    command(router, "configure terminal", "telephony-service", "no cnf-file encrypted", "end")
    check("no cnf-file encrypted: readable again", until(lambda: fetch(PHONE + ".enc.sgn", folder) is None and b"<fullConfig>true<" in plain_of(folder)))


def main():
    checks = Checks()
    drop_net(NET)
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        with Router(data=data, net=NET) as router:
            router.wait_for(r"[>#]\s?$")
            command(router, "enable")
            ctl = made(checks.check, router, folder)
            loaded(checks.check, router, folder, data, ctl)
            signed, itl = fetch(PHONE + ".sgn", folder), fetch("ITLFile.tlv", folder)
            command(router, "write memory")
            router.kill()
        kept(checks.check, data, folder, ctl, signed, itl)
    drop_net(NET)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
