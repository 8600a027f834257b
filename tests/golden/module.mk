TEST += $(D)/session_golden_test.cc
TEST += $(D)/configs_test.cc $(D)/config_router.cc
