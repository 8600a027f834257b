SRC += $(D)/credentials_config.cc $(D)/credentials.cc $(D)/credentials_service.cc $(D)/credentials_session.cc $(D)/login_guard.cc
TEST += $(D)/credentials_test.cc
