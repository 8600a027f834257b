SRC  += $(D)/path.cc
TEST += $(D)/path_test.cc
