SRC += $(D)/ctl_config.cc $(D)/trust_file_reader.cc $(D)/trust_file_writer.cc
