include $(D)/syntax.mk
SRC += $(D)/pki_config.cc $(D)/pki_server_config.cc $(D)/pki_trustpoint_config.cc
