SRC  += $(addprefix $(D)/,access_config.cc logging_config.cc system_config.cc system_gloss.cc)
SRC  += $(addprefix $(D)/,accounts.cc config_copy.cc config_dialogues.cc copy_parts.cc tftp_copy.cc file_dialogues.cc file_jobs.cc housekeeping.cc)
SRC  += $(addprefix $(D)/,logging.cc master_key.cc password_codec.cc passwords.cc paths.cc secret_hash.cc session_host.cc)
SRC  += $(addprefix $(D)/,system.cc system_clock.cc system_configuration.cc system_files.cc system_messages.cc system_show.cc)
TEST += $(D)/password_codec_test.cc
