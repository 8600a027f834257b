SRC += $(D)/class_config.cc $(D)/dsp_config.cc $(D)/peer_config.cc $(D)/service_config.cc $(D)/voice_config.cc $(D)/voice_gloss.cc
SRC += $(D)/voice_show.cc $(D)/voice_srtp.cc
