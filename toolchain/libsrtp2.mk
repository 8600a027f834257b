# libsrtp2.a without a crypto backend: ours is registered at run time (modules/voice-srtp).
# SPDX-License-Identifier: GPL-3.0-or-later
libsrtp2_LIB   := libsrtp2.a
libsrtp2_FILES := srtp/srtp $(addprefix crypto/,cipher/aes cipher/aes_icm cipher/cipher cipher/cipher_test_cases \
  cipher/null_cipher hash/auth hash/auth_test_cases hash/hmac hash/null_auth hash/sha1 kernel/alloc \
  kernel/crypto_kernel kernel/err kernel/key math/datatypes replay/rdb replay/rdbx)
libsrtp2_FLAGS := -std=gnu11 -DHAVE_CONFIG_H -Itoolchain/libsrtp2 -I$(SRC)/libsrtp2/include -I$(SRC)/libsrtp2/crypto/include
# Installed as srtp2/; the internal headers are needed to register cipher types (they want config.h first).
libsrtp2_HEADERS := include:srtp2 crypto/include:srtp2
libsrtp2_OWN_HEADERS := toolchain/libsrtp2/config.h:srtp2/config.h
