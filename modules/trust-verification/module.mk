SRC += $(D)/tvs_config.cc
