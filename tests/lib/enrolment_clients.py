"""SCEP clients of others that enrol with a router: strongSwan's pki and certmonger. Each check is skipped where they are not installed."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import shutil
import subprocess

from router import PATIENCE, in_net


def verified(root, path):
    if not os.path.exists(path):
        return False, "no certificate"
    p = subprocess.run(["openssl", "verify", "-x509_strict", "-CAfile", root, path], capture_output=True, timeout=PATIENCE, check=False)
    return p.returncode == 0, (p.stdout + p.stderr).decode(errors="replace")


def strongswan(net, url, folder, server, root, check, *options):
    """pki --scep with 3DES. server: certificate of the server that answers, root: of the CA above it. Returns the file of the certificate."""
    if not shutil.which("pki"):
        print("  skip  strongSwan pki is not installed")
        return None
    key, path = os.path.join(folder, "swan.key"), os.path.join(folder, "swan.pem")
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], capture_output=True, timeout=PATIENCE, check=True)
    got = in_net(net, "pki", "--scep", "--url", url, "--in", key, "--dn", "C=XX, O=lab, CN=swan", "--san", "10.77.0.9", "--cacert-enc", server,
                 "--cacert-sig", server, "--cacert", root, "--password", "SECRET", "--cipher", "des3", "--outform", "pem", *options)
    with open(path, "wb") as f:
        f.write(got.stdout)
    good, out = verified(root, path)
    check("strongSwan pki --scep enrols with 3DES, openssl verifies", good, out + got.stderr.decode()[-600:])
    return path


def certmonger(net, url, folder, server, root, check):
    if not shutil.which("getcert") or not shutil.which("dbus-run-session"):
        print("  skip  certmonger is not installed")
        return
    work = os.path.join(folder, "cm")
    for name in ("requests", "cas", "local"):
        os.makedirs(os.path.join(work, name))
    path = os.path.join(work, "c.pem")
    script = f"""
export CERTMONGER_REQUESTS_DIR={work}/requests CERTMONGER_CAS_DIR={work}/cas CERTMONGER_LOCAL_CA_DIR={work}/local CERTMONGER_CONFIG_DIR={work}
certmonger -s -n -p {work}/pid >{work}/log 2>&1 &
wait_for() {{ end=$(($(date +%s) + {PATIENCE})); until "$@" >/dev/null 2>&1 || [ $(date +%s) -ge $end ]; do sleep 0.3; done; }}
named() {{ dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner string:org.fedorahosted.certmonger | grep -q true; }}
monitors() {{ getcert list -s | grep -q "status: MONITORING"; }}
wait_for named
getcert add-scep-ca -s -c lab -u {url} -R {root} -r {server} -N {root}
getcert request -s -c lab -I req1 -k {work}/k.pem -f {path} -N CN=r2 -L SECRET -g 2048
wait_for monitors
getcert list -s
kill $(cat {work}/pid) $!
"""
    got = in_net(net, "dbus-run-session", "sh", "-c", script, timeout=3 * PATIENCE)
    good, out = verified(root, path)
    check("certmonger enrols by GET, openssl verifies", good, out + (got.stdout + got.stderr).decode()[-800:])
