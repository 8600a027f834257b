SRC  += $(D)/emulated_engine.cc
TEST += $(D)/emulated_engine_test.cc
