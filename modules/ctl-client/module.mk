SRC += $(D)/ctl_config.cc $(D)/trust_file_reader.cc $(D)/trust_file_writer.cc $(D)/trust_file_build.cc $(D)/trust_file_verify.cc
TEST += $(D)/trust_file_test.cc
