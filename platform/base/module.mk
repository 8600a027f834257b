SRC  += $(D)/blob.cc $(D)/bytes.cc $(D)/index.cc $(D)/memory.cc $(D)/result.cc $(D)/secret.cc $(D)/text.cc $(D)/time.cc
TEST += $(D)/bytes_test.cc $(D)/index_test.cc $(D)/memory_test.cc $(D)/result_test.cc $(D)/text_test.cc $(D)/time_test.cc
