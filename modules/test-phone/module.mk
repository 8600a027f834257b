SRC += $(D)/tlv_file.cc $(D)/judge.cc $(D)/phone_settings.cc $(D)/fetch.cc $(D)/secure_link.cc $(D)/frame.cc $(D)/capf_talk.cc \
  $(D)/talks.cc $(D)/phone.cc $(D)/phone_steps.cc $(D)/phone_store.cc $(D)/test_phone.cc $(D)/test_phone_commands.cc
TEST += $(D)/judge_test.cc
