SRC += $(D)/credentials_config.cc
SRC += $(D)/credentials.cc
