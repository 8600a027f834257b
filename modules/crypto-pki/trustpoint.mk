# Trustpoints and keys of this router: enrolment, renewal, import and export, notices. Included by module.mk of this folder.
# SPDX-License-Identifier: GPL-3.0-or-later
SRC  += $(D)/expiry_notices.cc $(D)/next_authority.cc $(D)/pki_export.cc $(D)/pki_import.cc $(D)/pki_show_timers.cc $(D)/pki_transfer.cc $(D)/renewals.cc $(D)/smtp_client.cc $(D)/transfer_file.cc
TEST += $(D)/smtp_client_test.cc $(D)/trustpoint_test.cc
