# Certificate syntax: pure functions over bytes. Included by module.mk of this folder.
# SPDX-License-Identifier: GPL-3.0-or-later
SRC  += $(D)/algorithms.cc $(D)/ber.cc $(D)/certificate.cc $(D)/certificate_builder.cc $(D)/certificate_checks.cc \
  $(D)/cms_attributes.cc $(D)/cms_enveloped.cc $(D)/cms_signed.cc $(D)/crl.cc $(D)/csr.cc $(D)/der.cc $(D)/name.cc \
  $(D)/name_parse.cc $(D)/ocsp_wire.cc $(D)/pem_text.cc $(D)/pkcs12_read.cc $(D)/pkcs12_write.cc
TEST += $(D)/der_test.cc $(D)/certificate_test.cc $(D)/openssl_test.cc $(D)/pkcs12_test.cc
