SRC += $(D)/http_client.cc $(D)/http_config.cc $(D)/http_connection.cc $(D)/http_module.cc $(D)/http_server.cc \
  $(D)/http_url.cc $(D)/http_wire.cc
TEST += $(D)/http_server_test.cc $(D)/http_wire_test.cc
