SRC += $(D)/tvs_config.cc
SRC += $(D)/trust_verification.cc
