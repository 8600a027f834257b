# Requests of clients, registration authority, subordinate server, OCSP. Included by module.mk of this folder.
# SPDX-License-Identifier: GPL-3.0-or-later
SRC += $(D)/authority_upper.cc $(D)/ocsp_server.cc $(D)/one_time_password.cc $(D)/pki_request.cc $(D)/pki_server_below.cc \
  $(D)/scep_counters.cc $(D)/scep_jobs.cc $(D)/scep_operation.cc $(D)/scep_server.cc
TEST += $(D)/ocsp_test.cc $(D)/scep_test.cc
