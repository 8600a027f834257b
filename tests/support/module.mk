TEST += $(D)/test_env.cc
