SRC += $(D)/capf_config.cc
SRC += $(D)/capf_server.cc
