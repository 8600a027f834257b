SRC  += $(D)/debug_subjects.cc $(D)/line_ring.cc $(D)/log_arg.cc $(D)/log_core.cc $(D)/log_settings.cc
TEST += $(D)/log_test.cc
