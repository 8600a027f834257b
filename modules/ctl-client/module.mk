SRC += $(D)/ctl_client.cc $(D)/ctl_commands.cc $(D)/ctl_config.cc $(D)/list_job.cc $(D)/list_plan.cc $(D)/role_book.cc \
  $(D)/trust_file_reader.cc $(D)/trust_file_writer.cc $(D)/trust_file_build.cc $(D)/trust_file_verify.cc \
  $(D)/ctl_protocol.cc $(D)/ctl_proof.cc $(D)/provider_book.cc $(D)/provider_clients.cc $(D)/provider_query.cc $(D)/provider_questions.cc \
  $(D)/file_cipher.cc $(D)/itl_keeper.cc $(D)/itl_plan.cc $(D)/published_list.cc \
  $(D)/phone_lists.cc $(D)/phone_lists_file.cc $(D)/phone_memory.cc $(D)/rotation.cc $(D)/rotation_file.cc \
  $(D)/signer_choice.cc $(D)/rotation_show.cc
TEST += $(D)/file_cipher_test.cc $(D)/trust_file_test.cc $(D)/ctl_client_test.cc $(D)/itl_test.cc $(D)/ctl_protocol_test.cc \
  $(D)/rotation_test.cc $(D)/phone_lists_test.cc
