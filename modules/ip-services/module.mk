SRC += $(addprefix $(D)/,dhcp_config.cc interface_config.cc ip_config.cc ip_services.cc ip_show.cc ip_show_services.cc link_plan.cc ping.cc)
