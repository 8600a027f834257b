TEST += $(D)/test_env.cc $(D)/vectors.cc
