include $(D)/syntax.mk
include $(D)/path.mk
include $(D)/ca.mk
include $(D)/ra.mk
include $(D)/trustpoint.mk
SRC += $(D)/certificate_file.cc $(D)/chain_file.cc $(D)/crypto_pki.cc $(D)/enrolment.cc $(D)/pki_ask.cc $(D)/pki_authenticate.cc $(D)/pki_checks.cc \
  $(D)/pki_commands.cc $(D)/pki_config.cc $(D)/pki_enroll.cc $(D)/pki_keys.cc $(D)/pki_show.cc $(D)/pki_trust_files.cc $(D)/pki_trustpoint_config.cc \
  $(D)/scep_client_jobs.cc $(D)/trust_store.cc $(D)/trust_store_keys.cc
SRC += $(D)/secure_listener.cc $(D)/trustpoint_context.cc
