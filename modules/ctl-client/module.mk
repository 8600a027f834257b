SRC += $(D)/ctl_config.cc
