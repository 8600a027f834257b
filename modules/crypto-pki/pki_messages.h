// Log catalogue of crypto-pki.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/peer_messages.h"

namespace parley::crypto_pki {

inline constexpr LogMessage kCertWeak = {
    "PKI", 4, "CERTWEAK", "Certificate {} in trustpoint {} is stored but not usable: {}",
    "A certificate is kept and shown, but nothing is signed and no connection is made with it. Told once for each.",
    "Enrol the trustpoint again; see show crypto pki certificates verbose."};

inline constexpr LogMessage kCertReceived = {
    "PKI", 6, "CERTRET", "Certificate received from Certificate Authority",
    "An enrolment has ended well; the certificate is in nvram: and in the running-config.", "None."};

inline constexpr LogMessage kCertRejected = {
    "PKI", 4, "CERTREJECT", "Certificate enrollment failed for trustpoint {}. Reason : {}",
    "The certificate authority refused the request, or its answer could not be accepted.",
    "Look into the log of the authority; check clock, name and challenge password."};

inline constexpr LogMessage kCertPending = {
    "PKI", 6, "CERTPENDING", "Certificate request of trustpoint {} waits for the operator of the authority",
    "The authority keeps the request until its operator grants it; it is asked again by itself.",
    "Grant the request at the authority."};

inline constexpr LogMessage kRequestFingerprint = {
    "CRYPTO_PKI", 6, "REQFP", "Certificate Request Fingerprint MD5: {} SHA1: {}",
    "Fingerprints of a certificate request of this router, to be compared with those the authority shows.", "None."};

inline constexpr LogMessage kServerEnabled = {
    "PKI", 6, "CS_ENABLED", "Certificate server now enabled.", "A certificate server has started.", "None."};

inline constexpr LogMessage kServerDisabled = {
    "PKI", 6, "CS_DISABLED", "Certificate server now disabled.", "A certificate server was stopped.", "None."};

inline constexpr LogMessage kGrantAuto = {
    "PKI", 6, "CS_GRANT_AUTO", "All enrollment requests will be automatically granted.",
    "grant auto is configured: whoever reaches the server gets a certificate.",
    "Use it in laboratories only; no grant auto returns to manual granting."};

inline constexpr LogMessage kServerFailed = {
    "PKI", 3, "CS_CRIT_FAIL", "Certificate server {} cannot run: {}",
    "Key, certificate, serial numbers or revocation list of a certificate server are missing or damaged.",
    "Repair what the text names, then shutdown and no shutdown the server."};

inline constexpr LogMessage kLifetimeShortened = {
    "PKI", 5, "CS_LIFETIME", "Certificate serial {} ends with the CA certificate less one month",
    "The configured lifetime would reach into the last month of the CA certificate.",
    "Plan a new CA certificate."};

inline constexpr LogMessage kIssued = {
    "PKI", 6, "CS_GRANTED", "Certificate serial {} issued to {}",
    "The certificate server has granted a request.", "None."};

inline constexpr LogMessage kRevoked = {
    "PKI", 6, "CS_REVOKED", "Certificate serial {} of certificate server {} was revoked",
    "The operator has revoked a certificate; the revocation list is made anew at once.", "None."};

inline constexpr LogMessage kRolloverReady = {
    "PKI", 6, "CS_ROLLOVER_AVAIL", "Certificate server {} has the certificate that follows its own",
    "The successor of the CA certificate is made; clients get it by GetNextCACert.", "write memory."};

inline constexpr LogMessage kRolledOver = {
    "PKI", 6, "CS_ROLLOVER_NOW", "Certificate server {} goes on with its next certificate",
    "The CA certificate has ended; its successor signs from now on.", "write memory."};

inline constexpr LogMessage kRolloverFailed = {
    "PKI", 3, "CS_ROLLOVER_FAIL", "The next certificate of certificate server {} could not be made: {}",
    "Key, certificate or file of the successor failed; it is tried again every minute.", "Repair what the text names."};

inline constexpr LogMessage kAllInNvram = {
    "PKI", 4, "CS_NVRAM", "Certificate server {} keeps every certificate in nvram:",
    "database level complete without a database url: each issued certificate takes room beside the startup-config.",
    "Use database url flash:, slot0: or tftp://address/folder."};

inline constexpr LogMessage kUploadFails = {
    "PKI", 4, "CS_UPLOAD", "Files of certificate server {} wait in nvram: and are sent later: {}",
    "A place of database url is on another machine that does not take files now; nothing is lost, it is tried again.",
    "Look for the TFTP server; it must allow new files."};

inline constexpr LogMessage kUploadsAgain = {
    "PKI", 5, "CS_UPLOADED", "Files of certificate server {} are sent again",
    "The other machine takes files again.", "None."};

inline constexpr LogMessage kRequestsDamaged = {
    "PKI", 3, "CS_REQUESTS", "{} waiting request(s) of certificate server {} could not be read after the start",
    "Files of requests in nvram: are damaged.", "Let these clients enrol again."};

inline constexpr LogMessage kRequestNotKept = {
    "PKI", 3, "CS_NOTSAVED", "Requests of certificate server {} are not in nvram:: {}",
    "What the operator decided about a request could not be written; after a reload it would have to be decided again.",
    "Make room in nvram:."};

inline constexpr LogMessage kScepRefused = {
    "PKI", 4, "SCEP_REFUSED", "SCEP request from {} refused: {}",
    "A request did not keep a rule; the text names the algorithm or rule.",
    "Correct the client. Weak algorithms are answered only with scep-legacy."};

inline constexpr LogMessage kRequestWaits = {
    "PKI", 5, "CS_PENDING", "Enrollment request {} from {} waits to be granted",
    "Manual granting: the request is kept in the database of the certificate server.",
    "crypto pki server <name> grant or reject."};

inline constexpr LogMessage kFileDamaged = {
    "PKI", 3, "NVRAM", "{} certificate file(s) in nvram: are damaged and were not read",
    "Received certificates could not be restored after the start.", "Enrol the trustpoints again."};

inline constexpr LogMessage kFileNotWritten = {
    "PKI", 3, "NOTSAVED", "Certificates of trustpoint {} are not in nvram:: {}",
    "The file of received certificates could not be written; it is tried again.", "Make room in nvram:."};

inline constexpr LogMessage kNotInConfig = {
    "PKI", 3, "NOTINCONFIG", "A certificate of trustpoint {} is not in the running-config: {}",
    "The certificate is used and kept in nvram:, but could not be put into the certificate chain.",
    "Look for memory (show memory); define the trustpoint again."};

inline constexpr LogMessage kUrlNotLocal = {
    "PKI", 4, "CS_URL", "Certificate server {}: files are kept in nvram:, {} is not a file system of this router",
    "The database url names a place this image cannot write to.", "Use flash:, slot0:, nvram: or tftp://address/folder."};

inline constexpr LogMessage kKeySize = {
    "PKI", 5, "KEYSIZE", "Key pair {}: {} bits are configured, {} are generated",
    "Keys below 1024 bits are not made.", "Configure the size that is wanted."};

inline constexpr LogMessage kNoTlsPort = {
    "PKI", 3, "TLSPORT", "{}: TLS port {} is not open: {}",
    "The service waits for a usable certificate or a free port; it opens by itself.", "Remove the cause that the message names."};

inline constexpr LogMessage kRenewing = {
    "PKI", 6, "CERTRENEWAUTO", "Renewing the router certificate for trustpoint {}",
    "auto-enroll: the configured part of the certificate's life is over, or there is no certificate yet.", "None."};

inline constexpr LogMessage kNextCa = {
    "PKI", 6, "SHADOWCA", "The next CA certificate of trustpoint {} was received",
    "The authority has published the certificate that follows its present one; it is kept as certificate rollover.", "None."};

inline constexpr LogMessage kNextCaBegins = {
    "PKI", 5, "CAROLLOVER", "Trustpoint {} goes over to the next CA certificate",
    "The next CA certificate has begun; certificates are asked from it.", "None."};

inline constexpr LogMessage kNextCaRefused = {
    "PKI", 4, "SHADOWCA_FAIL", "The next CA certificate of trustpoint {} was not taken: {}",
    "The answer to GetNextCACert must be signed by the CA certificate that is in use.", "Ask the operator of the authority."};

inline constexpr LogMessage kKeyShared = {
    "PKI", 4, "KEYSHARED", "Key pair {} is kept: trustpoint {} shares it with another one",
    "regenerate would make the certificates of the other trustpoints worthless.", "Give each trustpoint a key pair of its own."};

inline constexpr LogMessage kKeyNotMoved = {
    "PKI", 3, "KEYNOTMOVED", "The new key pair of {} keeps its temporary name: {}",
    "The certificate was received and is used with the new key; only the name of the key could not be changed.",
    "Make room in nvram:; the router tries again at the next start."};

inline constexpr LogMessage kExpires = {
    "PKI", 4, "CERTEXPIRES", "{} certificate {} of trustpoint {} ends at {}",
    "A certificate comes to its end within the days of crypto pki notice.", "Renew it: crypto pki enroll, or auto-enroll."};

inline constexpr LogMessage kExpired = {
    "PKI", 3, "CERTEXPIRED", "{} certificate {} of trustpoint {} has ended at {}",
    "The certificate is not used any more.", "Renew it: crypto pki enroll, or auto-enroll."};

inline constexpr LogMessage kMailFailed = {
    "PKI", 3, "NOTICEMAIL", "The expiry notice could not be mailed through {}: {}",
    "The mail server of crypto pki notice mail-server did not take the message; it is tried again in an hour.",
    "Check address and rules of the mail server."};

inline constexpr const LogMessage* kMessages[] = {
    &kPeerRefused, &kNoTlsPort,
    &kRenewing, &kNextCa, &kNextCaBegins, &kNextCaRefused, &kKeyShared, &kKeyNotMoved, &kExpires, &kExpired, &kMailFailed,
    &kCertWeak, &kCertReceived, &kCertRejected, &kCertPending, &kRequestFingerprint, &kServerEnabled, &kServerDisabled,
    &kGrantAuto, &kServerFailed, &kLifetimeShortened, &kIssued, &kRevoked, &kRolloverReady, &kRolledOver, &kRolloverFailed, &kAllInNvram, &kUploadFails, &kUploadsAgain, &kRequestsDamaged, &kRequestNotKept, &kScepRefused, &kRequestWaits, &kFileDamaged,
    &kFileNotWritten, &kNotInConfig, &kUrlNotLocal, &kKeySize};

}  // namespace parley::crypto_pki
