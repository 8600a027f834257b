SRC += $(D)/password_codec.cc $(D)/secret_hash.cc $(D)/paths.cc $(D)/file_jobs.cc $(D)/file_dialogues.cc
TEST += $(D)/password_codec_test.cc
SRC += $(D)/access_config.cc $(D)/logging_config.cc $(D)/system_config.cc $(D)/system_gloss.cc
