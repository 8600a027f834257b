SRC += $(D)/credentials_config.cc
