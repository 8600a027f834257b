SRC += $(D)/capf_config.cc $(D)/capf_wire.cc $(D)/capf_proof.cc $(D)/capf_device.cc $(D)/capf_offline.cc $(D)/capf_offline_commands.cc $(D)/capf_session.cc $(D)/capf_dialog.cc \
  $(D)/capf_service.cc $(D)/capf_records.cc $(D)/capf_policy.cc $(D)/capf_show.cc $(D)/capf_server.cc
TEST += $(D)/capf_test.cc $(D)/capf_plan_test.cc $(D)/capf_wire_test.cc
