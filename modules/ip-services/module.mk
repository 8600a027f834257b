SRC += $(D)/dhcp_config.cc $(D)/interface_config.cc $(D)/ip_config.cc
