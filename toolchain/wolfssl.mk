# libwolfssl.a: which sources, which flags. Settings: wolfssl/user_settings.h.
# SPDX-License-Identifier: GPL-3.0-or-later
wolfssl_LIB   := libwolfssl.a
wolfssl_FILES := $(addprefix src/,crl internal keys ocsp ssl tls tls13 wolfio) \
  $(addprefix wolfcrypt/src/,aes asn cmac coding cpuid cryptocb des3 dh ecc error hash hmac kdf logging md5 \
    memory pkcs12 pkcs7 pwdbased random rc2 rsa sha sha256 sha512 signature sp_int wc_encrypt wc_port wolfmath)
wolfssl_FLAGS := -std=gnu11 -DWOLFSSL_USER_SETTINGS -Itoolchain/wolfssl -I$(SRC)/wolfssl
wolfssl_HEADERS := wolfssl:wolfssl
# The settings are part of the interface.
wolfssl_OWN_HEADERS := toolchain/wolfssl/user_settings.h:user_settings.h
ifeq ($(TARGET),native)
wolfssl_FILES += $(addprefix wolfcrypt/src/,aes_asm aes_gcm_asm sha256_asm sha512_asm sp_x86_64_asm sp_x86_64)
# aes_asm.S does not read the settings file, hence the define here.
wolfssl_FLAGS += -maes -msse4 -mpclmul -DWOLFSSL_X86_64_BUILD
else ifeq ($(TARGET),arm)
wolfssl_FILES += wolfcrypt/src/sp_arm32
else
wolfssl_FILES += wolfcrypt/src/sp_c32
endif
# Where a router spends its time: speed before size.
wolfssl_FAST := $(addprefix wolfcrypt/src/,aes sha sha256 sha512 sp_c32 sp_arm32 sp_int)
