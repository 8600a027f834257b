SRC += $(D)/services.cc
