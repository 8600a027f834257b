# The certificate syntax of crypto-pki is used by others too; until that module exists it is built from here.
ifeq ($(wildcard modules/crypto-pki/module.mk),)
D := modules/crypto-pki
include modules/crypto-pki/syntax.mk
endif
