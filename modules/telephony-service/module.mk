SRC += $(D)/telephony_config.cc $(D)/phone_config.cc $(D)/register_config.cc $(D)/telephony_gloss.cc
