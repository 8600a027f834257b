TEST += $(D)/session_golden_test.cc $(D)/configs_test.cc $(D)/config_router.cc $(D)/commands_test.cc
