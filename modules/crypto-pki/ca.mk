# The certificate server. Included by module.mk of this folder.
# SPDX-License-Identifier: GPL-3.0-or-later
SRC += $(D)/authority.cc $(D)/authority_rollover.cc $(D)/ca_issue.cc $(D)/ca_jobs.cc $(D)/crl_http.cc $(D)/database_files.cc $(D)/database_uploads.cc \
  $(D)/issued_index.cc $(D)/phone_issue.cc $(D)/pki_revoke.cc $(D)/pki_server.cc $(D)/pki_server_config.cc \
  $(D)/pki_show_server.cc $(D)/request_file.cc $(D)/request_list.cc $(D)/serial_file.cc
TEST += $(D)/authority_test.cc $(D)/phone_issue_test.cc
