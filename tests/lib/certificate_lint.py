"""Judges issued certificates by RFC 5280 and by their role, with a library that shares no code with the signer (python3-cryptography)."""
# SPDX-License-Identifier: GPL-3.0-or-later
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from cryptography import x509
    from cryptography.x509.oid import ExtensionOID as Oid

CMC_RA = "1.3.6.1.5.5.7.3.28"
CLIENT, SERVER = "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1"
SIGN, CRYPT = {"digital_signature", "key_encipherment"}, {"key_cert_sign", "crl_sign"}
# Role: key usage that must be there, that may be there too, extended key usage that must be there, path length of a CA.
ROLES = {
    "ca": (CRYPT, {"digital_signature"}, set(), None),
    "sub": (CRYPT, {"digital_signature"}, set(), 0),
    "ra": ({"digital_signature"}, SIGN, {CMC_RA}, None),
    "router": (SIGN, set(), set(), None),
    "phone": ({"digital_signature"}, SIGN, {CLIENT}, None),
}
BITS = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign")


def extension(certificate, oid):
    try:
        return certificate.extensions.get_extension_for_oid(oid)
    except x509.ExtensionNotFound:
        return None


def moment(certificate, which):
    """Older libraries have no time zone in it."""
    return getattr(certificate, f"not_valid_{which}_utc", None) or getattr(certificate, f"not_valid_{which}")


def faults(role, pem, issuer_pem):
    """What is wrong with the certificate in file `pem`; empty: nothing. issuer_pem: that of its issuer, itself when self-signed."""
    certificate, issuer = (x509.load_pem_x509_certificate(open(path, "rb").read()) for path in (pem, issuer_pem))
    must, may, purposes, path = ROLES[role]
    found = []

    def want(good, what):
        if not good:
            found.append(what)
    want(certificate.version == x509.Version.v3, "version 3 (4.1.2.1)")
    want(0 < certificate.serial_number < 1 << 159, "a positive serial number of at most 20 octets (4.1.2.2)")
    want(certificate.issuer == issuer.subject, "the issuer's name (4.1.2.4)")
    want(certificate.signature_hash_algorithm.name not in ("md5", "sha1"), "a strong hash")
    want(moment(certificate, "before") < moment(certificate, "after") <= moment(issuer, "after"), "an end before that of its issuer")
    own, key = extension(certificate, Oid.SUBJECT_KEY_IDENTIFIER), extension(certificate, Oid.AUTHORITY_KEY_IDENTIFIER)
    above = extension(issuer, Oid.SUBJECT_KEY_IDENTIFIER)
    want(own and not own.critical and own.value.digest == x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest,
         "its subject key identifier, by method 1 (4.2.1.2)")
    want(above and key and not key.critical and key.value.key_identifier == above.value.digest, "the key identifier of its issuer (4.2.1.1)")
    basic = extension(certificate, Oid.BASIC_CONSTRAINTS)
    is_ca = role in ("ca", "sub")
    want(bool(basic and basic.value.ca) == is_ca, f"CA {is_ca} (4.2.1.9)")
    want(not is_ca or (basic and basic.critical), "critical basic constraints of a CA")
    want(path is None or (basic and basic.value.path_length == path), f"path length {path}")
    usage = extension(certificate, Oid.KEY_USAGE)
    bits = {bit for bit in BITS if usage and getattr(usage.value, bit)}
    want(usage and usage.critical and must <= bits <= must | may, f"critical key usage {sorted(must)} (4.2.1.3), not {sorted(bits)}")
    extended = extension(certificate, Oid.EXTENDED_KEY_USAGE)
    has = {oid.dotted_string for oid in extended.value} if extended else set()
    want(purposes <= has and (purposes or not is_ca or not has), f"extended key usage {sorted(purposes)}, not {sorted(has)}")
    known = (Oid.BASIC_CONSTRAINTS, Oid.KEY_USAGE, Oid.EXTENDED_KEY_USAGE, Oid.SUBJECT_ALTERNATIVE_NAME)
    want(not any(e.critical and e.oid not in known for e in certificate.extensions), "no other critical extension")
    want(certificate.subject.rdns or extension(certificate, Oid.SUBJECT_ALTERNATIVE_NAME), "a name")
    return found


def check_roles(check, *judged):
    """judged: (role, file, file of the issuer). One check each."""
    for role, pem, issuer in judged:
        wrong = faults(role, pem, issuer)
        check(f"RFC 5280 and its role: certificate of a {role}", not wrong, "; ".join(wrong))
