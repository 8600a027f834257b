SRC += $(D)/file_config.cc
