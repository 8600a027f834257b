SRC += $(D)/log_arg.cc
