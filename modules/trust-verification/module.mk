SRC += $(D)/tvs_config.cc $(D)/tvs_wire.cc $(D)/trust_table.cc $(D)/tvs_session.cc $(D)/tvs_service.cc $(D)/tvs_show.cc \
  $(D)/trust_verification.cc
TEST += $(D)/tvs_test.cc
