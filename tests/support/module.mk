TEST += $(D)/test_env.cc $(D)/vectors.cc $(D)/fake_trust.cc
