SRC  += $(addprefix $(D)/,echo.cc icmp_wire.cc tftp_client.cc tftp_wire.cc)
TEST += $(addprefix $(D)/,icmp_wire_test.cc tftp_client_test.cc tftp_wire_test.cc)
