SRC  += $(D)/crypto_engine.cc $(D)/crypto_engine_show.cc $(D)/legacy_file.cc $(D)/legacy_list.cc
TEST += $(D)/crypto_engine_test.cc
