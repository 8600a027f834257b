SRC  += $(D)/base64.cc $(D)/crypto_thread.cc $(D)/engine_chain.cc $(D)/engine_selftest.cc $(D)/file_set.cc $(D)/key_file.cc $(D)/key_store.cc $(D)/random.cc
TEST += $(D)/engine_test.cc $(D)/file_set_test.cc $(D)/key_store_test.cc
