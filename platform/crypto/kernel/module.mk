SRC  += $(D)/kernel_engine.cc
TEST += $(D)/kernel_engine_test.cc
