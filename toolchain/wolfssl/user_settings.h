// wolfSSL settings of Parley: one file for every target.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Preprocessor lines only: the assembly sources of wolfSSL read this file too.
#pragma once

// Platform: sockets, files and the loop are ours; the library sees memory and callbacks.
#define WOLFSSL_USER_IO
#define WOLFSSL_NO_SOCK
#define NO_FILESYSTEM
#define NO_WRITEV
#define NO_MAIN_DRIVER
#define WOLFSSL_PTHREADS       // handshake steps run as jobs on worker threads
#define HAVE_TIME_H
#define HAVE_SYS_TIME_H
#define HAVE_GMTIME_R          // plain gmtime is a data race between jobs
#define WOLFSSL_GETRANDOM      // entropy without an open file
#define WOLFSSL_IGNORE_FILE_WARN
#define SIZEOF_LONG_LONG 8
#if defined(__LP64__)
#define SIZEOF_LONG 8
#define HAVE___UINT128_T 1     // else SP math quietly takes 32-bit digits
#else
#define SIZEOF_LONG 4
#endif
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define BIG_ENDIAN_ORDER
#endif

// Big numbers: constant time everywhere; fixed-size EC code on all targets, RSA/DH too where it pays.
#define WOLFSSL_SP_MATH_ALL
#define SP_INT_BITS 4096
#define TFM_TIMING_RESISTANT
#define ECC_TIMING_RESISTANT
#define WC_RSA_BLINDING
#define WOLFSSL_SP
#define WOLFSSL_HAVE_SP_ECC
#define WOLFSSL_HAVE_SP_RSA
#if defined(__x86_64__)
#define WOLFSSL_HAVE_SP_DH
#define WOLFSSL_SP_384
#define WOLFSSL_SP_521
#define WOLFSSL_SP_4096
#define WOLFSSL_SP_ASM
#define WOLFSSL_SP_X86_64_ASM
#define WOLFSSL_AESNI
#define USE_INTEL_SPEEDUP
#else
#if defined(__arm__)
#define WOLFSSL_SP_ASM         // plain ARMv7 instructions, no NEON needed
#define WOLFSSL_SP_ARM32_ASM
#define WOLFSSL_ARM_ARCH 7
#endif
#define WOLFSSL_SP_NO_3072     // 2048 is what phones use; the rest goes through sp_int
#endif

// Ciphers and digests, the old ones for old phones (their use is limited by our profiles).
#define HAVE_AESGCM
#define GCM_TABLE_4BIT
#define HAVE_AES_CBC
#define HAVE_AES_ECB
#define WOLFSSL_AES_COUNTER
#define WOLFSSL_AES_DIRECT
#define HAVE_AES_KEYWRAP
#define WOLFSSL_DES_ECB
#define WC_RC2
#define WOLFSSL_CMAC
#define WOLFSSL_SHA224
#define WOLFSSL_SHA384
#define WOLFSSL_SHA512
#define HAVE_HKDF
#define HAVE_X963_KDF
#define HAVE_PBKDF2
#define HAVE_SCRYPT

// Public keys. 512-bit RSA must parse: old certificates are kept and shown, never used.
#define RSA_MIN_SIZE 512
#define WOLFSSL_MIN_RSA_BITS 1024
#define WOLFSSL_KEY_GEN
#define WC_RSA_PSS
#define WC_RSA_NO_PADDING
#define HAVE_ECC
#define ECC_SHAMIR
#define ECC_USER_CURVES
#define HAVE_ECC256
#define HAVE_ECC384
#define HAVE_ECC521
#define HAVE_COMP_KEY
#define HAVE_FFDHE_2048
#define HAVE_DH_DEFAULT_PARAMS
#define WOLFSSL_DH_EXTRA

// Certificates, requests, CMS, key containers.
#define WOLFSSL_CERT_GEN
#define WOLFSSL_CERT_REQ
#define WOLFSSL_CERT_EXT
#define WOLFSSL_ALT_NAMES
#define WOLFSSL_IP_ALT_NAME
#define WOLFSSL_MULTI_ATTRIB
#define WOLFSSL_CERT_NAME_ALL
#define WOLFSSL_CUSTOM_OID
#define HAVE_OID_ENCODING
#define WOLFSSL_EKU_OID
#define WOLFSSL_AKID_NAME
#define WOLFSSL_SMALL_CERT_VERIFY
#define WOLFSSL_BASE64_ENCODE
#define WOLFSSL_DER_TO_PEM
#define WOLFSSL_PEM_TO_DER
#define WOLFSSL_PUB_PEM_TO_DER
#define ASN_BER_TO_DER
#define KEEP_PEER_CERT
#define HAVE_PKCS7
#define MAX_PKCS7_CERTS 16     // the default drops certificates from a bundle without a word
#define MAX_SIGNED_ATTRIBS_SZ 16  // see patches/wolfssl/pkcs7-signed-attributes.patch
#define HAVE_PKCS8
#define HAVE_PKCS12
#define HAVE_CRL
#define HAVE_OCSP
#define HAVE_CERTIFICATE_STATUS_REQUEST

// TLS 1.0 to 1.3. Which of it a listener offers is decided per listener (design.md 5).
#define WOLFSSL_TLS13
#define WOLFSSL_ALLOW_TLSV10
#define WOLFSSL_STATIC_RSA
#define HAVE_NULL_CIPHER
#define HAVE_TLS_EXTENSIONS
#define HAVE_SNI
#define HAVE_SUPPORTED_CURVES
#define HAVE_EXTENDED_MASTER
#define HAVE_ENCRYPT_THEN_MAC
#define HAVE_SERVER_RENEGOTIATION_INFO  // else OpenSSL 3 clients refuse TLS 1.2 and older
#define WOLFSSL_ALWAYS_VERIFY_CB
// Session tickets stay off: CreateTicket stores unaligned words and dies on big-endian MIPS.

// Keys stay in the key store: every operation can go to an engine.
#define WOLF_CRYPTO_CB
#define WOLF_PRIVATE_KEY_ID

#define NO_RC4
#define NO_DSA
#define NO_MD4
#define NO_PSK
