TEST += $(D)/all_rows.cc $(D)/config_files_test.cc $(D)/properties_test.cc
