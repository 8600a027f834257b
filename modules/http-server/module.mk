SRC += $(D)/http_config.cc
