SRC += $(D)/capf_config.cc
