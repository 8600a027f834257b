include $(D)/syntax.mk
include $(D)/path.mk
SRC += $(D)/authority.cc $(D)/ca_issue.cc $(D)/ca_jobs.cc $(D)/chain_file.cc $(D)/crl_http.cc $(D)/crypto_pki.cc $(D)/database_files.cc $(D)/enrolment.cc $(D)/pki_ask.cc \
  $(D)/pki_authenticate.cc $(D)/pki_checks.cc $(D)/pki_commands.cc $(D)/pki_config.cc $(D)/pki_enroll.cc $(D)/pki_keys.cc \
  $(D)/pki_server.cc $(D)/pki_server_config.cc $(D)/pki_show.cc $(D)/pki_show_server.cc $(D)/pki_trustpoint_config.cc $(D)/phone_issue.cc \
  $(D)/issued_index.cc $(D)/pki_revoke.cc $(D)/request_file.cc $(D)/request_list.cc $(D)/scep_client_jobs.cc $(D)/scep_jobs.cc $(D)/scep_server.cc $(D)/serial_file.cc $(D)/trust_store.cc
TEST += $(D)/authority_test.cc $(D)/phone_issue_test.cc $(D)/scep_test.cc
