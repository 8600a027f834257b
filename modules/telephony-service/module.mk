SRC += $(D)/telephony_config.cc $(D)/phone_config.cc $(D)/register_config.cc $(D)/telephony_gloss.cc
SRC += $(D)/telephony_service.cc $(D)/telephony_commands.cc $(D)/telephony_show.cc $(D)/cnf_builder.cc $(D)/cnf_look.cc $(D)/cnf_job.cc $(D)/settings_digest.cc $(D)/mixed_mode.cc $(D)/security_features.cc $(D)/phone_file.cc \
  $(D)/phone_tables.cc $(D)/xml_writer.cc $(D)/xml_check.cc $(D)/cfg_job.cc $(D)/cfg_files.cc
TEST += $(D)/cfg_files_test.cc $(D)/phone_file_test.cc $(D)/cnf_builder_test.cc $(D)/cnf_incremental_test.cc
SRC += $(D)/capf_notes.cc $(D)/phone_book.cc
SRC += $(D)/sccp_wire.cc $(D)/sccp_session.cc $(D)/phone_resets.cc $(D)/phone_links.cc $(D)/reset_commands.cc \
  $(D)/plain_port.cc $(D)/auto_register.cc $(D)/phone_debug.cc $(D)/phone_commands.cc $(D)/phone_policy.cc $(D)/signalling_port.cc
TEST += $(D)/signalling_test.cc $(D)/phone_resets_test.cc $(D)/plain_port_test.cc
