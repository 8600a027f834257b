# Trustpoints and keys of this router: enrolment, import and export. Included by module.mk of this folder.
# SPDX-License-Identifier: GPL-3.0-or-later
SRC  += $(D)/pki_export.cc $(D)/pki_import.cc $(D)/pki_transfer.cc
