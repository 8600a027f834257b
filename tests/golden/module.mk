TEST += $(D)/session_golden_test.cc
