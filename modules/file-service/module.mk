SRC += $(D)/file_service.cc $(D)/file_service_show.cc $(D)/file_config.cc $(D)/file_table.cc $(D)/file_reader.cc $(D)/http_files.cc \
  $(D)/tftp_server.cc $(D)/tftp_session.cc
TEST += $(D)/file_table_test.cc $(D)/tftp_server_test.cc
